"""The images of the compose drill: Debian, pulled or made here, and one stage a service."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from importlib import resources
from pathlib import Path

from drill.compose.engine import docker
from drill.words import say
from runbook.errors import RunbookError

BASE = "aura-drill/base:bookworm"
BUILT = "aura-drill-built"
IMAGES = (
    ("api", "current"),
    ("api", "stable"),
    ("frontend", "current"),
    ("frontend", "stable"),
    ("postgres", "15"),
    ("nginx", "current"),
)
_DEBIAN = "debian:bookworm-slim"
_PULL_SECONDS = 60
_PACKAGES = ("starlette", "uvicorn", "httpx", "psycopg[binary]", "psycopg-pool")
_MORE = ("prometheus-client", "dnspython")


def build(images: tuple[tuple[str, str], ...] = IMAGES) -> None:
    """Every image of the drill is there, of the code as it is now; none is built twice."""
    missing = [image for image in images if not _there(built(*image))]
    if not missing:
        return
    _make_base()
    with tempfile.TemporaryDirectory(prefix="aura-images-") as folder:
        context = Path(folder)
        source = resources.files("drill")
        shutil.copytree(str(source / "compose" / "images"), context, dirs_exist_ok=True)
        shutil.copytree(str(source / "aura"), context / "drill" / "aura", ignore=_no_leftovers)
        (context / "drill" / "__init__.py").touch()
        _install_packages(context / "packages")
        for name, tag in missing:
            docker(
                *("build", "--quiet", "--network", "host", "--target", name),
                *("--build-arg", f"BASE={BASE}", "--build-arg", f"TAG={tag}"),
                *("--tag", built(name, tag), str(context)),
            )


def built(name: str, tag: str) -> str:
    """The image as it was built of the code as it is now; deployments name it in their own way."""
    return f"{BUILT}/{name}:{tag}-{_version()}"


def name_for(project: str) -> None:
    """The deployment's own names lead to the images as they were built."""
    for name, tag in IMAGES:
        docker("tag", built(name, tag), f"{project}/{name}:{tag}")


def forget_names_of(project: str) -> None:
    """Nothing has a name of that deployment any more; what was built stays for the next one."""
    names = docker("images", "--format", "{{.Repository}}:{{.Tag}}", f"{project}/*").split()
    if mine := [name for name in names if name != BASE and "<none>" not in name]:
        docker("rmi", "--no-prune", *mine, check=False)


@cache
def _version() -> str:
    """What the images are made of, as twelve digits."""
    source = Path(str(resources.files("drill")))
    digest = hashlib.sha256()
    for folder in (source / "compose" / "images", source / "aura"):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(source)).encode() + b"\0" + file.read_bytes())
    digest.update(_constraints().read_bytes())
    return digest.hexdigest()[:12]


def _no_leftovers(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "__pycache__"]


def _there(image: str) -> bool:
    return bool(docker("images", "-q", image).strip())


def _make_base() -> None:
    if _there(BASE):
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


def _constraints() -> Path:
    return Path(str(resources.files("drill"))).parent / "constraints.txt"


def _install_packages(folder: Path) -> None:
    """What the stand-in imports, for the Python of the image rather than for ours."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--target", str(folder), "--constraint", str(_constraints())),
            *("--python-version", "3.11", "--only-binary", ":all:"),
            *("--platform", "manylinux2014_x86_64", "--platform", "manylinux_2_28_x86_64"),
            *(*_PACKAGES, *_MORE),
        ],
        check=True,
        capture_output=True,
    )
