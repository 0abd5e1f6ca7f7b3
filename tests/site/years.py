"""Incidents of some months as their logs would tell them, made by hand from a seed."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from handmade import AT

from runbook.records.log import append

LEVELS = {"P0": ("PT15M", "PT1H"), "P1": ("PT30M", "PT4H"), "P2": ("PT2H", "PT24H")}
CAUSES = {
    "database-connection": ("连接池耗尽", "数据库进程没有运行", "长事务堵住了别的会话"),
    "service-memory": ("内存一直在涨，正在逼近上限", "进程因内存不足被系统杀死，正在反复重启"),
    "network-connectivity": ("证书过期", "域名解析不出地址"),
    "ai-service": ("额度用完了", "密钥被拒绝（401）"),
}


def incidents(records: Path, count: int, seed: int, kind: str = "real") -> None:
    """That many incidents, one every nine days, each resolved but the last."""
    chance = random.Random(seed)
    for number in range(count):
        at = AT - timedelta(days=9 * (count - number))
        prefix = "INC" if kind == "real" else "DRILL"
        folder = records / f"{prefix}-{at:%Y%m%d}-01"
        folder.mkdir(parents=True)
        scenario = chance.choice(list(CAUSES))
        level = chance.choice(list(LEVELS))
        _write(folder, at, chance, scenario, level, kind, last=number == count - 1)


def _write(
    folder: Path,
    at: datetime,
    chance: random.Random,
    scenario: str,
    level: str,
    kind: str,
    last: bool,
) -> None:
    respond, resolve = LEVELS[level]
    who = {"commander": "zhangsan", "commander_name": "张三"}
    clocks = {"severity": level, "respond_within": respond, "resolve_within": resolve}
    cause = chance.choice(CAUSES[scenario])

    def tell(minutes: float, event: str, **facts: Any) -> None:
        append(
            folder, {"event": event, "at": (at + timedelta(minutes=minutes)).isoformat(), **facts}
        )

    tell(
        0,
        "open",
        kind=kind,
        title=f"{cause}（{folder.name}）",
        level=clocks,
        scenario=scenario,
        **who,
    )
    tell(chance.uniform(1, 40), "ack", by="zhangsan")
    run = {"record": f"{at:%H%M%S}-{scenario}", "scenario": scenario, "target": "production"}
    tell(chance.uniform(2, 9), "run", **run, state="complete", verdict="FAIL", confirmed=[cause])
    if not last:
        tell(chance.uniform(20, 120), "mitigate", text="重启后恢复", by="zhangsan")
        tell(chance.uniform(60, 2000), "resolve", text="已修复", by="zhangsan")
