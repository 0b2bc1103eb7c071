"""Put a folder in the place of another so that at every instant one of the two is whole.

Linux exchanges two names in one step. Where the file system cannot (a share of another machine, say) or the system has
no such call (Windows, macOS), the old folder is set aside under a name from which `recover` puts it back, should the
run be killed before the new one stands. And where the old folder cannot be moved, because somebody has a file of it
open on Windows, the new one gets a second name.
"""

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

_SET_ASIDE = ".old-"
_CANNOT_EXCHANGE = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
_IN_USE = (errno.EACCES, errno.EPERM, errno.EBUSY)
_MOST_NAMES = 9


def put_in_place(new: Path, place: Path) -> Path | None:
    """Move a folder to a place, and what stands there out of it.

    Parameters
    ----------
    new
        A folder, on the same file system as the place.
    place
        Where it shall stand.

    Returns
    -------
    pathlib.Path or None
        Where the folder is that it replaced; None if there was none.

    Raises
    ------
    OSError
        If it could not be moved; all is as it was then. `is_in_use` tells whether that is because of what stands there.
    """
    if not place.exists():
        new.rename(place)
        return None
    if _exchange(new, place):
        return new
    aside = place.with_name(f"{_SET_ASIDE}{place.name}")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        place.rename(aside)
        new.rename(place)
    except BaseException:
        if aside.exists() and not place.exists():
            aside.rename(place)
        raise
    return aside


def is_in_use(error: OSError) -> bool:
    """Tell whether a folder could not be moved because somebody has it, or a file of it, open.

    Parameters
    ----------
    error
        What `put_in_place` raised.

    Returns
    -------
    bool
        True if so.
    """
    return error.errno in _IN_USE


def second_names(place: Path) -> list[Path]:
    """Name where a folder may stand whose place is in use.

    Parameters
    ----------
    place
        Where it should stand.

    Returns
    -------
    list of pathlib.Path
        The second names, in the order in which they are tried.

    Examples
    --------
    >>> second_names(Path("2019-Q4"))[0].name
    '2019-Q4-2'
    """
    return [place.with_name(f"{place.name}-{number}") for number in range(2, _MOST_NAMES + 1)]


def _exchange(one: Path, other: Path) -> bool:
    """Give each of two folders the name of the other in one step; False where that cannot be done."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if call is None:
        return False
    if call(_FROM_HERE, os.fsencode(one.absolute()), _FROM_HERE, os.fsencode(other.absolute()), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


_FROM_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE, as the kernel's headers number them."""


def recover(folder: Path) -> list[Path]:
    """Put back what a killed run had set aside and put nothing in its place.

    Parameters
    ----------
    folder
        A folder in which places are.

    Returns
    -------
    list of pathlib.Path
        What is still set aside because its place has been taken: it was replaced.
    """
    replaced = []
    for aside in sorted(folder.glob(f"{_SET_ASIDE}*")):
        place = place_of(aside)
        if place.exists():
            replaced.append(aside)
        else:
            aside.rename(place)
    return replaced


def place_of(aside: Path) -> Path:
    """Find where a folder stood before it was set aside.

    Parameters
    ----------
    aside
        A folder from `recover`.

    Returns
    -------
    pathlib.Path
        Its place.
    """
    return aside.with_name(aside.name.removeprefix(_SET_ASIDE))
