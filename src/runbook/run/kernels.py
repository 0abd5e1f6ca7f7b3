"""Starting kernels and ending them without the pauses Jupyter makes."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any, cast

from jupyter_client.asynchronous import AsyncKernelClient  # type: ignore[attr-defined]
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import default

from runbook.nursery import Kernel, Nursery, nursery
from runbook.run.leash import Leash

_WELCOME = 2.0  # seconds until a kernel is asked instead whether it is there
_DYING = 5.0  # seconds a killed kernel has
_TICK = 0.002
_OURS = KernelSpec(
    argv=[sys.executable, "-m", "runbook.kernel", "-f", "{connection_file}"],
    display_name="Python 3",
    language="python",
)


def manager_class(leash: Leash) -> type[AsyncKernelManager]:
    """A kernel manager that hands its kernel to the leash."""

    class LeashedKernelManager(AsyncKernelManager):
        # Sockets only we can open: over TCP any user of this machine could listen in.
        @default("transport")
        def _private(self) -> str:
            return "ipc"

        @default("ip")
        def _folder(self) -> str:
            return str(Path(leash.sockets) / "kernel")

        @default("client_factory")
        def _client(self) -> type[AsyncKernelClient]:
            return _Client

        @property
        def kernel_spec(self) -> KernelSpec:
            # Our own interpreter: what is installed under the name of a kernel may be another.
            return _OURS

        # Jupyter's pause a hundredth of a second after each, for its own tests.
        start_kernel = _unpaused("_async_start_kernel")
        shutdown_kernel = _unpaused("_async_shutdown_kernel")

        async def _async_pre_start_kernel(self, **options: Any) -> Any:
            self.kernel_id = self.kernel_id or str(uuid.uuid4())
            # What is to inherit something of ours is started by us.
            kind = _Early if nursery() and not leash.keep else _Local
            self.provisioner = self.provisioner or kind(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
            )
            return await super()._async_pre_start_kernel(**options)

        async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
            await super()._async_launch_kernel(kernel_cmd, pass_fds=leash.keep, **options)

        async def _async_post_start_kernel(self, **options: Any) -> None:
            await super()._async_post_start_kernel(**options)
            leash.hold(cast(int, cast(LocalProvisioner, self.provisioner).pid))

    return LeashedKernelManager


def _unpaused(method: str) -> Any:
    return getattr(AsyncKernelManager, method).__wrapped__


class _Client(AsyncKernelClient):
    async def wait_for_ready(self, timeout: float | None = None) -> None:
        # A kernel greets who has begun to listen (Jupyter's JEP 65).  Where it does not, Jupyter
        # asks it, and then waits for silence.
        with suppress(Empty):
            message = await self.iopub_channel.get_msg(timeout=_WELCOME)
            if message["msg_type"] == "iopub_welcome":
                return
        await super()._async_wait_for_ready(timeout)


class _Local(LocalProvisioner):
    async def kill(self, restart: bool = False) -> None:
        # Or Jupyter looks only every tenth of a second whether it is gone.
        await super().kill(restart)
        until = time.monotonic() + _DYING
        while await self.poll() is None and time.monotonic() < until:
            await asyncio.sleep(_TICK)


class _Early(_Local):
    """A kernel of the nursery; where it has none to give, one as Jupyter starts it."""

    _waiting: Kernel | None = None

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        with suppress(OSError):
            self._waiting = cast(Nursery, nursery()).kernel()
        if self._waiting is None:
            return await super().pre_launch(**options)
        manager = cast(AsyncKernelManager, self.parent)
        manager.connection_file = str(self._waiting.file)
        manager.load_connection_file()
        self.connection_info = manager.get_connection_info()
        command = manager.format_kernel_cmd(options.pop("extra_arguments", []))
        return await KernelProvisionerBase.pre_launch(self, cmd=command, **options)

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        self.cwd = options.get("cwd") or Path.cwd()
        try:
            if self._waiting is None:
                raise ChildProcessError
            pid = self._waiting.begin(options.get("env") or os.environ, str(self.cwd))
            self.process = cast(Any, _Process(pid))
        except (OSError, ValueError):
            return await super().launch_kernel(cmd, **options)
        self.pid = self.pgid = pid
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        if isinstance(self.process, _Process):
            # Nothing survives that signal, and nobody need wait while its memory is taken apart.
            await LocalProvisioner.kill(self, restart)
            self.process.killed = True
        else:
            await super().kill(restart)


class _Process:
    """What a provisioner wants of a process, of one that is not our child."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self._handle = os.pidfd_open(pid)
        self.killed = False

    def poll(self) -> int | None:
        ended = self.killed or select.select([self._handle], [], [], 0)[0]
        return -signal.SIGKILL if ended else None

    def wait(self) -> int:
        if not self.killed:
            select.select([self._handle], [], [])
        os.close(self._handle)
        return -signal.SIGKILL

    def send_signal(self, number: int) -> None:
        signal.pidfd_send_signal(self._handle, number)
