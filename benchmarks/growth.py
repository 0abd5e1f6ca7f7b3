"""How the site grows: built and published with 0, 100, 1,000 and 10,000 records, and again.

    .venv/bin/python benchmarks/growth.py [ROUNDS] [--json]

What is timed is what `make site` does: the generator, then `runbook publish` with the pages of the
site before.  The records are copies of a real drill's: a fifth of them drills, whose exercises are
pages of their own, the others incidents with a log of a dozen lines.
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from measure import BIN, ROOT, Row, call, row, shown, told

from runbook.records.archive import digest
from runbook.records.log import EVENTS, FIRST, sealed

SAMPLE = ROOT / "records" / "DRILL-20261125-01"
RUNS = 5  # an incident
COUNTS = (100, 1_000, 10_000)
LIMITS = {"floor": 1.3, "memory": 500}
FIRST_TIME = 0.005  # seconds a record


def rows(rounds: int) -> Iterator[Row]:
    """Nothing changed, beside the site without records; and the first time."""
    with tempfile.TemporaryDirectory(prefix="runbook-bench-") as base:
        nothing, without = Path(base, "none"), Path(base, "without")
        nothing.mkdir()
        site_of(nothing, without)
        for count in COUNTS:
            records, site = Path(base, f"records-{count}"), Path(base, f"site-{count}")
            make(records, count)
            first = site_of(records, site)
            sides = _timed({"ours": (records, site), "floor": (nothing, without)}, rounds)
            named = f"{count:,} 份记录"
            yield row(f"site-{count}-again", f"{named}，没有变化：生成并发布整站", sides, LIMITS)
            most = {"seconds": _middle(sides["floor"]) + FIRST_TIME * count, "memory": 500}
            yield row(f"site-{count}-first", f"{named}，第一次", {"ours": first}, most)
            yield _published(records, site, rounds, count)
            shutil.rmtree(records)
            shutil.rmtree(site)


def _published(records: Path, site: Path, rounds: int, count: int) -> Row:
    """`runbook publish` alone, where everything stands already."""
    command = [BIN / "runbook", "publish", site, "--records", records]
    told = [call(command) for _ in range(rounds + 1)][1:]
    side = {
        "command": shown(command),
        "seconds": [round(seconds, 4) for seconds, _ in told],
        "memory": [round(memory, 1) for _, memory in told],
    }
    return row(f"publish-{count}-again", f"{count:,} 份记录，没有变化：只发布", {"ours": side})


def _timed(sides: dict[str, tuple[Path, Path]], rounds: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {name: {"seconds": [], "memory": []} for name in sides}
    for number in range(rounds + 1):
        for name, (records, site) in sides.items():
            once = site_of(records, site)
            found[name]["command"] = once["command"]
            if number:
                found[name]["seconds"] += once["seconds"]
                found[name]["memory"] += once["memory"]
    return found


def site_of(records: Path, site: Path) -> dict[str, Any]:
    """As `make site`: the generator into a new folder, published, in the place of the old."""
    new = site.with_name(f"{site.name}-new")
    steps = (
        [BIN / "mkdocs", "build", "--strict", "-f", ROOT / "mkdocs.yml", "-d", new],
        [BIN / "runbook", "publish", new, "--records", records, "--from", site],
        ["rm", "-rf", site],
        ["mv", new, site],
    )
    told = [call(step, {"NO_MKDOCS_2_WARNING": "1"}) for step in steps]
    return {
        "command": "make site",
        "seconds": [round(sum(seconds for seconds, _ in told), 4)],
        "memory": [round(max(memory for _, memory in told), 1)],
    }


def _middle(side: dict[str, Any]) -> float:
    seconds: list[float] = sorted(side["seconds"])
    return seconds[len(seconds) // 2]


def make(records: Path, count: int) -> None:
    """So many records over five years, in incidents of five runs each."""
    dice, samples = random.Random(count), sorted(SAMPLE.glob("*.ipynb"))
    start = datetime(2021, 11, 25, tzinfo=UTC)
    for number in range(count // RUNS):
        at = start + timedelta(days=5 * 365 * number * RUNS / count)
        kind = "DRILL" if number % 5 == 0 else "INC"
        folder = _folder(records, kind, at)
        facts = {"severity": "P2", "respond_within": "PT2H", "resolve_within": "PT24H"}
        events: list[dict[str, Any]] = [
            {"event": "open", "kind": "drill" if kind == "DRILL" else "real", "level": facts}
            | {
                "title": f"第 {number} 起：连接数到上限",
                "commander": "lisi",
                "commander_name": "李四",
            }
        ]
        for run in range(RUNS):
            sample = dice.choice(samples)
            events.append(_copied(sample, folder, at + timedelta(minutes=run)))
        events += [
            {"event": "note", "text": f"第 {one} 笔：正在看是谁占着不放"} for one in range(4)
        ]
        events += [{"event": "mitigate", "text": "重启"}, {"event": "resolve", "text": "恢复"}]
        previous, lines = FIRST, []
        for place, event in enumerate(events, 1):
            when = (at + timedelta(minutes=place)).isoformat()
            line = sealed({"n": place, "previous": previous, "at": when, **event})
            previous = json.loads(line)["hash"]
            lines.append(line + b"\n")
        (folder / EVENTS).write_bytes(b"".join(lines))


def _folder(records: Path, kind: str, at: datetime) -> Path:
    for number in range(1, 100):
        folder = records / f"{kind}-{at:%Y%m%d}-{number:02d}"
        if not folder.exists():
            folder.mkdir(parents=True)
            return folder
    raise ValueError(f"more than 99 incidents on {at:%Y-%m-%d}")


def _copied(sample: Path, folder: Path, at: datetime) -> dict[str, Any]:
    """A copy of the record and its page under another name and time, as the event that tells it."""
    notebook = json.loads(sample.read_bytes())
    kept = notebook["metadata"]["runbook"]
    name = f"{at:%H%M%S}-{kept['scenario']}"
    kept |= {"incident": folder.name, "name": name, "at": at.isoformat()}
    made, page = folder / f"{name}.ipynb", folder / f"{name}.html"
    made.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
    shutil.copyfile(sample.with_suffix(".html"), page)
    found = (kept["diagnosis"] or {}).get("causes", ())
    return {
        "event": "run",
        "record": name,
        "scenario": kept["scenario"],
        "target": kept["target"],
        "state": kept["state"],
        "confirmed": [one["title"] for one in found if one["state"] == "confirmed"],
        "files": {made.name: digest(made), page.name: digest(page)},
    }


if __name__ == "__main__":
    told(rows, 5)
