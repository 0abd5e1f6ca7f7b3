"""Every fault breaks what it says, stays, and is gone without a trace once healed.

The faults are shared out among a few drills at once: nearly all of their time is waiting.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import pytest

from drill import confinement, postgres, supervision
from drill.breaking import break_, fault_in, heal
from drill.faults import SABOTAGES, available, faults
from drill.faults.disk import ballast
from drill.health import healthy, readiness, reads, visit, writes
from drill.parts import SABOTEUR
from drill.place import Drill, Place
from drill.up import down, up

pytestmark = [pytest.mark.drill, pytest.mark.timeout(900)]

DRILLS = 4
STILL_WORKING = {
    *("ai-down-only", "busy-but-healthy", "leader-waits", "mock-mode-seen-from-the-database"),
}


@dataclass(frozen=True)
class View:
    """What a caller sees of a drill."""

    database: str
    provider: str
    works: bool


@dataclass(frozen=True)
class Outcome:
    """What was seen while a fault was in, and what was left of it."""

    broken: View
    healed: bool
    left: list[str]


def view(drill: Drill) -> View:
    checks = readiness(drill).get("checks", {})
    return View(
        database=checks.get("database", {}).get("status", "silent"),
        provider=checks.get("ai_provider", {}).get("status", "silent"),
        works=reads(drill) and writes(drill),
    )


def traces(drill: Drill) -> list[str]:
    """Everything a fault may have changed, as text to compare."""
    with postgres.superuser(drill) as session:
        rows = [
            *session.execute("SELECT rolname, rolcanlogin, rolconnlimit FROM pg_authid"),
            *session.execute("SELECT datname, datallowconn FROM pg_database"),
            *session.execute("SELECT name, setting FROM pg_settings WHERE source <> 'session'"),
            *session.execute("SELECT usename FROM pg_stat_activity WHERE usename = 'reports'"),
        ]
    files = (
        *("pg_hba.conf", "postgresql.conf", "sabotage.conf", "zone.json", "settings.json"),
        *("dns-mood.json", "ai-mood.json", "road.json", "ca.pem"),
    )
    return sorted(
        [
            *map(str, rows),
            *((drill.run / name).read_text(encoding="utf-8") for name in files),
            *(key.name + key.read_text() for key in drill.place.secrets.glob("*-ai-key")),
            *limits(drill),
            f"visit {visit(drill)}",
            f"saboteur {supervision.pid_of(drill, SABOTEUR)}",
            f"ballast {ballast(drill).exists()}",
            f"standby {(drill.data / 'standby.signal').exists()}",
            f"fault {fault_in(drill.place)}",
            f"exports {readiness(drill)['checks']['queue']['message']}",
        ]
    )


def limits(drill: Drill) -> list[str]:
    """The memory limit of the API, and every cgroup of the drill's."""
    if not drill.state.limited:
        return []
    groups = sorted(path.name for path in confinement.group(drill.run).iterdir() if path.is_dir())
    return [confinement.limit_of(confinement.group(drill.run, "api")), *groups]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Outcome]]]:
    """The outcome of every fault, as soon as it is there."""
    places = [Place(tmp_path_factory.mktemp("faults") / str(i)) for i in range(DRILLS)]
    ready: SimpleQueue[Drill] = SimpleQueue()

    def try_out(fault: str) -> Outcome:
        drill = ready.get()
        try:
            before = traces(drill)
            break_(drill, fault)
            broken = view(drill)
            heal(drill)
            left = sorted(set(traces(drill)) ^ set(before))
            return Outcome(broken, healthy(drill), left)
        finally:
            ready.put(drill)

    with ThreadPoolExecutor(DRILLS) as threads:
        for drill in threads.map(lambda place: up(place, progress=lambda _: None), places):
            ready.put(drill)
        can = [name for name, fault in faults().items() if available(fault, drill)]
        alone = [name for name in can if faults()[name].felt_by_all]
        found = {name: threads.submit(try_out, name) for name in can if name not in alone}
        wait(found.values())
        yield found | {name: threads.submit(try_out, name) for name in alone}
    for place in places:
        down(place)


@pytest.mark.parametrize("name", faults())
def test_a_fault_breaks_what_it_says_and_heals_without_a_trace(
    name: str, outcomes: dict[str, Future[Outcome]]
) -> None:
    if name not in outcomes:
        pytest.skip("needs root")
    outcome = outcomes[name].result()
    if faults()[name].scenario == "database-connection" and name not in STILL_WORKING:
        assert outcome.broken.works is False
    assert outcome.healed
    assert outcome.left == []


def test_the_control_is_ill_of_its_provider_only(outcomes: dict[str, Future[Outcome]]) -> None:
    seen = outcomes["ai-down-only"].result().broken
    assert (seen.database, seen.provider) == ("healthy", "unhealthy")


def test_every_fault_people_read_about_can_be_put_in_and_no_other() -> None:
    assert set(SABOTAGES) == set(faults())


def test_every_sentence_that_is_said_is_written() -> None:
    folder = Path(postgres.__file__).parent
    code = "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))
    words = tomllib.loads((folder / "words" / "zh.toml").read_text(encoding="utf-8"))
    written = {f"{table}.{name}" for table, names in words.items() for name in names}
    said = set(re.findall(r'say\(\s*"([a-z_.]+)"', code))
    assert said <= written
