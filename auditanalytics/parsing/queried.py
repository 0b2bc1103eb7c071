"""The rows of a query, between the process that asked a database and the one that reads rows of all kinds.

A database has no file whose bytes could be hashed and handed over, so its rows are written as some: JSON, which is the
same bytes for the same rows in the same order, whatever the system, the driver and the version of the database.
"""

import json

from auditanalytics.parsing.cells import ParsedSheet

QUERIED = "query"
"""What stands in place of the ending of a file; no file can have it, because an ending begins with a full stop."""


def pack_rows(rows: list[list[str]]) -> bytes:
    """Write rows as bytes.

    Parameters
    ----------
    rows
        Text, the names of the columns first.

    Returns
    -------
    bytes
        The same for the same rows.

    Examples
    --------
    >>> pack_rows([["Audit ID"], ["A1"]])
    b'[["Audit ID"],["A1"]]'
    """
    return json.dumps(rows, separators=(",", ":")).encode("ascii")


def parse_rows(data: bytes) -> list[ParsedSheet]:
    """Read rows that were written by `pack_rows`.

    Parameters
    ----------
    data
        The bytes.

    Returns
    -------
    list of ParsedSheet
        One sheet without a name.

    Examples
    --------
    >>> parse_rows(b'[["Audit ID"],["A1"]]')[0].rows
    [['Audit ID'], ['A1']]
    """
    return [ParsedSheet("", json.loads(data))]
