"""Whether `runbook verify` finds and names every one of many random changes to an incident.

    .venv/bin/python benchmarks/changes.py [SEED [CHANGES]]

Changes a copy of an incident of real runs, signed and sealed, in one of many ways at a time; the
file that was changed must be named, the line where one line was; against the published head a cut
tail too.  What went unseen is printed with its number: the same seed makes the same changes.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from runbook.records.archive import digest
from runbook.records.log import EVENTS, append, head
from runbook.records.seal import SEAL, SIGNATURE, seal
from runbook.records.verify import inspect

INCIDENT = Path(__file__).parents[1] / "records" / "DRILL-20261125-01"
AT = "2026-11-24T03:00:00+08:00"

Change = Callable[[Path, random.Random], str]
"""Changes the folder; what must be named, as the beginning of a flaw's place."""


def main(seed: int, changes: int) -> int:
    print(f"seed {seed}, {changes} changes")
    dice, made, unseen = random.Random(seed), Counter[str](), 0
    with tempfile.TemporaryDirectory(prefix="runbook-bench-") as base:
        original, published, signers = _original(Path(base))
        if inspect(original, published, signers).flaws:
            print("blames what nobody touched")
            return 1
        for number in range(changes):
            how = dice.choice(list(CHANGES))
            folder = Path(base) / "changed" / original.name
            shutil.copytree(original, folder, symlinks=True)
            must = CHANGES[how](folder, dice)
            made[how] += 1
            named = [flaw.where for flaw in inspect(folder, published, signers).flaws]
            if not any(one == must or one.startswith(f"{must}:") for one in named):
                unseen += 1
                print(f"  {number} {how}: {must} is not among {named}")
            shutil.rmtree(folder)
    print(", ".join(f"{how} {count}" for how, count in sorted(made.items())))
    print(f"{changes - unseen} of {changes} found and named")
    return int(unseen > 0)


def _original(base: Path) -> tuple[Path, str, Path]:
    """A copy of the incident with a file one folder down, signed; its head, and who is trusted."""
    folder = base / INCIDENT.name
    shutil.copytree(INCIDENT, folder)
    (folder / "attached").mkdir()
    (folder / "attached" / "slow.log").write_text("03:04:05 slow\n" * 40)
    name = "attached/slow.log"
    append(
        folder, {"event": "report", "at": AT, "blanks": 0, "files": {name: digest(folder / name)}}
    )
    key = base / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    signers = base / "signers"
    signers.write_text(f"zhangsan {key.with_suffix('.pub').read_text()}")
    seal(folder, datetime.fromisoformat(AT), key, "zhangsan")
    return folder, head(folder).hash, signers


def _files(folder: Path) -> list[Path]:
    return sorted(one for one in folder.rglob("*") if one.is_file())


def _of_files(change: Callable[[bytearray, random.Random], object]) -> Change:
    """A change to the bytes of any file."""

    def changed(folder: Path, dice: random.Random) -> str:
        file = dice.choice(_files(folder))
        before = file.read_bytes()
        content = bytearray(before)
        while content == before:
            change(content, dice)
        file.write_bytes(content)
        return str(file.relative_to(folder))

    return changed


def _of_one(name: str, change: Callable[[bytearray, random.Random], object]) -> Change:
    """A change to the bytes of that file."""

    def changed(folder: Path, dice: random.Random) -> str:
        content = bytearray((folder / name).read_bytes())
        change(content, dice)
        (folder / name).write_bytes(content)
        return name

    return changed


def _flip(content: bytearray, dice: random.Random) -> None:
    content[dice.randrange(len(content))] ^= dice.randrange(1, 256)


def _bit(content: bytearray, dice: random.Random) -> None:
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)


def _cut(content: bytearray, dice: random.Random) -> None:
    del content[dice.randrange(len(content)) :]


def _drop(content: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(content))
    del content[at : at + dice.randrange(1, 100)]


def _insert(content: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(content) + 1)
    content[at:at] = dice.randbytes(dice.randrange(1, 20))


def _trail(content: bytearray, dice: random.Random) -> None:
    content.extend(dice.choice([b"\n", b" ", b"\0", b"\r\n", b"{}\n", b"x"]))


def _crlf(content: bytearray, _: random.Random) -> None:
    content[:] = content.replace(b"\n", b"\r\n") if b"\n" in content else content + b"\r\n"


def _bom(content: bytearray, _: random.Random) -> None:
    content[:0] = b"\xef\xbb\xbf"


def _exchange(content: bytearray, dice: random.Random) -> None:
    one, two = dice.randrange(len(content)), dice.randrange(len(content))
    content[one], content[two] = content[two], content[one]


def _of_lines(change: Callable[[list[bytes], random.Random], int | None]) -> Change:
    """A change to the lines of the log; the place of the one that must be named, or None."""

    def changed(folder: Path, dice: random.Random) -> str:
        lines = (folder / EVENTS).read_bytes().splitlines(keepends=True)
        place = change(lines, dice)
        (folder / EVENTS).write_bytes(b"".join(lines))
        return EVENTS if place is None else f"{EVENTS}:{place}"

    return changed


