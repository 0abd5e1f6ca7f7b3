"""One notebook through papermill, saved redacted as it goes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from nbclient.exceptions import CellExecutionError
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from papermill.iorw import papermill_io

from runbook.errors import RunbookError
from runbook.model import DIAGNOSIS_TYPE, RunState
from runbook.records.archive import write
from runbook.redact import Redactor
from runbook.redact.notebook import redact_notebook
from runbook.run.bound import ENGINE
from runbook.run.kernels import manager_class
from runbook.run.leash import Leash
from runbook.run.parameters import Value
from runbook.words import say

_SCHEME = "record:"
_LONGEST_MESSAGE = 2000  # characters; the notebook has the rest

Progress = Callable[[Path, int, int], None]
"""Called at every save with the notebook, the code cells run and the code cells there are."""


class Ending(NamedTuple):
    """How the execution ended, why if it did not come to its end, and what there is of it."""

    state: RunState
    message: str | None
    notebook: dict[str, Any]


def archive_through(redactor: Redactor, progress: Progress) -> None:
    """From now on papermill writes its output through us: redacted, and whole or not at all."""
    # Its own words on a dead kernel are for developers; ours say what to do.
    logging.getLogger("papermill").setLevel(logging.CRITICAL + 1)
    papermill_io.register(_SCHEME, _Archive(redactor, progress))


class _Archive:
    """papermill's way to put a file somewhere (papermill.iorw, the interface of its handlers)."""

    def __init__(self, redactor: Redactor, progress: Progress) -> None:
        self._redactor = redactor
        self._progress = progress
        self._said: dict[Path, list[Any]] = {}

    def write(self, text: str, path: str) -> None:
        file = Path(path.removeprefix(_SCHEME))
        raw = json.loads(text)
        said = [(cell.get("execution_count"), cell.get("outputs")) for cell in raw["cells"]]
        # papermill also saves that a cell is about to run: three saves of four tell nothing new.
        if self._said.get(file) == said:
            return
        self._said[file] = said
        notebook = redact_notebook(raw, self._redactor, keep=DIAGNOSIS_TYPE)
        # A full disk must not cost the diagnosis: the last save is ours, and will say so.
        with suppress(RunbookError):
            write(file, json.dumps(notebook, ensure_ascii=False, indent=1))
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        self._progress(file, sum(bool(cell["execution_count"]) for cell in code), len(code))

    def pretty_path(self, path: str) -> str:
        return path.removeprefix(_SCHEME)


def execute(
    notebook: Path,
    output: Path,
    parameters: Mapping[str, Value],
    folder: Path,
    leash: Leash,
    redactor: Redactor,
) -> Ending:
    """How the notebook ended, and the notebook, redacted, as far as it came.

    Meanwhile every save stands in `output`.  The kernel works in `folder`.  Only the sentinel in
    the last cell says that the run is whole: COMPLETE here means that nothing was raised.
    """
    options: dict[str, Any] = {
        "engine_name": ENGINE,
        "progress_bar": False,
        # A graceful shutdown hangs for three seconds in a tenth of all runs.
        "shutdown_kernel": "immediate",
        "kernel_manager_class": manager_class(leash),
        # papermill's own cwd= changes the whole process, which other threads share.
        "resources": {"metadata": {"path": str(folder)}},
    }
    state, message = RunState.BROKEN, None
    executed = None
    try:
        with leash:
            executed = execute_notebook(
                _plain(notebook), _SCHEME + _plain(output), parameters=dict(parameters), **options
            )
        state = RunState.COMPLETE
    except PapermillExecutionError as error:
        message = f"{error.ename}: {error.evalue}"
    except CellExecutionError:
        pass  # one of our own sentences, which the cell has printed
    except Exception as error:
        message = say("run.kernel_died", detail=f"{type(error).__name__}: {error}")
    if leash.cut_for is not None and state is not RunState.COMPLETE:
        state, message = leash.cut_for, say(f"run.{leash.cut_for}")
    found = executed if executed is not None else _saved(output) or _saved(notebook)
    kept = redact_notebook(json.loads(json.dumps(found)), redactor, keep=DIAGNOSIS_TYPE)
    if state is not RunState.COMPLETE:
        words = redactor.text(message or _last_words(kept), detector=True)
        message = redactor.tidy(words, _LONGEST_MESSAGE)
    return Ending(state, message, kept)


def _saved(file: Path) -> dict[str, Any]:
    """The notebook in the file; empty where nothing was saved yet."""
    text = file.read_text(encoding="utf-8")
    return dict(json.loads(text)) if text else {}


def _last_words(notebook: Mapping[str, Any]) -> str:
    """What the cell that failed printed on its standard error."""
    said = [
        "".join(output["text"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    ]
    return said[-1].strip() if said else say("run.no_conclusion")


def _plain(path: Path) -> str:
    """The path as papermill reads it: a format string, in which a brace is written twice."""
    return str(path).replace("{", "{{").replace("}", "}}")
