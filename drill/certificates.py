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
    key = drill.place.secrets / "ca-key"
    authority = (
        trustme.CA(organization_name="Somebody else")
        if by_a_stranger
        else trustme.CA.from_pem(drill.ca_file.read_bytes(), key.read_bytes())
    )
    now = datetime.now(UTC)
    certificate = authority.issue_cert(
        name,
        not_before=now + timedelta(days=min(starts, days - 1)),
        not_after=now + timedelta(days=days),
    )
    chain = b"".join(pem.bytes() for pem in certificate.cert_chain_pems)
    drill.certificate_file.write_bytes(chain)
    private = drill.place.secrets / "edge-key"
    private.touch(mode=0o600)
    private.write_bytes(certificate.private_key_pem.bytes())
