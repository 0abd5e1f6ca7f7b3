"""The blocks of commands in the team's first handbook, as they are written there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

SOURCE = Path(__file__).parent / "cases" / "source-runbook.md"
_AXES = {
    "第一斧：重启 (Restart)": "restart",
    "第二斧：回滚 (Rollback)": "rollback",
    "第三斧：扩容 (Scale)": "scale",
}
_FAILURES = {
    "数据库连接失败": "database-connection",
    "服务内存不足": "service-memory",
    "网络连接问题": "network-connectivity",
    "AI 服务异常": "ai-service",
}


def blocks() -> dict[str, list[str]]:
    """The lines to type of the three axes and the four failures, in their order."""
    text = SOURCE.read_text(encoding="utf-8")
    found = {}
    for heading, name in (_AXES | _FAILURES).items():
        block = re.search(rf"^### {re.escape(heading)}\n```bash\n(.*?)^```", text, re.M | re.S)
        assert block is not None, heading
        lines = block[1].splitlines()
        found[name] = [line for line in lines if line.strip() and not line.startswith("#")]
    return found


def is_axis(name: str) -> bool:
    """Whether the block is one of the three axes, and not a failure."""
    return name in _AXES.values()


def as_we_write_it(line: str) -> str:
    """The line with the quotes that our pages have."""
    return " | ".join(shlex.join(shlex.split(part)) for part in line.split("|"))
