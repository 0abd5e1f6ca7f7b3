"""The seal of an incident: the head of its log at a moment, signed where somebody has a key.

`seal.json` is one line like those of the log.  Its signature `seal.json.sig` is OpenSSH's
(PROTOCOL.sshsig, https://man.openbsd.org/ssh-keygen#Y): any key of `~/.ssh` or of an agent will do.
"""

from __future__ import annotations

import base64
import subprocess
from datetime import datetime
from pathlib import Path

from runbook.errors import BadInput
from runbook.records.archive import write
from runbook.records.log import Head, Line, head, line, locked, sealed
from runbook.words import say

SEAL, SIGNATURE = "seal.json", "seal.json.sig"
_NAMESPACE = "runbook"
_BEGIN, _END = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----\n"
_PATIENCE = 60  # seconds; a key may ask for its passphrase


def seal(folder: Path, at: datetime, key: Path | None = None, signer: str | None = None) -> Head:
    """The head of the log as it is sealed now; the seal before it is replaced.

    Raises BadInput where the key cannot sign, and leaves the seal unsigned.
    """
    now = head(folder)
    facts = {"incident": folder.name, "n": now.n, "head": now.hash, "at": at.isoformat()}
    text = sealed({**facts, "signed_by": signer} if key else facts).decode() + "\n"
    if key is None:
        with locked(folder):
            write(folder / SEAL, text)
            (folder / SIGNATURE).unlink(missing_ok=True)
        return now
    signed = _ssh_keygen("-Y", "sign", "-n", _NAMESPACE, "-f", str(key), given=text)
    if signed.returncode != 0:
        seal(folder, at)
        raise BadInput(say("seal.not_signed", key=key, detail=signed.stderr.strip()))
    with locked(folder):
        write(folder / SIGNATURE, signed.stdout)
        write(folder / SEAL, text)
    return now


def seal_of(folder: Path) -> Line | None:
    """The seal as it stands; None where there is none."""
    file = folder / SEAL
    return line(file.read_bytes()) if file.is_file() else None


def signature_flaw(folder: Path, signers: Path | None) -> str | None:
    """What is wrong with the signature of the seal; None where it holds.

    Without the signers who are trusted it says only whether somebody signed exactly this.
    """
    # ssh-keygen reads over what stands between and after its lines.
    if not _is_plain((folder / SIGNATURE).read_bytes()):
        return say("seal.not_plain")
    who = str((seal_of(folder) or line(b"")).event.get("signed_by"))
    signature = str(folder / SIGNATURE)
    given = (folder / SEAL).read_text(encoding="utf-8", errors="replace")
    if signers is None:
        how = ["-Y", "check-novalidate"]
    else:
        how = ["-Y", "verify", "-f", str(signers), "-I", who]
    answer = _ssh_keygen(*how, "-n", _NAMESPACE, "-s", signature, given=given)
    return None if answer.returncode == 0 else (answer.stderr or answer.stdout).strip()


def _is_plain(signature: bytes) -> bool:
    """Whether the signature is written as OpenSSH writes it, without a byte more."""
    _, *lines = signature.removesuffix(_END).split(b"\n")[:-1]
    try:
        encoded = base64.b64encode(base64.b64decode(b"".join(lines), validate=True))
    except ValueError:
        return False
    width = len(lines[0]) if lines else 1
    again = [encoded[at : at + width] for at in range(0, len(encoded), width)]
    return signature == b"\n".join([_BEGIN, *again, _END])


def _ssh_keygen(*words: str, given: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["ssh-keygen", *words],
            input=given,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadInput(say("seal.no_ssh_keygen", detail=error)) from error
