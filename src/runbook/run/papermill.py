"""papermill, without what a diagnosis has no use for: to import that takes longer than the rest.

It can fetch notebooks by HTTP, and asks every installed package whether it is an engine or a file
system.  Ours are files and run by our own engine, and nothing that happens to be installed may come
between.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import entrypoints  # type: ignore[import-untyped]

from runbook.sparing import without


@contextmanager
def _nobody_asked() -> Iterator[None]:
    ask, entrypoints.get_group_all = entrypoints.get_group_all, lambda _group: []
    try:
        yield
    finally:
        entrypoints.get_group_all = ask


with without("requests"), _nobody_asked():
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import execute_notebook

__all__ = [
    "NBClientEngine",
    "PapermillExecutionError",
    "PapermillNotebookClient",
    "execute_notebook",
    "papermill_engines",
]
