"""What commands there are, told from the words alone: who asks must not wait for any of them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from runbook.words import say

COMMANDS = {
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
"""Where each command stands; those of a package that is not installed are not there."""

_HELP = {"incident": "incident_group"}  # what says of a command what it does, where not its name


def there() -> list[str]:
    """The names of the commands that can be called."""
    packages = {place.partition(".")[0] for place in COMMANDS.values()}
    installed = {package for package in packages if find_spec(package)}
    return [name for name, place in COMMANDS.items() if place.partition(".")[0] in installed]


def menu() -> str:
    """The help of `runbook` itself: a line for each command."""
    names = there()
    width = max(map(len, names))
    told = [f"  {name:{width}}  {_purpose(name)}" for name in names]
    return "\n".join((say("help.runbook"), "", say("help.usage"), "", *told, "", say("help.more")))


def _purpose(name: str) -> str:
    words = import_module(f"{COMMANDS[name].partition('.')[0]}.words")
    return str(words.say(f"help.{_HELP.get(name, name)}"))
