"""What PostgreSQL means when it turns a client away.

libpq gives no SQLSTATE for a failed connection, only the server's sentence, in the language of
the server.  The sentences are those of PostgreSQL's message catalogues (src/backend/po),
English and Chinese; the codes are those of Appendix A of its manual.
"""

from __future__ import annotations

import re

REFUSED_LOGIN = "28000"
NO_SUCH_DATABASE = "3D000"
TOO_MANY_CONNECTIONS = "53300"
CANNOT_CONNECT_NOW = "57P03"

_SENTENCES: dict[str, str] = {
    TOO_MANY_CONNECTIONS: r"too many clients|connection slots are reserved|too many connections for"
    r"|太多的客户|连接槽|太多的?连接|连接过多",
    CANNOT_CONNECT_NOW: r"database system is (starting up|shutting down|in recovery mode"
    r"|not (yet )?accepting connections)|数据库系统(正在|启动|处于|没有|尚未)",
    REFUSED_LOGIN: r"authentication failed|pg_hba\.conf|is not permitted to log in"
    r"|role \"[^\"]*\" does not exist|permission denied for database"
    r"|认证失败|不允许登[录陆]|角色 ?\"[^\"]*\" ?不存在|对数据库.*权限不够",
    NO_SUCH_DATABASE: r"database \"[^\"]*\" does not exist|数据库 ?\"[^\"]*\" ?不存在",
}


def sqlstate(message: str) -> str | None:
    """The SQLSTATE that stands behind the server's sentence; None for a sentence not known."""
    for code, sentences in _SENTENCES.items():
        if re.search(sentences, message):
            return code
    return None


def from_server(message: str) -> bool:
    """Whether the server itself said no, rather than the way to it."""
    return re.search(r"FATAL:|致命错误|PANIC:", message) is not None
