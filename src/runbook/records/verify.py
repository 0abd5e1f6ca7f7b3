"""Whether what was kept of an incident is as it was left: which file or line is not, and how."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from runbook.records.archive import digests
from runbook.records.chain import Flaw, flaws_of, line_flaw, span
from runbook.records.log import EVENTS, FIRST, Head, carried, line, raw_lines, unbroken
from runbook.records.seal import SEAL, SIGNATURE, seal_of, signature_flaw
from runbook.words import say

_OURS = {EVENTS, SEAL, SIGNATURE}
# Of all lines only these tell of files, runs and the end: to read the others takes longest.
_TELLING = re.compile(rb'"(?:files": |event": "r)')


@dataclass
class Inspection:
    """What was found: the head of the chain, what is wrong, and what a reader should know."""

    incident: str
    head: Head = field(default_factory=lambda: Head(0, FIRST))
    files: int = 0
    flaws: list[Flaw] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def inspect(folder: Path, kept: str | None = None, signers: Path | None = None) -> Inspection:
    """The incident in the folder compared with its own log, its seal, and a head kept elsewhere."""
    found = Inspection(folder.name)
    # Before the log: a run that begins enters itself there before it makes its file.
    there = _there(folder)
    raws = raw_lines(folder)
    found.flaws += (
        Flaw(name, "changed", say("verify.is_link"))
        for name in sorted(_OURS & there)
        if (folder / name).is_symlink()
    )
    if not raws and there == {EVENTS} and kept is None:
        found.notes.append(say("verify.empty"))
        return found
    if not raws:
        found.flaws.append(Flaw(EVENTS, "removed", say("verify.no_log")))
        return found
    if not unbroken(raws):
        found.flaws += flaws_of([line(raw, place) for place, raw in enumerate(raws, 1)])
    found.head = Head(len(raws), carried(raws[-1]))
    telling = [line(raw).event for raw in raws if _TELLING.search(raw)]
    found.flaws += _files(folder, telling, there, found)
    resolved = any(event.get("event") == "resolve" for event in telling)
    found.flaws += _sealed(folder, raws, resolved, signers, found)
    if kept is not None and kept not in map(carried, raws):
        found.flaws.append(Flaw(EVENTS, "truncated", say("verify.head_gone", head=kept)))
    return found


def _there(folder: Path) -> set[str]:
    """Everything in the folder and below it that is no folder, and every folder nobody may read."""
    found: set[str] = set()

    def closed(error: OSError) -> None:
        found.add(f"{Path(str(error.filename)).relative_to(folder)}/")

    for base, folders, files in os.walk(folder, onerror=closed):
        below = Path(base).relative_to(folder)
        links = [name for name in folders if (Path(base) / name).is_symlink()]
        found |= {str(below / name) for name in links} | (
            {str(below / name) for name in files} if below.parts else set(files)
        )
    return found


def _files(
    folder: Path, events: list[dict[str, object]], there: set[str], found: Inspection
) -> Iterator[Flaw]:
    named: dict[str, object] = {}
    begun: set[str] = set()
    for event in events:
        files = event.get("files")
        named |= files if isinstance(files, dict) else {}
        if event.get("event") == "run-started":
            begun.add(str(event.get("record")))
        if event.get("event") == "run":
            begun.discard(str(event.get("record")))
    for name in sorted(named.keys() - there):
        yield Flaw(name, "removed", say("verify.file_removed"))
    unfinished = {name for name in there - named.keys() - _OURS if _belongs(name, begun)}
    for name in sorted(there - named.keys() - _OURS - unfinished):
        yield Flaw(name, "added", say("verify.file_added"))
    kept = sorted(named.keys() & there)
    for name, digest in digests(folder, kept).items():
        if digest != named[name]:
            yield Flaw(name, "changed", say("verify.file_changed"))
    found.files = len(kept)
    found.notes += [say("verify.unfinished", record=record) for record in sorted(begun)]


def _belongs(name: str, begun: set[str]) -> bool:
    """Whether the file is one a run is still writing, or left when it died."""
    stem = name.removeprefix(".").split(".")[0]
    return stem in begun


def _sealed(
    folder: Path, raws: list[bytes], resolved: bool, signers: Path | None, found: Inspection
) -> Iterator[Flaw]:
    seal = seal_of(folder)
    if seal is None:
        if resolved:
            yield Flaw(SEAL, "removed", say("verify.no_seal"))
        elif (folder / SIGNATURE).exists():
            yield Flaw(SIGNATURE, "added", say("verify.file_added"))
        return
    number = seal.event.get("n")
    if not seal.honest or seal.raw.count(b"\n") != 1 or not isinstance(number, int) or number < 1:
        yield Flaw(SEAL, "changed", say("verify.file_changed"))
        return
    if number > len(raws):
        missing = span(len(raws) + 1, number)
        yield Flaw(EVENTS, "truncated", say("verify.line_missing", numbers=missing))
    elif carried(raws[number - 1]) != seal.event.get("head"):
        yield line_flaw(number, "changed", say("verify.not_sealed"))
    elif number < len(raws):
        found.notes.append(say("verify.after_seal", count=len(raws) - number))
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
