"""Imports that leave out what a package imports and nobody here uses, and are not interrupted."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from types import ModuleType

_MANY = 500_000


def collect_seldom() -> None:
    """So many new objects before the collector looks for rings: imports make hardly any ring."""
    gc.set_threshold(_MANY)


@contextmanager
def without(package: str) -> Iterator[None]:
    """Meanwhile a module without content stands in for the package, unless it is imported already.

    Only for the imports at the head of a module: another thread that needs the real one meanwhile
    would get the empty one.
    """
    empty = ModuleType(package)
    vars(empty)["__getattr__"] = lambda _name: object  # for annotations, and classes to catch
    present = sys.modules.setdefault(package, empty)
    try:
        yield
    finally:
        if present is empty:
            del sys.modules[package]


@contextmanager
def bare(package: str) -> Iterator[None]:
    """Meanwhile the package is nothing but its modules: what it imports for others is left out.

    Unless it is imported already; for the same imports as `without`.
    """
    with ExitStack() as stack:
        if package not in sys.modules:
            found = find_spec(package)
            empty = ModuleType(package)
            empty.__path__ = (found and found.submodule_search_locations) or []
            sys.modules[package] = empty
            stack.callback(sys.modules.pop, package)
        yield
