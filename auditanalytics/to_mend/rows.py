"""Which rows a team has to mend, and what is wrong with each.

A row is the team's that it names; one that is torn, or names none, is nobody's, and somebody who knows has to say whose
it is. What is wrong with a file or a header as a whole is no row, and is mended where the file is made.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from auditanalytics.grades import fold_label
from auditanalytics.intake import ReturnTable
from auditanalytics.problems import Problem

_TO_MEND = ("error", "warning")


@dataclass(frozen=True)
class RowToMend:
    """A row with what is wrong with it.

    Attributes
    ----------
    number
        Its number in the sheet as it was read.
    faults
        Each problem, with the position of the cell that it is about; None where it is about no one cell.
    """

    number: int
    faults: list[tuple[int | None, Problem]]


@dataclass(frozen=True)
class SheetToMend:
    """The rows of one sheet that one team has to mend, in their order."""

    table: ReturnTable
    rows: list[RowToMend]

    @property
    def shown(self) -> list[int]:
        """The positions of the columns that have a header."""
        return [at for at, header in self.table.headers.items() if header]


def rows_to_mend(
    problems: pd.DataFrame, senders: pd.DataFrame, tables: Iterable[ReturnTable]
) -> dict[str, list[SheetToMend]]:
    """Gather what each team has to mend.

    Parameters
    ----------
    problems
        `schema.PROBLEMS`.
    senders
        `schema.SENDERS`.
    tables
        The sheets that were read as returns.

    Returns
    -------
    dict
        The sheets with rows to mend, by team as it was written first; "" for rows that are nobody's.
    """
    places = senders[["file", "sheet", "row"]].fillna("").itertuples(index=False, name=None)
    team_of = dict(zip(places, senders["team"].fillna(""), strict=True))
    asked = problems[problems["severity"].isin(_TO_MEND)].fillna("")
    found = [Problem(*row) for row in asked[list(Problem._fields)].itertuples(index=False, name=None)]
    written: dict[str, str] = {}
    by_team: dict[str, list[SheetToMend]] = {}
    for table in tables:
        teams: dict[str, dict[int, list[tuple[int | None, Problem]]]] = {}
        for row, faults in _by_row(table, found).items():
            team = next(filter(None, (team_of.get((each.file, each.sheet, each.row), "") for _, each in faults)), "")
            teams.setdefault(written.setdefault(fold_label(team), team), {})[row] = faults
        for team, rows in teams.items():
            sheet = SheetToMend(table, [RowToMend(row, faults) for row, faults in sorted(rows.items())])
            by_team.setdefault(team, []).append(sheet)
    return dict(sorted(by_team.items()))


def _by_row(table: ReturnTable, problems: list[Problem]) -> dict[int, list[tuple[int | None, Problem]]]:
    """The problems of the rows of a sheet; a row that a quotation mark spoiled may be several, and is left out."""
    rows: dict[int, list[tuple[int | None, Problem]]] = {}
    data = set(table.rows) - set(table.sheet.spoiled)
    for each in problems:
        row = table.sheet.row_of(each)
        if row in data:
            rows.setdefault(row, []).append((table.sheet.position_of(each), each))
    return rows
