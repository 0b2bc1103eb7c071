"""What a kernel does before the first cell: it takes on its limit of memory.

A cell that asks for more memory than there is would otherwise slow the machine down until the system ends some process
or other.
"""

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
