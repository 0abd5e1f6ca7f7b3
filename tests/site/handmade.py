"""A site built as `make site` builds it, and records as the archive keeps them, made by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import nbformat

from runbook.catalog import load
from runbook.model import (
    CauseState,
    Diagnosis,
    Finding,
    JudgedCause,
    NextStep,
    Record,
    RunState,
    Verdict,
)
from runbook.records.page import page
from runbook.render.finding import diagnosis_html, findings_html

ROOT = Path(__file__).parents[2]
SLUG = "database-connection"
AT = datetime(2026, 11, 24, 3, 12, 8, tzinfo=timezone(timedelta(hours=8)))
HOSTILE = (
    "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>"
    "</style></details></section><svg onload=window.pwned=3>"
    "<a href='javascript:window.pwned=4'>点</a>"
    "{{ 7*7 }} {% raw %} <!-- /runbook:records --> <iframe src=https://evil.example></iframe>"
)


@dataclass(frozen=True)
class Built:
    """A built site with a few records published into it."""

    site: Path
    records: Path


def build(
    root: Path, site: Path, generator: str = "mkdocs", **environ: str
) -> subprocess.CompletedProcess[str]:
    """The site built strictly; without `-q`, which would keep the warnings from being counted."""
    mkdocs = [sys.executable, "-m", generator, "build", "--strict"]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **environ}
    return subprocess.run(
        [*mkdocs, "-f", str(root / "mkdocs.yml"), "-d", str(site)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def record(
    incident: str,
    minutes: int = 0,
    verdict: Verdict = Verdict.FAIL,
    observed: str = "127.0.0.1:5432 拒绝连接：那里没有程序在监听",
    title: str = "数据库连接失败",
) -> Record:
    """A complete run; one that failed has a confirmed cause."""
    checks = load(ROOT).checks
    found = Finding(
        check="database-port",
        title=checks["database-port"].title,
        question=checks["database-port"].question,
        verdict=verdict,
        signal="refused" if verdict is Verdict.FAIL else "open",
        expected=checks["database-port"].expected,
        observed=observed,
    )
    state = CauseState.CONFIRMED if verdict is Verdict.FAIL else CauseState.RULED_OUT
    cause = JudgedCause(id="process-down", title="数据库进程没有运行", state=state)
    at = AT + timedelta(minutes=minutes)
    diagnosis = Diagnosis(
        scenario=SLUG,
        target="production",
        at=at,
        findings=(found,),
        causes=(cause,),
        severity="P0" if verdict is Verdict.FAIL else None,
        next=(NextStep(say="先看日志", command="docker-compose logs --tail 100 postgres"),),
        evidence=(),
    )
    return Record(
        incident=incident,
        name=f"{at:%H%M%S}-{SLUG}",
        scenario=SLUG,
        title=title,
        target="production",
        target_title="生产环境",
        at=at,
        seconds=9.4,
        state=RunState.COMPLETE,
        diagnosis=diagnosis,
    )


def unfinished(incident: str) -> Record:
    """A run that met its deadline."""
    whole = record(incident)
    late = {"state": RunState.DEADLINE, "message": "内核在第 5 格停住", "diagnosis": None}
    return whole.model_copy(update=late)


def notebook(of: Record, *more: Any) -> Any:
    """What the run of the record left behind; `more` outputs are put before the conclusion."""
    new = nbformat.v4
    cells = [
        new.new_markdown_cell("# 数据库连接失败\n\n**只读，不改变任何东西。**"),
        new.new_code_cell('target = "drill"', metadata={"tags": ["parameters"]}, execution_count=1),
    ]
    if of.diagnosis:
        shown = findings_html(of.diagnosis.findings)
        ended = diagnosis_html(of.diagnosis, {}, {}, "建议级别 P0", ["值班：主 张三"], UTC)
        outputs = [new.new_output("display_data", {"text/html": shown, "text/plain": "…"}), *more]
        last = [new.new_output("display_data", {"text/html": ended, "text/plain": "…"})]
        cells += [
            new.new_markdown_cell("## 去数据库的路通吗\n\n| 甲 | 乙 |\n|--|--|\n| 1 | 2 |"),
            new.new_code_cell("case.show()", execution_count=2, outputs=outputs),
            new.new_code_cell("case.conclude()", execution_count=3, outputs=last),
        ]
    else:
        cells.append(new.new_code_cell("case.conclude()"))
    made = new.new_notebook(cells=cells)
    made.metadata["runbook"] = of.model_dump(mode="json")
    return made


def keep(records: Path, of: Record) -> Path:
    """The record as the archive keeps it: the notebook, and its page beside it."""
    folder = records / of.incident
    folder.mkdir(parents=True, exist_ok=True)
    made = notebook(of, nbformat.v4.new_output("stream", name="stdout", text=HOSTILE))
    (folder / f"{of.name}.ipynb").write_text(nbformat.writes(made), encoding="utf-8")
    html = folder / f"{of.name}.html"
    html.write_text(page(made, of), encoding="utf-8")
    return html
