"""A notebook without secrets, its structure as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

from runbook.redact import Redactor


def redact_notebook(notebook: dict[str, Any], redactor: Redactor, keep: str = "") -> dict[str, Any]:
    """The notebook with what it says redacted.

    An output of the media type `keep` holds what was redacted before: the known secrets are not
    looked for in it again, since one may be a word it is made of.
    """
    cells = [_redacted(cell, redactor, keep) for cell in notebook["cells"]]
    metadata = redact_again(notebook["metadata"], redactor)
    given = metadata.get("papermill", {}).get("parameters")
    if given:
        metadata["papermill"]["parameters"] = redactor.value(given, detector=True)
    return {**notebook, "cells": cells, "metadata": metadata}


def _redacted(cell: dict[str, Any], redactor: Redactor, keep: str) -> dict[str, Any]:
    told = json.loads(_cell(json.dumps({**cell, "metadata": {}}), redactor, keep))
    return {**told, "metadata": redact_again(cell["metadata"], redactor)}


def redact_again(value: Any, redactor: Redactor) -> Any:
    """The JSON value, of which the known secrets were hidden where it was made, redacted."""
    return replace(redactor, secrets=frozenset()).value(value, detector=True)


# What a run saved cell by cell is redacted once more in the end, and most of it has not changed.
@lru_cache(maxsize=256)
def _cell(told: str, redactor: Redactor, keep: str) -> str:
    cell = json.loads(told)
    said: dict[str, Any] = {"source": redactor.text(_whole(cell["source"]), detector=True)}
    if "outputs" in cell:
        said["outputs"] = [_output(one, redactor, keep) for one in cell["outputs"]]
    if "attachments" in cell:
        said["attachments"] = redactor.value(cell["attachments"], detector=True)
    return json.dumps({**cell, **said})


def _output(output: dict[str, Any], redactor: Redactor, keep: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        key: redactor.text(_whole(output[key]), detector=True)
        for key in ("text", "ename", "evalue")
        if key in output
    }
    if "metadata" in output:
        said["metadata"] = redactor.value(output["metadata"], detector=True)
    if "traceback" in output:
        # As one text: a key of many lines is one only as a whole.
        said["traceback"] = [redactor.text("\n".join(output["traceback"]), detector=True)]
    if "data" in output:
        said["data"] = {
            media: redact_again(data, redactor)
            if media == keep
            else redactor.value(_whole(data), detector=True)
            for media, data in output["data"].items()
        }
    return {**output, **said}


def _whole(text: Any) -> Any:
    """The text of a field that a file may keep as one string or as its lines."""
    if isinstance(text, list) and all(isinstance(one, str) for one in text):
        return "".join(text)
    return text
