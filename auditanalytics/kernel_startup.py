"""What a kernel does before the first cell: it takes on its limits.

A cell that asks for more memory than there is would otherwise slow the machine down until the system ends some process
or other; and a kernel whose run was killed would go on for nobody.
"""

import ctypes
import signal
import sys
from contextlib import suppress


def limit_memory(most: int) -> None:
    """Refuse this process more memory than so much; asking for more is a `MemoryError` then.

    Parameters
    ----------
    most
        Bytes of data, whatever is only read from files apart. Where the system has no such limit nothing happens.
    """
    with suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard < 0 else min(most, hard), hard))


def end_with_parent() -> None:
    """Let the system end this process when the one that started it ends, however busy it is then; on Linux."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


_SET_PARENT_DEATH_SIGNAL = 1
