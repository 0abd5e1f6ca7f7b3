"""Whether what was kept of an incident is as it was left: which file or line is not, and how."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from runbook.records.log import EVENTS, FIRST, Head, Line, lines
from runbook.records.seal import SEAL, SIGNATURE, seal_of, signature_flaw
from runbook.words import say

How = Literal["changed", "removed", "reordered", "truncated", "added", "unsigned"]
_OURS = {EVENTS, SEAL, SIGNATURE}


@dataclass(frozen=True)
class Flaw:
    """Something that is not as it was left: where, how, and in one sentence."""

    where: str
    how: How
    what: str


@dataclass
class Inspection:
    """What was found: the head of the chain, what is wrong, and what a reader should know."""

    incident: str
    head: Head = Head(0, FIRST)
    files: int = 0
    flaws: list[Flaw] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def inspect(folder: Path, kept: str | None = None, signers: Path | None = None) -> Inspection:
    """The incident in the folder compared with its own log, its seal, and a head kept elsewhere."""
    found = Inspection(folder.name)
    log = list(lines(folder))
    if not log:
        flaw = Flaw(EVENTS, "removed", say("verify.no_log"))
        return Inspection(folder.name, flaws=[flaw])
    found.flaws += _chain(log)
    found.head = Head(len(log), log[-1].hash)
    found.flaws += _files(folder, log, found)
    found.flaws += _sealed(folder, log, signers, found)
    if kept is not None and kept not in {one.hash for one in log}:
        found.flaws.append(Flaw(EVENTS, "truncated", say("verify.head_gone", head=kept)))
    return found


def _chain(log: list[Line]) -> Iterator[Flaw]:
    """What is wrong with the lines and between them."""
    place_of = {line.hash: line.place for line in reversed(log)}
    numbers = Counter(line.event["n"] for line in log if line.honest)
    last, between = Head(0, FIRST), list[Line]()
    for line in log:
        if not line.honest:
            between.append(line)
            continue
        number, previous = line.event["n"], line.event["previous"]
        follows = previous == last.hash
        yield from _dishonest(between, "added" if follows else "changed")
        if not follows and not (between and number == last.n + len(between) + 1):
            if place_of[line.hash] != line.place:
                yield _line(line.place, "added", say("verify.line_twice", number=number))
                continue
            if previous not in place_of:
                missing = _span(last.n + 1, number - 1)
                yield _line(line.place, "removed", say("verify.line_missing", numbers=missing))
            elif numbers[last.n] > 1:
                yield _line(line.place - 1, "added", say("verify.line_twice", number=last.n))
            else:
                yield _line(line.place, "reordered", say("verify.line_moved", number=number))
        last, between = Head(number, line.hash), []
    yield from _dishonest(between, "changed")


def _dishonest(found: list[Line], how: How) -> Iterator[Flaw]:
    for line in found:
        torn: How = how if line.raw.endswith(b"\n") else "truncated"
        yield _line(line.place, torn, say(f"verify.line_{torn}"))


def _span(first: int, last: int) -> str:
    return f"{first}-{last}" if first < last else f"{first}"


def _line(place: int, how: How, what: str) -> Flaw:
    return Flaw(f"{EVENTS}:{place}", how, what)


def _files(folder: Path, log: list[Line], found: Inspection) -> Iterator[Flaw]:
    named: dict[str, str] = {}
    begun: set[str] = set()
    for one in log:
        files = one.event.get("files")
        named |= files if isinstance(files, dict) else {}
        if one.event.get("event") == "run-started":
            begun.add(str(one.event.get("record")))
        if one.event.get("event") == "run":
            begun.discard(str(one.event.get("record")))
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if _is_file(path)}
    for name in sorted(named.keys() - there):
        yield Flaw(name, "removed", say("verify.file_removed"))
    unfinished = {name for name in there - named.keys() - _OURS if _belongs(name, begun)}
    for name in sorted(there - named.keys() - _OURS - unfinished):
        yield Flaw(name, "added", say("verify.file_added"))
    kept = sorted(named.keys() & there)
    with ThreadPoolExecutor() as threads:
        for name, digest in zip(
            kept, threads.map(lambda name: _digest(folder / name), kept), strict=True
        ):
            if digest != named[name]:
                yield Flaw(name, "changed", say("verify.file_changed"))
    found.files = len(kept)
    found.notes += [say("verify.unfinished", record=record) for record in sorted(begun)]


def _is_file(path: Path) -> bool:
    return path.is_symlink() or not path.is_dir()


def _belongs(name: str, begun: set[str]) -> bool:
    """Whether the file is one a run is still writing, or left when it died."""
    stem = name.removeprefix(".").split(".")[0]
    return stem in begun


def _digest(path: Path) -> str | None:
    """The SHA-256 of the file; None where it is a link, or cannot be read."""
    if path.is_symlink():
        return None
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _sealed(
    folder: Path, log: list[Line], signers: Path | None, found: Inspection
) -> Iterator[Flaw]:
    seal = seal_of(folder)
    if seal is None:
        if any(one.event.get("event") == "resolve" for one in log):
            yield Flaw(SEAL, "removed", say("verify.no_seal"))
        elif (folder / SIGNATURE).exists():
            yield Flaw(SIGNATURE, "added", say("verify.file_added"))
        return
    if not seal.honest or seal.raw.count(b"\n") != 1:
        yield Flaw(SEAL, "changed", say("verify.file_changed"))
        return
    number = seal.event["n"]
    if number > len(log):
        missing = _span(len(log) + 1, number)
        yield Flaw(EVENTS, "truncated", say("verify.line_missing", numbers=missing))
    elif log[number - 1].hash != seal.event["head"] and log[number - 1].honest:
        yield _line(number, "changed", say("verify.not_sealed"))
    elif number < len(log):
        found.notes.append(say("verify.after_seal", count=len(log) - number))
    if "signed_by" not in seal.event:
        if (folder / SIGNATURE).exists():
            yield Flaw(SIGNATURE, "added", say("verify.file_added"))
        return
    if not (folder / SIGNATURE).is_file():
        yield Flaw(SIGNATURE, "removed", say("verify.file_removed"))
        return
    wrong = signature_flaw(folder, signers)
    if wrong is not None:
        yield Flaw(SIGNATURE, "unsigned", say("verify.signature", detail=wrong))
    elif signers is None:
        found.notes.append(say("verify.no_signers", name=seal.event["signed_by"]))
    else:
        found.notes.append(say("verify.signed", name=seal.event["signed_by"]))
