"""`runbook drill`: bring a system up, break it, heal it, take it down."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from drill import breaking
from drill.faults import available, faults, named
from drill.grade import Case, grade, healthy_alarms, report
from drill.health import healthy
from drill.place import Drill, Place
from drill.up import down, find, standing, up
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
as_json = click.option("--json", "as_json", is_flag=True, help=say("help.json"))


@click.group(help=say("help.drill"))
def drill() -> None:
    pass


@drill.command("up", help=say("help.up"))
@in_folder
def up_command(place: Place) -> None:
    was_up = find(place) is not None
    running = up(place, progress=click.echo)
    click.echo(say("up.already" if was_up else "up.ready"))
    click.echo(_addresses(running))


@drill.command("down", help=say("help.down"))
@in_folder
def down_command(place: Place) -> None:
    click.echo(say("down.done" if down(place) else "down.nothing"))


@drill.command("status", help=say("help.status"))
@in_folder
@as_json
def status_command(place: Place, as_json: bool) -> None:
    running = find(place)
    fault = breaking.fault_in(place) if running else None
    well = running is not None and healthy(running)
    if as_json:
        facts = asdict(running.state) if running else None
        report = {"up": running is not None, "healthy": well, "fault": fault, "state": facts}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return
    if running is None:
        click.echo(say("up.not_up", folder=place.folder))
        return
    click.echo(say("status.up"))
    click.echo(_addresses(running))
    if fault:
        title = faults()[fault].title if fault in faults() else "?"
        click.echo(say("status.broken", fault=fault, title=title))
    else:
        click.echo(say("status.healthy" if well else "status.unhealthy"))


@drill.command("list", help=say("help.list"))
@in_folder
@as_json
def list_command(place: Place, as_json: bool) -> None:
    running = find(place)
    table = [
        asdict(fault) | {"available": running is None or available(fault, running)}
        for fault in faults().values()
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
def break_command(fault: str, place: Place) -> None:
    title = named(fault).title
    breaking.break_(standing(place), fault)
    click.echo(say("break.done", fault=fault, title=title))


@drill.command("heal", help=say("help.heal"))
@in_folder
def heal_command(place: Place) -> None:
    breaking.heal(standing(place))
    click.echo(say("heal.done"))


@drill.command("grade", help=say("help.grade"))
@click.argument("only", nargs=-1, metavar=say("help.faults"))
@click.option("--drills", type=click.IntRange(1, 8), default=2, help=say("help.drills"))
@click.option("--healthy", type=click.IntRange(0), default=0, help=say("help.healthy"))
@click.option("--repeat", type=click.IntRange(1), default=1, help=say("help.repeat"))
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help=say("help.save"))
@as_json
def grade_command(
    only: tuple[str, ...], drills: int, healthy: int, repeat: int, save: Path | None, as_json: bool
) -> None:
    wanted = [named(name) for name in only] or list(faults().values())
    # Drills of its own: somebody may be using the other one.
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        places = [Place(Path(folder) / str(number)) for number in range(drills)]
        try:
            running = [up(place, progress=lambda _: None) for place in places]
            able = [fault for fault in wanted if available(fault, running[0])]
            records = Path(folder) / "records"
            rounds = [grade(running, able, records, _say_case) for _ in range(repeat)]
            alarms = healthy_alarms(running[0], healthy, records)
        finally:
            for place in places:
                down(place)
    found = report(rounds[0])
    found["healthy"] = {"runs": healthy, "alarms": alarms}
    found["repeats"] = {"rounds": repeat, "different": _different(rounds)}
    found["left_out"] = [fault.fault for fault in wanted if fault not in able]
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
    return [
        cases[0].fault
        for cases in zip(*rounds, strict=True)
        if len({case.confirmed for case in cases}) > 1
    ]


def _say_case(case: Case) -> None:
    mark = say("grade.right" if case.exact else "grade.wrong")
    causes = " ".join(case.confirmed) or say("list.control")
    click.echo(f"{mark} {case.fault:<26}→ {causes}  {case.seconds:.1f} s", err=True)


def _addresses(running: Drill) -> str:
    state = running.state
    return "\n".join(
        "  " + line
        for line in (
            say("status.api", url=state.api_url),
            say("status.edge", url=state.edge_url, addresses=" ".join(state.edge_addresses)),
            say("status.ai", url=state.ai_url),
            say(
                "status.database",
                host=state.db_host,
                port=state.db_port,
                name=state.db_name,
                user=state.db_user,
            ),
            say("status.dns", address=state.dns_address, port=state.dns_port),
            say("status.folder", folder=running.place.folder),
        )
    )
