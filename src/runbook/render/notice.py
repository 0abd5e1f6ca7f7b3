"""Templates of messages as text to copy, with blanks that say what belongs there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from runbook.model import Template, Variable
from runbook.words import say


def template_text(template: Template, blanks: Mapping[str, str]) -> str:
    """The text with every variable filled in from `blanks`."""
    return template.text.strip().format_map(blanks)


def blanks(variables: Mapping[str, Variable], levels: Iterable[str]) -> dict[str, str]:
    """For every variable what a person sees who has yet to fill it in."""
    slash = say("page.slash")
    fixed = {
        "level": slash.join(levels),
        "moment": say("page.blank_moment"),
        "duration": say("page.blank_duration"),
    }

    def blank(of: Variable) -> str:
        if of.kind == "text":
            return say("page.blank", hint=of.hint)
        return slash.join(of.options) if of.kind == "choice" else fixed[of.kind]

    return {name: blank(one) for name, one in variables.items()}


def template_block(text: str) -> Markup:
    """A text as a block that can be copied whole."""
    return Markup('<pre class="rb-template"><code>{}</code></pre>').format(text)
