"""What supervisord is asked, it is asked in one question; what it refuses is told in its words."""

from __future__ import annotations

import pytest

from drill.place import Drill
from runbook.probes.look import CouldNotLook
from runbook.probes.supervisor import PID, Supervisor, state_of

pytestmark = pytest.mark.drill


def test_several_calls_are_answered_in_their_order(shared: Drill) -> None:
    with Supervisor(shared.state.supervisor_socket, 5.0) as supervisor:
        pid, api, again = supervisor.calls(PID, state_of("api"), PID)
        assert (pid, api["name"], api["statename"]) == (again, "api", "RUNNING")
        assert supervisor.call(state_of("api"))["pid"] == api["pid"]


def test_one_call_that_is_refused_is_told_in_its_words(shared: Drill) -> None:
    with (
        Supervisor(shared.state.supervisor_socket, 5.0) as supervisor,
        pytest.raises(CouldNotLook, match="BAD_NAME: nobody"),
    ):
        supervisor.calls(PID, state_of("nobody"))
