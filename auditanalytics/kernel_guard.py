"""A small process that outlives the run, and ends what the run cannot end any more.

Each run starts one, tells it which groups of processes it has started and which have ended, and holds the other end of
its standard input. Nobody can catch being killed; but when the run is gone its end of the pipe is closed, and by that
the guard knows that every group which is left is an orphan. It imports nothing of the library, so that it costs little.
"""

import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress

STARTED, ENDED = "+", "-"


def groups_left(told: Iterable[str]) -> set[int]:
    """Find the groups of processes that were started and have not ended, when nothing more is told.

    Parameters
    ----------
    told
        Lines such as ``+1234``, a group that was started, or ``-1234``, one that has ended.

    Returns
    -------
    set of int
        The groups that are left.

    Examples
    --------
    >>> groups_left(["+12", "+34", "-12"])
    {34}
    """
    left: set[int] = set()
    for line in told:
        group = int(line[1:])
        (left.add if line[0] == STARTED else left.discard)(group)
    return left


def main() -> None:
    """Wait until the run is gone, and end what is left of it."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    for group in groups_left(sys.stdin):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
