"""Nothing of an incident changes unseen, and nothing that did not change is blamed."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from runbook.records.archive import digest
from runbook.records.log import EVENTS, append, head
from runbook.records.seal import seal
from runbook.records.verify import inspect
from tests.conftest import Runbook

AT = "2026-11-24T03:00:00+08:00"
CHANGES = 60


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An incident of twelve lines, six files and a seal."""
    folder = tmp_path_factory.mktemp("records") / "INC-20261124-01"
    folder.mkdir()
    for number in range(6):
        file = folder / f"03000{number}-database-connection.ipynb"
        file.write_text(json.dumps({"cells": [number] * 50}))
        append(folder, {"event": "note", "at": AT, "text": f"第 {number} 笔"})
        append(folder, {"event": "run", "at": AT, "files": {file.name: digest(file)}})
    append(folder, {"event": "resolve", "at": AT, "text": "好了"})
    seal(folder, datetime.fromisoformat(AT))
    return folder


def _flip(folder: Path, dice: random.Random) -> str:
    file = dice.choice(sorted(folder.iterdir()))
    content = bytearray(file.read_bytes())
    at = dice.randrange(len(content))
    content[at] ^= 1 << dice.randrange(8)
    file.write_bytes(content)
    return file.name


def _lines(change: Callable[[list[bytes], random.Random], None]) -> Callable[..., str]:
    def changed(folder: Path, dice: random.Random) -> str:
        lines = (folder / EVENTS).read_bytes().splitlines(keepends=True)
        change(lines, dice)
        (folder / EVENTS).write_bytes(b"".join(lines))
        return EVENTS

    return changed


def _remove(lines: list[bytes], dice: random.Random) -> None:
    del lines[dice.randrange(len(lines))]


def _swap(lines: list[bytes], dice: random.Random) -> None:
    one, two = dice.sample(range(len(lines)), 2)
    lines[one], lines[two] = lines[two], lines[one]


def _repeat(lines: list[bytes], dice: random.Random) -> None:
    lines.insert(dice.randrange(len(lines)), dice.choice(lines))


def _truncate(folder: Path, dice: random.Random) -> str:
    content = (folder / EVENTS).read_bytes()
    (folder / EVENTS).write_bytes(content[: dice.randrange(len(content))])
    return EVENTS


def _remove_file(folder: Path, dice: random.Random) -> str:
    file = dice.choice(sorted(folder.iterdir()))
    file.unlink()
    return file.name


def _add_file(folder: Path, dice: random.Random) -> str:
    name = f"{dice.choice(['', '.'])}{dice.randrange(10**6)}.ipynb"
    (folder / name).write_text("{}")
    return name


def _swap_files(folder: Path, dice: random.Random) -> str:
    one, two = dice.sample(sorted(folder.glob("*.ipynb")), 2)
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    return one.name


def _bytes(change: Callable[[bytes], bytes]) -> Callable[..., str]:
    def changed(folder: Path, dice: random.Random) -> str:
        file = dice.choice(sorted(folder.iterdir()))
        file.write_bytes(change(file.read_bytes()))
        return file.name

    return changed


def _instead(put: Callable[[Path], None]) -> Callable[..., str]:
    """Something else in the place of a file, with the same bytes or with none."""

    def changed(folder: Path, dice: random.Random) -> str:
        file = dice.choice(sorted(folder.iterdir()))
        file.rename(folder.parent / "elsewhere")
        put(file)
        return file.name

    return changed


def _add_below(folder: Path, dice: random.Random) -> str:
    (folder / "below").mkdir()
    (folder / "below" / "empty").touch()
    return "below/empty"


CHANGE = {
    "crlf": _bytes(lambda content: content.replace(b"\n", b"\r\n") + b"\r\n"),
    "bom": _bytes(lambda content: b"\xef\xbb\xbf" + content),
    "trailing": _bytes(lambda content: content + b"\n"),
    "link": _instead(lambda file: file.symlink_to(file.parents[1] / "elsewhere")),
    "folder": _instead(Path.mkdir),
    "pipe": _instead(os.mkfifo),
    "add-below": _add_below,
    "flip": _flip,
    "remove": _lines(_remove),
    "swap": _lines(_swap),
    "repeat": _lines(_repeat),
    "truncate": _truncate,
    "remove-file": _remove_file,
    "add-file": _add_file,
    "swap-files": _swap_files,
}


@pytest.mark.parametrize("how", CHANGE)
def test_every_change_is_found_and_named(how: str, untouched: Path, tmp_path: Path) -> None:
    for number in range(CHANGES):
        folder = tmp_path / str(number) / untouched.name
        shutil.copytree(untouched, folder)
        name = CHANGE[how](folder, random.Random(f"{how} {number}"))
        found = inspect(folder, kept=head(untouched).hash)
        named = {flaw.where.partition(":")[0] for flaw in found.flaws}
        assert name in named, (number, found.flaws)
        shutil.rmtree(folder)


def test_every_byte_of_a_signature_counts(untouched: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(untouched, tmp_path / untouched.name)
    keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")]
    subprocess.run(keygen, check=True)
    seal(folder, datetime.fromisoformat(AT), tmp_path / "key", "zhangsan")
    signature = folder / "seal.json.sig"
    signed = signature.read_bytes()
    breaks = [at for at, byte in enumerate(signed) if byte == ord("\n")]
    for at in (*breaks, 0, 100, len(signed) - 2):
        signature.write_bytes(signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :])
        assert [flaw.where for flaw in inspect(folder).flaws] == ["seal.json.sig"], at
    for changed in (signed + b"\n", signed[:-1], b"\n" + signed):
        signature.write_bytes(changed)
        assert [flaw.where for flaw in inspect(folder).flaws] == ["seal.json.sig"], changed


