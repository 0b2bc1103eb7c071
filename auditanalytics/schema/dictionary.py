"""The data dictionary: every table with its columns, for ``data/README.md``."""

from pathlib import Path

from auditanalytics.schema import by_period, counted, moderated, received

TABLES = received.TABLES + counted.TABLES + by_period.TABLES + moderated.TABLES
"""Every table, in the order of the dictionary."""

_DICTIONARY_INTRODUCTION = """# Data

* `example/`: ten monthly workbooks of audit returns for 2019 and the table that was published of them. All synthetic:
  every person and comment is invented. `make example` writes them anew.
* `returns/`: the place for real returns. Git ignores everything in it.

What follows is made from `auditanalytics/schema` by `make dictionary`. A text is missing where nothing was
written; dates are written YYYY-MM-DD."""


def write_data_dictionary(path: Path) -> None:
    """Write the data dictionary where people look for it.

    Parameters
    ----------
    path
        The file.
    """
    path.write_text(data_dictionary(), encoding="utf-8", newline="\n")


def data_dictionary() -> str:
    """Write the data dictionary.

    Returns
    -------
    str
        Markdown, a table for every table.

    Examples
    --------
    >>> "| `share` | number |" in data_dictionary()
    True
    """
    parts = [_DICTIONARY_INTRODUCTION]
    for table in TABLES:
        rows = [f"| `{column.name}` | {column.kind} | {column.meaning} |" for column in table.columns]
        head = [f"## {table.name}", "", f"One row is {table.row}.", "", "| column | kind | meaning |", "|---|---|---|"]
        parts.append("\n".join(head + rows))
    return "\n\n".join(parts) + "\n"
