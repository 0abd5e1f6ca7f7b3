"""The AI provider and what the API knows of it, and breaking those."""

from __future__ import annotations

import json

from drill.compose.deployment import Deployment
from drill.compose.engine import docker
from drill.compose.faults.means import Inject, cost, restart
from drill.compose.folder import set_apart, write_environment, write_secret
from drill.faults import provider
from drill.faults.sabotage import Sabotage
from drill.health import healthy, provider_complaint

# What is only a matter of mood is the same on either ground.
_MOODS = (
    "provider-slow",
    "key-without-permission",
    "region-refused",
    "rate-limited",
    "quota-exhausted",
    "payment-required",
    "provider-errors",
    "provider-overloaded",
    "model-retired",
    "portal-in-the-way",
    "answers-cut-off",
    "answers-reshaped",
    "provider-unhurried",
)
_ASK = ("curl", "-s", "-m", "3", "-o", "/dev/null", "-w", "%{http_code}")


def _key(holder: str, service: str, value: str) -> Inject:
    def inject(deployment: Deployment) -> None:
        write_secret(deployment, holder, value)
        restart(deployment, service)

    return inject


def _api_with(**settings: str) -> Inject:
    def inject(deployment: Deployment) -> None:
        set_apart(deployment, **settings)
        restart(deployment, "api")

    return inject


def _switch_to_mock(deployment: Deployment) -> None:
    write_environment(deployment, AI_PROVIDER="mock")
    deployment.compose("up", "-d", "--no-deps", "api")


def _is_mock(deployment: Deployment) -> bool:
    return cost(deployment).get("provider") == "mock" and healthy(deployment)


def _over_budget(deployment: Deployment) -> bool:
    said = cost(deployment)
    return bool(said and said["daily_cost"] >= said["daily_budget"])


def _questions_fail(deployment: Deployment) -> bool:
    """Whether the provider lists its models, and answers no question."""
    key = ("-H", f"Authorization: Bearer {deployment.secret('ai-key')}")
    at, into = "http://localhost:8080/v1", ("exec", deployment.container("ai"), *_ASK)
    question = json.dumps({"model": "aura-mini", "messages": []})
    listed = docker(*into, *key, f"{at}/models", check=False)
    told = docker(*into, *key, "--json", question, f"{at}/chat/completions", check=False)
    return listed == "200" and told != "200"


def _ill(inject: Inject) -> Sabotage:
    """A fault that the API complains of."""
    return Sabotage(inject, lambda one: provider_complaint(one) is not None)


SABOTAGES = {
    **{name: provider.SABOTAGES[name] for name in _MOODS},
    "questions-fail": Sabotage(provider.SABOTAGES["questions-fail"].inject, _questions_fail),
    "questions-rate-limited": Sabotage(
        provider.SABOTAGES["questions-rate-limited"].inject, _questions_fail
    ),
    "key-rotated": _ill(_key("provider-ai-key", "ai", "rotated-and-nobody-told")),
    "api-old-key": _ill(_key("api-ai-key", "api", "key-of-last-quarter")),
    "api-wrong-provider": _ill(_api_with(AURA_AI_URL="http://ai:8081")),
    "api-unknown-provider": _ill(_api_with(AURA_AI_URL="http://openai:8080")),
    "over-budget": Sabotage(_api_with(AURA_AI_DAILY_BUDGET="0.00001"), _over_budget),
    "mock-mode": Sabotage(_switch_to_mock, _is_mock),
    "provider-just-restarted": Sabotage(lambda one: restart(one, "ai"), healthy),
}
