"""Whatever the data and the pages name of a deployment is a claim, and every claim has a judge."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from deployments import CASES, target_of

from runbook.catalog import load
from runbook.drift.claims import claims, page_claims
from runbook.drift.compare import JUDGES, compare
from runbook.model import Target
from runbook.model.deployment import Deployment
from runbook.model.drift import Claim, ClaimKind
from tests.conftest import ROOT

# What a person would underline: names of a deployment as they stand in a file, by their look.
LITERALS: dict[str, str] = {
    "script": r"(?:\./)?scripts/[a-z-]+\.sh",
    "port": r"(?:localhost|127\.0\.0\.1):(\d+)",
    "route": r"(?:localhost:\d+|\$\{api_url\})(/[a-z][\w/-]*)",
    "flag": r"\.sh,.* (--[a-z-]+)",
    "verb": r"docker-compose,? ([a-z]+)",
    "scale": r"--scale,? ([a-z]+)=\d",
    "service": r"docker-compose, (?:restart|ps|logs|up, -d), ([a-z]+)[\],]",
    "program": r"exec, (?:-T, )?[a-z]+, ([a-z_]+)\]",
    "variable": r"([A-Z][A-Z_]+)=[a-z]",
    "host": r"(?:ping|nslookup), (?:-\w+, \d+, )?([a-z.]+)",
    "subcommand": r"alert-webhook\.sh, ([a-z-]+)",
    "choice": r"--type, ([a-z]+)",
    "image": r"\.sh,.*--tag, ([a-z]+)",
}


@pytest.mark.parametrize("kind", LITERALS)
def test_every_literal_of_the_data_and_the_pages_is_a_claim(kind: str, aura: Target) -> None:
    claimed = claims(load(ROOT), aura)
    there = {(one.where.rsplit(":", 1)[0], one.name.removeprefix("./")) for one in claimed}
    written = list(literals(kind))
    assert written
    assert [one for one in written if one not in there] == []


def literals(kind: str) -> Iterator[tuple[str, str]]:
    pattern = re.compile(LITERALS[kind])
    files = [*(ROOT / "data").glob("[!t]*.yml"), *(ROOT / "data" / "scenarios").glob("*.yml")]
    for file in [*files, *(ROOT / "docs").rglob("*.md")]:
        quoted = False
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            quoted = line.strip() == "errors:" or (quoted and line.strip().startswith("- "))
            if quoted or line.lstrip().startswith("#") or "_CASE" in line:
                continue
            for match in pattern.finditer(line):
                name = match[1] if match.groups() else match[0]
                yield f"{file.relative_to(ROOT).as_posix()}:{number}", name.removeprefix("./")


@pytest.mark.parametrize(
    ("line", "claim"),
    [
        ("重启用 `docker-compose restart worker`。", ("service", "worker")),
        ("```bash\n./scripts/backup.sh --keep 7\n```", ("flag", "--keep")),
        ("就绪看 `/ready`。", ("route", "/ready")),
        ("API 在 http://localhost:8080/healthz。", ("port", "8080")),
        ("它在端口 3002 上。", ("port", "3002")),
        ("改 `docker-compose.prod.yml`。", ("file", "docker-compose.prod.yml")),
        ('{{ command("docker logs aura-api") }}', ("container", "aura-api")),
        ("`AI_MODEL=gpt docker-compose up -d api`", ("variable", "AI_MODEL")),
    ],
)
def test_what_is_new_on_a_page_is_a_claim_too(line: str, claim: tuple[str, str]) -> None:
    found = page_claims(line, "docs/new.md")
    assert claim in {(one.kind, one.name) for one in found}


def test_an_export_is_a_claim_about_the_service_that_is_started_next() -> None:
    page = "```\nexport AI_PROVIDER=mock\ndocker-compose restart api\n```\n"
    found = [one for one in page_claims(page, "docs/new.md") if one.kind == "variable"]
    assert Claim(
        where="docs/new.md:3:1", kind="variable", name="AI_PROVIDER", of="restart api"
    ) in (found)


def test_a_restart_after_an_export_is_drift(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    axes = copy / "data" / "axes.yml"
    text = axes.read_text(encoding="utf-8")
    said = "AI 功能从此给出固定的回答，其余照常\n"
    old = said + "      argv: [docker-compose, up, -d, api]"
    assert old in text
    axes.write_text(text.replace(old, old.replace("up, -d", "restart")), encoding="utf-8")
    catalog = load(copy)
    target = target_of(catalog, copy, monkeypatch)
    seen = Deployment.model_validate_json((CASES / "clean.json").read_text(encoding="utf-8"))
    drift = compare(claims(catalog, target), seen, target)[0]
    assert [one.code for one in drift] == ["restart_keeps"]
    line = text[: text.index(old)].count("\n") + 2
    assert drift[0].where.startswith(f"data/axes.yml:{line}:")
    load.cache_clear()


def test_every_kind_of_claim_has_a_judge_and_a_word() -> None:
    words = tomllib.loads((ROOT / "src/runbook/words/zh.toml").read_text(encoding="utf-8"))
    assert {*get_args(ClaimKind)} == {*JUDGES}
    assert {*get_args(ClaimKind)} <= {*words["drift_kind"]}


def test_everything_that_may_be_found_has_its_sentences_and_no_sentence_is_idle() -> None:
    words = tomllib.loads((ROOT / "src/runbook/words/zh.toml").read_text(encoding="utf-8"))
    sources = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "src/runbook/drift").rglob("*.py")
    )
    named = {*re.findall(r'"([a-z_]+(?:-[a-z]+)?)"', sources)}
    used = {code for code in words["drift_found"] if code in named}
    assert {*words["drift_found"]} - used - {"no_compose_file"} == set()
    assert {*words["drift_why"]} == {code.partition("-")[0] for code in used}
