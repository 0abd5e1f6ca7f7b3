"""One notebook through papermill, saved redacted as it goes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock, Timer
from typing import Any, NamedTuple

from nbclient.exceptions import CellExecutionError

from runbook.errors import RunbookError
from runbook.model import DIAGNOSIS_TYPE, RunState
from runbook.records.archive import write
from runbook.redact import Redactor
from runbook.redact.notebook import redact_notebook
from runbook.run.bound import ENGINE
from runbook.run.kernels import manager_class
from runbook.run.leash import Leash
from runbook.run.papermill import PapermillExecutionError, execute_notebook
from runbook.run.parameters import Value
from runbook.words import say

_SOON = 0.25  # seconds until what a cell said is saved, with what the next ones say by then
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
    """The notebook while it runs: what there is of it stands in a file, redacted, a moment later.

    To redact and to save takes as long as a cell takes to run, so neither waits for the other.
    """

    def __init__(self, file: Path, redactor: Redactor, progress: Progress, heard: Heard) -> None:
        self._file, self._redactor = file, redactor
        self._progress, self._heard = progress, heard
        self._latest, self._timer = "", Timer(0, self._save)
        self._turn, self._saving = Lock(), Lock()
        self.notebook: dict[str, Any] = {}

    def begun(self, notebook: dict[str, Any]) -> None:
        """This is what will run, its parameters in it."""
        self.notebook = notebook
        self._save_after(0)

    def ran(self, cell: dict[str, Any], **_: object) -> None:
        """That cell has run, well or not (nbclient's hook `on_cell_executed`)."""
        if cell is self.notebook["cells"][-1]:
            self._heard(cell)
        if cell["outputs"]:  # the others are saved with the next that says something
            self._save_after(_SOON)

    def close(self) -> None:
        """What is not saved by now will not be: the whole notebook is at hand."""
        self._timer.cancel()
        with self._saving:
            self._latest = ""

    def _save_after(self, seconds: float) -> None:
        with self._turn:
            waiting, self._latest = bool(self._latest), json.dumps(self.notebook)
            if not waiting:
                self._timer = Timer(seconds, self._save)
                self._timer.daemon = True
                self._timer.start()

    def _save(self) -> None:
        with self._saving:
            with self._turn:
                latest, self._latest = self._latest, ""
            if not latest:
                return
            told = redact_notebook(json.loads(latest), self._redactor, keep=DIAGNOSIS_TYPE)
            # A full disk must not cost the diagnosis: the last save is ours, and will say so.
            with suppress(RunbookError):
                write(self._file, json.dumps(told, ensure_ascii=False, indent=1))
            code = [cell for cell in told["cells"] if cell["cell_type"] == "code"]
            ran = sum(bool(cell["execution_count"]) for cell in code)
            self._progress(self._file, ran, len(code))


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
    draft.close()
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
