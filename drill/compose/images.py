"""The images of the compose drill: Debian, pulled or made here, and one stage a service."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from importlib import resources
from pathlib import Path

from drill.compose.deployment import docker
from drill.words import say
from runbook.errors import RunbookError

PREFIX = "aura-drill"
BASE = f"{PREFIX}/base:bookworm"
_DEBIAN = "debian:bookworm-slim"
_PULL_SECONDS = 60
_PACKAGES = ("starlette", "uvicorn", "httpx", "psycopg[binary]", "psycopg-pool")
_MORE = ("prometheus-client", "dnspython")
IMAGES = (
    ("api", "current"),
    ("api", "stable"),
    ("frontend", "current"),
    ("frontend", "stable"),
    ("postgres", "15"),
    ("nginx", "current"),
)


def build() -> None:
    """Every image of the drill is there, of the code as it is now."""
    _make_base()
    with tempfile.TemporaryDirectory(prefix="aura-images-") as folder:
        context = Path(folder)
        source = resources.files("drill")
        shutil.copytree(str(source / "compose" / "images"), context, dirs_exist_ok=True)
        shutil.copytree(str(source / "aura"), context / "drill" / "aura")
        (context / "drill" / "__init__.py").touch()
        _install_packages(context / "packages")
        for name, tag in IMAGES:
            docker(
                *("build", "--quiet", "--network", "host", "--target", name),
                *("--build-arg", f"BASE={BASE}", "--build-arg", f"TAG={tag}"),
                *("--tag", f"{PREFIX}/{name}:{tag}", str(context)),
            )


def _make_base() -> None:
    if docker("images", "-q", BASE).strip():
        return
    try:
        subprocess.run(
            ["docker", "pull", "-q", _DEBIAN],
            timeout=_PULL_SECONDS,
            check=True,
            capture_output=True,
        )
        docker("tag", _DEBIAN, BASE)
    except (subprocess.SubprocessError, OSError):
        _bootstrap()


def _bootstrap() -> None:
    """Debian made here, from its packages alone."""
    if shutil.which("debootstrap") is None:
        raise RunbookError(say("compose.no_base"))
    with tempfile.TemporaryDirectory(prefix="aura-base-") as folder:
        words = ["debootstrap", "--variant=minbase", "bookworm", folder]
        subprocess.run(words, check=True, capture_output=True)
        tar = subprocess.Popen(["tar", "-C", folder, "-c", "."], stdout=subprocess.PIPE)
        subprocess.run(
            ["docker", "import", "-", BASE], stdin=tar.stdout, check=True, capture_output=True
        )
        tar.wait()


def _install_packages(folder: Path) -> None:
    """What the stand-in imports, for the Python of the image rather than for ours."""
    constraints = Path(str(resources.files("drill"))).parent / "constraints.txt"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--target", str(folder), "--constraint", str(constraints)),
            *("--python-version", "3.11", "--only-binary", ":all:"),
            *("--platform", "manylinux2014_x86_64", "--platform", "manylinux_2_28_x86_64"),
            *(*_PACKAGES, *_MORE),
        ],
        check=True,
        capture_output=True,
    )
