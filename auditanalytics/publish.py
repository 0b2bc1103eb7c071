"""Put a report in its place: a complete one or none.

A report is made in a folder beside the place where it will stand, on the same file system; when all of it has reached
the disk it is moved there whole. A run that fails leaves the last good report as it was. One run at a time may publish
into a folder. A report that was replaced is kept for a while, out of sight.
"""

import datetime as dt
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from auditanalytics.clock import now_in_london
from auditanalytics.errors import ArgumentError, LockedError, PublishingError, describe_refusal
from auditanalytics.manifest import MANIFEST, read_manifest
from auditanalytics.run_settings import DEFAULT_PUBLISHING, EARLIER, READABLE_BY, Publishing
from auditanalytics.swap import is_in_use, place_of, put_in_place, recover, second_names

_STAGE, _LOCK = ".stage-", ".lock"


@dataclass
class Stage:
    """A report in the making.

    Attributes
    ----------
    folder
        Where it is made.
    place
        Where it stands when it is done: where it was meant to, or under a second name because what stands there is in
        use.
    stands
        Whether it stands there, whole.
    """

    folder: Path
    place: Path
    stands: bool = False


@contextmanager
def staged(out: Path, name: str, publishing: Publishing = DEFAULT_PUBLISHING) -> Iterator[Stage]:
    """Give a folder to make a report in, and move it into place when nothing failed.

    Parameters
    ----------
    out
        The folder that holds reports; it is made if need be.
    name
        The name of the report's folder in it.
    publishing
        Who may read it, and how long what it replaces is kept.

    Yields
    ------
    Stage
        An empty folder that only this user can enter, and where it will stand.

    Raises
    ------
    ArgumentError
        If ``out`` cannot be used, belongs to another user, or anybody may write into it.
    LockedError
        If another run is publishing into ``out``.
    PublishingError
        If something could not be written; what stood there stands.
    """
    with _failing_plainly(out):
        _check_folder(out, publishing)
        with _locked(out):
            _clear_debris(out, publishing)
            stage = Stage(out / f"{_STAGE}{secrets.token_hex(4)}", out / name)
            stage.folder.mkdir(mode=0o700)
            number = stage.folder.stat().st_ino
            try:
                yield stage
                _permit(stage.folder, publishing)
                _flush(stage.folder)
                _move(stage, publishing)
            finally:
                # Looked up, because a run may be stopped in the very step that puts it there.
                stage.stands = stage.place.exists() and stage.place.stat().st_ino == number
                shutil.rmtree(stage.folder, ignore_errors=True)


def keep_in_order(out: Path, name: str, publishing: Publishing = DEFAULT_PUBLISHING) -> None:
    """See to it that a report which is not made again is readable by whom it should be, and that old ones go in time.

    Parameters
    ----------
    out
        The folder that holds reports.
    name
        The name of the report's folder in it.
    publishing
        Who may read it, and how long what was replaced is kept.
    """
    with _failing_plainly(out):
        if (out / name).stat().st_mode & 0o777 != 0o700 | READABLE_BY[publishing.readable_by]:
            _check_folder(out, publishing)
            _permit(out / name, publishing)
        if _expired(out, publishing):
            with _locked(out):
                _prune(out, publishing)


@contextmanager
def _failing_plainly(out: Path) -> Iterator[None]:
    """What the system refuses, said in a sentence."""
    try:
        yield
    except OSError as error:
        raise PublishingError(
            f"the report could not be written into {out} ({describe_refusal(error)}); what was published before stands "
            "as it was"
        ) from None


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    lock = FileLock(out / _LOCK, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(f"another run is publishing into {out}; try again when it has ended") from None
    try:
        yield
    finally:
        lock.release()


_FAILING = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM)
"""Errors that say nothing against a folder; with others it is the wrong one."""


def _check_folder(out: Path, publishing: Publishing) -> None:
    others = READABLE_BY[publishing.readable_by]
    try:
        out.mkdir(parents=True, exist_ok=True, mode=0o700 | others)
        mode, owner = out.stat().st_mode, out.stat().st_uid
    except OSError as error:
        if error.errno in _FAILING:
            raise
        raise ArgumentError(f"the folder {out} cannot be used for reports: {error.strerror}") from None
    if os.name == "posix" and mode & 0o002:
        raise ArgumentError(f"anybody may write into the folder {out}; run: chmod o-w '{out}'")
    if os.name == "posix" and owner != os.geteuid():
        raise ArgumentError(f"the folder {out} belongs to another user; choose one of your own")
    if not os.access(out, os.W_OK | os.X_OK):
        raise ArgumentError(f"the folder {out} cannot be written")
    if mode & others != others:
        out.chmod(mode | others)


