"""`runbook drill`: bring a system up, break it, heal it, take it down."""

from __future__ import annotations

import itertools
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from drill import breaking
from drill.compose.host import enter
from drill.faults.fault import named
from drill.grade import Case, grade, healthy_alarms, report
from drill.grounds import GROUNDS, Ground, standing
from drill.place import Place
from drill.words import say


def _place(_context: click.Context, _parameter: click.Parameter, folder: Path) -> Place:
    return Place(folder.expanduser().resolve())


in_folder = click.option(
    "--dir",
    "place",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="RUNBOOK_DRILL_DIR",
    default=Path(".drill"),
    show_default=True,
    callback=_place,
    help=say("help.dir"),
)


def _ground(_context: click.Context, _parameter: click.Parameter, name: str) -> Ground:
    return GROUNDS[name]


on_ground = click.option(
    "--on",
    "ground",
    type=click.Choice(list(GROUNDS)),
    default="embedded",
    show_default=True,
    callback=_ground,
    help=say("help.on"),
)
as_json = click.option("--json", "as_json", is_flag=True, help=say("help.json"))


@click.group(help=say("help.drill"))
def drill() -> None:
    pass


@drill.command("up", help=say("help.up"))
@in_folder
@on_ground
def up_command(place: Place, ground: Ground) -> None:
    was_up = ground.find(place) is not None
    running = ground.up(place, click.echo)
    click.echo(say("up.already" if was_up else "up.ready"))
    _say_addresses(ground.addresses(running))


@drill.command("down", help=say("help.down"))
@in_folder
@on_ground
def down_command(place: Place, ground: Ground) -> None:
    click.echo(say("down.done" if ground.down(place) else "down.nothing"))


@drill.command("status", help=say("help.status"))
@in_folder
@on_ground
@as_json
def status_command(place: Place, ground: Ground, as_json: bool) -> None:
    running = ground.find(place)
    fault = breaking.fault_in(running.place) if running else None
    well = running is not None and ground.healthy(running)
    if as_json:
        facts = asdict(running.state) if running else None
        report = {"up": running is not None, "healthy": well, "fault": fault, "state": facts}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return
    if running is None:
        click.echo(say("up.not_up", folder=place.folder))
        return
    click.echo(say("status.up"))
    _say_addresses(ground.addresses(running))
    if fault:
        known = ground.faults().get(fault)
        title = known.title if known else "?"
        click.echo(say("status.broken", fault=fault, title=title))
    else:
        click.echo(say("status.healthy" if well else "status.unhealthy"))


@drill.command("shell", help=say("help.shell"))
@in_folder
def shell_command(place: Place) -> int:
    return enter(standing(GROUNDS["compose"], place))


@drill.command("list", help=say("help.list"))
@in_folder
@on_ground
@as_json
def list_command(place: Place, ground: Ground, as_json: bool) -> None:
    running = ground.find(place)
    table = [
        asdict(fault) | {"available": running is None or ground.available(fault, running)}
        for fault in ground.faults().values()
    ]
    if as_json:
        click.echo(json.dumps(table, ensure_ascii=False, indent=2))
        return
    for row in table:
        note = "" if row["available"] else say("list.unavailable")
        causes = " ".join(row["expected"]) or say("list.control")
        click.echo(f"{row['fault']:<24}{row['title']}{note}\n{'':<24}→ {causes}")


@drill.command("break", help=say("help.break"))
@click.argument("fault")
@in_folder
@on_ground
def break_command(fault: str, place: Place, ground: Ground) -> None:
    title = named(fault, ground.faults()).title
    breaking.break_(standing(ground, place), fault, ground)
    click.echo(say("break.done", fault=fault, title=title))


@drill.command("heal", help=say("help.heal"))
@in_folder
@on_ground
def heal_command(place: Place, ground: Ground) -> None:
    breaking.heal(standing(ground, place), ground)
    click.echo(say("heal.done"))


@drill.command("grade", help=say("help.grade"))
@click.argument("only", nargs=-1, metavar=say("help.faults"))
@click.option("--drills", type=click.IntRange(1, 8), default=2, help=say("help.drills"))
@click.option("--healthy", type=click.IntRange(0), default=0, help=say("help.healthy"))
@click.option("--repeat", type=click.IntRange(1), default=1, help=say("help.repeat"))
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help=say("help.save"))
@on_ground
@as_json
def grade_command(
    only: tuple[str, ...],
    drills: int,
    healthy: int,
    repeat: int,
    save: Path | None,
    ground: Ground,
    as_json: bool,
) -> None:
    all_faults = ground.faults()
    wanted = [named(name, all_faults) for name in only] or list(all_faults.values())
    # Drills of its own: somebody may be using the other one.
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        places = [Place(Path(folder) / str(number)) for number in range(drills)]
        try:
            running = [ground.up(place, lambda _: None) for place in places]
            able = [fault for fault in wanted if ground.available(fault, running[0])]
            records = Path(folder) / "records"
            rounds = [grade(ground, running, able, records, _say_case) for _ in range(repeat)]
            alarms = healthy_alarms(ground, running[0], healthy, records)
        finally:
            for place in places:
                ground.down(place)
    found = report(rounds[0])
    found["healthy"] = {"runs": healthy, "alarms": alarms}
    found["repeats"] = {"rounds": repeat, "different": _different(rounds)}
    graded = {case.fault for case in rounds[0]}
    found["left_out"] = [fault.fault for fault in wanted if fault.fault not in graded]
    text = json.dumps(found, ensure_ascii=False, indent=2)
    if save is not None:
        save.write_text(text + "\n", encoding="utf-8")
    if as_json:
        click.echo(text)
        return
    for name, score in (*found["scenarios"].items(), (say("grade.all"), found["all"])):
        click.echo(say("grade.score", name=name, **score))
    if healthy:
        click.echo(say("grade.healthy", **found["healthy"]))
    for fault in found["repeats"]["different"]:
        click.echo(say("grade.different", fault=fault))
    for fault in found["left_out"]:
        click.echo(say("grade.left_out", fault=fault))


def _different(rounds: list[list[Case]]) -> list[str]:
    """The faults that were not diagnosed the same in every round."""
    said: dict[str, set[tuple[str, ...]]] = {}
    for case in itertools.chain(*rounds):
        said.setdefault(case.fault, set()).add(case.confirmed)
    return [fault for fault, different in said.items() if len(different) > 1]


def _say_case(case: Case | str) -> None:
    if isinstance(case, str):
        click.echo(case, err=True)
        return
    mark = say("grade.right" if case.exact else "grade.wrong")
    causes = " ".join(case.confirmed) or say("list.control")
    click.echo(f"{mark} {case.fault:<26}→ {causes}  {case.seconds:.1f} s", err=True)


def _say_addresses(lines: list[str]) -> None:
    for line in lines:
        click.echo("  " + line)
