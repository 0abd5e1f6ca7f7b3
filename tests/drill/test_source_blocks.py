"""The commands of the team's first handbook, typed as written on the host of the compose drill."""

from __future__ import annotations

import pytest

from drill.compose.deployment import Deployment
from drill.compose.health import all_run, healthy
from drill.compose.host import host, type_in
from drill.wait import until
from tests.source_blocks import blocks

INTERRUPTED = 124  # as coreutils' timeout says of what it ended


@pytest.mark.parametrize(("name", "lines"), blocks().items(), ids=list(blocks()))
def test_a_block_of_the_handbook_runs_as_written(
    name: str, lines: list[str], compose: Deployment
) -> None:
    assert until(lambda: healthy(compose), seconds=30, every=0.3)
    with host(compose) as container:
        typed = []
        for one in type_in(container, lines):
            typed.append(one)
            # A person looks whether it is there again before he types on.
            until(lambda: all_run(compose), seconds=30, every=0.3)
    compose.compose("up", "-d", "--scale", "api=1")
    assert [one.line for one in typed] == lines
    for one in typed:
        assert one.exit == (INTERRUPTED if one.interrupted else 0), (one.line, one.output)
