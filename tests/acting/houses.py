"""A project of its own whose actions may be spoiled, and the command line on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class House:
    """A copy of the project, with the folder of the drill it acts on."""

    root: Path
    place: Path

    @property
    def records(self) -> Path:
        return self.root / "records"

    @property
    def incident(self) -> Path:
        """The folder of the one incident."""
        (found,) = self.records.glob("DRILL-*-00")
        return found

    @property
    def environment(self) -> dict[str, str]:
        place = {"RUNBOOK_DRILL_DIR": str(self.place)}
        return {**os.environ, **place, "RUNBOOK_ROOT": str(self.root)}

    def act(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`runbook act` as a script would call it."""
        return self.runbook("act", *words)

    def runbook(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "runbook", *words],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """An action that goes on."""
        return subprocess.Popen(
            [sys.executable, "-m", "runbook", "act", *words],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def restart_by(self, script: Path, facts: Mapping[str, object]) -> None:
        """From now on `restart` executes this script, told the socket and the service."""
        self.change(
            "actions",
            restart={
                **facts,
                "commands": {
                    "supervisor": [
                        str(script),
                        "unix://${socket}",
                        "${service}",
                    ]
                },
            },
        )

    def change(self, name: str, **entries: Mapping[str, object]) -> None:
        """Entries of a file of the data, otherwise."""
        file = self.root / "data" / f"{name}.yml"
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        for entry, facts in entries.items():
            data[entry] |= facts
        file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
