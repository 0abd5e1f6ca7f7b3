"""What the code can see and recognise: the names that `data/checks.yml` may use.

`data/` holds the words for these; that both speak of the same things is checked when it is read.
"""

from __future__ import annotations

PROBE_NAMES = frozenset(
    {
        "api-live",
        "api-metrics",
        "api-ready",
        "database-disk",
        "database-name",
        "database-port",
        "database-process",
        "database-session",
    }
)

_MESSAGE = frozenset({"message"})
_DETAIL = frozenset({"detail"})
_POOL = frozenset({"in_use", "maximum", "waiting"})
_PORT = frozenset({"address", "seconds", "limit", "detail"})
_LOGIN = frozenset({"version", "seconds", "limit"})
_PROCESS = frozenset({"service", "pid", "state", "detail"})
_DISK = frozenset({"free_mb", "used_percent"})

FACTS: dict[str, dict[str, frozenset[str]]] = {
    "api-live": {
        "ok": frozenset({"url", "status", "seconds"}),
        "failing": frozenset({"url", "status", "seconds"}),
        "silent": frozenset({"url", "detail"}),
        "down": frozenset({"url", "detail"}),
    },
    "api-database": {
        "ok": frozenset(),
        "auth-failed": _MESSAGE,
        "refusing": _MESSAGE,
        "no-database": _MESSAGE,
        "too-many": _MESSAGE,
        "pool-timeout": _MESSAGE,
        "query-failed": _MESSAGE,
        "failing": _MESSAGE,
    },
    "api-pool": {"room": _POOL, "starved": _POOL, "saturated": _POOL, "exhausted": _POOL},
    "database-name": {
        "resolved": frozenset({"host", "addresses"}),
        "unresolved": frozenset({"host", "detail"}),
    },
    "database-port": {"open": _PORT, "refused": _PORT, "timeout": _PORT, "unreachable": _PORT},
    "database-process": {"running": _PROCESS, "stopped": _PROCESS},
    "database-session": {
        "ok": _LOGIN,
        "timeout": _LOGIN,
        "slow": _LOGIN,
        "auth-failed": _DETAIL,
        "no-database": _DETAIL,
        "too-many": _DETAIL,
        "refusing": _DETAIL,
        "rejected": _DETAIL,
        "dropped": _DETAIL,
    },
    "database-connections": {
        "room": frozenset({"used", "maximum"}),
        "near-limit": frozenset({"used", "maximum"}),
    },
    "database-locks": {
        "none": frozenset({"longest"}),
        "long-transaction": frozenset({"pid", "state", "longest"}),
        "blocked": frozenset({"count", "longest", "blockers", "owners"}),
    },
    "database-writes": {"writable": frozenset(), "read-only": _DETAIL},
    "database-disk": {"room": _DISK, "near-full": _DISK, "full": _DISK, "read-only": _DISK},
}
"""The signals of each check, and the facts each signal brings for its sentence."""

LIMITS: dict[str, frozenset[str]] = {
    "database-connections": frozenset({"near_limit_percent"}),
    "database-locks": frozenset({"blocked_seconds", "idle_seconds"}),
    "database-disk": frozenset({"full_megabytes", "near_full_percent"}),
}
"""The limits a judgement asks for; a check that is not here asks for none."""
