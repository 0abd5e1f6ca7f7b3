"""The folder of a deployment: its files, and its scripts, which are read and never run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from runbook.model.deployment import Script
from runbook.probes.look import CouldNotLook
from runbook.words import say

_DEEP, _MANY, _LONG = 3, 20_000, 200_000
_KINDS = frozenset({".conf", ".env", ".sh", ".yaml", ".yml"})
_SHELLS = frozenset({"bash", "dash", "sh"})
_PARSING_SECONDS = 5


def files_in(folder: Path) -> tuple[str, ...]:
    """The files people speak of in the folder, a few levels deep, as paths below it."""
    return tuple(sorted(_files(folder)))


def _files(folder: Path) -> Iterator[str]:
    count = 0
    for at, folders, names in os.walk(folder):
        place = Path(at)
        if len(place.relative_to(folder).parts) >= _DEEP:
            folders.clear()
        for name in names:
            count += 1
            if count > _MANY:
                return
            if Path(name).suffix in _KINDS or name == ".env":
                yield (place / name).relative_to(folder).as_posix()


def configurations_in(folder: Path, files: tuple[str, ...]) -> dict[str, str]:
    """The text of each configuration of nginx among the files, as far as we may read it."""
    texts = {}
    for name in files:
        if Path(name).name == "nginx.conf":
            with suppress(OSError):
                texts[name] = (folder / name).read_bytes()[:_LONG].decode("utf-8", "replace")
    return texts


def script_at(folder: Path, name: str) -> Script | None:
    """The script of that name below the folder; None where there is none.

    Its interpreter is asked whether it can read it (`-n`), which runs none of it.  Raises
    CouldNotLook where we may not read it.
    """
    file = folder / name
    if not file.is_file():
        return None
    try:
        text = file.read_bytes()[:_LONG].decode("utf-8", errors="replace")
    except OSError as error:
        raise CouldNotLook(say("probe.no_file", file=file, detail=error.strerror)) from error
    runs = bool(file.stat().st_mode & 0o111)
    return Script(text=text, executable=runs, broken=_broken(file, text))


def _broken(file: Path, text: str) -> str | None:
    """Why the script cannot even begin; None for one that can, or in a language we do not ask."""
    first = text.partition("\n")[0]
    if first.endswith("\r"):
        return say("probe.carriage_return")
    words = first.removeprefix("#!").split() if first.startswith("#!") else ["/bin/sh"]
    if not words:
        return None
    if Path(words[0]).name == "env" and len(words) > 1:
        words = words[1:]
    program = shutil.which(words[0])
    if program is None:
        return say("probe.no_interpreter", name=words[0])
    if Path(program).name not in _SHELLS and Path(words[0]).name not in _SHELLS:
        return None
    try:
        done = subprocess.run(
            [program, "-n", str(file)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PARSING_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
    return said[0].replace(str(file), file.name) if done.returncode and said else None
