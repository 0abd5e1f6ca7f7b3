"""What Prometheus is told: each alert fires beyond its threshold and leads to its own page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from runbook.catalog import load
from runbook.cli.rules import RULES, TESTS
from runbook.cli.rules import rules as rules_command
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        reason = "promtool is not installed: it is in the package prometheus"
        if os.environ.get("RUNBOOK_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def written(root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("RUNBOOK_ROOT", str(root))
    done = CliRunner().invoke(rules_command, [str(folder)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def proves(promtool: str, folder: Path) -> bool:
    """Whether promtool accepts the rules, and finds the tests of them true."""
    return all(
        subprocess.run(
            [promtool, kind, "rules", name], cwd=folder, capture_output=True, check=False
        ).returncode
        == 0
        for kind, name in (("check", RULES), ("test", TESTS))
    )


def test_every_alert_of_the_data_is_a_rule_that_promtool_accepts(
    promtool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = written(ROOT, tmp_path, monkeypatch)
    assert "promtool 检查通过" in said
    assert proves(promtool, tmp_path)
    catalog = load(ROOT)
    rules = yaml.safe_load((tmp_path / RULES).read_text())["groups"][0]["rules"]
    names = [watched.alert.name for _, watched in catalog.monitoring.watched]
    assert [rule["alert"] for rule in rules] == names
    for rule in rules:
        assert rule["annotations"]["runbook_url"].endswith(f"/a/{rule['alert']}/")
        assert rule["labels"]["severity"] in catalog.severities


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_threshold_that_is_not_the_one_of_the_data_is_noticed(
    promtool: str, shift: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests have teeth: a rule moved by two of a hundred, either way, fails its test."""
    written(ROOT, tmp_path, monkeypatch)
    text = (tmp_path / RULES).read_text()
    for found in re.finditer(r"(?m)^( +expr: .*[<>] )(\d+)$", text):
        moved = f"{found[1]}{float(found[2]) * (1 + shift / 50) + shift / 50:g}"
        if found[2] == "1":
            continue  # a state is 0 or 1, whatever lies between
        (tmp_path / RULES).write_text(text.replace(found[0], moved))
        assert not proves(promtool, tmp_path), moved


def test_a_changed_threshold_comes_with_its_own_proof_and_text_is_never_executed(
    promtool: str, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = copy / "data" / "monitoring.yml"
    text = data.read_text().replace("value: 85\n", "value: 61.5\n")
    text = text.replace("title: CPU 使用率", 'title: \'{{ .Labels }} {{ "x" }} " CPU\'')
    data.write_text(
        text.replace('comparison: ">"\n    value: 1000', 'comparison: "<"\n    value: 7')
    )
    written(copy, tmp_path / "rules", monkeypatch)
    assert proves(promtool, tmp_path / "rules")
    rules = yaml.safe_load((tmp_path / "rules" / RULES).read_text())["groups"][0]["rules"]
    by_name = {rule["alert"]: rule for rule in rules}
    assert by_name["MemoryUsageHigh"]["expr"].endswith("> 61.5")
    assert by_name["NetworkLatencyHigh"]["expr"].endswith("< 7")
    assert '{{ "{{" }} .Labels' in by_name["CpuUsageHigh"]["annotations"]["summary"]


def test_an_expression_that_is_none_is_refused_with_what_to_mend(
    promtool: str, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = copy / "data" / "monitoring.yml"
    data.write_text(data.read_text().replace("promql: 1e3 * avg by", "promql: 1e3 * avrage by"))
    monkeypatch.setenv("RUNBOOK_ROOT", str(copy))
    done = CliRunner().invoke(rules_command, [str(tmp_path)])
    assert done.exit_code != 0
    assert "data/monitoring.yml" in str(done.exception)
