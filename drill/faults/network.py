"""The way from the API to the database by name, and breaking it."""

from __future__ import annotations

from drill import postgres, supervision
from drill.faults.sabotage import Sabotage
from drill.faults.sessions import terminate
from drill.health import complains
from drill.parts import DNS
from drill.place import Drill
from drill.preparation import point_names, restore_names


def _remove_name(drill: Drill) -> None:
    point_names(drill, db=None)
    _make_the_api_ask_again(drill)


def _point_elsewhere(drill: Drill) -> None:
    point_names(drill, db="127.0.0.9")
    _make_the_api_ask_again(drill)


def _stop_resolver(drill: Drill) -> None:
    supervision.stop(drill, DNS)
    _make_the_api_ask_again(drill)


def _make_the_api_ask_again(drill: Drill) -> None:
    with postgres.superuser(drill) as session:
        terminate(session)


def mend(drill: Drill) -> None:
    """The DNS server runs and knows every name."""
    restore_names(drill)
    supervision.start(drill, DNS)


SABOTAGES = {
    "name-removed": Sabotage(
        _remove_name, lambda drill: complains(drill, "Name or service not known")
    ),
    "database-name-astray": Sabotage(_point_elsewhere, lambda drill: complains(drill, "refused")),
    "resolver-stopped": Sabotage(
        _stop_resolver, lambda drill: complains(drill, "Temporary failure in name resolution")
    ),
}
