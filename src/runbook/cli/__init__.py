"""The command line: `runbook`, one word for each thing a responder does."""

from __future__ import annotations

import io
import os
import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import NoReturn

import click

from runbook.errors import Exit, RunbookError
from runbook.words import say

# Imported when called: `runbook oncall` must not wait for papermill.
_COMMANDS = {
    "act": "runbook.cli.act",
    "check": "runbook.cli.check",
    "diff": "runbook.cli.diff",
    "drill": "drill.cli",
    "incident": "runbook.cli.incident",
    "notify": "runbook.cli.notify",
    "oncall": "runbook.cli.oncall",
    "publish": "runbook.cli.publish",
    "recover": "runbook.cli.recover",
    "replay": "runbook.cli.replay",
    "rules": "runbook.cli.rules",
    "run": "runbook.cli.run",
    "schema": "runbook.cli.schema",
    "triage": "runbook.cli.triage",
    "verify": "runbook.cli.verify",
}


_HELP = {"incident": "incident_group"}  # what says of a command what it does, where not its name


class _Lazy(click.Group):
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # From the words alone: who asks what there is must not wait for all of it.
        told = []
        for name in self.list_commands(ctx):
            words = import_module(f"{_COMMANDS[name].partition('.')[0]}.words")
            told.append((name, words.say(f"help.{_HELP.get(name, name)}")))
        with formatter.section(say("help.commands")):
            formatter.write_dl(told)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in _COMMANDS if find_spec(_COMMANDS[name].partition(".")[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(import_module(_COMMANDS[cmd_name]), cmd_name)
        return command


@click.group(
    cls=_Lazy, help=say("help.runbook"), context_settings={"help_option_names": ["--help"]}
)
def runbook() -> None:
    pass


def main() -> NoReturn:
    """Run the command line; every failure ends in a sentence and the exit code for it."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no Chinese is no reason to lose a diagnosis.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
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
    sys.exit(int(code or 0))


def _help_for(error: click.UsageError) -> str:
    return f"{error.ctx.command_path if error.ctx else 'runbook'} --help"


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
