"""Calling a command by its name, and how that ends."""

from __future__ import annotations

import os
import signal
from importlib import import_module
from typing import NoReturn

import click

from runbook.cli.menu import COMMANDS, menu, there
from runbook.errors import Exit, RunbookError
from runbook.words import say


class _Lazy(click.Group):
    """Imports a command when it is called: `runbook oncall` must not wait for papermill."""

    def get_help(self, ctx: click.Context) -> str:
        return menu()

    def list_commands(self, ctx: click.Context) -> list[str]:
        return there()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in there():
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command


@click.group(cls=_Lazy, no_args_is_help=False, context_settings={"help_option_names": ["--help"]})
def runbook() -> None:
    pass


def call() -> int:
    """Run the command line; every failure ends in a sentence and the exit code for it."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    try:
        code = runbook.main(standalone_mode=False)
    except click.UsageError as error:
        click.echo(say("cli.usage", detail=error.format_message(), help=_help_for(error)), err=True)
        code = Exit.BAD_INPUT
    except RunbookError as error:
        click.echo(str(error), err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(say("cli.interrupted"), err=True)
        code = Exit.INTERRUPTED
    except Exception as error:
        if "RUNBOOK_DEBUG" in os.environ:
            raise
        click.echo(say("cli.broken", kind=type(error).__name__, detail=error), err=True)
        code = Exit.BROKEN
    return int(code or 0)


def _help_for(error: click.UsageError) -> str:
    return f"{error.ctx.command_path if error.ctx else 'runbook'} --help"


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
