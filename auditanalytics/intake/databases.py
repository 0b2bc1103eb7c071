"""Asking a database: one query, by which nothing is changed, whose rows become text as those of a file do.

SQLite and PostgreSQL both refuse to write while a return is read: the one by how its file is opened and by what the
query may do, the other in a transaction that only reads. A query is given a time, and its rows the limits of a file.
What a driver says may repeat a value, a host or a user, so that only its words about names of tables and columns are
passed on.
"""

import datetime as dt
import json
import re
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditanalytics.clock import today_in_london
from auditanalytics.errors import DatabaseError
from auditanalytics.intake.queries import DatabaseQuery
from auditanalytics.parsing.cells import as_stored
from auditanalytics.parsing.limits import LARGEST_FILE, MOST_CELLS, MOST_RECORDS, RefusedError

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Engine

CONNECT_SECONDS = 10
"""That connecting may take, and waiting for another program that writes."""

QUERY_SECONDS = 60
"""That a query may take."""

_GRACE = 15
"""Seconds after which a server that neither answers nor ends the query is left."""

_AT_ONCE = 1_000
_STEPS = 10_000
"""How many rows are fetched at once; after how many steps SQLite looks at the time."""

_READING = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
"""All that a query of SQLite may do."""

_TOO_LONG = "the query was not done in time; ask for less, or ask whoever looks after the database for an index"
_ONLY_READS = "the query would do more than read, and was refused; write one SELECT"
_NOT_TAKEN = "the database does not understand the query, or it is not one SELECT; try it in the database's own program"
_NOT_CONNECTED = (
    f"no connection to the database within {CONNECT_SECONDS} seconds: look whether it runs, at host, port and database "
    "in its URL, and whether it takes the user and the password"
)
_NOT_READABLE = (
    "a value is not of the kind that the query takes it for, or of none that can be read; cast it to text, or leave it "
    "out"
)
_LOST = "the database broke off the query or cannot do it; try it in the database's own program"


def ask(asked: DatabaseQuery) -> list[list[str]]:
    """Read what a query gives.

    Parameters
    ----------
    asked
        The query and the database.

    Returns
    -------
    list of list of str
        The names of the columns, then the rows in the order in which they came, as text; "" where blank.

    Raises
    ------
    DatabaseError
        If there is no connection, or the query is refused, fails or takes too long.
    RefusedError
        If the rows are more than a file may have.
    """
    from sqlalchemy.exc import DataError, SQLAlchemyError  # loaded where it is needed, because most returns are files

    deadline = time.monotonic() + CONNECT_SECONDS + QUERY_SECONDS
    try:
        with _connected(asked) as connection:
            deadline = time.monotonic() + QUERY_SECONDS
            with _limited(connection, deadline) as limited:
                return _rows(limited.exec_driver_sql(asked.query), deadline)
    except DataError:
        raise DatabaseError(_NOT_READABLE) from None
    except SQLAlchemyError as error:
        late = time.monotonic() >= deadline
        raise DatabaseError(_TOO_LONG if late else _describe(getattr(error, "orig", None))) from None
    except (ArithmeticError, ValueError):  # a day or a letter that there is not
        raise DatabaseError(_NOT_READABLE) from None


@contextmanager
def _connected(asked: DatabaseQuery) -> "Iterator[Connection]":
    from sqlalchemy.exc import DBAPIError

    engine = _sqlite(asked.file) if asked.file else _postgresql(asked.url)
    try:
        connection = engine.connect()
    except DBAPIError as error:
        is_file = isinstance(error.orig, sqlite3.Error)
        raise DatabaseError(_describe(error.orig) if is_file else _NOT_CONNECTED) from None
    with connection:
        yield connection


def _sqlite(path: Path) -> "Engine":
    from sqlalchemy import NullPool, create_engine

    try:
        if not path.is_file():
            raise DatabaseError(f"there is no file '{path.name}' that could be a database; none was made")
    except OSError as error:
        raise DatabaseError(f"the file of the database cannot be opened ({error.strerror})") from None
    address = f"{path.resolve().as_uri()}?mode=ro"
    return create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(address, uri=True, timeout=CONNECT_SECONDS), poolclass=NullPool
    )


def _postgresql(url: str) -> "Engine":
    import psycopg
    from sqlalchemy import NullPool, create_engine

    return create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(url, connect_timeout=CONNECT_SECONDS),  # read by libpq, with all its arguments
        poolclass=NullPool,
    )


