"""What would act on a page or a terminal instead of being read, written so that it is read."""

from __future__ import annotations

import re

# Controls of C0 and C1, what turns the direction of writing, what cannot be seen at all, and halves
# of characters, which no file can hold.  Joiners stay: names and emoji are written with them.
_ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)


def visible(text: str) -> str:
    """The text with every character that is not to be read written out: `^[`, `[U+202E]`."""
    return _ACTS.sub(_sign, text.replace("\r\n", "\n"))


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    # As `cat -v` does; and in letters every font has, or a page of them takes a minute to draw.
    return f"^{chr(code ^ 0x40)}" if code < 0x80 else f"[U+{code:04X}]"
