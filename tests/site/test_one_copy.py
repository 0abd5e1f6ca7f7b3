"""A fact stands once: who changes it in data/ changes it wherever it is shown, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from handmade import ROOT, build, keep, record

from runbook import case
from runbook.catalog import load
from runbook.checks import judge
from runbook.cli.oncall import oncall
from runbook.cli.rules import RULES, rules
from runbook.model import Evidence
from runbook.publish import publish
from runbook.render.words import iso, within

SHOWN = Path("tests/cases/database-connection")
NOW = datetime.fromtimestamp(1795500000, UTC)
HANDOVERS = ("2026-11-02T10:00", "2026-11-09T10:00", "2026-11-16T10:00", "2026-11-23T10:00")


class Changes:
    """Every phone, threshold, limit and deadline of the data with a value seen nowhere else."""

    def __init__(self, root: Path) -> None:
        self.shown: dict[str, str] = {}  # as people see it: the new value to the old one
        self.lines = 0
        numbers, minutes = count(71), count(121, 2)
        for file in sorted((root / "data").rglob("*.yml")):
            text = file.read_text(encoding="utf-8")
            text = re.sub(r"(phone: )(\S+)", lambda m: m[1] + self._phone(m[2], numbers), text)
            text = re.sub(
                r"((?:(?:respond|resolve)_within|update_every): )(P\w+)",
                lambda m: m[1] + self._time(m[2], minutes),
                text,
            )
            if file.stem in ("monitoring", "checks"):
                text = re.sub(r"(value: )([\d.]+)", lambda m: m[1] + self._number(m[2]), text)
                text = re.sub(r"(limits: )({.*})", lambda m: m[1] + self._limits(m[2]), text)
            file.write_text(text, encoding="utf-8")

    def _phone(self, old: str, numbers: Iterator[int]) -> str:
        new = f"+86-139-7777-00{next(numbers)}"
        self.shown |= {new: old, new.replace("-", ""): old.replace("-", "")}
        return self._changed(new)

    def _time(self, old: str, minutes: Iterator[int]) -> str:
        new = f"PT{next(minutes)}M"
        for said in (within, iso):
            self.shown[said(_duration(new))] = said(_duration(old))
        return self._changed(new)

    def _number(self, old: str) -> str:
        new = f"{old}{'' if '.' in old else '.'}0625"  # so near that it is judged as before
        self.shown[new] = old
        return self._changed(new)

    def _limits(self, old: str) -> str:
        return re.sub(r"\d+(?:\.\d+)?", lambda m: self._number(m[0]), old)

    def _changed(self, new: str) -> str:
        self.lines += 1
        return new

    def undone(self, text: str) -> str:
        """The text with every new value as it was."""
        for new in sorted(self.shown, key=len, reverse=True):
            text = text.replace(new, self.shown[new])
        return text


def outputs(root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """All that the runbook says: pages, feeds of the search, rules, who is on call, a notebook."""
    monkeypatch.setenv("RUNBOOK_ROOT", str(root))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    done = build(root, root / "site")
    assert done.returncode == 0, done.stderr
    catalog = load(root)
    keep(root / "records", record("INC-20261124-01", minutes=30))
    publish(catalog, root / "records", root / "site", NOW)
    feeds = [
        *root.glob("site/**/*.ics"),
        *root.glob("site/**/*.vcf"),
        root / "site/api/oncall.json",
    ]
    pages = [page for page in (root / "site").rglob("*.html") if "records" not in page.parts]
    # The codes to scan say the number too, only not to people; a style's widths are no facts.
    unread = re.compile("<svg.*?</svg>|<style.*?</style>", re.DOTALL)
    found = {
        page.relative_to(root).as_posix(): unread.sub("", page.read_text("utf-8"))
        for page in pages + feeds
    }
    index = json.loads((root / "site/search/search_index.json").read_text(encoding="utf-8"))
    found |= {one["location"]: one["text"].replace("\u200b", "") for one in index["docs"]}
    for moment in HANDOVERS:
        for form in ([], ["--json"]):
            done_ = CliRunner().invoke(oncall, ["--at", moment, *form], catch_exceptions=False)
            found[f"oncall {moment} {form}"] = done_.output
    CliRunner().invoke(rules, [str(root / "rules")], catch_exceptions=False)
    found[RULES] = (root / "rules" / RULES).read_text(encoding="utf-8")
    found |= {f"notebook {name}": text for name, text in notebook(root, monkeypatch)}
    return found


def notebook(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """What every cell of the notebook shows for each kind of evidence that was ever seen."""
    catalog = load(root)
    slug = SHOWN.name
    for file in sorted((ROOT / SHOWN).glob("*.json")):
        evidence = [
            Evidence.model_validate(one) for one in json.loads(file.read_text())["evidence"]
        ]
        checks = catalog.scenario(slug).checks
        findings = judge(checks, catalog.checks, evidence)
        shown: list[Any] = []
        monkeypatch.setattr(case, "display", lambda data, raw, to=shown: to.append(data))
        one = case.Case(slug, catalog, catalog.target("production"), tuple(evidence), findings)
        one.show(*checks)
        one.conclude()
        yield file.stem, "\n".join(data["text/html"] + data["text/plain"] for data in shown)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for folder in ("docs", "data", "macros", "notebooks"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / "src" / "runbook").mkdir(parents=True)
    shutil.copy(ROOT / "mkdocs.yml", root)
    return root


def test_a_changed_fact_changes_all_that_shows_it_and_nothing_else(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(project, changed)
    changes = Changes(changed)
    assert changes.lines >= 4 + 4 + 8 + 8 + 4
    before, after = outputs(project, monkeypatch), outputs(changed, monkeypatch)
    assert before.keys() == after.keys()
    for name in before:
        assert changes.undone(after[name]) == before[name], name
    everything = "\n".join(after.values())
    for new, old in changes.shown.items():
        assert new in everything, f"{old} is shown nowhere"
    # What a notebook observed or a benchmark took may happen to be the number of a threshold.
    told = (text for name, text in after.items() if not re.match("notebook|.*benchmarks", name))
    written = "\n".join(told)
    for old in set(changes.shown.values()):
        bare = re.fullmatch(r"[\d.]+", old)
        unit, texts = (" ?(%|ms| MB| 秒)", written) if bare else ("", everything)
        second = re.search(rf"(?<![\d.:\-]){re.escape(old)}(?![\d.\-]){unit}", texts)
        assert second is None, texts[second.start() - 60 : second.end() + 20]


def test_no_phone_and_no_deadline_is_written_twice_in_what_people_edit() -> None:
    places = ("data", "docs", "notebooks", "macros", "src", "drill", "README.md", "mkdocs.yml")
    files = [
        file
        for place in places
        for file in ([ROOT / place] if (ROOT / place).is_file() else (ROOT / place).rglob("*"))
        if file.suffix in (".yml", ".md", ".ipynb", ".toml", ".html", ".js")
    ]
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    catalog = load(ROOT)
    phones = [one.phone for one in (*catalog.contacts.values(), *catalog.vendors.values())]
    for phone in phones:
        assert phone is None or sum(text.count(phone) for text in texts.values()) == 1, phone
    deadlines = {
        within(time)
        for one in catalog.severities.values()
        for time in (one.respond_within, one.resolve_within)
    }
    data = ROOT / "data"
    for file, text in texts.items():
        said = [deadline for deadline in deadlines if deadline in text]
        assert not said or file.is_relative_to(data / "schemas"), (file, said)


def _duration(written: str) -> timedelta:
    number, unit = int(written[2:-1]), written[-1]
    return timedelta(hours=number) if unit == "H" else timedelta(minutes=number)