@contextmanager
def _limited(connection: "Connection", deadline: float) -> "Iterator[Connection]":
    """The connection, able to do nothing but read, and not for ever."""
    driver: Any = connection.connection.driver_connection
    as_written = connection.execution_options(no_parameters=True)  # a percent sign and a colon are what they are
    if isinstance(driver, sqlite3.Connection):
        driver.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        driver.set_authorizer(_allow)
        yield as_written
        return
    hang_up = threading.Timer(deadline - time.monotonic() + _GRACE, _hang_up, [driver.fileno()])
    hang_up.daemon = True
    hang_up.start()
    try:
        reading = as_written.execution_options(postgresql_readonly=True)
        reading.exec_driver_sql(f"SET LOCAL statement_timeout = {QUERY_SECONDS * 1000:.0f}")
        yield reading.execution_options(stream_results=True)  # a cursor, which is of one SELECT and of nothing else
    finally:
        hang_up.cancel()


def _allow(action: int, about: str | None, *_: str | None) -> int:
    """What SQLite asks before it does anything; setting up json_each and its like looks like an update."""
    sets_up = action == sqlite3.SQLITE_UPDATE and about == "sqlite_master"
    return sqlite3.SQLITE_OK if sets_up or action in _READING else sqlite3.SQLITE_DENY


def _hang_up(number: int) -> None:
    """End a connection on which nothing comes any more, so that whoever waits for it sees its end."""
    line = socket.socket(fileno=number)
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:  # it has ended
        pass
    finally:
        line.detach()


def _rows(result: "CursorResult[Any]", deadline: float) -> list[list[str]]:
    columns = result.cursor.description if result.cursor else None
    if not columns:
        raise DatabaseError(_NOT_TAKEN)
    rows = [[as_stored(column[0]) for column in columns]]  # as the database has them: two of one name are two
    letters = 0
    for part in result.partitions(_AT_ONCE):
        found = [[_as_text(value) for value in row] for row in part]
        rows += found
        letters += sum(len(text) for row in found for text in row)
        if len(rows) > MOST_RECORDS or len(rows) * len(columns) > MOST_CELLS or letters > LARGEST_FILE:
            raise RefusedError("too_large")
        if time.monotonic() > deadline:
            raise DatabaseError(_TOO_LONG)
    return rows


def _as_text(value: object) -> str:
    """A value as text: a moment with a time zone as its day in London, lists and JSON as JSON, the rest as in files."""
    if isinstance(value, dt.datetime) and value.tzinfo:
        value = today_in_london(value)
    elif isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False, default=as_stored)
    try:
        return as_stored(value)
    except RefusedError:
        raise DatabaseError(_NOT_READABLE) from None


def _describe(error: BaseException | None) -> str:
    """What a driver's error comes to, in words of our own but for the names of tables and columns."""
    if isinstance(error, sqlite3.Error):
        return _describe_sqlite(str(error))
    return _describe_postgresql(getattr(error, "sqlstate", None) or "", getattr(error, "diag", None))


_OF_SQLITE = {
    r"interrupted": _TOO_LONG,
    r"not authorized|denied|readonly|may not be modified|prohibited": _ONLY_READS,
    r"syntax|incomplete|unrecognized token|one statement": _NOT_TAKEN,
    r"locked": "another program is writing into the database; try again when it is done",
    r"not a database|image is malformed": "the file is no SQLite database, or it is damaged",
    r"unable to open": "the file of the database cannot be opened; check who may read it and its folder",
    r"decode|too big": _NOT_READABLE,
}
_NAMES_IN_SQLITE = re.compile(r"(no such (?:table|column|function)|ambiguous column name): ([\w. -]{1,128})")


def _describe_sqlite(words: str) -> str:
    if named := _NAMES_IN_SQLITE.fullmatch(words):
        return f"the query cannot be done: {named[1]}: {named[2]}"
    return next((said for pattern, said in _OF_SQLITE.items() if re.search(pattern, words)), _LOST)


_OF_POSTGRESQL = {
    "57014": _TOO_LONG,
    "25001": _ONLY_READS,
    "25006": _ONLY_READS,
    "0A000": _ONLY_READS,
    "42501": "the user may not read what the query asks for; ask whoever looks after the database",
}
_ABOUT_NAMES = ("42P01", "42703", "42702", "42883", "42704")
"""The states in which PostgreSQL's words are about the name of a table, column, function or type."""


def _describe_postgresql(state: str, about: Any) -> str:
    # What a function in the database raises may have any state and any words, and says so in its context.
    if state in _ABOUT_NAMES and not about.context:
        return f"the query cannot be done: {about.message_primary}"
    if said := _OF_POSTGRESQL.get(state):
        return said
    return _NOT_TAKEN if state.startswith("42") else _LOST
