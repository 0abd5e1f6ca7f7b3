"""Who is on duty when, and what is wrong with the roster; pure, and never asking the clock."""

from runbook.oncall.linter import RULES, flaws
from runbook.oncall.question import Flaw
from runbook.oncall.timeline import HORIZON, Roster, Shift, coming, shift_at, shifts
from runbook.oncall.turns import Turn, turns

__all__ = [
    "HORIZON",
    "RULES",
    "Flaw",
    "Roster",
    "Shift",
    "Turn",
    "coming",
    "flaws",
    "shift_at",
    "shifts",
    "turns",
]
