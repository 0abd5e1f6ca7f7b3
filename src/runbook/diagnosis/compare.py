"""What is different between two looks at a target, without what differs every time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from runbook.model import Change, Diagnosis

# Numbers of processes, moments and ages are never the same; lists of samples are plots.
_ALWAYS_NEW = frozenset(
    {
        *(
            "pid",
            "at",
            "now",
            "age",
            "since",
            "spawned",
            "ended",
            "samples",
            "top",
            "cgroup",
            "log",
        ),
        *("ids", "resident", "peak", "duration"),
    }
)
_FIGURES = re.compile(r"\d+(\.\d+)?")
_MUCH = 1.5  # times; a latency that moved less is noise
_NOTICEABLE = 0.05  # seconds
_SOME = 0.1  # of a count or size


def compare(before: Diagnosis, now: Diagnosis) -> list[Change]:
    """The signals that changed, then what the probes saw otherwise."""
    return [*_signals(before, now), *_evidence(before, now)]


def _signals(before: Diagnosis, now: Diagnosis) -> Iterator[Change]:
    was = {one.check: one.observed for one in before.findings}
    verdicts = {one.check: (one.signal, one.verdict) for one in before.findings}
    for one in now.findings:
        if verdicts.get(one.check) != (one.signal, one.verdict):
            yield Change(one.title, was.get(one.check), one.observed)


def _evidence(before: Diagnosis, now: Diagnosis) -> Iterator[Change]:
    was = {one.probe: one for one in before.evidence}
    for one in now.evidence:
        old = was.get(one.probe)
        if old is None:
            continue
        if (old.error is None) != (one.error is None):
            yield Change(one.probe, old.error or "", one.error or "")
        if _moved(old.seconds, one.seconds, "seconds"):
            yield Change(f"{one.probe}.seconds", f"{old.seconds:.3g}", f"{one.seconds:.3g}")
        then, this = dict(_flat(old.saw)), dict(_flat(one.saw))
        for name in sorted(then.keys() | this.keys()):
            first, second = then.get(name), this.get(name)
            if first != second and _moved(first, second, name.rpartition(".")[2]):
                yield Change(f"{one.probe}.{name}", _shown(first), _shown(second))


def _moved(before: Any, now: Any, name: str) -> bool:
    if isinstance(before, str) and isinstance(now, str) and name == "body":
        # Answers tell how long they took.
        return _FIGURES.sub("", before) != _FIGURES.sub("", now)
    if not (_is_number(before) and _is_number(now)):
        return bool(before != now)
    if name in ("seconds", "tcp", "tls", "answer", "name") or isinstance(before + now, float):
        low, high = sorted((abs(before), abs(now)))
        return bool(high - low > _NOTICEABLE and high > low * _MUCH)
    return bool(abs(now - before) > _SOME * max(abs(before), abs(now)))


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key not in _ALWAYS_NEW:
                yield from _flat(one, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        if value and all(isinstance(one, float) for one in value):
            yield path, median(value)
        elif not any(isinstance(one, dict | list) for one in value):
            yield path, ", ".join(map(str, value))
        else:
            yield path, len(value)
    else:
        yield path, value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Any) -> str | None:
    if value is None:
        return None
    return f"{value:.4g}" if isinstance(value, float) else str(value)
