"""Strings that want to be more than text, and every way by which text from outside comes in."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

from handmade import AT, ROOT, SLUG, record

from runbook.catalog import Catalog, load
from runbook.checks import judge
from runbook.diagnosis import conclude
from runbook.diagnosis.compare import compare
from runbook.evidence import take
from runbook.model import Evidence, Record, Target
from runbook.model.event import Delivery, MessageSent, Mitigated, Noted, Opened, Resolved, RunEnded
from runbook.probes.look import KEPT
from runbook.records.keep import keep
from runbook.records.log import append
from runbook.redact import Redactor
from runbook.render.compare import changes_html
from runbook.render.finding import diagnosis_html, findings_html

CASES = ROOT / "tests" / "cases" / "hostile"
INCIDENT = "INC-20261124-01"
_MEDIA = (
    *("text/html", "text/markdown", "text/latex", "text/plain", "image/svg+xml", "image/png"),
    *("application/javascript", "application/json", "application/x-unknown+html"),
)
_PROBES = ("api-live", "api-ready", "ai-models", "ai-question", "edge-answer")
_numbers = count(1)


def strings() -> dict[str, list[str]]:
    """The strings by kind; in a file `{"of": text, "times": n}` is a long one."""
    return {
        file.stem: [
            one if isinstance(one, str) else one["of"] * one["times"]
            for one in json.loads(file.read_text(encoding="utf-8"))
        ]
        for file in sorted(CASES.glob("*.json"))
    }


def short() -> list[str]:
    """Every string that somebody could say, as a file can hold it."""
    return [whole(one) for kind, found in strings().items() if kind != "huge" for one in found]


def whole(text: str) -> str:
    """The text with a question mark for half a character, which no model takes."""
    return text.encode("utf-8", "replace").decode()


def fill(records: Path) -> None:
    """Records and an incident into the folder, made of nothing else."""
    catalog = load(ROOT)
    for kind, found in strings().items():
        _keep_run(catalog, records, kind, found)
    _tell(records)
    _misname(records)


@contextmanager
def _system(found: list[str]) -> Iterator[str]:
    """An API, a provider and an edge that answer with these strings."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = "\n".join(found).encode("utf-8", "replace")
            if self.path == "/readyz":
                checks: dict[str, Any] = {one[:500]: {"status": "down"} for one in found}
                for name, one in zip(("database", "ai_provider"), found, strict=False):
                    checks[name] = {"status": "unhealthy", "message": one[:100_000]}
                said = json.dumps({"status": found[0][:500], "checks": checks}).encode()
            self.send_response(503)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            with suppress(OSError):  # one that says too much is not listened to
                self.wfile.write(said)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def evidence_of(catalog: Catalog, found: list[str]) -> tuple[Target, tuple[Evidence, ...]]:
    """What the probes see of a system that answers so, and what a database could have said."""
    with _system(found) as url:
        target = catalog.target("production")
        assert isinstance(target, Target)
        given = target.model_dump() | {"title": whole(found[0])[:100]}
        given["api"]["url"] = url
        given["edge"] = {"url": url}
        given["ai"] = {"url": url, "model": "x", "key_env": "HOSTILE_KEY", "ask": True}
        target = Target.model_validate(given)
        seen = take(target, _PROBES, 5)
    queries = [{"pid": n, "query": one[:200], "seconds": 9.0} for n, one in enumerate(found)]
    said = {
        "database-session": {"outcome": "failed", "message": found[0][:KEPT], "blocked": queries},
        "api-log": {"lines": [one[:KEPT] for one in found]},
    }
    handmade = (
        Evidence(probe=name, at=AT, seconds=0.1, saw=Redactor().tidy(saw, 2000))
        for name, saw in said.items()
    )
    return target, (*seen, *handmade)


