"""Where the project stands."""

from __future__ import annotations

import os
from pathlib import Path

from runbook.errors import BadInput
from runbook.words import say


def find_root() -> Path:
    """The project's root: RUNBOOK_ROOT, or the nearest folder above with `data/` and `mkdocs.yml`.

    Raises BadInput where there is none.
    """
    given = os.environ.get("RUNBOOK_ROOT")
    here = Path(given) if given else Path.cwd()
    candidates = [here] if given else [here, *here.parents, Path(__file__).parents[2]]
    for folder in candidates:
        if (folder / "data").is_dir() and (folder / "mkdocs.yml").is_file():
            return folder.resolve()
    raise BadInput(say("data.no_root", folder=here))
