"""The page of a record shows everything and runs nothing."""

from __future__ import annotations

import re
from typing import Any

import nbformat
import pytest
from handmade import HOSTILE, notebook, record, unfinished

from runbook.records.clean import clean
from runbook.records.page import page


def output(kind: str, content: str) -> Any:
    return nbformat.v4.new_output("display_data", {kind: content})


def test_the_header_says_what_was_found_when_and_where() -> None:
    html = page(notebook(record("INC-20261124-01")), record("INC-20261124-01"))
    header = html[html.index("<header>") : html.index("</header>")]
    for fact in (
        "数据库连接失败",
        "异常",
        "确认原因：数据库进程没有运行",
        "INC-20261124-01",
        "生产环境",
        "2026-11-24 03:12:08 UTC+08:00",
        "9.4 秒",
        ">P0<",
        'href="../index.html"',
    ):
        assert fact in header
    assert "banner" not in header


def test_a_run_that_did_not_end_says_so_first() -> None:
    late = unfinished("INC-20261124-01")
    html = page(notebook(late), late)
    assert 'class="banner"' in html
    assert "没有跑完" in html
    assert "内核在第 5 格停住" in html
    assert "没有执行" in html


def test_findings_keep_their_tables_and_classes_and_prose_its_headings() -> None:
    html = page(notebook(record("INC-20261124-01")), record("INC-20261124-01"))
    for kept in (
        '<table class="findings">',
        '<tr class="finding verdict-fail">',
        '<td class="observed">',
        '<div class="diagnosis">',
        'class="cause cause-confirmed"',
        '<ol class="next">',
        "<h2>去数据库的路通吗",
        "<td>1</td>",
    ):
        assert kept in html


@pytest.mark.parametrize("kind", ["text/html", "text/markdown", "text/plain", "image/svg+xml"])
def test_hostile_output_of_any_kind_neither_runs_nor_breaks_the_page(kind: str) -> None:
    one = record("INC-20261124-01", observed=HOSTILE, title=HOSTILE)
    html = page(notebook(one, output(kind, HOSTILE)), one)
    parts = re.sub(r"&lt;.*?&gt;", "", html)
    assert not re.search(r"<script|<iframe|<[a-z][^>]*\son\w+\s*=|href=[\"']?javascript:", parts)
    assert "evil.example" not in re.sub(r"&lt;iframe.*?&gt;", "", html)
    assert html.count("</style>") == 1
    assert html.count("<main>") == html.count("</main>") == 1
    assert html.count("<div") == html.count("</div>")
    assert "49" not in html.split("<main>")[1].replace("HTTP 49", "")


@pytest.mark.parametrize(
    ("hostile", "left"),
    [
        ("<p style='background:url(//evil.example)'>字</p>", "<p>字</p>"),
        ("<img src='https://evil.example/x.png' alt='图'>", '<img alt="图">'),
        ("<img src='data:image/png;base64,AA=='>", '<img src="data:image/png;base64,AA==">'),
        ("<a href='data:text/html,<script>1</script>'>点</a>", None),
        ("<form action='//evil.example'><input name=a>字</form>", "字"),
        ("<style>*{background:url(//evil.example)}</style>字", "字"),
        ("<svg><rect fill='url(//evil.example)' width='3'/></svg>", None),
        ("<svg><style>@import '//evil.example'</style></svg>", None),
        ("<svg><foreignObject><iframe src='//evil.example'></iframe></foreignObject></svg>", None),
        ("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", None),
        ("<meta http-equiv=refresh content='0;url=//evil.example'>", ""),
        ("<base href='//evil.example'>", ""),
    ],
)
def test_nothing_that_loads_runs_or_redirects_survives(hostile: str, left: str | None) -> None:
    got = clean(hostile)
    if left is not None:
        assert got == left
    assert "evil" not in got
    assert "script" not in got
    assert "onerror" not in got


def test_a_drawing_of_ours_survives_whole() -> None:
    drawing = '<svg viewBox="0 0 9 9" width="9"><path d="M0 0L9 9" stroke="red"></path></svg>'
    assert clean(drawing) == drawing


def test_a_traceback_is_readable() -> None:
    error = nbformat.v4.new_output(
        "error",
        ename="ValueError",
        evalue="坏",
        traceback=["\x1b[31mValueError\x1b[39m: 坏 <b>\x00\x08"],
    )
    one = record("INC-20261124-01")
    html = page(notebook(one, error), one)
    assert '<pre class="error"><span class="ansi-red-fg">ValueError</span>: 坏 &lt;b&gt;' in html
    assert "\x1b" not in html
    assert "\x00" not in html


def test_the_page_needs_nothing_else() -> None:
    html = page(notebook(record("INC-20261124-01")), record("INC-20261124-01"))
    assert "default-src 'none'; style-src 'sha256-" in html
    assert "<script" not in html
    assert not re.search(r"(src|href)=\"(https?:)?//", html)
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
