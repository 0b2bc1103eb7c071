"""Which files there are to read, and the bytes of each, read once.

The hash that a report records is the hash of the very bytes that were parsed. Links, pipes and devices are refused,
because opening them may hang or lead outside the folder; the junk that real folders hold is ignored, and said.
"""

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from auditanalytics.errors import NoInputError
from auditanalytics.schema import Problem

_JUNK = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Source:
    """One file to read: its name as people know it, its bytes and their SHA-256."""

    name: str
    data: bytes
    sha256: str


def find_sources(paths: Iterable[str | Path]) -> tuple[list[Source], list[Problem]]:
    """Find and load every file to read.

    Parameters
    ----------
    paths
        Files, and folders that are read recursively.

    Returns
    -------
    tuple
        The files in the order of their names, and a problem for each file that is not read.

    Raises
    ------
    NoInputError
        If a path does not exist or cannot be entered, or there is no file at all.
    """
    sources: list[Source] = []
    problems: list[Problem] = []
    first_with: dict[str, str] = {}
    for path, name in _files(paths, problems):
        try:
            data = path.read_bytes()
        except OSError as error:
            problems.append(
                Problem(
                    "unreadable",
                    "error",
                    f"the file cannot be opened: {error.strerror}",
                    name,
                    outcome="file not read",
                    remedy="check who may read the file",
                )
            )
            continue
        source = Source(name, data, hashlib.sha256(data).hexdigest())
        earlier = first_with.setdefault(source.sha256, name)
        if earlier != name:
            problems.append(
                Problem(
                    "same_content",
                    "warning",
                    f"the file is a copy of {earlier}",
                    name,
                    outcome="file not read",
                    remedy="remove one of the two",
                )
            )
            continue
        sources.append(source)
    if not sources and all(problem.code == "ignored" for problem in problems):
        raise NoInputError("there is no file to read; give the path of a return or of a folder of returns")
    return sources, problems


def _files(paths: Iterable[str | Path], problems: list[Problem]) -> Iterable[tuple[Path, str]]:
    for given in map(Path, paths):
        if given.is_dir():
            for path in _walk(given):
                name = path.relative_to(given).as_posix()
                if path.name.startswith((".", "~$")) or path.name.casefold() in _JUNK:
                    problems.append(
                        Problem("ignored", "note", "a file that programs leave behind", name, outcome="file not read")
                    )
                elif not stat.S_ISREG(path.lstat().st_mode):
                    problems.append(
                        Problem(
                            "not_regular_file",
                            "error",
                            "a link, pipe or device, not a file",
                            name,
                            outcome="file not read",
                            remedy="put the file itself here",
                        )
                    )
                else:
                    yield path, name
        elif given.is_file():
            yield given, given.name
        elif given.exists():
            problems.append(
                Problem(
                    "not_regular_file",
                    "error",
                    "a pipe or device, not a file",
                    given.name,
                    outcome="file not read",
                    remedy="give the path of a file",
                )
            )
        else:
            raise NoInputError(f"there is no file or folder '{given}'")


def _walk(folder: Path) -> list[Path]:
    def fail(error: OSError) -> None:
        raise NoInputError(f"the folder '{error.filename}' cannot be opened: {error.strerror}")

    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=fail):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        found += [Path(parent) / name for name in [*names, *links]]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())
