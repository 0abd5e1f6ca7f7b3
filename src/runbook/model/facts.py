"""What the code can see and recognise: the names that `data/checks.yml` may use.

`data/` holds the words for these; that both speak of the same things is checked when it is read.
"""

from __future__ import annotations

PROBE_NAMES = frozenset(
    {
        "ai-cost",
        "ai-models",
        "ai-name",
        "ai-port",
        "ai-question",
        "api-listener",
        "api-live",
        "api-metrics",
        "api-port",
        "api-ready",
        "container-paths",
        "containers",
        "database-disk",
        "database-name",
        "database-port",
        "database-process",
        "database-session",
        "edge-answer",
        "edge-certificate",
        "edge-name",
        "edge-port",
        "memory",
        "nginx-upstreams",
        "oom-kills",
        "services",
    }
)

_MESSAGE = frozenset({"message"})
_DETAIL = frozenset({"detail"})
_POOL = frozenset({"in_use", "maximum", "waiting"})
_PORT = frozenset({"address", "seconds", "limit", "detail"})
_LOGIN = frozenset({"version", "seconds", "limit"})
_PROCESS = frozenset({"service", "pid", "state", "detail"})
_DISK = frozenset({"free_mb", "used_percent"})
_READINESS = frozenset({"url", "status", "sick"})
_OWNER = frozenset({"port", "pid", "name"})
_NAMED = frozenset({"host", "addresses"})
_CLOSED = frozenset({"address", "seconds", "detail"})
_AI = frozenset({"url", "status", "seconds", "patience", "model", "detail"})
_COST = frozenset({"used", "budget"})
_EDGE_PORT = frozenset({"address", "limit", "detail", "count", "late", "milliseconds"})
_CLOSED_EDGE = frozenset({"address", "limit", "detail"})
_LATENCY = frozenset({"milliseconds", "name", "tcp", "tls", "answer"})
_TRUST = frozenset({"host", "names", "detail"})
_DATES = frozenset({"starts", "ends", "days"})
_EDGE = frozenset({"url", "status"})
_NO_EDGE = frozenset({"url", "detail"})
_RESTARTS = frozenset({"service", "count", "how", "ago"})
_DOWN = frozenset({"service", "state"})
_GROWTH = frozenset({"service", "used", "limit", "percent", "per_minute", "left", "age", "peak"})
_SERVICES = frozenset({"services"})
_HOST = frozenset({"percent", "total", "eater", "pid", "size"})
_PAGES = frozenset({"pages"})
_CONTAINER = frozenset({"service", "detail"})
_REPLICAS = _CONTAINER | {"count", "total"}
_IMAGE = frozenset({"service", "image", "declared"})
_CAP = frozenset({"service", "limit", "declared"})
_WAY = frozenset({"from", "to", "detail"})
_MEASURED_WAY = _WAY | {"count", "late", "milliseconds"}
_PLACES = frozenset({"places", "right"})

_CONTAINERS_OF_A_ROLE = {
    "running": _CONTAINER | {"count"},
    "some-down": _REPLICAS,
    "paused": _CONTAINER,
    "down": _CONTAINER,
    "restarting": _CONTAINER,
    "detached": _CONTAINER,
    "nameless": _CONTAINER,
    "no-containers": _CONTAINER,
}
_A_WAY = {
    "open": _MEASURED_WAY,
    "lossy": _MEASURED_WAY,
    "slow": _MEASURED_WAY,
    "queued": _WAY | {"waiting"},
    "unresolved": _WAY,
    "refused": _WAY,
    "rejected": _WAY,
    "timeout": _WAY | {"limit"},
    "unreachable": _WAY,
    "no-source": _WAY,
    "astray": _WAY | {"address", "right"},
    "no-containers": frozenset({"from", "to"}),
}

