"""`runbook schema`: the shapes of `data/`, for editors."""

from __future__ import annotations

import click

from runbook.catalog import find_root
from runbook.catalog.schemas import FOLDER, schemas
from runbook.words import say


@click.command(help=say("help.schema"))
def schema() -> None:
    folder = find_root() / "data" / FOLDER
    folder.mkdir(exist_ok=True)
    texts = schemas()
    for gone in {file.stem for file in folder.glob("*.json")} - texts.keys():
        (folder / f"{gone}.json").unlink()
    for name, text in texts.items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    click.echo(say("schema.written", count=len(texts), folder=folder))
