"""A check in a process beside, so that looking through a large workbook costs no time of its own.

calamine does not mind XML that is wrongly closed, so every sheet is also read by a parser that does. The two need
nothing of each other; but nothing is handed on before the check has passed.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from auditanalytics.parsing.limits import MEGABYTE, RefusedError

_WORTHWHILE = 2 * MEGABYTE
"""Bytes to look through, below which a process of its own would cost more than it saves."""


@contextmanager
def checked_beside(check: Callable[[], None], *, size: int) -> Iterator[None]:
    """Run a check beside the work of the block, and refuse at its end what the check refuses.

    Parameters
    ----------
    check
        Raises `RefusedError` for what is not to be read.
    size
        Bytes that it looks through.

    Yields
    ------
    None
        Where no process can be started beside, or it is not worth it, the check has run already.

    Raises
    ------
    RefusedError
        If the check refuses, whatever else went wrong in the block.
    """
    if size < _WORTHWHILE or not hasattr(os, "fork"):
        check()
        yield
        return
    verdicts, verdict = os.pipe()
    process = os.fork()
    if process == 0:
        os.write(verdict, _verdict(check).encode())
        os._exit(0)
    os.close(verdict)
    try:
        yield
    finally:
        with os.fdopen(verdicts, "rb") as said:
            code = said.read().decode()
        os.waitpid(process, 0)
        if code != _PASSED:
            raise RefusedError(code or "too_large")  # without a word: there was no memory for it


_PASSED = "passed"


def _verdict(check: Callable[[], None]) -> str:
    try:
        check()
    except RefusedError as refused:
        return refused.code
    except MemoryError:
        return "too_large"
    except BaseException:
        return "damaged"
    return _PASSED
