"""Which files there are to read, and the bytes of each, read once.

The hash that a report records is the hash of the very bytes that were parsed. Links, pipes and devices are refused,
because opening them may hang or lead outside the folder; a file that somebody is still writing is refused, because
half of it may be missing; the junk that real folders hold is ignored, and said. The rows of a query are bytes as those
of a file are, so that from here on nothing need know of databases.
"""

import hashlib
import os
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from auditanalytics.errors import DatabaseError, NoInputError
from auditanalytics.intake.databases import ask
from auditanalytics.intake.queries import DatabaseQuery, is_like_a_url
from auditanalytics.parsing.limits import LARGEST_FILE, RefusedError
from auditanalytics.parsing.queried import QUERIED, pack_rows
from auditanalytics.problems import Problem, problem

_JUNK = {"thumbs.db", "desktop.ini"}
_ENDINGS = (".csv", ".tsv", ".xlsx", ".ods", ".parquet", ".docx")
_JUST_NOW, _SETTLING = 2.0, 0.3
"""Seconds: a file changed so recently may still be written, so it is given so long to change again."""


Given = str | Path | DatabaseQuery
"""Where returns are: a file, a folder, or what a database is asked."""


@dataclass(frozen=True)
class Source:
    """One file to read: its name as people know it, its bytes and their SHA-256; its ending, if the name has none."""

    name: str
    data: bytes
    sha256: str
    ending: str = ""


def find_sources(paths: Iterable[Given]) -> tuple[list[Source], list[Problem]]:
    """Find and load every file to read.

    Parameters
    ----------
    paths
        Files, folders that are read recursively, and at most one query.

    Returns
    -------
    tuple
        What was queried and the files in the order of their names, and a problem for each that is not read.

    Raises
    ------
    NoInputError
        If a path does not exist or cannot be entered, or there is no file at all.
    DatabaseError
        If a database cannot be asked.
    """
    problems: list[Problem] = []
    given = list(paths)
    queries = [each for each in given if isinstance(each, DatabaseQuery)]
    files = [Path(each) for each in given if not isinstance(each, DatabaseQuery)]
    queried = _queried(queries, problems)
    loaded = [found for path, name in _files(files, problems) if (found := _load(path, name, problems))]
    if not (loaded or queries) and all(found.code == "ignored" for found in problems):
        raise NoInputError("there is no file to read; give the path of a return or of a folder of returns")
    sources: dict[str, Source] = {}
    first_with: dict[str, str] = {}
    for path, name, _, data in _settled(loaded, problems):
        known = str(path.resolve().as_posix()) if name in sources else name  # two folders with a file of this name
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 in first_with:
            problems.append(problem("same_content", known, earlier=first_with[sha256]))
            continue
        first_with[sha256] = known
        sources[known] = Source(known, data, sha256)
    return [*queried, *sources.values()], problems


def _queried(queries: list[DatabaseQuery], problems: list[Problem]) -> list[Source]:
    if not queries:
        return []
    if len(queries) > 1:
        raise DatabaseError("one query is read at a time; join them with UNION ALL, or give the other returns as files")
    try:
        data = pack_rows(ask(queries[0]))
    except RefusedError as refused:
        problems.append(problem(refused.code, queries[0].name))
        return []
    return [Source(queries[0].name, data, hashlib.sha256(data).hexdigest(), QUERIED)]


class _Loaded(NamedTuple):
    path: Path
    name: str
    state: tuple[int, int]
    data: bytes


def _load(path: Path, name: str, problems: list[Problem]) -> _Loaded | None:
    try:
        state = _state(path)
        if state[0] > LARGEST_FILE:
            problems.append(problem("too_large", name))
            return None
        return _Loaded(path, name, state, path.read_bytes())
    except OSError as error:
        problems.append(problem("unreadable", name, reason=error.strerror))
        return None


def _state(path: Path) -> tuple[int, int]:
    """The size and the time of the last change."""
    about = path.stat()
    return about.st_size, about.st_mtime_ns


def _settled(loaded: list[_Loaded], problems: list[Problem]) -> Iterable[_Loaded]:
    """The files that nobody changed since they were read."""
    if any(abs(time.time() - found.state[1] / 1e9) < _JUST_NOW for found in loaded):
        time.sleep(_SETTLING)
    for found in loaded:
        try:
            now = _state(found.path)
        except OSError:
            now = (-1, -1)
        if now != found.state or len(found.data) != found.state[0]:
            problems.append(problem("changing", found.name))
        else:
            yield found


def _files(paths: Iterable[Path], problems: list[Problem]) -> Iterable[tuple[Path, str]]:
    for given in paths:
        if given.is_dir() and given.suffix.casefold() in _ENDINGS:
            problems.append(problem("not_regular_file", given.name))
        elif given.is_dir():
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
        elif is_like_a_url(given):  # which may hold a password
            raise DatabaseError("a database is read by a query: give --query or, in Python, DatabaseQuery(url, query)")
        else:
            raise NoInputError(f"there is no file or folder '{given}'")


def _walk(folder: Path) -> list[Path]:
    def fail(error: OSError) -> None:
        raise NoInputError(f"the folder '{error.filename}' cannot be opened: {error.strerror}")

    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=fail):
        # A link may lead anywhere, and a folder called a.csv is no return: neither is entered.
        refused = [name for name in folders if (Path(parent) / name).is_symlink() or name.casefold().endswith(_ENDINGS)]
        folders[:] = [name for name in folders if name not in refused]
        found += [Path(parent) / name for name in [*names, *refused]]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())
