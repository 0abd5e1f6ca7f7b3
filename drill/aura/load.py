"""Callers of the API: a few requests a second, whatever it answers."""

from __future__ import annotations

import itertools
import os
import threading
import time
from contextlib import suppress

import httpx

PERIOD_SECONDS = 0.5
PATIENCE_SECONDS = 3.0


def call(http: httpx.Client, number: int) -> None:
    """One request has been made, and its outcome ignored."""
    with suppress(httpx.HTTPError):
        if number % 2:
            http.post("/api/workflows", json={"title": f"workflow {number}"})
        else:
            http.get("/api/workflows")


def main() -> None:
    """Requests at a steady pace, each on its own, so that a slow answer delays no other."""
    url = os.environ["AURA_API_URL"]
    http = httpx.Client(base_url=url, timeout=PATIENCE_SECONDS, trust_env=False)
    for number in itertools.count():
        threading.Thread(target=call, args=(http, number), daemon=True).start()
        time.sleep(PERIOD_SECONDS)


if __name__ == "__main__":
    main()
