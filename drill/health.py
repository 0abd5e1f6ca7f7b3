"""The drill as its callers see it: every answer comes from outside, over the network."""

from __future__ import annotations

import ssl
from typing import Any

import httpx
import psycopg
from psycopg.conninfo import make_conninfo

from drill.aura.names import address_of
from drill.place import Drill, Standing

# A proxy in the environment is not for the loopback.
_http = httpx.Client(trust_env=False, timeout=4.0)


def readiness(drill: Standing) -> dict[str, Any]:
    """What `/readyz` says; empty when it says nothing."""
    try:
        return dict(_http.get(f"{drill.state.api_url}/readyz").json())
    except (httpx.HTTPError, ValueError):
        return {}


def database_complaint(drill: Standing) -> str | None:
    """Why the API calls its database unhealthy; None when it does not, or does not answer."""
    check = readiness(drill).get("checks", {}).get("database", {})
    return str(check["message"]) if check.get("status") == "unhealthy" else None


def complains(drill: Standing, *texts: str) -> bool:
    """Whether the API calls its database unhealthy, for a reason with one of the texts in it."""
    complaint = database_complaint(drill)
    return complaint is not None and any(text in complaint for text in texts)


def login_failure(drill: Drill) -> str:
    """What a login with the published address and password fails with; empty when it works."""
    return refusal(
        host=drill.state.db_host,
        hostaddr="127.0.0.1",
        port=drill.state.db_port,
        dbname=drill.state.db_name,
        user=drill.state.db_user,
        password=drill.secret("db-password"),
    )


def refusal(**login: str | int) -> str:
    """What logging in so fails with; empty when it works."""
    try:
        with psycopg.connect(make_conninfo("", **login, connect_timeout=2)) as session:
            session.execute("SELECT 1")
    except psycopg.Error as failure:
        return str(failure)
    return ""


def reads(drill: Standing) -> bool:
    """Whether the business route lists workflows."""
    try:
        return _http.get(f"{drill.state.api_url}/api/workflows").is_success
    except httpx.HTTPError:
        return False


def writes(drill: Standing, document: str = "") -> bool:
    """Whether the business route takes a new workflow."""
    body = {"title": "drill", "document": document}
    try:
        return _http.post(f"{drill.state.api_url}/api/workflows", json=body).is_success
    except httpx.HTTPError:
        return False


def answers(drill: Standing) -> bool:
    """Whether the API answers at all."""
    try:
        _http.get(f"{drill.state.api_url}/healthz", timeout=2.0)
    except httpx.HTTPError:
        return False
    return True


def visit(drill: Standing) -> int | str:
    """The status a user gets through the edge, or what kept him from getting one."""
    state = drill.state
    try:
        address = address_of(state.edge_host, state.dns_address, state.dns_port)
        trusting = ssl.create_default_context(cafile=state.edge_ca_file)
        with httpx.Client(trust_env=False, timeout=4.0, verify=trusting) as http:
            request = http.build_request("GET", f"{state.edge_url}/healthz")
            request.extensions["sni_hostname"] = state.edge_host
            request.url = request.url.copy_with(host=address)
            return http.send(request).status_code
    except (httpx.HTTPError, OSError) as failure:
        return str(failure) or type(failure).__name__


def provider_complaint(drill: Standing) -> str | None:
    """Why the API calls its AI provider unhealthy; None when it does not, or does not answer."""
    check = readiness(drill).get("checks", {}).get("ai_provider", {})
    return str(check["message"]) if check.get("status") == "unhealthy" else None


def healthy(drill: Standing) -> bool:
    """Whether every check of the API passes, it reads and writes, and users get to it."""
    status = readiness(drill).get("status")
    return status == "healthy" and writes(drill) and reads(drill) and visit(drill) == 200
