"""Who is on duty when, and what is wrong with the roster; pure, and never asking the clock."""

from runbook.oncall.linter import RULES, flaws
from runbook.oncall.question import Flaw
from runbook.oncall.timeline import Roster, Shift, shift_at, shifts

__all__ = ["RULES", "Flaw", "Roster", "Shift", "flaws", "shift_at", "shifts"]
