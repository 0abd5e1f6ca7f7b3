"""What a person would rather look at than read, as plain SVG that needs nothing to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from runbook.model import Evidence
from runbook.words import say

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _RIGHT = 640, 200, 64, 24, 150
_COLOURS = ("#1565c0", "#c62828", "#2e7d32", "#b26a00", "#7b3fa0")
_MEGABYTE = 1024 * 1024
_PHASES = ("name", "tcp", "tls", "answer")


def memory_plot(evidence: Iterable[Evidence]) -> str:
    """The memory of each service while it was looked at, in MB, from zero to the highest limit.

    A sentence where nothing was seen.
    """
    saw = _saw(evidence, "memory")
    if saw is None or not saw["samples"]:
        return _nothing()
    lines = {
        role: [(one["at"], one[role] / _MEGABYTE) for one in saw["samples"] if role in one]
        for role in saw["services"]
    }
    limits = {
        role: facts["limit"] / _MEGABYTE
        for role, facts in saw["services"].items()
        if facts["limit"]
    }
    return _lines(lines, limits)


def edge_plot(evidence: Iterable[Evidence]) -> str:
    """How long each phase of one visit took, in milliseconds, one bar after the other.

    A sentence where nothing was seen.
    """
    saw = _saw(evidence, "edge-answer")
    if saw is None or not saw["phases"]:
        return _nothing()
    phases = [(name, 1000 * saw["phases"][name]) for name in _PHASES if name in saw["phases"]]
    return _bars(phases)


def _saw(evidence: Iterable[Evidence], probe: str) -> Mapping[str, Any] | None:
    return next((one.saw for one in evidence if one.probe == probe and not one.error), None)


def _nothing() -> str:
    words = say("plot.nothing")
    return f"<p>{escape(words)}</p>"


def _lines(lines: Mapping[str, Sequence[tuple[float, float]]], limits: Mapping[str, float]) -> str:
    points = [point for line in lines.values() for point in line]
    end = max((x for x, _ in points), default=1.0) or 1.0
    top = 1.1 * max([y for _, y in points] + list(limits.values()) + [1.0])

    def place(x: float, y: float) -> tuple[str, str]:
        across = _LEFT + (_WIDTH - _LEFT - _RIGHT) * x / end
        up = (_HEIGHT - _BOTTOM) * (1 - y / top)
        return f"{across:.1f}", f"{up:.1f}"

    parts = [_axis(f"{top:.0f} MB", f"{end:.1f} s")]
    labels: list[tuple[float, str, str]] = []
    for number, (role, line) in enumerate(lines.items()):
        if not line:
            continue
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(",".join(place(x, y)) for x, y in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        labels.append((float(place(0, line[-1][1])[1]), f"{role} {line[-1][1]:.0f} MB", colour))
        if role in limits:
            up = place(0, limits[role])[1]
            parts.append(
                f'<line x1="{_LEFT}" y1="{up}" x2="{_WIDTH - _RIGHT}" y2="{up}"'
                f' stroke="{colour}" stroke-dasharray="6 4"/>'
            )
            words = say("plot.limit", service=role, size=f"{limits[role]:.0f}")
            labels.append((float(up), words, colour))
    parts += _spread(labels)
    return _svg(parts, say("plot.memory"))


def _spread(labels: Iterable[tuple[float, str, str]]) -> list[str]:
    """The labels beside their lines, none on top of another."""
    parts, floor = [], 0.0
    for height, words, colour in sorted(labels):
        floor = max(height + 4, floor + 14)
        parts.append(_text(_WIDTH - _RIGHT + 6, floor, words, colour))
    return parts


def _bars(phases: Sequence[tuple[str, float]]) -> str:
    total = sum(size for _, size in phases) or 1.0
    scale, row = (_WIDTH - _LEFT - _RIGHT) / total, 30
    parts, across = [], float(_LEFT)
    for number, (name, size) in enumerate(phases):
        colour, down = _COLOURS[number % len(_COLOURS)], 10 + row * number
        wide = max(1.0, size * scale)
        parts.append(
            f'<rect x="{across:.1f}" y="{down}" width="{wide:.1f}" height="18" fill="{colour}"/>'
        )
        parts.append(_text(0, down + 14, say(f"phase.{name}"), colour))
        parts.append(_text(_WIDTH - _RIGHT + 6, down + 14, f"{size:.0f} ms", colour))
        across += size * scale
    return _svg(parts, say("plot.edge"), height=20 + row * len(phases))


def _axis(top: str, end: str) -> str:
    down, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    return (
        f'<path d="M{_LEFT} 0V{down}H{right}" fill="none" stroke="#888888"/>'
        + _text(0, 12, top, "#888888")
        + _text(0, down, "0", "#888888")
        + _text(right - 30, _HEIGHT - 6, end, "#888888")
    )


def _text(x: float, y: float, words: str, colour: str) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="12" fill="{colour}">{escape(str(words))}</text>'
    )


def _svg(parts: Iterable[str], label: str, height: int = _HEIGHT) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img"'
        f' aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )
