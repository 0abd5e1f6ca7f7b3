"""Nothing is written down before it has passed here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Any

from runbook.redact.chance import PICTURE, by_chance
from runbook.redact.cover import Cover
from runbook.redact.patterns import is_likely, prepare, suspects
from runbook.redact.personal import PERSONAL
from runbook.redact.places import is_nothing, is_secret_name
from runbook.redact.spelling import View, decoded, is_spelled_out, unwrapped, views

__all__ = ["HIDDEN", "KEY_VARIABLE", "Redactor", "environment_secrets", "prepare"]

HIDDEN = "[已隐去"
"""How every token begins: `[已隐去:5f0c2a]`, the same for the same secret and the same key."""

KEY_VARIABLE = "RUNBOOK_REDACTION_KEY"
"""The environment variable that hands the key of an incident to a kernel."""

_TOKEN = re.compile(r"\[已隐去:[0-9a-f]{6}\]")
_CODED = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}")
_SHORTEST_SECRET = 4  # shorter ones would hide half of every sentence
_SHORTEST_IN_ENVIRONMENT = 8
_MOST_SECRETS = 300
_A_NAME = 64  # characters; so short a text is most often one that comes again and again
_SHORTEST_NUMBER = 6  # digits
_SECRET_NAME = re.compile(
    r"PASS|PWD|SECRET|TOKEN|KEY|CRED|COOKIE|DSN|AUTH(?!OR(?!I))|HOOK|NOTIFY|_(?:AK|SK|PAT|PW)$",
    re.I,
)
_PLACE_NAME = re.compile(r"(?:OLD)?PWD|.*(?:FILE|PATH|SOCK|SOCKET|DIR|HOME|AUTHORITY)", re.I)
# Escape sequences would be obeyed by the terminal that shows them, and so would what turns the
# direction of writing, by every page.  Half a character cannot be kept at all.
_CONTROL = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff"
    "\\ud800-\\udfff]"
)
_HALF_A_WORD = re.compile(r"[\w+/.=~-]*$")
_LONGEST_WORD = 200

Found = Iterator[tuple[int, int, str]]


def _key() -> bytes:
    return os.environ.get(KEY_VARIABLE, "").encode() or os.urandom(16)


@dataclass(frozen=True)
class Redactor:
    """Hides these secrets, and what looks like one, behind tokens that tell them apart.

    `public` are phones and addresses the runbook itself publishes; `key` makes a token tell nothing
    of its secret to who has not got the key.
    """

    secrets: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()
    key: bytes = field(default_factory=_key)

    def text(self, text: str, detector: bool = False) -> str:
        """The text without a secret; with the detector also without what only it knows."""
        if len(text) < _SHORTEST_SECRET or PICTURE.fullmatch(text):
            return text
        if len(text) <= _A_NAME and _is_plain(text, detector) and not self._knows(text):
            return text
        return self._covered(text, detector)

    def _covered(self, text: str, detector: bool) -> str:
        cover = Cover(text, [one.span() for one in _TOKEN.finditer(text)])
        seen = list(views(text))
        for one in chain(self._known(seen), self._looking_so(seen, detector)):
            cover.hide(*one)
        # What was recognised in one place is the same secret in every other; so many are a dump.
        for secret in filter(is_likely, sorted(cover.secrets)[:_MOST_SECRETS]):
            for one in chain.from_iterable(_everywhere(secret, secret, view) for view in seen):
                cover.hide(*one)
        for one in self._personal(text):
            cover.hide(*one)
        return cover.told(self._token)

    def value(self, value: Any, detector: bool = False) -> Any:
        """The JSON value with its texts redacted; what has the name of a secret is hidden whole."""
        return self._each(value, cache(lambda text: self.text(text, detector)))

    def tidy(self, value: Any, most: int) -> Any:
        """Foreign JSON fit to be evidence: redacted, nothing a terminal obeys, `most` characters.

        Cut only after redaction, and between words: half a password is still one.
        """

        @cache
        def clean(text: str) -> str:
            return _cut(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", self.text(text)), most)

        return self._each(value, clean)

    @cached_property
    def _spellings(self) -> tuple[tuple[str, str], ...]:
        """Each known secret as it may stand there, the longest first."""
        known = [one for one in self.secrets if len(one) >= _SHORTEST_SECRET]
        coded = [(base64.b64encode(one.encode()).decode().rstrip("="), one) for one in known]
        plain = [(one, one) for one in known]
        return tuple(sorted([*plain, *coded], key=lambda one: len(one[0]), reverse=True))

    def _knows(self, text: str) -> bool:
        """Whether a known secret stands in the text, also within something in base64."""
        if not self.secrets:
            return False
        if is_spelled_out(text):
            told = [text]
            found = any(spelling in text for spelling, _ in self._spellings)
        else:
            seen = list(views(text))
            told = [view.text for view in seen]
            found = any(True for _ in self._known(seen))
        coded = (decoded(word[0]) for one in told for word in _CODED.finditer(one))
        return found or any(self._knows(one) for one in coded if one)

    def _known(self, seen: Sequence[View]) -> Found:
        if not self.secrets:
            return
        broken = unwrapped(seen[0].text)
        for view in [*seen, broken] if broken else seen:
            for spelling, secret in self._spellings:
                yield from _everywhere(spelling, secret, view)

    def _looking_so(self, seen: Sequence[View], detector: bool) -> Found:
        for view in seen:
            for begin, end in suspects(view.text, detector):
                if begin < end:
                    yield *view.there(begin, end), view.text[begin:end]
            for word in _CODED.finditer(view.text):
                if word[0].islower() or word[0].isupper():
                    continue
                said = decoded(word[0])
                if self._tells(said, detector) if said else by_chance(view.text, *word.span()):
                    yield *view.there(*word.span()), word[0]

    def _tells(self, text: str, detector: bool) -> bool:
        """Whether there is a secret in the text."""
        seen = list(views(text))
        return any(True for _ in chain(self._known(seen), self._looking_so(seen, detector)))

    def _personal(self, text: str) -> Found:
        for pattern, certain in PERSONAL:
            for found in pattern.finditer(text):
                begin, end = found.span(found.lastindex or 0)
                if certain(text[begin:end]) and not self._is_public(text[begin:end]):
                    yield begin, end, text[begin:end]

    def _each(self, value: Any, clean: Callable[[str], str]) -> Any:
        if isinstance(value, str):
            return clean(value)
        if isinstance(value, list):
            if len(value) == len(("name", "value")) and _says_secret(value[0]):
                return [clean(value[0]), self._below(value[1], clean)]
            return [self._each(item, clean) for item in value]
        if isinstance(value, dict):
            named = _says_secret(value.get("name")) or _says_secret(value.get("key"))
            return {
                clean(key): self._below(item, clean)
                if _says_secret(key) or (named and key.lower() == "value")
                else self._each(item, clean)
                for key, item in value.items()
            }
        return value

    def _below(self, value: Any, clean: Callable[[str], str]) -> Any:
        """What stands below a name of secrets: one as a whole, or what holds one."""
        if isinstance(value, list):
            return [self._below(item, clean) for item in value]
        if isinstance(value, dict):
            return self._each(value, clean)
        told = clean(str(value)) if isinstance(value, str) else str(value)
        is_number = isinstance(value, int | float) and len(told) < _SHORTEST_NUMBER
        if value is None or isinstance(value, bool) or is_number or is_nothing(told):
            return value
        return told if HIDDEN in told else self._token(told)

    def _is_public(self, found: str) -> bool:
        return _dialled(found) in {_dialled(one) for one in self.public}

    def _token(self, secret: str) -> str:
        # However it was spelled, it is the same.
        plain = list(views(secret))[-1].text.encode("utf-8", "replace")
        return f"{HIDDEN}:{hmac.new(self.key, plain, hashlib.sha256).hexdigest()[:6]}]"


def environment_secrets(environment: dict[str, str]) -> frozenset[str]:
    """The values in the environment that are secret by their name or look so, and those in them."""
    return _secret_values(tuple(environment.items()))


@lru_cache(maxsize=1)
def _secret_values(variables: tuple[tuple[str, str], ...]) -> frozenset[str]:
    found = set()
    for name, value in variables:
        is_place = value.startswith("/") and _PLACE_NAME.fullmatch(name)
        if name == KEY_VARIABLE or is_place:
            continue
        if _SECRET_NAME.search(name):
            found.add(value)
        told = f"{name}={value}"
        found |= {told[begin:end] for begin, end in suspects(told, detector=False)}
    return frozenset(one for one in found if len(one) >= _SHORTEST_IN_ENVIRONMENT)


@lru_cache(maxsize=4096)
def _is_plain(text: str, detector: bool) -> bool:
    """Whether there is nothing to hide in the text for who knows no secret."""
    return Redactor(key=b"nobody's")._covered(text, detector) == text


def _everywhere(spelling: str, secret: str, view: View) -> Found:
    at = view.text.find(spelling)
    while at >= 0:
        yield *view.there(at, at + len(spelling)), secret
        at = view.text.find(spelling, at + len(spelling))


def _says_secret(name: Any) -> bool:
    return isinstance(name, str) and is_secret_name(name)


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    begin = text[:most]
    half = _HALF_A_WORD.search(begin, max(0, most - _LONGEST_WORD))
    return begin[: half.start()] if half else begin


def _dialled(text: str) -> str:
    """The last eleven digits: +86-138-0000-0001 and 13800000001 are one phone."""
    digits = "".join(filter(str.isdigit, text))
    return digits[-11:] if "@" not in text else text.lower()
