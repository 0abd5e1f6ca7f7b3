"""Old lines in logs that look like a fault and are none."""

from __future__ import annotations

from datetime import datetime, timedelta

from drill.faults.sabotage import Sabotage
from drill.health import healthy
from drill.place import Drill


def _remember(drill: Drill, ago: timedelta, lines: tuple[str, ...], log: str) -> None:
    """The log has these lines from some time ago, before all others."""
    file = drill.place.logs / log
    at = f"{datetime.now() - ago:%Y-%m-%d %H:%M:%S},123"
    old = "".join(f"{at} {line}\n" for line in lines)
    file.write_text(old + file.read_text(encoding="utf-8"), encoding="utf-8")


_AN_HOUR_AGO = ("WARN exited: api (terminated by SIGKILL; not expected)",) * 3
_LAST_WEEK = (
    "ERROR Out of memory: Killed process 4711 (python3)",
    "ERROR connection to the database failed: Connection refused",
    "ERROR openai.RateLimitError: Error code: 429",
    "WARN exited: api (exit status 1; not expected)",
)


def _restart_an_hour_ago(drill: Drill) -> None:
    _remember(drill, timedelta(hours=1), _AN_HOUR_AGO, "supervisord.log")


def _red_herring(drill: Drill) -> None:
    for log in ("supervisord.log", "api.log", "edge.log"):
        _remember(drill, timedelta(days=7), _LAST_WEEK, log)


SABOTAGES = {
    "restarted-an-hour-ago": Sabotage(_restart_an_hour_ago, healthy),
    "herring-of-last-week": Sabotage(_red_herring, healthy),
}
