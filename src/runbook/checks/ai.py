"""What the AI provider's answers mean, and what the API says of them."""

from __future__ import annotations

import re
from typing import Any

from runbook.checks.network import name_of
from runbook.checks.reading import AI_CHECKS, WELL, CannotTell, Limits, Seen, readiness_of
from runbook.model import Judgement
from runbook.words import brief, say

_BRIEF = 200

# Two kinds of 429: too fast, which passes, and used up, which does not until somebody pays.  The
# words are those of OpenAI, Azure, Anthropic, Gemini, DashScope, Moonshot, DeepSeek, Zhipu and
# Volcengine; the advice in a message of the first kind often speaks of billing too, so its own
# words come first.  Some providers say these things with 400 or 403 as well.
_USED_UP = (
    r"insufficient.?quota|exceeded.?(your )?current.?quota|billing_hard_limit|insufficient balance"
    r"|credit balance|arrearage|good standing|overdue|free tier .*exhausted|suspended"
    r"|\u6b20\u8d39|\u4f59\u989d\u4e0d\u8db3|\u5145\u503c|\u4eca\u65e5\u8c03\u7528\u6b21\u6570"
)
_TOO_FAST = (
    r"rate.?(limit|quota)|allocat(ed|ion).?quota|too many requests|(try|retry).{1,20}(again|later)"
    r"|retry after|per (min|second|day)|throttl|concurrency|\b[RT]PM\b|overloaded"
    r"|resource.{1,10}exhausted|\u9650\u6d41|\u8fc7\u4e8e\u9891\u7e41|\u5e76\u53d1|\u8bf7\u6c42\u8fc7\u591a|\u7a0d\u540e"
)
_MONEY = (
    r"quota|billing|credit|balance|arrear|payment"
    r"|\u4f59\u989d|\u989d\u5ea6"
)
_PAGE = re.compile(r"\s*<")
_NO_MODEL = re.compile(r"model|deployment|\u6a21\u578b", re.IGNORECASE)
_MISSING = re.compile(r"not.?(exist|found)|\u4e0d\u5b58\u5728|\u4e0b\u7ebf", re.IGNORECASE)
_KEY = re.compile(r"\bkey\b|api.?key|credential|permission|\u5bc6\u94a5", re.IGNORECASE)
_BAD_KEY = re.compile(
    r"(api.?key|\u5bc6\u94a5).{0,20}(not valid|invalid|\u65e0\u6548|\u9519\u8bef)"
    r"|invalid.{0,5}api.?key",
    re.IGNORECASE,
)
# Who is kept out for where he comes from; a page is a proxy's or a firewall's, not the provider's.
_KEPT_OUT = re.compile(
    r"\s*<|.*\b(country|region|territory|ip address|blocked|firewall)\b|.*\u5730\u533a",
    re.IGNORECASE | re.DOTALL,
)

# How HTTP clients name a status in their message: httpx, requests, axios, fetch.
_STATUS = re.compile(
    r"(?:\berror(?: code)?|\bstatus(?: code)?|\bHTTP)\W{0,3}\s?'?(\d{3})\b", re.IGNORECASE
)


def port(seen: Seen, limits: Limits) -> Judgement:
    """open or closed: whether the provider's port can be reached, and how it cannot."""
    del limits
    saw = seen.saw("ai-port")
    facts = {"address": saw["address"], "seconds": seen.seconds("ai-port")}
    if saw["outcome"] == "open":
        return Judgement("open", facts)
    how = say(f"port.{saw['outcome']}", limit=f"{saw['limit']:g}", detail=saw.get("detail", ""))
    return Judgement("closed", {**facts, "detail": how})


def name(seen: Seen, limits: Limits) -> Judgement:
    """resolved or unresolved."""
    return name_of(seen, limits, "ai-name")


def answer(seen: Seen, limits: Limits) -> Judgement:
    """What the provider does with our key: ok, or how it fails; the question tells more than
    the list of models.  Where we could not ask at all, what the API was told counts.
    """
    del limits
    told, untold = [], []
    for probe, well in (("ai-question", "answered"), ("ai-models", "models")):
        try:
            told.append((probe, _meant(seen.saw(probe), well)))
        except CannotTell as reason:
            untold.append(reason)
    for probe, judgement in told:
        # A provider that answers questions need not publish its models.
        if judgement.signal != "ok" and not (
            probe == "ai-models" and judgement.signal == "no-route" and len(told) > 1
        ):
            return judgement
    if told:
        return told[0][1]
    said = view(seen, {})
    if said.signal in _AS_THE_API_SAYS:
        return Judgement(said.signal, {**_NOTHING, **said.facts, "detail": said.facts["message"]})
    raise untold[-1]


