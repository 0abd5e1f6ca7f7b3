"""One notebook through papermill, saved redacted as it goes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from nbclient.exceptions import CellExecutionError

from runbook.errors import RunbookError
from runbook.model import DIAGNOSIS_TYPE, RunState
from runbook.records.archive import write
from runbook.redact import Redactor
from runbook.redact.notebook import redact_cell, redact_notebook
from runbook.run.bound import ENGINE
from runbook.run.kernels import manager_class
from runbook.run.leash import Leash
from runbook.run.papermill import PapermillExecutionError, execute_notebook
from runbook.run.parameters import Value
from runbook.words import say

_LONGEST_MESSAGE = 2000  # characters; the notebook has the rest
# papermill's own words on a dead kernel are for developers; ours say what to do.
logging.getLogger("papermill").setLevel(logging.CRITICAL + 1)

Progress = Callable[[Path, int, int], None]
"""Called at every save with the notebook, the code cells run and the code cells there are."""

Heard = Callable[[dict[str, Any]], None]
"""Called with the last cell as soon as it has run: it is redacted and saved after that."""


class Ending(NamedTuple):
    """How the execution ended, why if it did not come to its end, and what there is of it."""

    state: RunState
    message: str | None
    notebook: dict[str, Any]


class Draft:
    """The notebook while it runs: what there is of it stands in a file, redacted, cell by cell."""

    def __init__(self, file: Path, redactor: Redactor, progress: Progress, heard: Heard) -> None:
        self._file, self._redactor = file, redactor
        self._progress, self._heard = progress, heard
        self._told: dict[str, Any] = {}
        self.notebook: dict[str, Any] = {}

    def begun(self, notebook: dict[str, Any]) -> None:
        """This is what will run, its parameters in it."""
        self.notebook = notebook
        self._told = redact_notebook(notebook, self._redactor, keep=DIAGNOSIS_TYPE)
        self._save()

    def ran(self, cell: dict[str, Any], cell_index: int, **_: object) -> None:
        """That cell has run, well or not (nbclient's hook `on_cell_executed`)."""
        if cell is self.notebook["cells"][-1]:
            self._heard(cell)
        self._told["cells"][cell_index] = redact_cell(cell, self._redactor, keep=DIAGNOSIS_TYPE)
        if cell["outputs"]:  # the others are saved with the next that says something
            self._save()

    def _save(self) -> None:
        # A full disk must not cost the diagnosis: the last save is ours, and will say so.
        with suppress(RunbookError):
            write(self._file, json.dumps(self._told, ensure_ascii=False, indent=1))
        code = [cell for cell in self._told["cells"] if cell["cell_type"] == "code"]
        self._progress(self._file, sum(bool(cell["execution_count"]) for cell in code), len(code))


def execute(
    notebook: Path,
    output: Path,
    parameters: Mapping[str, Value],
    folder: Path,
    leash: Leash,
    redactor: Redactor,
    progress: Progress,
    heard: Heard = lambda _: None,
) -> Ending:
    """How the notebook ended, and the notebook, redacted, as far as it came.

    Meanwhile what there is of it stands in `output`.  The kernel works in `folder`.  Only the
    sentinel in the last cell says that the run is whole: COMPLETE here means that nothing was
    raised.
    """
    draft = Draft(output, redactor, progress, heard)
    options: dict[str, Any] = {
        "engine_name": ENGINE,
        "draft": draft,
        "progress_bar": False,
        # A graceful shutdown hangs for three seconds in a tenth of all runs.
        "shutdown_kernel": "immediate",
        "kernel_manager_class": manager_class(leash),
        # papermill's own cwd= changes the whole process, which other threads share.
        "resources": {"metadata": {"path": str(folder)}},
    }
    state, message = RunState.BROKEN, None
    try:
        with leash:
            # Without a file of papermill's: it would write it three times for every cell.
            execute_notebook(_plain(notebook), None, parameters=dict(parameters), **options)
        state = RunState.COMPLETE
    except PapermillExecutionError as error:
        message = f"{error.ename}: {error.evalue}"
    except CellExecutionError:
        pass  # one of our own sentences, which the cell has printed
    except Exception as error:
        message = say("run.kernel_died", detail=f"{type(error).__name__}: {error}")
    if leash.cut_for is not None and state is not RunState.COMPLETE:
        state, message = leash.cut_for, say(f"run.{leash.cut_for}")
    found = draft.notebook or json.loads(notebook.read_text(encoding="utf-8"))
    kept = redact_notebook(found, redactor, keep=DIAGNOSIS_TYPE)
    if state is not RunState.COMPLETE:
        words = redactor.text(message or _last_words(kept), detector=True)
        message = redactor.tidy(words, _LONGEST_MESSAGE)
    return Ending(state, message, kept)


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
