"""What a target says of its deployment, with the line on which it says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runbook.catalog.strict_yaml import Document, Place
from runbook.model import Target
from runbook.model.drift import Claim, ClaimKind
from runbook.model.target import host_and_port

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_CHECKS = ("database", "ai_provider")  # of readiness; the judgements read these


def target_claims(document: Document, target: Target) -> Iterator[Claim]:
    """The claims of the target itself."""

    def claim(kind: ClaimKind, name: object, *place: str | int, of: str = "") -> Claim:
        where: Place = (target.id, *place)
        return Claim(where=document.where(where), kind=kind, name=str(name), of=of)

    api, database, runtime = target.api, target.database, target.runtime
    services = target.services.model_dump(exclude_none=True)
    if runtime.kind == "docker-compose":
        yield claim("compose", "docker-compose", "runtime")
    for role, service in services.items():
        yield claim("service", service, "services", role, of=role)
    for index, role in enumerate(target.limited):
        yield claim("limit", services.get(role, role), "limited", index)
    yield from _listening(claim, services, api.url, ("api", "url"))
    routes = api.routes
    yield claim("route", routes.live, "api", "routes", "live")
    yield claim("route", routes.ready, "api", "routes", "ready")
    for check in _CHECKS[: 2 if target.ai else 1]:
        yield claim("check", check, "api", "routes", "ready")
    if target.ai:
        yield claim("patience", f"{target.ai.patience:g}", "ai", "patience")
        yield from _listening(claim, services, target.ai.url, ("ai", "url"))
        if target.ai.key_file:
            yield claim("file", target.ai.key_file, "ai", "key_file")
    if routes.metrics:
        yield claim("route", routes.metrics, "api", "routes", "metrics")
        for field, name in api.pool.model_dump().items() if api.pool else ():
            yield claim("metric", name, "api", "pool", field)
    if routes.ai_cost:
        yield claim("route", routes.ai_cost, "api", "routes", "ai_cost")
        for field, name in api.cost.model_dump().items() if api.cost else ():
            yield claim("field", name, "api", "cost", field, of=routes.ai_cost)
    where = f"http://{database.host}:{database.port}"
    yield from _listening(claim, services, where, ("database", "port"))
    yield claim("user", database.user, "database", "user")
    yield claim("database", database.name, "database", "name")
    yield claim("privilege", "pg_read_all_stats", "database", "user")
    if database.password_file:
        yield claim("file", database.password_file, "database", "password_file")
    if database.data_dir:
        yield claim("folder", database.data_dir, "database", "data_dir", of=services["database"])
    if target.edge:
        _, port = host_and_port(target.edge.url)
        yield claim("edge", port, "edge", "url")
        if target.edge.ca_file:
            yield claim("file", target.edge.ca_file, "edge", "ca_file")


def _listening(
    claim: Callable[..., Claim], services: dict[str, str], url: str, place: tuple[str, str]
) -> Iterator[Claim]:
    host, port = host_and_port(url)
    if host in _HERE and place[0] == "api":
        yield claim("port", port, *place)
    elif host not in _HERE and "." not in host:
        if host not in services.values():
            yield claim("service", host, *place)
        yield claim("listener", port, *place, of=host)
