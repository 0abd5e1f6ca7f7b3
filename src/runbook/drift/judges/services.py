"""Services, ports, limits and images: the compose file and the containers."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.drift.found import Found, found
from runbook.drift.tags import references
from runbook.model import Target
from runbook.model.deployment import Deployment
from runbook.model.drift import Claim
from runbook.words import listed, nearest


def compose(_: Claim, seen: Deployment, target: Target) -> Iterator[Found]:
    """docker-compose takes the file, and speaks of the target's own project."""
    if seen.refused is not None:
        yield found("compose_refused", detail=seen.refused)
    if seen.other_project:
        yield found(
            "other_project", project=target.runtime.project, directory=target.runtime.directory
        )


def service(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """There is a service of that name."""
    if seen.refused is not None:
        return
    known = sorted(seen.services or seen.processes or {one.service for one in seen.containers})
    if claim.name not in known:
        names = listed(known)
        yield found("no_service", known=names, hint=nearest(claim.name, known))
    elif seen.processes and seen.processes[claim.name] != "RUNNING":
        yield found("not_running", container=claim.name, state=seen.processes[claim.name])


def scale(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """Nothing of the service can exist only once."""
    service = seen.services.get(claim.name)
    if service is None or claim.of == "1":
        return
    if service.container_name:
        yield found("fixed_name", container=service.container_name)
    for one in service.shape.published:
        yield found("fixed_port", port=one.port)
    if service.fixed_address:
        yield found("fixed_address")


def port(claim: Claim, seen: Deployment, target: Target) -> Iterator[Found]:
    """The port of this host is published, and leads to the deployment."""
    number = int(claim.name)
    live = [one for box in seen.containers for one in box.shape.published if one.port == number]
    if any(one.address in ("", "127.0.0.1", "::1", "localhost") for one in live):
        if seen.ports.get(claim.name) is False:
            yield found("port_silent")
        return
    if live:
        yield found("port_bound_elsewhere", address=live[0].address)
        return
    every = sorted({one.port for box in seen.containers for one in box.shape.published})
    ports = listed(map(str, every))
    yield found("port_unpublished" if every else "port_unpublished-none", ports=ports)


def edge(claim: Claim, seen: Deployment, target: Target) -> Iterator[Found]:
    """The port that users come in at is published."""
    every = {one.port for box in seen.containers for one in box.shape.published}
    if int(claim.name) not in every and target.edge is not None:
        ports = listed(map(str, sorted(every)))
        yield found("edge_unpublished", url=target.edge.url, ports=ports)


def limit(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """The service has a memory limit, in the file and in its containers."""
    service = seen.services.get(claim.name)
    if service is not None and service.shape.limit is None:
        yield found("no_limit")
    elif any(one.shape.limit is None for one in seen.of(claim.name)):
        yield found("no_limit-live")


def image(claim: Claim, seen: Deployment, target: Target) -> Iterator[Found]:
    """The image of that tag is on the machine, of every service that is released with one."""
    for reference in references(claim.name, target, seen):
        if seen.images.get(reference) is False:
            yield found("no_image", image=reference)


def container(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """There is a container of that name."""
    names = {one.name for one in seen.containers}
    if claim.name not in names:
        yield found("no_container_name", known=listed(sorted(names)))


def folder(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """Something is mounted at the path in the containers of the service, or above it."""
    for one in seen.of(claim.of):
        inside = [mount.rpartition(":")[2] for mount in one.shape.mounts]
        if not any(claim.name == at or claim.name.startswith(f"{at}/") for at in inside):
            yield found("not_mounted", container=one.name, mounts=listed(inside))


def variable(claim: Claim, seen: Deployment, _: Target) -> Iterator[Found]:
    """What is exported reaches the service that is started next, and starting makes it another."""
    verb, service = claim.of.split(" ", 1) if " " in claim.of else ("", "")
    if seen.refused is not None or claim.name not in seen.changes:
        return
    changed = seen.changes[claim.name]
    if not changed:
        yield found("not_passed")
    elif service and service in seen.services and service not in changed:
        yield found("not_passed-service", service=service, services=listed(changed))
    if verb in ("restart", "start"):
        yield found("restart_keeps", verb=verb, service=service)
