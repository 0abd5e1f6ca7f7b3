"""How much one cell may say, bounded while it speaks: what a person can read, no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from runbook.kernel import ARGUMENTS
from runbook.model import DIAGNOSIS_TYPE
from runbook.outlet import LACKS
from runbook.run.papermill import NBClientEngine, PapermillNotebookClient, papermill_engines
from runbook.words import say

ENGINE = "runbook"
"""The engine's name in papermill, known to it once this module is imported."""

MOST = 512 * 1024
"""Characters a cell may say in each way: on standard output, on standard error, in displays."""

_LAST_WORDS = 10  # seconds for what a cell said to arrive once it has ended; 200 MB take five


@dataclass
class _Told:
    kept: int = 0
    cut: int = 0
    note: NotebookNode | None = None


class _BoundedClient(PapermillNotebookClient):  # type: ignore[misc]
    """Keeps the beginning of what a cell says; a note in its place says how much is missing."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._told: dict[tuple[int, str], _Told] = {}

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        if msg["msg_type"] == "update_display_data" and _size(msg["content"]) > MOST:
            return None  # what was shown before it stays
        return super().process_message(msg, cell, cell_index)  # type: ignore[no-any-return]

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        out: NotebookNode | None = super().output(outs, msg, display_id, cell_index)
        if out is None or DIAGNOSIS_TYPE in out.get("data", {}):
            return out
        lacks = msg["content"].get(LACKS, 0)
        if out.output_type == "error":
            _shorten(out, lacks)
            return out
        if len(outs) == 1:  # the first, or the first since the cell wiped its slate
            self._told = {at: told for at, told in self._told.items() if at[0] != cell_index}
        told = self._told.setdefault((cell_index, out.get("name", "data")), _Told())
        size = _size(out) + lacks
        if told.note is None and size <= MOST - told.kept:
            told.kept += size
            return out
        # Nothing may follow what was cut, or a secret might be put together around the gap.
        begin = _begin(out.text, MOST - told.kept) if "text" in out and told.note is None else ""
        told.cut += size - len(begin)
        if begin:
            out.text = begin
        else:
            outs.pop()
            self._display_id_map.get(display_id, {}).pop(cell_index, None)
        if told.note is None:
            told.note = new_output("stream", name="stdout")  # type: ignore[no-untyped-call]
            outs.append(told.note)
        told.note.text = "\n" + _missing(told.cut)
        return out


class _BoundedEngine(NBClientEngine):  # type: ignore[misc]
    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, draft: Any, **options: Any
    ) -> Any:
        draft.begun(nb_man.nb)
        known = {name: value for name, value in options.items() if name in _TRAITS}
        known["iopub_timeout"] = _LAST_WORDS
        known["extra_arguments"] = [*known.get("extra_arguments", ()), *ARGUMENTS]
        known["on_cell_executed"] = draft.ran
        return _BoundedClient(nb_man, kernel_name=kernel_name, **known).execute()


_TRAITS = frozenset(_BoundedClient.class_trait_names())
papermill_engines.register(ENGINE, _BoundedEngine)


def _size(out: Any) -> int:
    return len(out.get("text", "")) + sum(len(str(one)) for one in out.get("data", {}).values())


def _begin(text: str, room: int) -> str:
    """The text up to the last space within the room: half a password is still one."""
    begin = text[:room]
    return begin.rstrip() if text[room : room + 1].isspace() else begin[: _last_space(begin)]


def _last_space(text: str) -> int:
    return 1 + max(text.rfind(space) for space in " \n\t")


def _shorten(error: NotebookNode, lacks: int) -> None:
    """Of an error that is too long the frames go first: its name and its words say most."""
    if sum(map(len, error.traceback)) > MOST:
        error.traceback = []
    if len(error.evalue) > MOST:
        begin = _begin(error.evalue, MOST)
        error.evalue = begin + _missing(len(error.evalue) - len(begin) + lacks)


def _missing(characters: int) -> str:
    return say("run.output_cut", kilobytes=f"{characters / 1024:.0f}", most=MOST // 1024)
