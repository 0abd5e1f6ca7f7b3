"""A name server for the few hosts of a drill, over UDP and TCP.

The names are read from a file for every question: who edits the file changes the answers.
"""

from __future__ import annotations

import json
import os
import socketserver
import struct
import threading
import time
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from drill.aura import settings


def answer(query: bytes, names: dict[str, str]) -> bytes:
    """The reply to one question about the names."""
    question = dns.message.from_wire(query)
    reply = dns.message.make_response(question)
    reply.flags |= dns.flags.AA
    asked = question.question[0]
    address = names.get(asked.name.to_text(omit_final_dot=True).lower())
    if address is None:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    elif asked.rdtype == dns.rdatatype.A:
        reply.answer.append(dns.rrset.from_text(asked.name, 0, "IN", "A", address))
    return reply.to_wire()


def names() -> dict[str, str]:
    """The names as the file has them now."""
    text = Path(os.environ["DRILL_ZONE_FILE"]).read_text(encoding="utf-8")
    return dict(json.loads(text))


def dawdle() -> None:
    """As long as the name server takes now before it answers."""
    text = Path(os.environ["DRILL_DNS_MOOD_FILE"]).read_text(encoding="utf-8")
    time.sleep(json.loads(text).get("seconds", 0))


class OverUdp(socketserver.DatagramRequestHandler):
    """One question, one datagram."""

    def handle(self) -> None:
        """The question is answered."""
        dawdle()
        self.wfile.write(answer(self.rfile.read(), names()))


class OverTcp(socketserver.StreamRequestHandler):
    """One question, with its length in front."""

    def handle(self) -> None:
        """The question is answered."""
        dawdle()
        (length,) = struct.unpack("!H", self.rfile.read(2))
        reply = answer(self.rfile.read(length), names())
        self.wfile.write(struct.pack("!H", len(reply)) + reply)


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main() -> None:
    """The name server, until it is told to stop."""
    address = (settings.bind(), int(os.environ["DRILL_DNS_PORT"]))
    tcp = _Tcp(address, OverTcp)
    threading.Thread(target=tcp.serve_forever, daemon=True).start()
    with socketserver.ThreadingUDPServer(address, OverUdp) as udp:
        udp.daemon_threads = True
        udp.serve_forever()


if __name__ == "__main__":
    main()
