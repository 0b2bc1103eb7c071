"""Put a report in its place: a complete one or none.

A report is made in a folder beside the place where it will stand, on the same file system, and moved there whole. A
run that fails leaves the last good report as it was. One run at a time may publish into a folder.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from auditanalytics.errors import ArgumentError, LockedError

_STAGE = ".stage-"
_OLD = ".old-"
_LOCK = ".lock"


@contextmanager
def staged(out: Path, name: str) -> Iterator[Path]:
    """Give a folder to make a report in, and move it into place when nothing failed.

    Parameters
    ----------
    out
        The folder that holds reports; it is made if need be.
    name
        The name of the report's folder in it.

    Yields
    ------
    pathlib.Path
        An empty folder that only this user can enter.

    Raises
    ------
    ArgumentError
        If ``out`` cannot be written, belongs to another user, or anybody may write into it.
    LockedError
        If another run is publishing into ``out``.
    """
    _check_folder(out)
    lock = FileLock(out / _LOCK, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(f"another run is publishing into {out}; try again when it has ended") from None
    try:
        _clear_debris(out)
        stage = out / f"{_STAGE}{secrets.token_hex(4)}"
        stage.mkdir(mode=0o700)
        try:
            yield stage
            _swap(stage, out / name)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    finally:
        lock.release()


def _check_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode, owner = out.stat().st_mode, out.stat().st_uid
    except OSError as error:
        raise ArgumentError(f"the folder {out} cannot be used for reports: {error.strerror}") from None
    if os.name == "posix" and mode & 0o002:
        raise ArgumentError(f"anybody may write into the folder {out}; run: chmod o-w '{out}'")
    if os.name == "posix" and owner != os.geteuid():
        raise ArgumentError(f"the folder {out} belongs to another user; choose one of your own")
    if not os.access(out, os.W_OK | os.X_OK):
        raise ArgumentError(f"the folder {out} cannot be written")


def _clear_debris(out: Path) -> None:
    """What a run that was killed left behind; a report it had set aside is put back if none stands in its place."""
    for folder in out.glob(f"{_STAGE}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in out.glob(f"{_OLD}*"):
        place = out / folder.name.removeprefix(_OLD)
        if place.exists():
            shutil.rmtree(folder, ignore_errors=True)
        else:
            folder.rename(place)


def _swap(stage: Path, place: Path) -> None:
    old = place.with_name(f"{_OLD}{place.name}")
    if place.exists():
        place.rename(old)
    stage.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def sha256_of(folder: Path) -> dict[str, str]:
    """Hash every file of a folder.

    Parameters
    ----------
    folder
        A folder.

    Returns
    -------
    dict of str
        The SHA-256 of each file by its path in the folder, in order.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
