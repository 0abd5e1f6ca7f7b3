"""How long a search takes on a phone, on a site of 10,000 records.

    .venv/bin/python benchmarks/search.py [ROUNDS] [--json]

Chromium as small as a phone, its processor slowed four times as Lighthouse slows it for one.  The
first search is timed from opening the box, with the index still to be read; the others from what is
typed to what is found, in the box people use.  The list of the records is narrowed the same way.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from growth import make, site_of
from measure import Row, row, told
from playwright.sync_api import Page, sync_playwright

COUNT = 10_000
SLOWED = 4
PHONE = {"width": 412, "height": 823}
QUERIES = ("连接数到上限", "OOM", "证书过期", "回滚", "too many connections")
LIMIT = 1.0  # seconds
_SEARCH = """async words => {
  const box = document.querySelector("[data-md-component=search-query]")
  const found = document.querySelector(".md-search-result__list")
  const before = found.innerHTML
  const begun = performance.now()
  const open = document.querySelector("#__search")
  if (!open.checked) open.click()
  box.focus()
  box.value = words
  box.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }))
  box.dispatchEvent(new Event("input", { bubbles: true }))
  while (found.innerHTML === before || !found.children.length) {
    await new Promise(requestAnimationFrame)
    if (performance.now() - begun > 30_000) throw new Error(`nothing found: ${words}`)
  }
  await new Promise(requestAnimationFrame)
  return performance.now() - begun
}"""
_NARROW = """async words => {
  const field = document.querySelector(".rb-filter [name=text]")
  const status = document.querySelector(".rb-filter [role=status]")
  const before = status.textContent
  const begun = performance.now()
  field.value = words
  field.dispatchEvent(new Event("input", { bubbles: true }))
  while (status.textContent === before) {
    await new Promise(requestAnimationFrame)
    if (performance.now() - begun > 30_000) throw new Error(`not narrowed: ${words}`)
  }
  await new Promise(requestAnimationFrame)
  return performance.now() - begun
}"""


def rows(rounds: int) -> Iterator[Row]:
    """The first search, the next ones, and the list narrowed."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is not installed: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(prefix="runbook-bench-") as base:
        records, site = Path(base, "records"), Path(base, "site")
        make(records, COUNT)
        site_of(records, site)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            first, later, narrowed = [], [], []
            for number in range(rounds + 1):
                page = _phone(browser, site / "index.html")
                times = [page.evaluate(_SEARCH, words) / 1000 for words in QUERIES]
                page.close()
                page = _phone(browser, site / "records" / "index.html")
                words = QUERIES[number % 2] + str(number)
                narrow = page.evaluate(_NARROW, words) / 1000
                page.close()
                if number:
                    first.append(times[0])
                    later += times[1:]
                    narrowed.append(narrow)
            browser.close()
    where = f"{COUNT:,} 份记录的站，手机（处理器慢 {SLOWED} 倍）"
    for name, title, took in (
        ("first", "打开搜索框到第一次有结果", first),
        ("next", "输入到结果", later),
        ("narrow", "记录列表筛选", narrowed),
    ):
        side = {"command": "Chromium", "seconds": [round(one, 4) for one in took]}
        yield row(f"search-{COUNT}-{name}", f"{where}：{title}", {"ours": side}, {"slowest": LIMIT})


def _phone(browser: Any, file: Path) -> Page:
    page: Page = browser.new_page(viewport=PHONE, is_mobile=True, has_touch=True)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto(file.as_uri())
    return page


if __name__ == "__main__":
    told(rows, 5)