def _remove_line(lines: list[bytes], dice: random.Random) -> int | None:
    at = dice.randrange(len(lines))
    del lines[at]
    return at + 1 if at < len(lines) else None


def _swap_neighbours(lines: list[bytes], dice: random.Random) -> int:
    at = dice.randrange(len(lines) - 1)
    lines[at : at + 2] = reversed(lines[at : at + 2])
    return at + 1


def _swap_lines(lines: list[bytes], dice: random.Random) -> int:
    one, two = sorted(dice.sample(range(len(lines)), 2))
    lines[one], lines[two] = lines[two], lines[one]
    return one + 1


def _double(lines: list[bytes], dice: random.Random) -> int:
    at = dice.randrange(len(lines))
    lines.insert(at, lines[at])
    return at + 2


def _copy(lines: list[bytes], dice: random.Random) -> None:
    lines.insert(dice.randrange(len(lines) + 1), dice.choice(lines))


def _foreign(lines: list[bytes], dice: random.Random) -> int:
    at = dice.randrange(len(lines) + 1)
    lines.insert(at, dice.choice([b"{}\n", b"\n", b'{"event": "note"}\n', b"[" * 5000 + b"\n"]))
    return at + 1


def _tail(lines: list[bytes], dice: random.Random) -> None:
    del lines[-dice.randrange(1, len(lines)) :]


def _tail_with_seal(folder: Path, dice: random.Random) -> str:
    """What only the head that is kept elsewhere tells."""
    (folder / SEAL).unlink()
    (folder / SIGNATURE).unlink()
    return _of_lines(_tail)(folder, dice)


def _remove(folder: Path, dice: random.Random) -> str:
    file = dice.choice(_files(folder))
    file.unlink()
    return str(file.relative_to(folder))


def _add(folder: Path, dice: random.Random) -> str:
    name = f"{dice.randrange(10**6):06d}"
    path = dice.choice(
        [f"{name}.ipynb", f".{name}", f"attached/{name}", f"{name}/{name}", f"{name} 文"]
    )
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_bytes(dice.choice([b"", b"{}"]))
    return path


def _exchange_files(folder: Path, dice: random.Random) -> str:
    one, two = dice.sample(_files(folder), 2)
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    return str(one.relative_to(folder))


def _rename(folder: Path, dice: random.Random) -> str:
    file = dice.choice(_files(folder))
    file.rename(file.with_name(f"{file.name}.old"))
    return str(file.relative_to(folder))


def _link(folder: Path, dice: random.Random) -> str:
    """A link to the same bytes: it may tell something else tomorrow."""
    file = dice.choice(_files(folder))
    elsewhere = folder.parents[1] / f"elsewhere-{dice.randrange(10**9)}"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    return str(file.relative_to(folder))


def _folder(folder: Path, dice: random.Random) -> str:
    file = dice.choice(_files(folder))
    file.unlink()
    file.mkdir()
    return str(file.relative_to(folder))


def _pipe(folder: Path, dice: random.Random) -> str:
    file = dice.choice(_files(folder))
    file.unlink()
    os.mkfifo(file)
    return str(file.relative_to(folder))


def _linked_folder(folder: Path, dice: random.Random) -> str:
    elsewhere = folder.parents[1] / f"folder-{dice.randrange(10**9)}"
    (folder / "attached").rename(elsewhere)
    (folder / "attached").symlink_to(elsewhere)
    return "attached/slow.log"


CHANGES: dict[str, Change] = {
    "flip a byte": _of_files(_flip),
    "flip a bit": _of_files(_bit),
    "exchange bytes": _of_files(_exchange),
    "cut a file": _of_files(_cut),
    "drop bytes": _of_files(_drop),
    "insert bytes": _of_files(_insert),
    "trailing bytes": _of_files(_trail),
    "CRLF": _of_files(_crlf),
    "BOM": _of_files(_bom),
    "flip in the log": _of_one(EVENTS, _flip),
    "cut the log": _of_one(EVENTS, _cut),
    "flip in the seal": _of_one(SEAL, _flip),
    "flip in the signature": _of_one(SIGNATURE, _flip),
    "flip in a folder": _of_one("attached/slow.log", _flip),
    "remove a line": _of_lines(_remove_line),
    "swap neighbours": _of_lines(_swap_neighbours),
    "swap lines": _of_lines(_swap_lines),
    "double a line": _of_lines(_double),
    "copy a line": _of_lines(_copy),
    "foreign line": _of_lines(_foreign),
    "cut the tail": _of_lines(_tail),
    "cut tail and seal": _tail_with_seal,
    "remove a file": _remove,
    "add a file": _add,
    "exchange files": _exchange_files,
    "rename a file": _rename,
    "link to a file": _link,
    "folder for a file": _folder,
    "pipe for a file": _pipe,
    "link to a folder": _linked_folder,
}


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    sys.exit(main(*given, *(random.randrange(10**6), 1000)[len(given) :]))
