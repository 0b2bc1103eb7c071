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
from auditanalytics.problems import Problem, problem

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
            problems.append(problem("unreadable", name, reason=error.strerror))
            continue
        if any(source.name == name for source in sources):
            name = str(path.resolve().as_posix())  # two folders were given that each hold a file of this name
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 in first_with:
            problems.append(problem("same_content", name, earlier=first_with[sha256]))
            continue
        first_with[sha256] = name
        sources.append(Source(name, data, sha256))
    if not sources and all(found.code == "ignored" for found in problems):
        raise NoInputError("there is no file to read; give the path of a return or of a folder of returns")
    return sources, problems


def _files(paths: Iterable[str | Path], problems: list[Problem]) -> Iterable[tuple[Path, str]]:
    for given in map(Path, paths):
        if given.is_dir():
            for path in _walk(given):
                name = path.relative_to(given).as_posix()
                if path.name.startswith((".", "~$")) or path.name.casefold() in _JUNK:
                    problems.append(problem("ignored", name))
                elif not stat.S_ISREG(path.lstat().st_mode):
                    problems.append(problem("not_regular_file", name))
                else:
                    yield path, name
        elif given.is_file():
            yield given, given.name
        elif given.exists():
            problems.append(problem("not_regular_file", given.name))
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
