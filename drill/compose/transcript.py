"""What the handbook's commands really print: each typed on the host of a compose drill."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from drill.compose.deployment import Deployment
from drill.compose.health import all_run
from drill.compose.host import Typed, host, type_in
from drill.compose.up import down, up
from drill.place import Place, write_json
from drill.wait import until

FOLDER = Path("/srv/aura-flow")  # a path that may be shown on a page


def blocks(data: Path) -> Iterator[tuple[str, list[str]]]:
    """The handbook's blocks of commands, each by its name, in the order of the handbook."""
    axes = yaml.safe_load((data / "axes.yml").read_text(encoding="utf-8"))
    for name, axis in axes.items():
        steps = [step for step in axis["steps"].values() if "argv" in step]
        yield name, [line_of(step) for step in steps]
    for file in sorted((data / "scenarios").glob("*.yml")):
        scenario = yaml.safe_load(file.read_text(encoding="utf-8"))
        yield file.stem, [line_of(one) for one in scenario["commands"]]


def line_of(command: dict[str, Any]) -> str:
    """The command as it is typed."""
    return " | ".join(shlex.join(command[key]) for key in ("argv", "into") if key in command)


def typed(deployment: Deployment, data: Path) -> list[Typed]:
    """Every block typed into a shell of its own, on a deployment that was well before."""
    found: list[Typed] = []
    with host(deployment) as container:
        for _, lines in blocks(data):
            found += type_in(container, lines)
            deployment.compose("up", "-d")
            until(lambda: all_run(deployment), seconds=30, every=0.3)
    return found


def main() -> None:
    """The outputs, in the file named on the command line, from a drill of their own."""
    place = Place(FOLDER)
    try:
        found = typed(up(place, progress=print), Path("data"))
    finally:
        down(place)
    outputs = {one.line: {**asdict(one), "line": None} for one in found}
    for facts in outputs.values():
        del facts["line"]
    at = datetime.now(UTC).isoformat(timespec="seconds")
    write_json(Path(sys.argv[1]), {"at": at, "outputs": outputs})
    print(json.dumps({line: facts["exit"] for line, facts in outputs.items()}, indent=1))


if __name__ == "__main__":
    main()
