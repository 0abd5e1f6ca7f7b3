"""Every benchmark, compared with the last time: a table, and the JSON the site shows.

    .venv/bin/python benchmarks [NAME ...] [--rounds N] [--accept]

Names are files of this folder without `.py`; what is not run keeps its rows.  A ratio that is more
than a fifth worse than its base is a regression: it is shown, the base stays until the ratio is
good again or `--accept` takes it as the new one, and the exit code is 3.  So it is for a limit that
does not hold.  `make bench` on a busy machine proves little: the ratios are of that moment.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from measure import ROOT, Row, broken, line, ratios

KEPT = ROOT / "docs" / "assets" / "benchmarks.json"
WORSE = 1.2
"""So many times its base a ratio may be before it is called a regression."""
HERE = Path(__file__).parent


def main() -> int:
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("names", nargs="*", metavar="NAME")
    asked.add_argument("--rounds", type=int)
    asked.add_argument("--accept", action="store_true")
    given = asked.parse_args()
    kept = {one["name"]: one for one in known()}
    made: list[Row] = []
    for name in given.names or benchmarks():
        print(f"# {name}", flush=True)
        for one in measured(name, given.rounds):
            made.append(compared(one, None if given.accept else kept.get(one["name"])))
            print(line(one), *regressions(made[-1]), sep="\n", flush=True)
            write({**kept, **{new["name"]: new for new in made}})
    wrong = [one["name"] for one in made if broken(one) or one["regressed"]]
    print(f"{len(made)} rows, {len(wrong)} not as they should be: {', '.join(wrong) or '-'}")
    return 3 if wrong else 0


def benchmarks() -> list[str]:
    """The files that yield rows, those that only prove something are none."""
    return sorted(one.stem for one in HERE.glob("*.py") if "\ndef rows(" in one.read_text("utf-8"))


def measured(name: str, rounds: int | None) -> Iterator[Row]:
    """The rows of a benchmark, each with when, where and of what it was measured."""
    facts = {"benchmark": name, "commit": commit(), "machine": machine()}
    command = [sys.executable, str(HERE / f"{name}.py"), *map(str, [rounds] if rounds else [])]
    with subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, text=True) as process:
        for said in process.stdout or ():
            yield {**json.loads(said), **facts, "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def compared(one: Row, before: Row | None) -> Row:
    """The row with the ratios it is held against, and which of its own are far worse."""
    now = ratios(one)
    base = {**now, **(before["base"] if before else {})}
    worse = {name: now[name] for name in now if now[name] > WORSE * base[name]}
    return {**one, "base": {**now, **{name: base[name] for name in worse}}, "regressed": [*worse]}


def regressions(one: Row) -> list[str]:
    """What to show of a ratio that became worse."""
    return [
        f"  REGRESSION: to the {name} {ratios(one)[name]:.2f}, was {one['base'][name]:.2f}"
        for name in one["regressed"]
    ]


def known() -> list[Row]:
    """The rows of the last time."""
    rows: list[Row] = json.loads(KEPT.read_text("utf-8"))["rows"] if KEPT.is_file() else []
    return rows


def write(rows: dict[str, Row]) -> None:
    """Every row, in the order of its benchmark, where the site finds it."""
    there = [one for one in rows.values() if one["benchmark"] in benchmarks()]
    there.sort(key=lambda one: one["benchmark"])
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in there)
    KEPT.write_text(f'{{"worse": {WORSE}, "rows": [\n{lines}\n]}}\n', "utf-8")


def commit() -> str:
    """What was measured; with a plus where something of it is not committed."""
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty=+"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


def machine() -> str:
    """The cores, the memory and the system it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}"
    )


if __name__ == "__main__":
    sys.exit(main())
