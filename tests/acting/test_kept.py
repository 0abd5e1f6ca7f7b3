"""What was done stands in the incident as what was found does: told, shown, verified, reported."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from houses import House

from runbook.catalog import load
from runbook.publish.incidents import page
from runbook.records.incident import incident_of
from runbook.records.reading import record_of
from runbook.render.record_list import Entry, Group, listed_group
from tests.conftest import ROOT

pytestmark = pytest.mark.drill
OPEN = ("--severity", "P2", "--title", "接口很慢", "--kind", "drill", "--json")


def test_an_action_is_part_of_the_story_of_its_incident(house: House) -> None:
    name = json.loads(house.runbook("incident", "open", *OPEN).stdout)["incident"]
    folder = house.records / name
    done = house.act("restart", "api", "--target", "drill", "--incident", name)
    assert done.returncode == 0, done.stderr
    assert house.act("restart", "api", "--target", "drill", "--incident", name).returncode == 0
    told = "处置 重启 api（drill）：有效"
    shown = house.runbook("incident", "show", name).stdout
    assert shown.count(told) == 2
    assert "没有收尾" not in shown
    message = house.runbook("notify", "notice", "--incident", name)
    assert told in message.stdout
    assert house.runbook("incident", "mitigate", name, "重启后恢复").returncode == 0
    assert house.runbook("incident", "report", name).returncode == 0
    report = (folder / "report.md").read_text(encoding="utf-8")
    assert report.count("重启 api") >= 4, "in the line of time, and in what was done"
    assert house.runbook("verify", name).returncode == 0
    notebooks = sorted(folder.glob("*.ipynb"))
    assert len(notebooks) == 2
    replayed = house.runbook("replay", f"{name}/{notebooks[0].stem}")
    assert (replayed.returncode, "是处置的记录" in replayed.stderr) == (2, True)
    assert house.runbook("recover").stdout.strip() == "没有要补齐的运行。"

    incident, now = incident_of(folder), datetime.now(UTC)
    html = page(folder, incident, load(ROOT).rotation.tz, now)
    assert html.count(f'href="{notebooks[0].stem}.html"') >= 1
    records = [record_of(one) for one in notebooks]
    entries = tuple(Entry(name, one.name, f"{name}/{one.name}.html", one) for one in records if one)
    listed = listed_group(Group(incident, entries))
    assert listed.html.count("✓ 有效") == 2
    assert listed.choices["scenario"]["remediation"] == "处置"
    one = notebooks[0].with_suffix(".html").read_text(encoding="utf-8")
    assert "✓ 有效" in one and "看到了效果" in one
    assert 'role="alert"' not in one
