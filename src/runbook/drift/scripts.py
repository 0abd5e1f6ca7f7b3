"""What a shell script knows, by reading it: its flags and words, what it calls, how it asks."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from runbook.drift.cases import cases_in, refused
from runbook.drift.commands import Said, commands_in, said_by

_TESTED = re.compile(
    r"\[\[?\s+(?:!\s+)?\"?\$\{?[\w@#*?:-]+\}?\"?\s*(?:=|==|!=)\s*['\"]?([\w.=-]+)['\"]?\s*\]"
)
_LONG_OPTIONS = re.compile(r"(?:-l|--long(?:options)?)[ =]+['\"]?([\w:,-]+)")
_SHORT_OPTIONS = re.compile(r"getopts\s+['\"]?([\w:]+)")
_QUOTED = re.compile(r"(['\"])(-{0,2}[\w-]+)\1")
_TALK = re.compile(r"^\s*(?:echo|printf|cat|usage|log|info|warn|error|die|fail)\b")
_HEREDOC = re.compile(r"<<-?\s*['\"]?(\w+)['\"]?")
_ROUTE = re.compile(
    r"(?:https?://(?:localhost|127\.0\.0\.1)(?::(?:\d+|\$\{[^}]*\}|\$\w+))?"
    r"|\$\{?\w*(?:URL|url|BASE|base|HOST|host)\w*\}?)(/[\w./-]+)"
)
_ARGUMENT_ROUTE = re.compile(r"^\s*\w+\s+[\"']?(/[a-z][\w/-]*)", re.MULTILINE)
_FILES = ("/bin", "/dev", "/etc", "/home", "/opt", "/root", "/run", "/srv", "/tmp", "/usr", "/var")  # noqa: S108 - not used, only told from routes
_PORT = re.compile(r"(?:localhost|127\.0\.0\.1):(\d{2,5})")
_FALLBACK_PORT = re.compile(r"(?:localhost|127\.0\.0\.1):\$\{\w+:-(\d{2,5})\}")
_READ = re.compile(r"^\s*(?:if\s+)?(?:!\s*)?read\b(?!.*<)|\|\|\s*read\b|\bselect\s+\w+\s+in\b")
_TERMINAL = re.compile(r"-t\s+0\b|-t\s+/dev/stdin|\btty\s+-s\b")
_ENDING = re.compile(r"\b(?:exit|return)\b(?:\s+([\w$?{}]+))?|\b(?:die|fail|abort|bail)\b")
_BLOCK_END = re.compile(r"^\s*(?:fi|esac|done)\b")
_STATE = re.compile(r"[\"'\\=]\s*\\?\"?(ok|OK|healthy|up|UP|pass|ready)\\?[\"'*\\]")
_COMPOSE = re.compile(r"(?<![\w./-])(?:docker[- ]compose|compose|dc)\s+([^|&;)<>]*)")
_NEAR = 14  # lines in which a question and what follows its answer stand


class Checks(NamedTuple):
    """What a script expects of readiness: the words it compares, and the checks it looks into."""

    words: frozenset[str]
    names: frozenset[str]


def code_of(text: str) -> str:
    """The script without comments, heredocs and what it only tells people."""
    kept: list[str] = []
    until = ""
    for line in text.splitlines():
        if until:
            until = "" if line.strip() == until else until
            continue
        if line.lstrip().startswith("#"):
            kept.append("")
            continue
        if match := _HEREDOC.search(line):
            until = match[1]
        kept.append(line)
    return "\n".join(kept)


def words_of(text: str) -> frozenset[str]:
    """Every word the script tells apart: patterns of `case`, words it compares, its options."""
    found: set[str] = set()
    lines = code_of(text).splitlines()
    for case in cases_in("\n".join(lines)):
        found |= {word for branch in case.branches for word in branch}
    for line in lines:
        found |= set(_TESTED.findall(line))
        for options in _LONG_OPTIONS.findall(line):
            found |= {f"--{one.rstrip(':')}" for one in options.split(",") if one}
        for options in _SHORT_OPTIONS.findall(line):
            found |= {f"-{one}" for one in options.replace(":", "")}
    if not re.match(r"#!.*\b(?:ba|da|z|k)?sh\b", text):
        told = (line for line in lines if not _TALK.match(line))
        found |= {word for line in told for _, word in _QUOTED.findall(line)}
    return frozenset(one.removesuffix("*").removesuffix("=") for one in found)


def knows(text: str, word: str, siblings: Collection[str]) -> bool:
    """Whether the script goes on with the word, as it does with the siblings it is claimed with."""
    return word in words_of(text) and not refused(word, siblings, cases_in(code_of(text)))


def routes_in(text: str) -> tuple[str, ...]:
    """The routes the script asks."""
    code = code_of(text)
    told = [*_ROUTE.findall(code), *_ARGUMENT_ROUTE.findall(code)]
    return tuple(dict.fromkeys(one for one in told if not one.startswith(_FILES)))


def ports_in(text: str) -> tuple[str, ...]:
    """The ports of this host that the script goes to where nobody tells it otherwise."""
    code = code_of(text)
    return tuple(dict.fromkeys([*_PORT.findall(code), *_FALLBACK_PORT.findall(code)]))


def named_in(text: str) -> tuple[Said, ...]:
    """What the compose commands of the script name: services, above all."""
    found: list[Said] = []
    for line in code_of(text).splitlines():
        if _TALK.match(line):
            continue
        # Scripts that work with both generations of compose call it by a function of their own.
        for words in _COMPOSE.findall(line):
            for command in commands_in(f"docker-compose {words}"):
                found += [one for one in said_by(command) if isinstance(one, Said)]
    return tuple(dict.fromkeys(found))


def cancels_quietly(text: str) -> bool:
    """Whether the script asks a question and, where nobody answers, ends as if all were well."""
    lines = code_of(text).splitlines()
    asks = [number for number, line in enumerate(lines) if _READ.search(line)]
    asks = [number for number in asks if not re.match(r"\s*while\b", lines[number])]
    if not asks:
        return False
    for number, line in enumerate(lines):
        if _TERMINAL.search(line) and number <= asks[-1]:
            return _ends_well(lines[number : number + _NEAR], default=True)
    return any(_ends_well(lines[number : number + _NEAR], default=True) for number in asks)


def _ends_well(lines: list[str], *, default: bool) -> bool:
    """Whether the first ending of these lines, up to the end of their block, is a good one."""
    for line in lines:
        if match := _ENDING.search(line):
            if match[0].split()[0] in ("exit", "return"):
                return match[1] in (None, "0")
            return False
        if _BLOCK_END.match(line):
            break
    return default


def readiness_in(text: str) -> Checks:
    """What the script expects to read in the answer of readiness."""
    code = code_of(text)
    words = frozenset(_STATE.findall(code))
    names = frozenset(re.findall(r"\.checks\.(\w+)|checks\"?\]?\[\\?[\"'](\w+)", code))
    flat = {one for pair in names for one in pair if one}
    flat |= set(re.findall(r"\\?[\"'](ai_?[Pp]rovider|aiProvider|database|queue)\\?[\"']", code))
    return Checks(words, frozenset(flat))
