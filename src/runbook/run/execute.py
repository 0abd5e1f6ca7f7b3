"""One notebook through papermill, saved redacted as it goes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from papermill.iorw import papermill_io

from runbook.errors import RunbookError
from runbook.model import RunState
from runbook.records.archive import write
from runbook.redact import redact, redact_text
from runbook.run.leash import Leash
from runbook.run.parameters import Value
from runbook.words import say

_SCHEME = "record:"

Progress = Callable[[Path, int, int], None]
"""Called at every save with the notebook, the code cells run and the code cells there are."""


class Ending(NamedTuple):
    """How the execution ended, and why if it did not come to its end."""

    state: RunState
    message: str | None = None


def archive_through(secrets: Collection[str], progress: Progress) -> None:
    """From now on papermill writes its output through us: redacted, and whole or not at all."""
    logging.getLogger("papermill").setLevel(logging.ERROR)
    papermill_io.register(_SCHEME, _Archive(secrets, progress))


class _Archive:
    """papermill's way to put a file somewhere (papermill.iorw, the interface of its handlers)."""

    def __init__(self, secrets: Collection[str], progress: Progress) -> None:
        self._secrets = secrets
        self._progress = progress

    def write(self, text: str, path: str) -> None:
        file = Path(path.removeprefix(_SCHEME))
        notebook = redact(json.loads(text), self._secrets)
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
    secrets: Collection[str],
) -> Ending:
    """How the notebook ended; whatever happened, what there is stands in `output`.

    The kernel works in `folder`.  Only the sentinel in the last cell says that the run is whole:
    COMPLETE here means that nothing was raised.
    """
    options: dict[str, Any] = {
        "progress_bar": False,
        # A graceful shutdown hangs for three seconds in a tenth of all runs.
        "shutdown_kernel": "immediate",
        "kernel_manager_class": leash.manager_class(),
        # papermill's own cwd= changes the whole process, which other threads share.
        "resources": {"metadata": {"path": str(folder)}},
    }
    try:
        with leash:
            execute_notebook(
                _plain(notebook), _SCHEME + _plain(output), parameters=dict(parameters), **options
            )
    except PapermillExecutionError as error:
        ending = Ending(RunState.BROKEN, redact_text(f"{error.ename}: {error.evalue}", secrets))
    except RunbookError:
        raise
    except Exception as error:
        text = say("run.kernel_died", detail=f"{type(error).__name__}: {error}")
        ending = Ending(RunState.BROKEN, redact_text(text, secrets))
    else:
        ending = Ending(RunState.COMPLETE)
    if leash.cut_for is not None and ending.state is not RunState.COMPLETE:
        return Ending(leash.cut_for, say(f"run.{leash.cut_for}"))
    return ending


def _plain(path: Path) -> str:
    """The path as papermill reads it: a format string, in which a brace is written twice."""
    return str(path).replace("{", "{{").replace("}", "}}")
