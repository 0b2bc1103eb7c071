"""Links to learning: where somebody can read on about a theme, kept in a table of its own beside the returns.

A brief says what audits found; the link under it leads to what helps. Title and address are printed as they are
written, so an address is taken only if it is plainly one of a web page: what a reader could not see through (another
scheme, a hidden host, a password) is left out. A sheet that names audits, grades or people is no table of links.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

import pandas as pd

from auditanalytics.frameworks import Framework
from auditanalytics.grades import fold_label
from auditanalytics.intake.raw import RawSheet
from auditanalytics.intake.tables_beside import TableBeside, fault_of_cell, fault_of_label, recognise_table
from auditanalytics.intake.values import plain
from auditanalytics.problems import Problem
from auditanalytics.rules import LONGEST_ADDRESS
from auditanalytics.schema import LINKS

_HEADERS = {
    "theme": ("theme",),
    "title": ("title", "what it is", "name of the resource"),
    "address": ("link", "address", "url", "web address"),
}
_LEFT_OUT = {"severity": "warning", "outcome": "link left out"}
"""What a problem that usually costs an audit costs here."""

_IN_NO_ADDRESS = frozenset(' \\<>"`')
"""What an address never holds as such; a browser reads some of it as something else than a reader does."""


def recognise_links(sheet: RawSheet, framework: Framework) -> TableBeside | None:
    """Recognise a sheet as a table of links to learning.

    Parameters
    ----------
    sheet
        A sheet that is neither a return, nor one that failed, nor a published table, nor one of events.
    framework
        The framework that knows which headers are those of audits and people.

    Returns
    -------
    TableBeside or None
        The table; None where the sheet lacks a title or link column, or has one for audits, grades or people.
    """
    return recognise_table(sheet, framework, _HEADERS, needed={"title", "address"})


def read_links(table: TableBeside, themes: Mapping[str, str]) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the links of a table.

    Parameters
    ----------
    table
        A table of links.
    themes
        The id of every theme by all that people may write for it, folded.

    Returns
    -------
    tuple
        The links (`schema.LINKS`) in the order of their rows, and a problem for each cell that keeps one from being
        read. A link without a theme belongs to every brief; one with a theme that is not known belongs to none.
    """
    if repeated := table.repeated():
        return LINKS.build([]), repeated
    at, data = table.positions, table.data
    links: list[tuple[str | None, str, str, str]] = []
    problems: list[Problem] = []
    for row in data.index:
        if torn := table.torn(row, **_LEFT_OUT):
            problems.append(torn)
            continue
        said = {name: plain(data.at[row, position]) for name, position in at.items()}
        theme, address = fold_label(said.get("theme", "")), data.at[row, at["address"]].strip()
        faults = {
            "theme": fault_of_cell(theme) or ("link_theme_unknown" if theme and theme not in themes else ""),
            "title": fault_of_label(said["title"], "link_untitled"),
            "address": fault_of_cell(address) or ("" if is_web_address(address) else "link_unusable"),
        }
        if not any(faults.values()):
            links.append((themes.get(theme), said["title"], address, table.sheet.file))
        problems += [table.problem(code, row, at[name], **_LEFT_OUT) for name, code in faults.items() if code]
    return LINKS.build(links), problems


def is_web_address(text: str) -> bool:
    """Say whether a text is the address of a web page, and nothing that a reader could take for another.

    Parameters
    ----------
    text
        A text.

    Returns
    -------
    bool
        True for ``http`` and ``https`` with a host, and without a name or password before it.

    Examples
    --------
    >>> is_web_address("https://www.example.org/learning?page=2"), is_web_address("www.example.org")
    (True, False)
    >>> is_web_address("https://example.org@elsewhere.example/"), is_web_address("javascript:alert(1)")
    (False, False)
    """
    if len(text) > LONGEST_ADDRESS or not text.isprintable() or not _IN_NO_ADDRESS.isdisjoint(text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port  # a port that is none raises
    except ValueError:
        return False
    named = host is not None and any(letter.isalnum() for letter in host)
    return parts.scheme in ("http", "https") and named and "@" not in parts.netloc


def gather_links(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Put the links of several tables together.

    Parameters
    ----------
    tables
        Links (`schema.LINKS`).

    Returns
    -------
    pandas.DataFrame
        `schema.LINKS` in the order of the tables, the same title and address for the same theme once.

    Examples
    --------
    >>> once = [LINKS.build([("voice", "Direct work", "https://example.org/", file)]) for file in ("a.csv", "b.csv")]
    >>> len(gather_links(once))
    1
    """
    together = LINKS.build(pd.concat([LINKS.build([]), *tables], ignore_index=True))
    return LINKS.build(together.drop_duplicates(["theme", "title", "address"]))