def _keep_run(catalog: Catalog, records: Path, kind: str, found: list[str]) -> None:
    """A run of the ai-service scenario as the archive keeps it, hostile in every part."""
    target, evidence = evidence_of(catalog, found)
    scenario = catalog.scenario("ai-service")
    findings = judge(scenario.checks, catalog.checks, evidence)
    diagnosis = conclude("ai-service", scenario, target, catalog.actions, findings, evidence)
    said = whole(" ".join(found))[:3000]
    of = record(INCIDENT, minutes=next(_numbers), title=said).model_copy(
        update={
            "name": f"run-of-{kind}",
            "target_title": said,
            "message": said,
            "path": tuple(whole(one)[:200] for one in found),
            "diagnosis": diagnosis,
        }
    )
    shown = {"text/html": findings_html(findings)}
    ended = {"text/html": diagnosis_html(diagnosis, {}, {}, said, [said], catalog.rotation.tz)}
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "# 标题"}]
    cells += [_code(text[:1000], _outputs(text)) for text in found]
    cells += [_code("case.show()", [_display(shown)]), _code("case.conclude()", [_display(ended)])]
    healthy = diagnosis.model_copy(
        update={"findings": (), "evidence": evidence[:0] + _well(evidence)}
    )
    compared = changes_html(compare(healthy, diagnosis), f"../{INCIDENT}/{said[:50]}")
    (records / INCIDENT).mkdir(parents=True, exist_ok=True)
    path = records / INCIDENT / f"{of.name}.ipynb"
    keep(path, {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, of, compared)


def _well(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    return tuple(one.model_copy(update={"saw": {}, "error": None}) for one in evidence)


def _code(source: str, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    metadata = {"tags": ["injected-parameters"]}
    code = {"cell_type": "code", "metadata": metadata, "execution_count": 1}
    return {**code, "source": source, "outputs": outputs}


def _display(data: dict[str, str]) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": data}


def _outputs(text: str) -> list[dict[str, Any]]:
    """What a cell puts out that says the text in every way there is; a long one in three."""
    stream = {"output_type": "stream", "text": text}
    if len(text) > 10_000:
        ways = [_display({one: text}) for one in ("text/html", "text/markdown")]
        return [{**stream, "name": "stdout"}, *ways]
    error = {"output_type": "error", "ename": text, "evalue": text, "traceback": [text, text]}
    said = [{**stream, "name": "stdout"}, {**stream, "name": "stderr"}, error]
    return [*said, *(_display({one: text}) for one in _MEDIA)]


def _tell(records: Path) -> None:
    """Everything people can say of an incident, past what would tidy it."""
    folder, said = records / INCIDENT, short()
    level = {"severity": "P1", "respond_within": timedelta(minutes=15)}
    level["resolve_within"] = timedelta(hours=4)
    everything = " ".join(said)
    happened = {"at": AT, "by": everything[:2000]}
    duty = {"primary": "x", "primary_name": everything, "secondary": "y", "secondary_name": "y"}
    opened = {
        "kind": "real",
        "title": everything,
        "level": level,
        "impact": everything,
        "commander": "x",
        "commander_name": everything,
        "on_call": duty,
    }
    append(folder, Opened.model_validate({**happened, **opened}).facts)
    for text in [*said, strings()["huge"][0]]:
        append(folder, Noted(at=AT, by=text[:100], text=text).facts)
        sent = Delivery(channel="x", title=text[:100], taken=True, tries=1, answer=text)
        message = MessageSent(at=AT, template="x", title=text, text=text, deliveries=(sent,))
        append(folder, message.facts)
    ran = {"record": everything[:200], "scenario": SLUG, "target": everything, "confirmed": said}
    append(folder, RunEnded.model_validate({**happened, **ran, "state": "complete"}).facts)
    for one in (
        Mitigated.model_validate({**happened, "text": everything}),
        Resolved.model_validate({**happened, "text": everything, "cause": everything}),
    ):
        append(folder, one.facts)
    (folder / "report.md").write_text("\n\n".join(said), encoding="utf-8")


def _misname(records: Path) -> None:
    """Records whose titles, files and folders are called so."""
    folder = records / "INC-20261124-02"
    folder.mkdir()
    for number, text in enumerate(short()):
        listed: Record = record(folder.name, minutes=number, title=text, observed=text)
        listed = listed.model_copy(update={"target_title": text})
        facts = {"metadata": {"runbook": listed.model_dump(mode="json")}}
        (folder / f"{number:06d}-x.ipynb").write_text(json.dumps(facts))
        name = text.replace("/", "∕").replace("\0", "")[:60]
        for file in (folder / f"{name}.ipynb", folder / f"{name}.html"):
            file.write_text("{}")
        with suppress(FileExistsError):
            (records / f"{name}-").mkdir()
        (records / f"{name}-" / "events.jsonl").write_text("{}\n")
