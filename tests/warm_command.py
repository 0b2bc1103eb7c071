"""A process that has imported the library, and becomes the command, forked, again and again.

Most of a short run goes into importing, and the faults that are tried on the command need hundreds of runs. What is
run is what `python -m auditanalytics` runs, in a process of its own, with its own environment, folder and limits. A
request may also ask for a real start of another program (a cold one).

    python tests/warm_command.py

It reads requests, each a line of JSON: `arguments`, `environment`, `folder`, `limits`, `ignored` (signals), `instead`
(the words of another program), and `result`, the folder into which it writes `stdout`, `stderr`, `process` (its number)
and `ended` (its exit code, seconds of processor and peak in kilobytes, with those of its children).
"""

import contextlib
import ctypes
import json
import os
import resource
import runpy
import signal
import sys
import tempfile
from importlib import import_module
from pathlib import Path

# What the command imports late, so that no run has to; it does not matter if one is gone.
LATE = ("auditanalytics.report", "auditanalytics.cli", "auditanalytics.kernels", "matplotlib.backends.backend_svg")


def serve() -> dict:
    """Fork for each request; only the child that is to become the command comes back, with its request."""
    for line in sys.stdin:
        request = json.loads(line)
        if os.fork() == 0:
            return watch(request)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
    sys.exit(0)


def watch(request: dict) -> dict:
    """Fork the command and write down its end."""
    child = os.fork()
    if child == 0:
        return request
    result = Path(request["result"])
    write(result / "process", child)
    _, status, used = os.wait4(child, 0)
    write(result / "ended", [os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss])
    os._exit(0)


def write(path: Path, value: object) -> None:
    """Write a file that is there only when it is whole."""
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(value), encoding="utf-8")
    unfinished.rename(path)


def become(request: dict) -> None:
    """Take on the surroundings of the command, and be it."""
    os.setsid()
    for name, limit in request["limits"].items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (limit, limit))
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests themselves may have been started with nohup
    for name in request["ignored"]:
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    environment = request["environment"] | {"FAULTY_CALLS_PROCESS": str(os.getpid())}
    os.chdir(request["folder"])
    for number, name in enumerate((os.devnull, "stdout", "stderr")):
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        os.dup2(os.open(Path(request["result"], name), flags, 0o600), number)
    if request["instead"]:
        os.execvpe(request["instead"][0], request["instead"], environment)
    os.environ.clear()
    os.environ.update(environment)
    if os.environ.pop("LD_PRELOAD", None):
        ctypes.CDLL(None).faulty_calls_begin()
    tempfile.tempdir = None
    sys.argv = ["auditanalytics", *request["arguments"]]
    runpy.run_module("auditanalytics", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    sys.path.pop(0)  # the command does not see what lies beside the tests
    for name in LATE:
        with contextlib.suppress(ImportError):
            import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    become(serve())