FACTS: dict[str, dict[str, frozenset[str]]] = {
    "api-live": {
        "ok": frozenset({"url", "status", "seconds"}),
        "failing": frozenset({"url", "status", "seconds"}),
        "silent": frozenset({"url", "detail"}),
        "starting": frozenset({"url", "age"}),
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
    "api-readiness": {
        "green": _READINESS,
        "red-by-database": _READINESS,
        "red-by-ai": _READINESS,
        "red": _READINESS,
    },
    "readiness-database": {"well": _MESSAGE, "ill": _MESSAGE},
    "readiness-ai": {"well": _MESSAGE, "ill": _MESSAGE},
    "api-port": {
        "open": _PORT,
        "refused": _PORT,
        "rejected": _PORT,
        "starting": _PORT | {"age"},
        "timeout": _PORT,
        "unreachable": _PORT,
        "absent": _PORT,
    },
    "api-owner": {
        "own": _OWNER,
        "other": _OWNER,
        "starting": _OWNER | {"age"},
        "nobody": _OWNER,
    },
    "ai-name": {"resolved": _NAMED, "unresolved": frozenset({"host", "detail"})},
    "ai-port": {"open": frozenset({"address", "seconds"}), "closed": _CLOSED},
    "ai-answer": {
        "ok": _AI,
        "slow": _AI,
        "no-answer": _AI,
        "key-rejected": _AI,
        "not-admitted": _AI,
        "rate-limited": _AI,
        "quota-exhausted": _AI,
        "failing": _AI,
        "no-model": _AI,
        "no-route": _AI,
        "malformed": _AI,
        "rejected": _AI,
    },
    "ai-view": {
        "ok": _MESSAGE,
        "mock": _MESSAGE,
        "key-rejected": _MESSAGE,
        "not-admitted": _MESSAGE,
        "rate-limited": _MESSAGE,
        "quota-exhausted": _MESSAGE,
        "failing": _MESSAGE,
        "ill": _MESSAGE,
    },
    "ai-budget": {"within": _COST, "unset": _COST, "near": _COST, "over": _COST},
    "edge-name": {
        "right": _NAMED,
        "wrong-address": frozenset({"host", "addresses", "right"}),
        "unresolved": frozenset({"host", "addresses", "detail"}),
    },
    "edge-resolver": {"quick": frozenset({"milliseconds"}), "slow": frozenset({"milliseconds"})},
    "edge-port": {
        "open": _EDGE_PORT,
        "lossy": _EDGE_PORT,
        "refused": _CLOSED_EDGE,
        "rejected": _CLOSED_EDGE | {"age"},
        "starting": _CLOSED_EDGE | {"age"},
        "timeout": _CLOSED_EDGE,
        "unreachable": _CLOSED_EDGE,
    },
    "edge-latency": {"normal": _LATENCY, "high": _LATENCY},
    "edge-trust": {"trusted": _TRUST, "wrong-name": _TRUST, "untrusted": _TRUST},
    "edge-dates": {
        "current": _DATES,
        "expiring": _DATES,
        "expired": _DATES,
        "not-yet": _DATES,
        "chain-expired": _DATES,
    },
    "edge-answer": {
        "ok": frozenset({"url", "status", "seconds"}),
        "slow": frozenset({"url", "status", "seconds"}),
        "another": _EDGE,
        "edge-only": _EDGE,
        "starting": _EDGE | {"age"},
        "bad-gateway": _EDGE,
        "failing": _EDGE,
        "silent": _NO_EDGE,
        "late": _NO_EDGE,
        "cut": _NO_EDGE,
        "down": _NO_EDGE,
    },
    "service-restarts": {
        "steady": frozenset({"service"}),
        "recovered": _RESTARTS,
        "restarted": _RESTARTS,
        "crash-looping": _RESTARTS,
        "oom-killed": _RESTARTS,
        "down": _DOWN,
        "down-behind": _DOWN,
    },
    "memory-growth": {
        "flat": _GROWTH,
        "near-limit": _GROWTH,
        "starting": _GROWTH,
        "reconnecting": _GROWTH,
        "regaining": _GROWTH,
        "growing": _GROWTH,
    },
    "memory-limits": {"set": _SERVICES, "missing": _SERVICES, "not-asked": _SERVICES},
    "host-memory": {"room": _HOST, "high": _HOST, "eaten": _HOST},
    "host-swap": {"none": _PAGES, "quiet": _PAGES, "busy": _PAGES},
    "api-container": _CONTAINERS_OF_A_ROLE,
    "database-container": _CONTAINERS_OF_A_ROLE,
    "nginx-container": _CONTAINERS_OF_A_ROLE,
    "frontend-container": _CONTAINERS_OF_A_ROLE,
    "ai-container": _CONTAINERS_OF_A_ROLE,
    "container-health": {
        "true": _CONTAINER,
        "none": _CONTAINER,
        "recovering": _CONTAINER,
        "lagging": _CONTAINER,
        "unhealthy": _CONTAINER,
        "false-alarm": _CONTAINER,
        "blind": _CONTAINER,
        "no-containers": _CONTAINER,
    },
    "container-image": {
        "as-declared": _IMAGE,
        "other": _IMAGE,
        "moved": _IMAGE,
        "no-containers": _IMAGE,
    },
    "container-limits": {
        "as-declared": _CAP,
        "changed": _CAP,
        "no-containers": _CAP,
    },
    "api-to-database": _A_WAY,
    "api-to-ai": _A_WAY,
    "nginx-to-api": _A_WAY,
    "container-dns": {
        "resolves": frozenset({"from", "names"}),
        "broken": frozenset({"from", "names"}),
        "no-containers": frozenset({"from", "names"}),
    },
    "nginx-upstream": {"right": _PLACES, "wrong": _PLACES, "no-containers": _PLACES},
    "database-name": {
        "resolved": frozenset({"host", "addresses"}),
        "unresolved": frozenset({"host", "detail"}),
    },
    "database-port": {
        "open": _PORT,
        "full": _PORT | {"waiting"},
        "taken": _PORT,
        "starting": _PORT | {"age"},
        "refused": _PORT,
        "rejected": _PORT,
        "timeout": _PORT,
        "unreachable": _PORT,
        "absent": _PORT,
    },
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
        "query-failed": _DETAIL,
    },
    "database-connections": {
        "room": frozenset({"used", "maximum"}),
        "near-limit": frozenset({"used", "maximum"}),
    },
    "database-locks": {
        "none": frozenset({"longest"}),
        "waiting": frozenset({"count", "longest"}),
        "long-transaction": frozenset({"pid", "state", "longest"}),
        "blocked": frozenset({"count", "longest", "blockers", "owners"}),
    },
    "database-writes": {
        "writable": frozenset(),
        "read-only": _DETAIL,
        "unconfirmed": frozenset({"count", "longest"}),
    },
    "database-disk": {"room": _DISK, "near-full": _DISK, "full": _DISK, "read-only": _DISK},
}
"""The signals of each check, and the facts each signal brings for its sentence."""

