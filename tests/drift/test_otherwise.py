"""A deployment that is otherwise in one thing is told apart by the code of that thing."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from runbook.catalog import load
from runbook.drift.claims import claims
from runbook.drift.compare import compare
from runbook.model import Target
from runbook.model.deployment import Answer, Deployment, Published
from tests.conftest import ROOT

Change = Callable[[Deployment], Deployment]


def service(name: str, /, **facts: Any) -> Change:
    """The compose file with another service; the containers stay as they are."""

    def change(seen: Deployment) -> Deployment:
        one = seen.services[name]
        shape = {key: value for key, value in facts.items() if key in type(one.shape).model_fields}
        more = {key: value for key, value in facts.items() if key not in shape}
        other = one.model_copy(update={"shape": one.shape.model_copy(update=shape), **more})
        return seen.model_copy(update={"services": {**seen.services, name: other}})

    return change


def both(name: str, /, **shape: Any) -> Change:
    """The compose file with another service, and its containers made anew."""
    return lambda seen: container(name, shape=shape)(service(name, **shape)(seen))


def container(name: str, /, shape: dict[str, Any] | None = None, **facts: Any) -> Change:
    """Another container of the service."""

    def change(seen: Deployment) -> Deployment:
        boxes = tuple(
            one.model_copy(update={**facts, "shape": one.shape.model_copy(update=shape or {})})
            if one.service == name
            else one
            for one in seen.containers
        )
        return seen.model_copy(update={"containers": boxes})

    return change


def without(part: str, name: str) -> Change:
    def change(seen: Deployment) -> Deployment:
        left = {key: one for key, one in getattr(seen, part).items() if key != name}
        return seen.model_copy(update={part: left})

    return change


def removed(name: str) -> Change:
    """The service went from the file, and its containers with it."""
    return lambda seen: container_gone(name)(without("services", name)(seen))


def container_gone(name: str) -> Change:
    return lambda seen: seen.model_copy(
        update={"containers": tuple(one for one in seen.containers if one.service != name)}
    )


def put(part: str, **facts: Any) -> Change:
    return lambda seen: seen.model_copy(update={part: {**getattr(seen, part), **facts}})


def route(path: str, status: int, body: Any = None) -> Change:
    answer = Answer(status=status, body=body, json_answer=body is not None)

    def change(seen: Deployment) -> Deployment:
        keys = [key for key in seen.routes if key.endswith(path)]
        return seen.model_copy(update={"routes": {**seen.routes, **dict.fromkeys(keys, answer)}})

    return change


def body(path: str, edit: Callable[[dict[str, Any]], Any]) -> Change:
    def change(seen: Deployment) -> Deployment:
        told = copy.deepcopy(seen.routes[path].body)
        edit(told)
        answer = seen.routes[path].model_copy(update={"body": told})
        return seen.model_copy(update={"routes": {**seen.routes, path: answer}})

    return change


def script(name: str, before: str, after: str) -> Change:
    def change(seen: Deployment) -> Deployment:
        one = seen.scripts[f"./scripts/{name}.sh"]
        assert one is not None
        assert re.search(before, one.text, re.MULTILINE), before
        text = re.sub(before, lambda _: after, one.text, flags=re.MULTILINE)
        other = one.model_copy(update={"text": text})
        return seen.model_copy(update={"scripts": {**seen.scripts, f"./scripts/{name}.sh": other}})

    return change


def script_is(name: str, **facts: Any) -> Change:
    def change(seen: Deployment) -> Deployment:
        one = seen.scripts[f"./scripts/{name}.sh"]
        assert one is not None
        other = one.model_copy(update=facts)
        return seen.model_copy(update={"scripts": {**seen.scripts, f"./scripts/{name}.sh": other}})

    return change


def whole(**facts: Any) -> Change:
    return lambda seen: seen.model_copy(update=facts)


_URL = "http://localhost:3001/readyz"
_SLOW = {"status": "healthy", "message": "reachable", "duration": 5003.0}
OTHERWISE: dict[str, tuple[Change, set[str]]] = {
    "service-gone": (removed("frontend"), {"no_service", "script_service", "no_upstream"}),
    "service-renamed": (removed("postgres"), {"no_service", "script_service"}),
    "file-refused": (whole(refused="Unsupported config option", services={}), {"compose_refused"}),
    "folder-of-another-project": (whole(other_project=True), {"other_project"}),
    "folder-is-another": (whole(started_in="/srv/old"), {"started_elsewhere"}),
    "container-gone": (container_gone("ai"), {"no_container"}),
    "container-stopped": (container("api", state="exited"), {"not_running"}),
    "container-paused": (container("frontend", state="paused"), {"not_running"}),
    "container-renamed": (container("api", name="backend"), {"renamed"}),
    "image-moved": (container("api", image_now="sha256:0"), {"tag_moved"}),
    "image-of-the-file": (service("api", image="aura-flow/api:stable"), {"not_applied"}),
    "image-of-the-container": (
        container("frontend", shape={"image": "nginx:latest"}),
        {"not_applied"},
    ),
    "limit-gone": (both("api", limit=None), {"no_limit"}),
    "limit-gone-live": (container("nginx", shape={"limit": None}), {"no_limit", "not_applied"}),
    "limit-updated-live": (container("api", shape={"limit": 1 << 20}), {"not_applied"}),
    "limit-of-the-file": (service("postgres", limit=1 << 30), {"not_applied"}),
    "environment-not-applied": (
        service("api", environment={"AI_PROVIDER": "mock"}),
        {"not_applied"},
    ),
    "networks-left": (container("api", shape={"networks": {}}), {"not_in_network"}),
    "another-network": (
        container("api", shape={"networks": {"aura-flow_aura": ("api",), "bridge": ()}}),
        {"in_another_network"},
    ),
    "alias-lost": (container("api", shape={"networks": {"aura-flow_aura": ()}}), {"no_alias"}),
    "restart-policy-gone": (both("api", restart="no"), {"no_restart_policy"}),
    "restart-policy-not-applied": (service("ai", restart="always"), {"not_applied"}),
    "mounts-moved": (
        both("postgres", mounts=("/srv/aura-flow/pgdata:/data",)),
        {"not_mounted"},
    ),
    "orphan": (without("services", "ai"), {"no_service", "orphan"}),
    "fixed-name": (service("api", container_name="aura-flow_api_1"), {"fixed_name"}),
    "fixed-port": (both("api", published=(Published(port=3002, inside=3001),)), {"fixed_port"}),
    "fixed-address": (service("api", fixed_address=True), {"fixed_address"}),
    "api-port-unpublished": (
        both("nginx", published=(Published(port=443, inside=443),)),
        {"port_unpublished", "script_port"},
    ),
    "api-port-elsewhere": (
        both(
            "nginx",
            published=(
                Published(port=443, inside=443),
                Published(port=3001, inside=3001, address="10.0.0.1"),
            ),
        ),
        {"port_bound_elsewhere"},
    ),
    "api-port-silent": (put("ports", **{"3001": False}), {"port_silent"}),
    "edge-port-unpublished": (
        both("nginx", published=(Published(port=3001, inside=3001, address="127.0.0.1"),)),
        {"edge_unpublished"},
    ),
    "live-route-gone": (route("/healthz", 404), {"no_route", "script_route"}),
    "ready-route-gone": (route("/readyz", 404), {"no_route", "script_route"}),
    "cost-route-gone": (route("/monitoring/ai/cost", 404), {"no_route"}),
    "cost-route-refused": (route("/monitoring/ai/cost", 401), {"route_refused", "no_field"}),
    "page-instead-of-api": (route("/readyz", 200), {"not_readiness"}),
    "check-renamed": (
        body(
            "/readyz",
            lambda told: told["checks"].update(aiProvider=told["checks"].pop("ai_provider")),
        ),
        {"no_check"},
    ),
    "check-says-ok": (
        body("/readyz", lambda told: told["checks"]["database"].update(status="ok")),
        {"odd_status"},
    ),
    "readiness-waits": (
        body("/readyz", lambda told: told["checks"].update(ai_provider=_SLOW)),
        {"readiness_waits"},
    ),
    "readiness-may-wait": (
        both("api", environment={"READINESS_AI_TIMEOUT_MS": "5000"}),
        {"readiness_waits"},
    ),
    "budget-renamed": (
        body("/monitoring/ai/cost", lambda told: told.update(budget=told.pop("daily_budget"))),
        {"no_field"},
    ),
    "metric-gone": (without("metrics", "aura_db_pool_in_use"), {"no_metric"}),
    "label-gone": (put("metrics", aura_dependency_up=({"dependency": "database"},)), {"no_label"}),
    "port-inside": (put("listens", **{"api:3001": False}), {"not_listening"}),
    "program-gone": (put("programs", **{"postgres pg_isready": False}), {"no_program"}),
    "login-refused": (
        whole(session='FATAL:  password authentication failed for user "aura"', roles=()),
        {"no_login"},
    ),
    "database-renamed": (whole(databases=("postgres", "flow")), {"no_database"}),
    "role-gone": (whole(roles=("aura",)), {"no_user"}),
    "monitor-revoked": (whole(sees_all=False), {"no_privilege"}),
    "tag-gone": (put("images", **{"aura-flow/api:stable": False}), {"no_image"}),
    "variable-not-passed": (put("changes", AI_PROVIDER=()), {"not_passed"}),
    "variable-of-another": (put("changes", AI_PROVIDER=("ai",)), {"not_passed"}),
    "script-gone": (put("scripts", **{"./scripts/rollback.sh": None}), {"no_script"}),
    "script-not-executable": (script_is("rollback", executable=False), {"not_executable"}),
    "script-broken": (script_is("verify-deploy", broken="Syntax error"), {"script_broken"}),
    "flag-renamed": (script("rollback", r"^(\s*)--type\)", "        --kind)"), {"no_flag"}),
    "flag-gone": (script("rollback", r"^\s*--reason\).*$", ""), {"no_flag"}),
    "choice-gone": (
        script("rollback", r"full \| database \| nginx\)", "full | database)"),
        {"no_choice"},
    ),
    "subcommand-gone": (
        script("alert-webhook", r"^\s*ai-budget-exceeded\)", "    budget)"),
        {"no_subcommand"},
    ),
    "verify-flag-gone": (
        script("verify-deploy", r"^\s*--api-url\)", "        --url)"),
        {"no_flag"},
    ),
    "verify-other-port": (script("verify-deploy", r":-3001", ":-8000"), {"script_port"}),
    "script-of-another-service": (
        script("rollback", r"api frontend \|\|", "backend ||"),
        {"script_service"},
    ),
    "file-gone": (whole(files=("docker-compose.yml",)), {"no_file"}),
    "upstream-of-nobody": (
        put("configurations", **{"nginx/nginx.conf": "location / { proxy_pass http://web:3001; }"}),
        {"no_upstream"},
    ),
    "secret-gone": (
        put("there", **{"/srv/aura-flow/run/secrets/db-password": False}),
        {"no_file"},
    ),
    "health-route-gone": (put("tested", api=Answer(status=404)), {"health_route"}),
    "health-lies": (container("api", health="unhealthy", said="curl: (22) 404"), {"health_lies"}),
    "unhealthy": (container("frontend", health="unhealthy"), {"unhealthy"}),
    "health-asks-ai": (
        put("tested", api=Answer(status=200, body={"checks": {"ai_provider": {}}})),
        {"health_asks_ai"},
    ),
    "option-gone": (put("helps", up="Usage: up [options]\n  -d, --detach"), {"no_option"}),
}


@pytest.mark.parametrize("name", sorted(OTHERWISE))
def test_one_thing_that_is_otherwise_is_named(name: str, clean: Deployment, aura: Target) -> None:
    change, expected = OTHERWISE[name]
    drift = compare(claims(load(ROOT), aura), change(clean), aura)[0]
    assert {one.code for one in drift} == expected
    for one in drift:
        assert re.fullmatch(r"(?:data|docs)/[\w/.-]+:\d+:\d+", one.where)
        assert one.found.endswith("。") and one.why.endswith("。")


def test_replicas_that_were_added_by_hand_are_no_drift(clean: Deployment, aura: Target) -> None:
    api = clean.of("api")[0]
    more = tuple(
        api.model_copy(update={"number": number, "name": f"aura-flow_api_{number}"})
        for number in (2, 3)
    )
    scaled = clean.model_copy(update={"containers": (*clean.containers, *more)})
    assert compare(claims(load(ROOT), aura), scaled, aura)[0] == ()


@pytest.mark.parametrize(
    "part", ["file", "engine", "folder", "api", "metrics", "database", "inside", "changes", "help"]
)
def test_what_could_not_be_looked_at_is_said_and_is_no_drift(
    part: str, clean: Deployment, aura: Target
) -> None:
    blind = clean.model_copy(update={"unseen": {part: "no permission"}})
    drift, _, unseen, _ = compare(claims(load(ROOT), aura), blind, aura)
    assert drift == ()
    assert {one.reason for one in unseen} <= {"no permission"}
    assert unseen or part == "file"