def test_who_may_read_it_is_not_what_it_says(untouched: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(untouched, tmp_path / untouched.name)
    for file in folder.iterdir():
        file.chmod(0o600)
        os.utime(file, (0, 0))
    assert inspect(folder).flaws == []


def test_every_incident_is_held_against_the_heads_the_site_published(
    untouched: Path, tmp_path: Path, runbook: Runbook
) -> None:
    folder = shutil.copytree(untouched, tmp_path / untouched.name)
    heads = tmp_path / "heads.json"
    told = {folder.name: head(folder)._asdict(), "INC-20261101-01": {"n": 1, "hash": "0" * 64}}
    heads.write_text(json.dumps(told))
    (folder / "seal.json").unlink()
    whole = (folder / EVENTS).read_bytes().splitlines(keepends=True)
    (folder / EVENTS).write_bytes(b"".join(whole[:-1]))
    place = ("--records", str(tmp_path))
    assert runbook("verify", *place).returncode == 0
    done = runbook("verify", "--heads", str(heads), *place)
    assert done.returncode == 3
    assert "INC-20261101-01: 被删" in done.stdout and "events.jsonl: 被截断" in done.stdout
    assert runbook("verify", "--head", "0" * 64, *place).returncode == 2
    heads.write_text("[]")
    assert runbook("verify", "--heads", str(heads), *place).returncode == 2


def test_what_nobody_touched_is_untouched(untouched: Path) -> None:
    found = inspect(untouched, kept=head(untouched).hash)
    assert (found.flaws, found.head.n, found.files) == ([], 13, 6)


@pytest.mark.parametrize(
    ("change", "where", "how"),
    [
        (lambda lines: lines.pop(4), "events.jsonl:5", "removed"),
        (lambda lines: lines.insert(4, lines[2]), "events.jsonl:5", "added"),
        (lambda lines: lines.insert(4, b"{}\n"), "events.jsonl:5", "added"),
        (lambda lines: lines.append(lines.pop(4)), "events.jsonl:13", "reordered"),
        (lambda lines: lines.pop(), "events.jsonl", "truncated"),
    ],
)
def test_a_change_of_lines_is_called_by_its_name(
    change: Callable[[list[bytes]], object], where: str, how: str, untouched: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(untouched, tmp_path / untouched.name)
    lines = (folder / EVENTS).read_bytes().splitlines(keepends=True)
    change(lines)
    (folder / EVENTS).write_bytes(b"".join(lines))
    assert (where, how) in {(flaw.where, flaw.how) for flaw in inspect(folder).flaws}


def test_a_tail_cut_off_with_its_seal_shows_only_against_a_head_kept_elsewhere(
    untouched: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(untouched, tmp_path / untouched.name)
    lines = (folder / EVENTS).read_bytes().splitlines(keepends=True)
    (folder / EVENTS).write_bytes(b"".join(lines[:12]))
    (folder / "seal.json").unlink()
    assert inspect(folder).flaws == []
    assert [one.how for one in inspect(folder, kept=head(untouched).hash).flaws] == ["truncated"]


def test_a_torn_line_is_cut_off_by_the_next_and_kept(tmp_path: Path) -> None:
    append(tmp_path, {"event": "note", "at": AT, "text": "一"})
    with (tmp_path / EVENTS).open("ab") as file:
        file.write(b'{"hash": "00')
    assert [flaw.how for flaw in inspect(tmp_path).flaws] == ["truncated"]
    append(tmp_path, {"event": "note", "at": AT, "text": "二"})
    assert inspect(tmp_path).flaws == []
    kept = (tmp_path / EVENTS).read_text().splitlines()
    assert ["torn" in line for line in kept] == [False, True, False]


def test_a_seal_is_signed_with_an_ssh_key_and_checked_against_who_is_trusted(
    untouched: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(untouched, tmp_path / untouched.name)
    for name in ("mine", "other"):
        keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)]
        subprocess.run(keygen, check=True)
    seal(folder, datetime.fromisoformat(AT), tmp_path / "mine", "zhangsan")
    trusted, strange = tmp_path / "trusted", tmp_path / "strange"
    trusted.write_text("zhangsan " + (tmp_path / "mine.pub").read_text())
    strange.write_text("zhangsan " + (tmp_path / "other.pub").read_text())
    assert inspect(folder).flaws == []
    assert inspect(folder, signers=trusted).flaws == []
    assert [one.how for one in inspect(folder, signers=strange).flaws] == ["unsigned"]
    (folder / "seal.json.sig").unlink()
    assert [one.how for one in inspect(folder).flaws] == ["removed"]


def test_the_command_says_what_it_found_and_ends_with_3(
    untouched: Path, tmp_path: Path, runbook: Runbook
) -> None:
    folder = shutil.copytree(untouched, tmp_path / untouched.name)
    well = runbook("verify", str(folder))
    assert (well.returncode, "完好" in well.stdout) == (0, True)
    (folder / "030000-database-connection.ipynb").write_text("x")
    touched = runbook("verify", untouched.name, "--records", str(tmp_path))
    assert touched.returncode == 3
    assert "030000-database-connection.ipynb: 被改" in touched.stdout
    assert runbook("verify", "INC-19990101-01").returncode == 2
