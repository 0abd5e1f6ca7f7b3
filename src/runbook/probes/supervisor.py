"""Asking supervisord, where it is what keeps the services running."""

from __future__ import annotations

import re
import socket
import xmlrpc.client
from http.client import HTTPConnection, HTTPException
from typing import Any

from runbook.model import Target
from runbook.probes.look import TEXT_LIMIT, CouldNotLook
from runbook.probes.shared import Shared
from runbook.words import say

_ANSWERS: Shared[Any] = Shared()  # of one that runs several deployments of its machine
_HALF_A_WORD = re.compile(r"^[^\n]*\n|^\S*")  # of a line cut in the middle nobody knows what it was

Call = tuple[str | int, ...]
"""The name of a method, and what it is given."""

PID: Call = ("supervisor.getPID",)
EVERY: Call = ("supervisor.getAllProcessInfo",)
# The end of supervisord's own log, some hundred starts and ends: what it did, and what ended.
HISTORY: Call = ("supervisor.readLog", -60_000, 0)


def state_of(service: str) -> Call:
    """How the process of the service is."""
    return ("supervisor.getProcessInfo", service)


def supervisor_of(target: Target, limit: float) -> Supervisor:
    """The supervisord of the target; raises CouldNotLook where something else runs the services."""
    if target.runtime.kind != "supervisor" or not target.runtime.socket:
        raise CouldNotLook(say("probe.no_runtime", kind=target.runtime.kind))
    return Supervisor(target.runtime.socket, limit)


class _Local(HTTPConnection):
    """HTTP over a socket of this machine."""

    def __init__(self, path: str, limit: float) -> None:
        super().__init__("supervisor", timeout=limit)
        self._path, self._limit = path, limit

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self._limit)
        self.sock.connect(self._path)


class Supervisor:
    """supervisord's XML-RPC over its socket (https://supervisord.org/api.html)."""

    def __init__(self, path: str, limit: float) -> None:
        self._connection = _Local(path, limit)
        self._path = path

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def call(self, call: Call) -> Any:
        """The answer to one call; raises CouldNotLook where there is none."""
        method, *given = call
        return self._answer(str(method), tuple(given))

    def calls(self, *calls: Call) -> list[Any]:
        """The answers to several calls, asked in one question; raises CouldNotLook of the first
        that has none.
        """
        asked = [{"methodName": method, "params": list(given)} for method, *given in calls]
        answers: list[Any] = self._answer("system.multicall", (asked,))
        for one in answers:
            if isinstance(one, dict) and "faultCode" in one:
                raise CouldNotLook(say("probe.supervisor_fault", detail=one["faultString"]))
        return answers

    def log(self, service: str) -> str:
        """The end of what the process wrote, from a whole word on; empty where it keeps no log."""
        for method in ("supervisor.readProcessStderrLog", "supervisor.readProcessStdoutLog"):
            try:
                text = str(self.call((method, service, -TEXT_LIMIT, 0)))
            except CouldNotLook:
                continue
            if len(text.encode()) >= TEXT_LIMIT:
                return _HALF_A_WORD.sub("", text)
            if text:
                return text
        return ""

    def _answer(self, method: str, arguments: tuple[Any, ...]) -> Any:
        question = xmlrpc.client.dumps(arguments, method)
        return _ANSWERS.get((self._path, question), lambda: self._asked(question))

    def _asked(self, question: str) -> Any:
        try:
            headers = {"Content-Type": "text/xml"}
            self._connection.request("POST", "/RPC2", question.encode(), headers)
            return xmlrpc.client.loads(self._connection.getresponse().read())[0][0]
        except (OSError, HTTPException) as error:
            raise CouldNotLook(
                say("probe.no_supervisor", socket=self._path, detail=error)
            ) from error
        except xmlrpc.client.Fault as error:
            raise CouldNotLook(say("probe.supervisor_fault", detail=error.faultString)) from error
