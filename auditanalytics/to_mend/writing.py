"""The workbooks to mend as files: one for each team, its owner's alone, with a table of which file is whose.

A file is named after its team, but a team may be called anything; what no file may be called is left out of the name,
and the table says whose each is. A workbook that stands there already may have been worked on, so it is kept.
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from auditanalytics.intake import ReturnTable
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import TO_MEND
from auditanalytics.target_files import keep_earlier, write_whole
from auditanalytics.to_mend.rows import rows_to_mend
from auditanalytics.to_mend.workbook import mending_workbook

NO_TEAM = "no-team"

_LONGEST = 60
_DEVICES = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""What Windows takes for a device, whatever ending it has."""


def write_to_mend(folder: Path, returns: AuditReturns, tables: Iterable[ReturnTable]) -> pd.DataFrame:
    """Write for each team what it has to mend.

    Parameters
    ----------
    folder
        Where; it is made if there is something to write.
    returns
        The returns.
    tables
        Their sheets, as they were written.

    Returns
    -------
    pandas.DataFrame
        `schema.TO_MEND`.

    Raises
    ------
    ArgumentError
        If a file cannot be written.
    """
    taken: set[str] = set()
    rows = []
    for team, sheets in rows_to_mend(returns.problems, returns.senders, tables).items():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = folder / f"{_file_name(team, taken)}.xlsx"
        content = mending_workbook(team, sheets, returns.framework)
        keep_earlier(target, content)
        write_whole(target, content)
        mended = [row for sheet in sheets for row in sheet.rows]
        cells = sum(len({position for position, _ in row.faults if position is not None}) for row in mended)
        rows.append((target.name, team or None, len(mended), cells))
    return TO_MEND.build(rows)


def _file_name(team: str, taken: set[str]) -> str:
    """A name that every system takes, after a team.

    Examples
    --------
    >>> taken = set()
    >>> [_file_name(team, taken) for team in ("../North Éast", "north east", "CON", "", "Юг")]
    ['north-east', 'north-east-2', 'team-con', 'no-team', 'team']
    """
    plain = unicodedata.normalize("NFKD", team).encode("ascii", "ignore").decode().casefold()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
    if not team:
        name = NO_TEAM
    elif not name or _DEVICES.fullmatch(name):
        name = f"team-{name}".strip("-")
    number, first = 1, name
    while name in taken:
        number += 1
        name = f"{first}-{number}"
    taken.add(name)
    return name
