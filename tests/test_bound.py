"""A cell may say what it wants: the record keeps what one can read, and says what is missing."""

from __future__ import annotations

import re
import resource
from pathlib import Path
from typing import Any

import nbformat
import pytest

from runbook.model import DIAGNOSIS_TYPE, RunState
from runbook.redact import Redactor
from runbook.run import bound
from runbook.run.execute import Ending, execute
from runbook.run.leash import Leash

ROOM = 20_000
SECRET = "sunflower-tangerine-42"


@pytest.fixture
def say_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a cell of that source with another after it, as a run does."""
    monkeypatch.setattr(bound, "MOST", ROOM)

    def run(source: str) -> Ending:
        cells = [nbformat.v4.new_code_cell(one) for one in (source, "print('after')")]
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, tmp_path / "in.ipynb")
        redactor = Redactor(secrets=frozenset({SECRET}))
        out = tmp_path / "out.ipynb"
        return execute(
            tmp_path / "in.ipynb", out, {}, tmp_path, Leash(60), redactor, lambda *_: None
        )

    return run


def outputs(ending: Ending) -> list[dict[str, Any]]:
    # Above a cell that raised papermill puts one of its own.
    return list(next(cell["outputs"] for cell in ending.notebook["cells"] if "outputs" in cell))


@pytest.mark.parametrize(
    "source",
    [
        "for number in range(100_000): print('line', number)",
        "print('x' * 50_000_000)",
        "import sys\n_ = sys.stderr.write('so it goes ' * 100_000)",
        "from IPython.display import HTML, display\n"
        "for _ in range(100): display(HTML('<p>' + 'h' * 1_000 + '</p>'))",
    ],
)
def test_what_is_too_much_is_cut_with_a_word_of_how_much_and_the_run_goes_on(
    source: str, say_it: Any
) -> None:
    ending = say_it(source)
    said = outputs(ending)
    assert ending.state is RunState.COMPLETE
    assert sum(bound._size(one) for one in said[:-1]) <= ROOM
    assert "没有保存" in said[-1]["text"]
    assert ending.notebook["cells"][1]["outputs"][0]["text"] == "after\n"


@pytest.mark.parametrize(
    "source",
    [
        "print('x' * 200_000_000)",
        "for _ in range(2_000_000): print('y' * 99)",
        "'x' * 200_000_000",
        "raise ValueError('so it goes ' * 20_000_000)",
    ],
)
def test_two_hundred_megabytes_cost_the_runner_little_and_are_all_counted(
    source: str, say_it: Any
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ending = say_it(source)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100 * 1024, f"{grown / 1024:.0f} MB"
    (told,) = re.findall(r"([0-9]+) KB", "".join(map(str, outputs(ending)[-1].values())))[:1]
    assert int(told) > 190_000_000 / 1024


def test_what_is_not_too_much_is_kept_whole(say_it: Any) -> None:
    ending = say_it("print('a' * 9_000)\nimport sys\nprint('b' * 9_000, file=sys.stderr)")
    assert {one["name"]: one["text"] for one in outputs(ending)} == {
        "stdout": "a" * 9_000 + "\n",
        "stderr": "b" * 9_000 + "\n",
    }


def test_a_display_that_is_renewed_with_too_much_stays_as_it_was(say_it: Any) -> None:
    ending = say_it(
        "from IPython.display import display\n"
        "shown = display('first', display_id=True)\n"
        "shown.update('n' * 100_000)"
    )
    assert [one["data"]["text/plain"] for one in outputs(ending)] == ["'first'"]


def test_an_endless_error_keeps_its_name(say_it: Any) -> None:
    ending = say_it("raise ValueError('long ' * 100_000)")
    (error,) = outputs(ending)
    assert error["ename"] == "ValueError"
    assert error["evalue"].startswith("long long")
    assert "没有保存" in error["evalue"]
    assert bound._size({"text": error["evalue"]}) < ROOM + 200


def test_the_conclusion_is_never_cut(say_it: Any) -> None:
    ending = say_it(
        "from IPython.display import display\n"
        f"display({{'{DIAGNOSIS_TYPE}': {{'much': 'm' * 100_000}}}}, raw=True)"
    )
    (shown,) = outputs(ending)
    assert len(shown["data"][DIAGNOSIS_TYPE]["much"]) == 100_000


def test_a_secret_is_not_cut_in_two_where_the_room_ends(say_it: Any) -> None:
    for space in (1, 4, 9, len(SECRET) - 1):
        ending = say_it(f"print('w ' * {(ROOM - space) // 2} + {SECRET!r} + ' end')")
        text = "".join(one["text"] for one in outputs(ending))
        assert not any(SECRET[:length] in text for length in range(4, len(SECRET)))
