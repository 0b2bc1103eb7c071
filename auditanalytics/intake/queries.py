"""What is asked of a database: where it is and what for, told without telling how one gets in.

A URL may hold a password, a user and arguments, and a query may name a person. So a query is told by what is left of
its URL, which is what reports and problems call it; neither its text nor the rest of the URL is ever shown, also not
in the sentence that says that the URL is wrong.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from auditanalytics.errors import DatabaseError

_SQLITE = re.compile(r"sqlite:///(?P<path>[^?\x00-\x1f\x7f]+)", re.IGNORECASE)
# Strict, because one unwritten escape in a password would make the rest of it the name of the host or the database.
_POSTGRESQL = re.compile(
    r"postgresql://(?:[^@:/?#\s]*(?::[^@/?#\s]*)?@)?"
    r"(?P<host>[\w.%-]*|\[[0-9a-f:.]+\])(?P<port>:[0-9]{1,5})?/(?P<database>[^@:/?#\s]*)(?:\?[^@#\s]*)?",
    re.IGNORECASE,
)
_LIKE_A_URL = re.compile(r"(?:sqlite|postgres)[\w+]*:|[a-z][a-z0-9+.-]+:/", re.IGNORECASE)

_EXPECTED = (
    "the URL of a database is written sqlite:///folder/returns.db or postgresql://user@host/database, "
    "with %40, %3A, %2F, %3F and %23 for @, :, /, ? and # in a name or a password"
)


@dataclass(frozen=True, repr=False)
class DatabaseQuery:
    """A query of a database, each row of whose result is one of a return.

    Parameters
    ----------
    url
        ``sqlite:///path`` or ``postgresql://user@host/database``, as libpq reads it.
    query
        One SELECT.

    Raises
    ------
    DatabaseError
        If the URL is of no database that can be read, or the query is blank.

    Examples
    --------
    >>> DatabaseQuery("postgresql://ann:secret@db.example/audits?sslmode=require", "SELECT * FROM returns")
    DatabaseQuery('postgresql://db.example/audits')
    >>> DatabaseQuery("sqlite:///returns/audits.db", "SELECT * FROM returns").name
    'sqlite:///audits.db'
    """

    url: str
    query: str

    def __post_init__(self) -> None:
        """Refuse what cannot be asked, without repeating any of it."""
        if not (_SQLITE.fullmatch(self.url) or _POSTGRESQL.fullmatch(self.url)):
            raise DatabaseError(_EXPECTED)
        if not self.query.strip():
            raise DatabaseError("the query is blank; write a SELECT whose rows are those of a return")

    def __repr__(self) -> str:
        return f"DatabaseQuery({self.name!r})"

    @property
    def name(self) -> str:
        """What it is called: its URL without user, password, arguments and, as with files, without folders."""
        if self.file:
            return f"sqlite:///{self.file.name}"
        parts = _POSTGRESQL.fullmatch(self.url)
        assert parts is not None
        return f"postgresql://{parts['host']}{parts['port'] or ''}/{parts['database']}"

    @property
    def file(self) -> Path | None:
        """The file of the database, where it is one."""
        found = _SQLITE.fullmatch(self.url)
        return Path(found["path"]) if found else None


def is_like_a_url(path: str | Path) -> bool:
    """Say whether a path is rather the URL of something, also one that was written wrongly or taken for a path.

    Parameters
    ----------
    path
        What was given in place of a path.

    Returns
    -------
    bool
        True for what may hold a password and is not to be repeated.

    Examples
    --------
    >>> [is_like_a_url(text) for text in ("postgresql://host/db", "mysql:/host/db", "C:/returns", "returns/may.csv")]
    [True, True, False, False]
    """
    return _LIKE_A_URL.match(str(path)) is not None


def with_query(paths: Iterable[str | Path], query: str | None) -> list[str | Path | DatabaseQuery]:
    """Join a query with the one URL among paths.

    Parameters
    ----------
    paths
        Files, folders, and at most one URL.
    query
        The query; None where there is no URL.

    Returns
    -------
    list
        The paths, with the query in place of the URL.

    Raises
    ------
    DatabaseError
        If there is a query and no URL, a URL and no query, or more than one URL.

    Examples
    --------
    >>> with_query(["moderated.csv", "sqlite:///audits.db"], "SELECT * FROM returns")
    ['moderated.csv', DatabaseQuery('sqlite:///audits.db')]
    """
    given = list(paths)
    urls = [path for path in given if is_like_a_url(path)]
    if len(urls) > 1:
        raise DatabaseError("one database is read at a time; give one URL, and the other returns as files")
    if urls and query is None:
        raise DatabaseError(f'a database needs --query "SELECT …", whose rows are those of a return; {_EXPECTED}')
    if query is None:
        return [*given]
    if not urls:
        raise DatabaseError(f"--query needs a database among the paths; {_EXPECTED}")
    return [DatabaseQuery(str(path), query) if path in urls else path for path in given]