_NOTHING = {"url": "", "status": "", "seconds": "", "patience": "", "model": "", "detail": ""}
_AS_THE_API_SAYS = frozenset(
    {"key-rejected", "not-admitted", "rate-limited", "quota-exhausted", "failing"}
)


def _meant(saw: dict[str, Any], well: str) -> Judgement:
    facts = {key: saw.get(key, "") for key in _NOTHING}
    facts |= {"patience": f"{saw['patience']:g}"}
    if "status" not in saw:
        # Somebody took the call: what we waited for is longer than the API waits.
        signal = "slow" if "Timeout" in saw["detail"] else "no-answer"
        return Judgement(signal, {**facts, "seconds": f"{saw['limit']:g}"})
    facts["seconds"] = f"{saw['seconds']:.1f}"
    facts["detail"] = brief(saw["body"], _BRIEF)
    return Judgement(_signal(saw, well), facts)


def _signal(saw: dict[str, Any], well: str) -> str:
    status, body = int(saw["status"]), saw["body"]
    if (refused := _refusal(status, body)) is not None:
        return refused
    if saw["seconds"] > saw["patience"]:
        return "slow"
    if status >= 300 or not saw.get(well):
        return "malformed"
    if well == "models" and saw["model"] not in saw["models"]:
        return "no-model"
    return "ok"


def _refusal(status: int, text: str) -> str | None:
    if status == 402 or (status in (403, 429) and _used_up(text)):
        return "quota-exhausted"
    if status == 429:
        return "rate-limited"
    if status == 401:
        return "key-rejected"
    if status in (403, 407):
        return "not-admitted" if status == 407 or _KEPT_OUT.match(text) else "key-rejected"
    if status == 404:
        return "no-model" if _NO_MODEL.search(text) else "no-route"
    if status >= 500:
        return "failing"
    return _odd_refusal(text) if status >= 400 else None


def _odd_refusal(text: str) -> str:
    """What is meant by a 400 whose words say what others say by the status."""
    if re.search(_USED_UP, text, re.IGNORECASE):
        return "quota-exhausted"
    if _NO_MODEL.search(text) and _MISSING.search(text):
        return "no-model"
    if _BAD_KEY.search(text):
        return "key-rejected"
    return "rejected"


def _used_up(text: str) -> bool:
    if re.search(_USED_UP, text, re.IGNORECASE):
        return True
    return not re.search(_TOO_FAST, text, re.IGNORECASE) and bool(
        re.search(_MONEY, text, re.IGNORECASE)
    )


def view(seen: Seen, limits: Limits) -> Judgement:
    """ok, mock, or how the provider fails as the API's readiness tells it."""
    del limits
    answer = readiness_of(seen, AI_CHECKS)
    message = str(answer.get("message") or say("check.no_message"))
    facts = {"message": brief(message, _BRIEF)}
    if answer["status"] in WELL | {"degraded"}:
        mock = "mock" in message.lower() or answer.get("provider") == "mock"
        return Judgement("mock" if mock else "ok", facts)
    found = _STATUS.search(message)
    # A bare 403 does not say whether it is the key's fault or the place we ask from.
    bare = found and found[1] == "403" and not _KEY.search(message)
    known = _refusal(int(found[1]), message) if found and not bare else None
    return Judgement(known if known in _AS_THE_API_SAYS else "ill", facts)


def budget(seen: Seen, limits: Limits) -> Judgement:
    """within, near or over what we may spend; unset where nobody said what that is."""
    saw = seen.saw("ai-cost")
    used, allowed = saw["used"], saw["budget"]
    facts = {"used": f"{used:g}", "budget": f"{allowed:g}"}
    if allowed <= 0:
        return Judgement("unset", facts)
    if used >= allowed:
        return Judgement("over", facts)
    near = used >= allowed * limits["near_percent"] / 100
    return Judgement("near" if near else "within", facts)
