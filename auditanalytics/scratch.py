"""Folders for what a run needs only while it runs.

Each is this user's alone, and beside it lies a lock that the run holds. When a run is killed nobody takes its folder
away; but its lock is free then, and by that the next run knows the folder for debris and clears it.
"""

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX, _LOCK = "auditanalytics-", ".lock"


@contextmanager
def scratch_folder(*, longest: int | None = None) -> Iterator[Path]:
    """Make a folder, and take it away again; first those that killed runs of this user have left.

    Parameters
    ----------
    longest
        Characters that its path may have. Where the usual place for temporary files has a longer name, it is made
        under ``/tmp``.

    Yields
    ------
    pathlib.Path
        An empty folder that only this user can enter.

    Examples
    --------
    >>> with scratch_folder() as folder:
    ...     folder.is_dir()
    True
    >>> folder.exists()
    False
    """
    places = _places(longest)
    for place in places:
        _clear_debris(place)
    folder = places[0] / f"{_PREFIX}{secrets.token_hex(4)}"
    lock = FileLock(_lock_of(folder), mode=0o600)
    lock.acquire()  # before there is a folder, so that one whose lock is free is debris
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        _lock_of(folder).unlink(missing_ok=True)


def _places(longest: int | None) -> list[Path]:
    """Where temporary files may lie, first where this one shall."""
    usual, short = Path(tempfile.gettempdir()), Path("/tmp")
    fits = longest is None or len(f"{usual / _PREFIX}12345678") <= longest
    return [usual] if fits or not os.access(short, os.W_OK) else [short, usual]


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}{_LOCK}")


def _clear_debris(place: Path) -> None:
    for lock in place.glob(f"{_PREFIX}*{_LOCK}"):
        folder = lock.with_name(lock.name.removesuffix(_LOCK))
        # Somebody else's file, or a link to one, is left alone: this place may be open to everybody.
        if not _is_own(lock, stat.S_ISREG) or (folder.exists() and not _is_own(folder, stat.S_ISDIR)):
            continue
        with suppress(Timeout, OSError), FileLock(lock, timeout=0):
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlink(missing_ok=True)


def _is_own(path: Path, is_kind: Callable[[int], bool]) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return is_kind(found.st_mode) and (os.name != "posix" or found.st_uid == os.geteuid())
