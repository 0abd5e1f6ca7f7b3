"""`python -m drill` is `runbook drill`, for a machine where only the drill is wanted."""

from __future__ import annotations

import sys

import click

from drill.cli import drill
from runbook.errors import RunbookError


def main() -> None:
    """The group, with a failure told in words instead of a traceback."""
    try:
        drill.main(prog_name="python -m drill")
    except RunbookError as failure:
        click.echo(str(failure), err=True)
        sys.exit(failure.exit_code)


if __name__ == "__main__":
    main()
