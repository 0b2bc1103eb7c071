"""Files that a command is asked to write: in the place of nothing else, whole or not at all, their owner's alone."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from auditanalytics.errors import ArgumentError


def check_targets(source: Path | None, targets: Sequence[Path]) -> None:
    """Refuse files to write that would take the place of something else.

    Parameters
    ----------
    source
        The one file that is read; None where there is not one alone.
    targets
        The files to write.

    Raises
    ------
    ArgumentError
        If one is a folder, a device or the source, or its folder is not there.
    """
    try:
        if source is not None and source.is_dir():
            raise ArgumentError("one file is read; a folder was given")
        for target in targets:
            _check_target(source, target)
        if len({target.resolve() for target in targets}) < len(targets):
            raise ArgumentError("two of the files to write are the same file; give each its own")
    except OSError as error:  # a name that is too long, or a folder that may not be looked into
        raise ArgumentError(f"a file that was named cannot be used ({error.strerror})") from None


def _check_target(source: Path | None, target: Path) -> None:
    if target.exists() and not (target.is_dir() or target.is_file()):
        raise ArgumentError(f"'{target.name}' is a device and not a file; give the name of a file to write")
    if target.is_dir():
        raise ArgumentError(f"'{target.name}' is a folder; give the name of a file to write")
    if not target.parent.is_dir():
        raise ArgumentError(f"the folder of '{target.name}' does not exist; make it first")
    if source is None:
        return
    if target.resolve() == source.resolve() or (target.exists() and source.exists() and target.samefile(source)):
        raise ArgumentError("the file that is read would be overwritten; give another name for what is written")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, for its owner alone.

    Parameters
    ----------
    path
        The file; one that is there is replaced.
    content
        What it is to hold.

    Raises
    ------
    ArgumentError
        If it cannot be written.
    """
    draft = path.with_name(f".{secrets.token_hex(8)}")
    try:
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        raise ArgumentError(f"'{path.name}' cannot be written ({error.strerror})") from None
    finally:
        draft.unlink(missing_ok=True)


def keep_earlier(path: Path, content: bytes) -> None:
    """Keep a file that somebody may have spent an hour on, before another is written in its place.

    Parameters
    ----------
    path
        The file; one that is there and is another than what is to be written is kept as ``<name>.earlier.<ending>``.
    content
        What is to be written.

    Raises
    ------
    ArgumentError
        If it cannot be kept.
    """
    if path.is_file() and (before := path.read_bytes()) != content:
        write_whole(path.with_name(f"{path.stem}.earlier{path.suffix}"), before)
