"""Imports that leave out a package which is imported by another and that nobody here uses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


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
