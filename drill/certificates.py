"""The edge's certificate, and the authority that responders and users trust."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import trustme

from drill.place import Drill

NAME = "api.aura.drill"


def make_authority(drill: Drill) -> None:
    """There is an authority, and a good certificate of it."""
    authority = trustme.CA(organization_name="Aura drill")
    drill.ca_file.write_bytes(authority.cert_pem.bytes())
    key = drill.place.secrets / "ca-key"
    key.touch(mode=0o600)
    key.write_bytes(authority.private_key_pem.bytes())
    issue(drill)


def issue(
    drill: Drill,
    name: str = NAME,
    days: float = 90,
    *,
    by_a_stranger: bool = False,
    starts: float = -1,
) -> None:
    """The edge has a certificate for the name, good from `starts` to `days` days from now."""
    chain, private = certificate(
        drill.ca_file.read_bytes(),
        (drill.place.secrets / "ca-key").read_bytes(),
        name,
        days,
        by_a_stranger=by_a_stranger,
        starts=starts,
    )
    drill.certificate_file.write_bytes(chain)
    file = drill.place.secrets / "edge-key"
    file.touch(mode=0o600)
    file.write_bytes(private)


def certificate(
    authority: bytes,
    key: bytes,
    name: str,
    days: float,
    *,
    by_a_stranger: bool = False,
    starts: float = -1,
) -> tuple[bytes, bytes]:
    """A chain and its private key, issued by that authority or by one that nobody knows."""
    issuer = (
        trustme.CA(organization_name="Somebody else")
        if by_a_stranger
        else trustme.CA.from_pem(authority, key)
    )
    now = datetime.now(UTC)
    issued = issuer.issue_cert(
        name,
        not_before=now + timedelta(days=min(starts, days - 1)),
        not_after=now + timedelta(days=days),
    )
    chain = b"".join(pem.bytes() for pem in issued.cert_chain_pems)
    return chain, issued.private_key_pem.bytes()
