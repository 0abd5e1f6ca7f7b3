"""What the drill says, one file a language."""

from __future__ import annotations

from runbook.words import words_of

say = words_of(__spec__)