LIMITS: dict[str, frozenset[str]] = {
    "ai-budget": frozenset({"near_percent"}),
    "api-live": frozenset({"starting_seconds"}),
    "api-port": frozenset({"starting_seconds"}),
    "api-owner": frozenset({"starting_seconds"}),
    "database-port": frozenset({"starting_seconds"}),
    "edge-port": frozenset({"starting_seconds"}),
    "edge-answer": frozenset({"slow_seconds", "starting_seconds"}),
    "edge-resolver": frozenset({"slow_ms"}),
    "edge-latency": frozenset({"high_ms"}),
    "edge-dates": frozenset({"expiring_days"}),
    "service-restarts": frozenset({"recent_minutes"}),
    "memory-growth": frozenset(
        {"kilobytes_per_second", "minutes_left", "near_percent", "peak_percent", "starting_seconds"}
    ),
    "host-memory": frozenset({"high_percent"}),
    "host-swap": frozenset({"pages_per_second"}),
    "api-to-database": frozenset({"slow_ms"}),
    "api-to-ai": frozenset({"slow_ms"}),
    "nginx-to-api": frozenset({"slow_ms"}),
    "database-connections": frozenset({"near_limit_percent"}),
    "database-locks": frozenset({"blocked_seconds", "idle_seconds"}),
    "database-writes": frozenset({"commit_seconds"}),
    "database-disk": frozenset({"full_megabytes", "near_full_percent"}),
}
"""The limits a judgement asks for; a check that is not here asks for none."""
