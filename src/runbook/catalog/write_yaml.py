"""Plain values as YAML that others read."""

from __future__ import annotations

from typing import Any

import yaml


def as_yaml(value: Any) -> str:
    """The value as YAML in its own order, with one line for each text."""
    return yaml.dump(value, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=float("inf"))


class _Plain(yaml.SafeDumper):
    """A list under a key stands further in, as people write it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True
