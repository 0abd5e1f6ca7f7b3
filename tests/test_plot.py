"""A plot shows what was seen, says so where nothing was, and survives the cleaning of a record."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

import pytest

from runbook.model import Evidence
from runbook.records.clean import clean
from runbook.render.plot import edge_plot, memory_plot
from tests.conftest import ROOT

Plot = Callable[[Iterable[Evidence]], str]


def seen_in(slug: str, case: str) -> list[Evidence]:
    file = ROOT / "tests" / "cases" / slug / f"{case}.json"
    facts = json.loads(file.read_text(encoding="utf-8"))
    return [Evidence.model_validate(one) for one in facts["evidence"]]


def test_a_leak_is_a_line_that_rises_towards_a_dashed_limit() -> None:
    drawn = memory_plot(seen_in("service-memory", "leaking-release"))
    line = re.findall(r'<polyline points="([^"]+)"', drawn)[0].split()
    heights = [float(point.split(",")[1]) for point in line]
    limit = float(re.findall(r'<line [^>]*y1="([\d.]+)"', drawn)[0])
    assert heights[0] > heights[-1] > limit  # SVG counts from above


def test_a_long_road_is_a_long_bar() -> None:
    def longest(case: str) -> float:
        drawn = edge_plot(seen_in("network-connectivity", case))
        return float(re.findall(r">(\d+) ms<", drawn)[1])

    assert longest("road-long") > 500 > longest("healthy")


@pytest.mark.parametrize("plot", [memory_plot, edge_plot])
def test_where_nothing_was_seen_there_is_a_sentence(plot: Plot) -> None:
    assert plot([]).startswith("<p>")


@pytest.mark.parametrize(
    ("plot", "slug"), [(memory_plot, "service-memory"), (edge_plot, "network-connectivity")]
)
def test_a_plot_is_kept_whole_in_a_record(plot: Plot, slug: str) -> None:
    drawn = plot(seen_in(slug, "healthy"))
    shapes = re.findall(r"<(polyline|rect|text|path)", drawn)
    assert shapes
    assert re.findall(r"<(polyline|rect|text|path)", clean(drawn)) == shapes
