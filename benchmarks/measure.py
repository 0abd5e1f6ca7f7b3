"""Whole processes timed in turn, and what a benchmark tells of them.

A benchmark is a file of this folder with a `rows(rounds)` that yields rows, and ends in
`told(rows)`: run by itself it shows a table, with `--json` it prints the rows, one a line.
`make bench` runs them all.  A row:

    name      for ever, unique over all benchmarks: ratios are compared under it
    title     what it is, in Chinese: it stands on a page of the site
    ours      a side: {command, seconds [one a round], memory [MB at most, one a round] or absent}
    floor     the side nothing can be faster than; may be absent
    peer      the side people would use without us; may be absent
    limits    what must hold, each at most: {floor: ratio, peer: ratio, seconds: s,
              slowest: s of any round, memory: MB}

Ratios are those of medians.  Sides are timed in turn, so that a busy machine is busy for all.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[1]
Row = dict[str, Any]
Command = Sequence[str | Path]


def row(
    name: str,
    title: str,
    sides: Mapping[str, Mapping[str, Any]],
    limits: Mapping[str, float] | None = None,
) -> Row:
    """The row; `sides` are what `timed` told of `ours`, and of `floor` and `peer` if any."""
    return {"name": name, "title": title, **sides, "limits": dict(limits or {})}


def timed(
    sides: Mapping[str, Command],
    rounds: int,
    before: Callable[[str], object] = lambda _: None,
    environment: Mapping[str, str] | None = None,
    fine: Iterable[int] = (0,),
) -> dict[str, dict[str, Any]]:
    """Every side's command, seconds and memory; one round more than that warms the caches.

    `before` is called with the name of the side ahead of every process, outside of its time.
    Raises CalledProcessError for an exit code that is not a fine one.
    """
    told: dict[str, dict[str, Any]] = {
        name: {"command": shown(command), "seconds": [], "memory": []}
        for name, command in sides.items()
    }
    for number in range(rounds + 1):
        for name, command in sides.items():
            before(name)
            seconds, memory = call(command, environment, fine)
            if number:
                told[name]["seconds"].append(round(seconds, 4))
                told[name]["memory"].append(round(memory, 1))
    return told


def call(
    command: Command, environment: Mapping[str, str] | None = None, fine: Iterable[int] = (0,)
) -> tuple[float, float]:
    """Seconds of the whole process, and the most megabytes it or a child of it had at a time."""
    words = [str(word) for word in command]
    order = {"words": words, "environment": {**os.environ, **(environment or {})}}
    wire = _starter()
    print(json.dumps(order), file=wire.stdin, flush=True)
    answer = json.loads(wire.stdout.readline() if wire.stdout else "")
    if answer["code"] not in fine:
        raise subprocess.CalledProcessError(answer["code"], words, stderr=answer["said"])
    return float(answer["seconds"]), float(answer["memory"])


_STARTER = """
import json, os, subprocess, sys, time
for line in sys.stdin:
    order = json.loads(line)
    pipe = subprocess.PIPE
    started = time.perf_counter()
    process = subprocess.Popen(order["words"], env=order["environment"], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=pipe)
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    memory = used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    answer = {"seconds": seconds, "memory": memory, "code": process.returncode}
    print(json.dumps({**answer, "said": said.decode("utf-8", "replace")}), flush=True)
"""


@cache
def _starter() -> subprocess.Popen[str]:
    """Who starts the processes: a child begins with all its parent has, which here is much."""
    command = [sys.executable, "-S", "-c", _STARTER]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)


def shown(command: Command) -> str:
    """The command as one would type it, without the places of this machine."""
    words = (Path(word).name if str(word).startswith("/") else str(word) for word in command)
    return " ".join(words)


def told(rows: Callable[[int], Iterator[Row]], rounds: int = 7) -> None:
    """Run the benchmark: [ROUNDS] [--json]."""
    given = [word for word in sys.argv[1:] if word != "--json"]
    for one in rows(int(given[0]) if given else rounds):
        print(
            json.dumps(one, ensure_ascii=False) if "--json" in sys.argv else line(one), flush=True
        )


def line(one: Row) -> str:
    """The row for a terminal: medians, ranges, ratios, and what does not hold."""
    parts = [one["name"]]
    for name in ("ours", "floor", "peer"):
        if name in one:
            ratio = f" (x{ratios(one)[name]:.2f})" if name != "ours" else ""
            parts.append(f"  {name:5} {spread(one[name])}{ratio}  {one[name]['command']}")
    parts += [f"  DOES NOT HOLD: {one}" for one in broken(one)]
    return "\n".join(parts)


def spread(side: Mapping[str, Any]) -> str:
    """Median and range in milliseconds, and the most memory in megabytes."""
    low, middle, high = (1000 * of(side["seconds"]) for of in (min, statistics.median, max))
    memory = f" {max(side['memory']):5.0f} MB" if side.get("memory") else ""
    return f"{middle:8.1f} ms ({low:.1f}..{high:.1f}){memory}"


def ratios(one: Row) -> dict[str, float]:
    """Ours over each of the others, of medians."""
    ours = statistics.median(one["ours"]["seconds"])
    return {
        name: ours / statistics.median(one[name]["seconds"])
        for name in ("floor", "peer")
        if name in one
    }


def broken(one: Row) -> list[str]:
    """The limits that do not hold, as `name: measured > limit`."""
    measured = {
        **ratios(one),
        "seconds": statistics.median(one["ours"]["seconds"]),
        "slowest": max(one["ours"]["seconds"]),
        "memory": max(one["ours"].get("memory") or [0]),
    }
    return [
        f"{name}: {measured[name]:.3g} > {limit:g}"
        for name, limit in one["limits"].items()
        if measured[name] > limit
    ]
