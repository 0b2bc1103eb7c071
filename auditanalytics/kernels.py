"""The kernels of one run: nobody else's to speak to, in clean surroundings, within limits, and gone when it ends.

A kernel is a process that runs whatever a notebook says. So it gets no variable of the environment that it does not
need, no start-up file, history or settings of the user, one time zone and one locale whoever starts it, and so much
memory; and when its page is done, or the run is stopped, it is ended together with every process it started.
"""

import os
import secrets
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec

from auditanalytics.errors import NotebookError
from auditanalytics.kernel_guard import ENDED, STARTED

LONGEST_SOCKET = 107 if sys.platform == "linux" else 103
"""Characters that the path of a socket may have."""

LONGEST_FOLDER = LONGEST_SOCKET - len("/12345678-5")
"""Characters that the path of a folder for kernels may have, if they are to be spoken to through sockets in it."""

_PASSED_ON = (
    # where programs, libraries and fonts are
    *("PATH", "PATHEXT", "COMSPEC", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"),
    *("CONDA_PREFIX", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONTZPATH"),
    # who the user is, and where settings, caches and temporary files lie
    *("HOME", "USER", "LOGNAME", "USERNAME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA"),
    *("PROGRAMDATA", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "MPLCONFIGDIR", "TMPDIR", "TEMP", "TMP"),
)
_PASSED_ON_PREFIXES = ("AUDITANALYTICS_", "COVERAGE_")

_SET = {
    "TZ": "Europe/London",
    "LC_ALL": "C.UTF-8",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONSAFEPATH": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # One thread each: as many notebooks run as there are processors, and a sum does not depend on how many there are.
    **dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1"),
}

_STARTUP = """\
import sys
exit = quit = sys.exit
del sys
from auditanalytics.kernel_startup import limit_memory
limit_memory({memory})
del limit_memory
"""
"""IPython's own exit() ends the kernel a moment later, when the cells after it may already have run."""


_FILES_OF_A_RUN, _FILES_OF_A_KERNEL = 40, 40
"""Files and sockets that this process may have open: in any case, and for each kernel that runs (28 were counted)."""


def allow_open_files(kernels: int) -> None:
    """See to it that so many kernels can be spoken to at once.

    Parameters
    ----------
    kernels
        How many run at once.

    Raises
    ------
    NotebookError
        If this process may not open so many files; what speaks to kernels would end the whole process then.
    """
    with suppress(ImportError):
        import resource

        needed = _FILES_OF_A_RUN + _FILES_OF_A_KERNEL * kernels
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if 0 <= soft < needed and (hard < 0 or needed <= hard):
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
        elif 0 <= soft < needed:
            raise NotebookError(
                f"this process may have {hard} files open, and {kernels} notebooks at once need {needed}; "
                f"run fewer at once (--jobs 1) or allow more (ulimit -n {needed})"
            )


class Kernels:
    """The kernels of one run; leaving its context ends all that are left.

    Parameters
    ----------
    folder
        Where they are spoken to and what they need lies; it must be this user's alone.
    memory
        Bytes that each may have.
    """

    def __init__(self, folder: Path, *, memory: int) -> None:
        self.folder, self.stopped = folder, False
        self._groups: set[int] = set()
        self._guard = _start_guard()
        startup = folder / "profile_default" / "startup"
        startup.mkdir(parents=True)
        (startup / "00-limits.py").write_text(_STARTUP.format(memory=memory), encoding="utf-8")
        (folder / "matplotlibrc").touch()
        self.environment = _environment() | {
            "IPYTHONDIR": str(folder),
            "JUPYTER_RUNTIME_DIR": str(folder),
            "MATPLOTLIBRC": str(folder / "matplotlibrc"),
        }

    def __enter__(self) -> "Kernels":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._guard and self._guard.stdin:
            self._guard.stdin.close()
            self._guard.wait()

    @property
    def manager(self) -> type[AsyncKernelManager]:
        """The class by which a notebook starts a kernel of this run."""
        return type("KernelOfThisRun", (_KernelManager,), {"kernels": self})

    def stop(self) -> None:
        """End every kernel at once, and let none be started any more."""
        self.stopped = True
        for group in list(self._groups):
            self.end_group(group)

    def started(self, group: int | None) -> None:
        """Note that a kernel was started, as the leader of a group of processes."""
        if group:
            self._groups.add(group)
            self._tell_guard(STARTED, group)
            if self.stopped:
                self.end_group(group)

    def end_group(self, group: int | None) -> None:
        """End a kernel with all that it started."""
        if group and hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
            self._groups.discard(group)
            self._tell_guard(ENDED, group)

    def _tell_guard(self, what: str, group: int) -> None:
        if self._guard and self._guard.stdin:
            with suppress(OSError, ValueError):  # it is gone, or told nothing more
                self._guard.stdin.write(f"{what}{group}\n")


def _start_guard() -> subprocess.Popen[str] | None:
    """A process that ends the kernels should this one be killed; Windows has no groups of processes to end."""
    if os.name != "posix":
        return None
    return subprocess.Popen(
        [sys.executable, "-I", str(Path(__file__).with_name("kernel_guard.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
        bufsize=1,
        text=True,
    )


class _KernelManager(AsyncKernelManager):
    """Starts a kernel that only this user can talk to, and that cannot write into anybody's log."""

    kernels: Kernels
    # This Python, whatever kernels of the same name the user has installed.
    kernel_spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], language="python"
    )

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        place = self.kernels.folder / secrets.token_hex(4)
        self.connection_file = f"{place}.json"
        self.shutdown_wait_time = 4.0  # half of it to end of itself, half when told to
        if os.name == "posix" and len(f"{place}-5") <= LONGEST_SOCKET:
            self.transport, self.ip = "ipc", str(place)

    async def start_kernel(self, **settings: Any) -> None:
        if self.kernels.stopped:
            raise RuntimeError("the run was stopped")
        where = {"env": self.kernels.environment, "cwd": str(self.kernels.folder)}
        await super().start_kernel(**settings | where, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.kernels.started(self._group)

    async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
        group = self._group
        try:
            await super().shutdown_kernel(now=now, restart=restart)
        finally:
            self.kernels.end_group(group)

    @property
    def _group(self) -> int | None:
        return getattr(self.provisioner, "pgid", None)


def _environment() -> dict[str, str]:
    """What a kernel gets of this process's environment, and what every kernel gets."""
    passed_on = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _PASSED_ON or name.upper().startswith(_PASSED_ON_PREFIXES)
    }
    if "PYTHONPATH" in passed_on:  # a kernel does not start in the current folder
        parts = passed_on["PYTHONPATH"].split(os.pathsep)
        passed_on["PYTHONPATH"] = os.pathsep.join(str(Path(part).absolute()) for part in parts)
    return passed_on | _SET
