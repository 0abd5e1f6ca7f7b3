"""How bad it is: the questions that lead to a level, and what each level asks of us."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from runbook.model import Channels, Contact, Question, Severity, Vendor
from runbook.render.html import items, join, level, mail, phone
from runbook.render.words import iso, within
from runbook.words import say


def severity_summary(
    questions: Mapping[str, Question], severities: Mapping[str, Severity], page: str
) -> Markup:
    """The first question with its answers, each with its level, its deadlines and the way on."""
    name, question = next(iter(questions.items()))
    answers = join(
        Markup('<li><a href="{}#{}={}">{} <span>{}</span> <small>{}</small></a></li>').format(
            page, name, key, level(key), getattr(one, question.of), _deadlines(one)
        )
        for key, one in severities.items()
    )
    # Markdown takes each for a block of its own only where a line stands between them.
    return Markup(
        '<p class="rb-note"><span>{}</span> <small>{}</small></p>\n\n'
        '<ul class="rb-ways rb-levels">{}</ul>'
    ).format(question.ask, say("page.answer_heads"), answers)


def picker(questions: Mapping[str, Question], severities: Mapping[str, Severity]) -> Markup:
    """The questions, of which one is asked at a time; nothing where no script can act on it."""
    asked = join(
        Markup(
            '<fieldset class="rb-question" data-question="{0}"{4}><legend>{1}</legend>{2}'
            '<button type="button" value="unsure">{3}</button></fieldset>'
        ).format(
            name,
            question.ask,
            _answers(name, question, severities),
            say("page.unsure"),
            Markup(" hidden") if number else "",
        )
        for number, (name, question) in enumerate(questions.items())
    )
    return Markup('<div class="rb-picker">{}</div>').format(asked)


def level_cards(
    severities: Mapping[str, Severity],
    contacts: Mapping[str, Contact],
    vendors: Mapping[str, Vendor],
    channels: Channels,
    zone: str,
) -> Markup:
    """What each level asks for: until when, whom to tell, what to send.

    A script shows only the level that was found, and its clock in that time zone.
    """
    told = _ways_to_tell(contacts, vendors, channels)
    cards = join(
        Markup(
            '<section class="rb-level-card" data-level="{0}"><h2>{1} {2} <small>{3}</small></h2>'
            '{4}<h3>{5}</h3>{6}<p><a class="md-button md-button--primary" data-write="{7}" '
            'href="templates.html#{7}">{8}</a></p></section>'
        ).format(
            key,
            level(key),
            one.title,
            one.label,
            _clocks(one),
            say("page.told"),
            items(told[name] for name in one.tell),
            one.template,
            say("page.write_first"),
        )
        for key, one in severities.items()
    )
    return Markup(
        '<div class="rb-level-cards" data-zone="{}" data-left="{}" data-over="{}">{}{}</div>'
    ).format(
        zone, say("page.left", time="{time}"), say("page.over", time="{time}"), cards, _decided()
    )


def _answers(name: str, question: Question, severities: Mapping[str, Severity]) -> Markup:
    """Each has the address under which it is the answer given: `#reach=P1`."""
    return join(
        Markup(
            '<button type="button" id="{0}={1}" value="{1}">{2} <span>{3}</span></button>'
        ).format(name, key, level(key), getattr(one, question.of))
        for key, one in severities.items()
    )


def _decided() -> Markup:
    """Why it is this level and since when; hidden until a script has found one."""
    return Markup(
        '<div class="rb-decided" hidden><p class="rb-reasons" data-said="{}" data-unsure="{}"></p>'
        '<p class="rb-began"><label>{} <input type="datetime-local"></label> '
        '<button type="button" data-done="{}" data-failed="{}">{}</button> '
        '<a href="#">{}</a></p><p class="rb-done" role="status"></p></div>'
    ).format(
        say("page.decided", reasons="{reasons}"),
        say("page.all_unsure"),
        say("page.began"),
        say("page.shared"),
        say("page.no_clipboard"),
        say("page.share"),
        say("page.again"),
    )


def _clocks(one: Severity) -> Markup:
    rows = (
        (
            "due_respond",
            "due",
            one.respond_within,
            say("page.inside", duration=within(one.respond_within)),
        ),
        (
            "due_resolve",
            "due",
            one.resolve_within,
            say("page.inside", duration=within(one.resolve_within)),
        ),
        (
            "due_update",
            "every",
            one.update_every,
            say("page.every", duration=within(one.update_every)),
        ),
    )
    return Markup('<dl class="rb-clocks">{}</dl>').format(
        join(
            Markup(
                '<div data-{0}="{1}"><dt>{2}</dt>\n'
                '<dd><time datetime="{1}"></time> <b class="rb-left"></b> '
                "<span>{3}</span></dd></div>\n"
            ).format(kind, iso(duration), say(f"page.{word}"), said)
            for word, kind, duration, said in rows
        )
    )


def _ways_to_tell(
    contacts: Mapping[str, Contact], vendors: Mapping[str, Vendor], channels: Channels
) -> dict[str, tuple[str, Markup]]:
    """Everybody and every place that can be told: a name, and how."""
    people = {
        name: (one.name, phone(one.phone) if one.phone else mail(one.email))
        for name, one in (dict(contacts) | dict(vendors)).items()
    }
    inside = {
        name: (one.title, mail(one.address) if one.kind == "email" else _word(one.address))
        for name, one in channels.internal.items()
    }
    outside = {name: (one.title, _word(one.say)) for name, one in channels.external.items()}
    return people | inside | outside


def _word(text: str) -> Markup:
    return Markup("<span>{}</span>").format(text)


def _deadlines(one: Severity) -> str:
    return say(
        "page.answer_deadlines",
        respond=within(one.respond_within),
        resolve=within(one.resolve_within),
    )