def _clear_debris(out: Path, publishing: Publishing) -> None:
    """What a run that was killed left behind; a report it had set aside is put back if none stands in its place."""
    for folder in out.glob(f"{_STAGE}*"):
        if place := _replaced_by(folder):
            _shelve(folder, place, publishing)
        shutil.rmtree(folder, ignore_errors=True)
    for aside in recover(out):
        _shelve(aside, place_of(aside), publishing)


def _replaced_by(stage: Path) -> Path | None:
    """The report that took the place of what lies in a stage: it is whole, and older than what stands there now."""
    about = read_manifest(stage)
    place = stage.with_name(str(about["quarter"])) if about and "quarter" in about else None
    if place is None or not _is_report(place):
        return None
    return place if (stage / MANIFEST).stat().st_mtime < (place / MANIFEST).stat().st_mtime else None


def _permit(folder: Path, publishing: Publishing) -> None:
    others = READABLE_BY[publishing.readable_by]
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o700 | others if path.is_dir() else 0o600 | others & 0o044)


def _flush(folder: Path) -> None:
    """Let everything in a folder reach the disk, before its name says that it is whole."""
    for path in [*sorted(folder.rglob("*")), folder]:
        _flush_one(path)


def _flush_one(path: Path) -> None:
    if path.is_dir() and os.name != "posix":
        return  # a folder cannot be opened there
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _move(stage: Stage, publishing: Publishing) -> None:
    """Put a finished report in its place, and what it replaced on the shelf."""
    meant = stage.place
    stage.place, replaced = _put_where_it_can_stand(stage)
    # The report is whole in its place. What fails from here on takes nothing from it, and is made good by the next run.
    with suppress(OSError):
        _flush_one(stage.place.parent)
    if replaced:
        _shelve(replaced, stage.place, publishing)
    if stage.place == meant:
        for other in filter(_is_report, second_names(meant)):
            _shelve(other, meant, publishing)
    _prune(meant.parent, publishing)


def _put_where_it_can_stand(stage: Stage) -> tuple[Path, Path | None]:
    """The place where a report stands now, and where what it replaced is."""
    for place in [stage.place, *second_names(stage.place)]:
        if place != stage.place and place.exists() and not _is_report(place):
            continue  # somebody's own folder, of that name by chance
        try:
            return place, put_in_place(stage.folder, place)
        except OSError as error:
            if not (is_in_use(error) and place.exists()):
                raise
            refused = error
    raise refused


def _is_report(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


_STAMP = "%Y-%m-%dT%H%M%SZ"


def _shelve(replaced: Path, place: Path, publishing: Publishing) -> None:
    """Keep a report that was replaced, under the time when it was made; what is none of ours is never thrown away."""
    with suppress(OSError):
        if publishing.keep or not _is_report(replaced):
            made = (replaced / MANIFEST if _is_report(replaced) else replaced).stat().st_mtime
            stamp = dt.datetime.fromtimestamp(made, dt.timezone.utc).strftime(_STAMP)
            shelf = place.parent / EARLIER / place.name
            shelf.parent.mkdir(mode=0o700, exist_ok=True)
            shelf.mkdir(mode=0o700, exist_ok=True)
            replaced.rename(shelf / f"{stamp}-{secrets.token_hex(2)}")
        else:
            shutil.rmtree(replaced)


def _prune(out: Path, publishing: Publishing) -> None:
    for report in _expired(out, publishing):
        shutil.rmtree(report, ignore_errors=True)


def _expired(out: Path, publishing: Publishing) -> list[Path]:
    """The replaced reports that need not be kept any more."""
    expired = []
    for shelf in out.glob(f"{EARLIER}/*"):
        reports = sorted(filter(_is_report, shelf.iterdir()), key=lambda report: report.name, reverse=True)
        old = [report for report in reports[: publishing.keep] if _is_older(report, publishing.keep_days)]
        expired += [*old, *reports[publishing.keep :]]
    return expired


def _is_older(report: Path, days: int | None) -> bool:
    try:
        made = dt.datetime.strptime(report.name.rpartition("-")[0], _STAMP).replace(tzinfo=dt.timezone.utc)
    except ValueError:
        return False  # somebody gave it another name
    return days is not None and now_in_london() - made > dt.timedelta(days=days)
