"""What the macros put on a page: escaped, complete, and readable without the data behind it."""

from __future__ import annotations

import pytest
from handmade import ROOT, SLUG

from runbook.catalog import load
from runbook.model import (
    Axis,
    Bound,
    Command,
    Contact,
    NextStep,
    Phase,
    PhaseStep,
    Remedies,
    Remedy,
    Template,
    Undo,
    Variable,
)
from runbook.render.channels import call_list, ways_on
from runbook.render.html import command, items
from runbook.render.monitoring_page import bound
from runbook.render.notice import blanks, template_block, template_text
from runbook.render.pages import contacts_table
from runbook.render.process_page import phases
from runbook.render.remedies import axis_steps, scenario_remedies
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
    assert "<script>" not in items([("<script>", "<script>")])
    assert "<script>" not in template_block("<script>")
    remedy = Remedy(
        say="<script>",
        output="<script>",
        verify=Command(say="<script>", argv=("<script>",)),
        undo=Undo(say="<script>"),
    )
    axis = Axis(title="<script>", label="<script>", steps={"x": remedy})
    assert "<script>" not in axis_steps(axis, {}, "drill")
    assert "<script>" not in scenario_remedies(
        Remedies(when="<script>", use=("x",)), axis, {}, "drill"
    )
    step = PhaseStep(levels=("<script>",), say="<script>")
    assert "<script>" not in phases({"x": Phase(title="<script>", steps=(step,))}, {}, "x.html")


@pytest.mark.parametrize(
    ("comparison", "value", "of", "said"),
    [
        (">=", 99.9, None, "99.9% 以上"),
        ("<", 300, "P95", "P95 < 300%"),
        (">", 1000000, None, "> 1000000%"),
    ],
)
def test_a_bound_is_said_as_people_say_it(
    comparison: str, value: float, of: str | None, said: str
) -> None:
    one = {"title": "x", "of": of, "comparison": comparison, "value": value, "unit": "%"}
    assert bound(Bound.model_validate(one)) == said


def test_a_blank_of_a_notice_says_what_belongs_there_and_levels_come_from_the_data() -> None:
    template = Template(title="x", subject="x", short="x", text="{level}\n{who}\n{how}\n")
    variables = {
        "level": Variable(kind="level"),
        "who": Variable(kind="text", hint="姓名"),
        "how": Variable(kind="choice", options=("甲", "乙")),
    }
    assert template_text(template, blanks(variables, ["S1", "S2"])) == "S1/S2\n[姓名]\n甲/乙"


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


def test_every_channel_that_is_down_leads_through_the_others_to_the_phones() -> None:
    ways = ways_on(CATALOG.channels.internal)
    slack = ways[ways.index("Slack 频道不通") : ways.index("微信群不通")]
    order = [slack.index(one) for one in ("Aura Flow 事故响应群", "mailto:", "#phones")]
    assert order == sorted(order)
    assert ways.count("#phones") == len(CATALOG.channels.internal)
    called = call_list(CATALOG.contacts)
    assert all(one.phone and one.phone in called for one in CATALOG.contacts.values())
