"""Whether a word is one that only chance could have made.

Hashes, UUIDs, commits and ids of containers are written in one case; what mixes upper case, lower
case and digits as dice would is a key.
"""

from __future__ import annotations

import re

_SHORTEST = 20  # characters; of fewer, names look like it too
_LOOKED_AT = 200  # characters
_MARK = re.compile(r"[^A-Za-z0-9]")
_TURN = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[a-z0-9])|(?<=[0-9])(?=[A-Za-z])")
_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[a-z])")
_OFTEN = 0.4  # turns from one kind of character to another; dice make 0.62, CamelCase about 0.25
_FEW = 0.15  # marks; with more it is made of words
_CASES = 2  # turns of case
# Digests, public keys, and the names that services give to what they answered.
_TOLD = re.compile(
    r"(?:\b|[_-])(?:id|etag|digest|hash|checksum|fingerprint|integrity|version|nonce|base64|sha\d{1,3}"
    r"|md5|ssh-\w+)[\"'\\:=,\s-]{0,6}(?:W/\\?[\"'])?$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"sha\d{1,3}-|AAAA|(?:chatcmpl|cmpl|req|msg|resp|call|run|file|asst|thread|evt|toolu|batch|gen)[_-]"
)
PICTURE = re.compile(r"(?:data:image/\w+;base64,)?(?:iVBORw0KGgo|/9j/|R0lGOD|UklGR)[\w+/=\s]{200,}")
"""A picture in base64: there are no letters in it."""
_PUBLIC = re.compile(r"-----BEGIN (?!.*PRIVATE)[A-Z0-9 ]+-----[^-]*$")


def by_chance(text: str, begin: int, end: int) -> bool:
    """Whether the word at that place of the text is secret by nothing but how it looks."""
    word = text[begin : min(end, begin + _LOOKED_AT)]
    return (
        end - begin >= _SHORTEST
        and _is_random(word)
        and not _NAMED.match(word)
        and not _TOLD.search(text, max(0, begin - 24), begin)
        and not _PUBLIC.search(text, max(0, begin - 8000), begin)
    )


def _is_random(word: str) -> bool:
    bare = _MARK.sub("", word)
    marks = len(word.rstrip("=")) - len(bare)
    return (
        marks <= _FEW * len(word)
        and any(map(str.isdigit, bare))
        and len(_CASE.findall(bare)) >= _CASES
        and len(_TURN.findall(bare)) >= _OFTEN * (len(bare) - 1)
    )
