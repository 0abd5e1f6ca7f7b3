"""What PostgreSQL means by what it says.

Drivers pass on the server's sentence and often nothing else: psycopg gives no SQLSTATE for a
connection that failed, and the API's readiness gives only text.  The sentences are those of
PostgreSQL's message catalogues (src/backend/po), English and Chinese; the codes are those of
Appendix A of its manual.
"""

from __future__ import annotations

import re

_SENTENCES: dict[str, str] = {
    # 53300 too_many_connections
    "too-many": r"too many clients|connection slots are reserved|too many connections for"
    r"|太多的客户|连接位置|连接太多|连接槽",
    # 57P03 cannot_connect_now
    "refusing": r"database system is (starting up|shutting down|in recovery mode"
    r"|not (yet )?accepting connections)|数据库系统(正在|启动|停止|关闭|处于|在恢复|没有|尚未)",
    # 28000 invalid_authorization_specification, 28P01 invalid_password, 42501 on CONNECT
    "auth-failed": r"authentication failed|pg_hba\.conf|is not permitted to log in"
    r"|role \"[^\"]*\" does not exist|permission denied for database"
    r"|认证失败|不允许角色|不允许登[录陆]|角色 ?\"[^\"]*\" ?不存在|访问数据库.*权限不够",
    # 3D000 invalid_catalog_name
    "no-database": r"database \"[^\"]*\" does not exist|数据库 ?\"[^\"]*\" ?不存在",
    # 53100 disk_full, 25006 read_only_sql_transaction, 57014 query_canceled, 42501 on a table
    "query-failed": r"No space left on device|read-only transaction|statement timeout"
    r"|permission denied for (table|schema|function|sequence)"
    r"|设备上没有空间|只读(模式|事务)|语句超时",
    # Not the server's: how libpq, Node and Prisma say that they never got to it.  A pool adds
    # them to its own sentence, so they come before it.
    "failing": r"Connection refused|ECONNREFUSED|No route to host|EHOSTUNREACH|timeout expired"
    r"|ETIMEDOUT|could not translate host name|ENOTFOUND|EAI_AGAIN|Can't reach database server",
    # Not the server's: how pools of psycopg, SQLAlchemy, node-postgres, Prisma and Hikari say it.
    "pool-timeout": r"couldn't get a connection after|QueuePool limit"
    r"|timeout exceeded when trying to connect|from the connection pool|request timed out",
}


def recognised(message: str) -> str | None:
    """What the sentence says, by the name of its signal; None for a sentence not known."""
    for signal, sentences in _SENTENCES.items():
        if re.search(sentences, message):
            return signal
    return None


def from_server(message: str) -> bool:
    """Whether the server itself said no, rather than the way to it."""
    return re.search(r"FATAL:|致命错误|PANIC:", message) is not None


def dropped(message: str) -> bool:
    """Whether the connection was there and then was not."""
    return re.search(r"closed the connection|SYSCALL|terminating connection", message) is not None
