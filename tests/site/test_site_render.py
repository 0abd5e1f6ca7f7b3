"""What the macros put on a page: escaped, complete, and readable without the data behind it."""

from __future__ import annotations

from handmade import ROOT, SLUG

from runbook.catalog import load
from runbook.model import Contact, NextStep
from runbook.render.html import command
from runbook.render.pages import contacts_table
from runbook.render.scenario_page import signal_words, steps_list

CATALOG = load(ROOT)


def test_whatever_stands_in_the_data_is_escaped() -> None:
    hostile = Contact(
        name="<script>x</script>",
        role="a*b*_c_ {{ 1 }}",
        phone="+86-138-0000-0001",
        email='"><b>@x.y',
        slack="@x",
    )
    html = contacts_table({"x": hostile})
    assert "<script>" not in html
    assert '"><b>@' not in html
    assert "<script>" not in steps_list([NextStep(say="<script>", command="echo '<script>'")])


def test_a_command_stays_one_block_whatever_it_is() -> None:
    assert command("a\n</code></pre><b>") == (
        '<pre class="rb-command"><code>a\n&lt;/code&gt;&lt;/pre&gt;&lt;b&gt;</code></pre>'
    )


def test_every_signal_of_every_cause_reads_without_the_facts_of_a_run() -> None:
    for cause in CATALOG.scenarios[SLUG].causes.values():
        for ref in (*cause.needs, *cause.excluded_by):
            title, words = signal_words(ref, CATALOG.checks)
            assert title
            assert len(words) >= 2
            assert "{" not in words
            assert words[-1] not in "，：；…"


def test_a_signal_is_told_in_the_words_of_its_check() -> None:
    said = {
        "database-port.refused": "拒绝连接：那里没有程序在监听",
        "database-port.open": "端口接受连接",
        "database-session.timeout": "连上了端口，但 … 秒内没有任何应答",
        "database-connections.room": "普通账号可用的连接占用低于 80%",
    }
    for ref, words in said.items():
        assert signal_words(ref, CATALOG.checks)[1] == words
