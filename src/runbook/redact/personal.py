"""What belongs to a person: phones, identity numbers, bank cards, addresses of mail."""

from __future__ import annotations

import re
from collections.abc import Callable

_MOBILE = r"(?<![A-Za-z0-9_.+-])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![A-Za-z0-9_-]|\.\d)"
_LANDLINE = r"(?<![\w.+-])(?:\+?86[- ]?)?0(?:10|2\d|[3-9]\d\d)-\d{7,8}(?![\w-])"
_IDENTITY = (
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
)
# UnionPay by its number; others only where it is said, since one number in fifty would be a card.
_CARD = r"(?<![\d.-])62\d{2}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?:[ -]?\d{1,3})?(?![\d.-])"
_CARD_SAID = r"(?i:卡号|\bcard\b(?: number| no)?)\W{0,3}(?P<s>\d(?:[ -]?\d){12,18})(?!\d)"
_EMAIL = r"(?<![\w/:.+-])(?!git@)[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}(?![\w@])"


def _is_identity(text: str) -> bool:
    # GB 11643-1999: the last character is a check digit, ISO 7064 MOD 11-2.
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17].upper()


def _is_card(text: str) -> bool:
    # ISO/IEC 7812-1, Luhn.
    digits = [int(digit) for digit in reversed(text) if digit.isdigit()]
    doubled = [
        digit if at % 2 == 0 else sum(divmod(2 * digit, 10)) for at, digit in enumerate(digits)
    ]
    return sum(doubled) % 10 == 0


def _always(_text: str) -> bool:
    return True


PERSONAL: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(_MOBILE), _always),
    (re.compile(_LANDLINE), _always),
    (re.compile(_IDENTITY), _is_identity),
    (re.compile(_CARD), _is_card),
    (re.compile(_CARD_SAID), _is_card),
    (re.compile(_EMAIL), _always),
)
"""A pattern, and whether what it found is one for certain."""
