"""Where a running drill is to be found, a line an address, for people."""

from __future__ import annotations

from drill.compose.deployment import Deployment
from drill.place import Drill
from drill.words import say


def embedded(drill: Drill) -> list[str]:
    """The addresses of every part."""
    state = drill.state
    return [
        say("status.api", url=state.api_url),
        say("status.edge", url=state.edge_url, addresses=" ".join(state.edge_addresses)),
        say("status.ai", url=state.ai_url),
        say(
            "status.database",
            host=state.db_host,
            port=state.db_port,
            name=state.db_name,
            user=state.db_user,
        ),
        say("status.dns", address=state.dns_address, port=state.dns_port),
        say("status.folder", folder=drill.place.folder),
    ]


def compose(deployment: Deployment) -> list[str]:
    """What is published, and the folder where commands of docker-compose are typed."""
    state = deployment.state
    return [
        say("status.api", url=f"http://localhost:{state.api_port}"),
        say("status.edge", url=state.edge_url, addresses=" ".join(state.edge_addresses)),
        say("status.dns", address=state.dns_address, port=state.dns_port),
        say("status.commands", folder=deployment.folder, project=state.project),
    ]
