"""Tables kept beside the returns: which sheet is one, told by its headers, and which of its rows can be trusted.

Each kind of table says which headers its columns have and which of them it must have. A sheet that names audits, grades
or people is none, whatever else its header says, because what stands in such a table is printed as it is written; only
a table of moderated grades is about audits, and nothing that is written in it is printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from auditanalytics.frameworks import Framework, fold_header
from auditanalytics.intake.raw import RawSheet
from auditanalytics.intake.values import is_error_cell, is_uncalculated
from auditanalytics.problems import Problem
from auditanalytics.rules import LONGEST_LABEL, Severity

_HEADER_WITHIN = 20
_OF_AN_AUDIT = ("audit_id", "child", "worker", "auditor", "moderator")


@dataclass(frozen=True)
class TableBeside:
    """A sheet recognised as a table beside the returns: its header row, and what each column that means something is.

    Attributes
    ----------
    sheet
        The sheet.
    header_row
        The row number of the header.
    columns
        The meaning of every column that has one, by its position.
    """

    sheet: RawSheet
    header_row: int
    columns: dict[int, str]

    @property
    def positions(self) -> dict[str, int]:
        """The position of every column, by its meaning."""
        return {name: position for position, name in self.columns.items()}

    @property
    def data(self) -> pd.DataFrame:
        """The cells of the rows under the header in which something stands."""
        cells = self.sheet.cells
        return cells[(cells.index > self.header_row) & (cells != "").any(axis=1)]

    def problem(self, code: str, row: int, position: int, **details: object) -> Problem:
        """Make the problem of a rule met in a cell of this table, as `RawSheet.problem` does."""
        header = str(self.sheet.cells.at[self.header_row, position])
        return self.sheet.problem(code, row, position, column=header, **details)

    def repeated(self) -> list[Problem]:
        """Two columns of one meaning, of which nobody can say which is meant."""
        first: dict[str, int] = {}
        problems = []
        severity: Severity = "warning"
        for position, name in self.columns.items():
            if first.setdefault(name, position) != position:
                other = self.sheet.cell(self.header_row, first[name])
                details = {"severity": severity, "what": name, "other": other}
                problems.append(self.problem("duplicate_header", self.header_row, position, **details))
        return problems

    def torn(self, row: int, **details: object) -> Problem | None:
        """What makes the cells of a row stand in wrong columns; a row that ends early is only blank from there."""
        sheet = self.sheet
        if row in sheet.too_long:
            return sheet.problem("cell_too_long", row, sheet.too_long[row], **details)
        if row in sheet.spoiled:
            return sheet.problem("quote", row, **details)
        if sheet.widths is not None and (sheet.cells.loc[row, sheet.widths[self.header_row] :] != "").any():
            return sheet.problem("width", row, **details)
        return None


def recognise_table(
    sheet: RawSheet,
    framework: Framework,
    headers: Mapping[str, tuple[str, ...]],
    *,
    needed: set[str],
    may_name_audits: bool = False,
) -> TableBeside | None:
    """Recognise a sheet as a table of one kind.

    Parameters
    ----------
    sheet
        A sheet that is neither a return, nor one that failed, nor a published table.
    framework
        The framework that knows which headers are those of audits and people.
    headers
        The headers that are accepted, by what they mean.
    needed
        What the table must have a column for.
    may_name_audits
        Whether it is a table about audits, in which their references, grades and people have a place.

    Returns
    -------
    TableBeside or None
        The table; None where the sheet lacks a needed column, or has one for audits, grades or people that has no place
        in it.
    """
    names = {fold_header(header): name for name, accepted in headers.items() for header in accepted}
    for row, cells in sheet.cells.head(_HEADER_WITHIN).iterrows():
        columns = {at: names[folded] for at, text in cells.items() if (folded := fold_header(text)) in names}
        if needed <= set(columns.values()):
            of_audits = not may_name_audits and any(_is_of_an_audit(text, framework) for text in cells if text)
            return None if of_audits else TableBeside(sheet, int(str(row)), columns)
    return None


def _is_of_an_audit(header: str, framework: Framework) -> bool:
    meaning = framework.meaning(header)
    return meaning is not None and (meaning.kind in ("grade", "moderated grade") or meaning.name in _OF_AN_AUDIT)


def fault_of_cell(text: str) -> str:
    """Say what a spreadsheet left in a cell in place of a value.

    Parameters
    ----------
    text
        The text of a cell.

    Returns
    -------
    str
        ``cell_error``, ``formula_not_calculated``, or "" where it is a value.

    Examples
    --------
    >>> fault_of_cell("#REF!"), fault_of_cell("New form")
    ('cell_error', '')
    """
    if is_error_cell(text):
        return "cell_error"
    return "formula_not_calculated" if is_uncalculated(text) else ""


def fault_of_label(label: str, code: str) -> str:
    """Say what is wrong with a label that is to be printed.

    Parameters
    ----------
    label
        The label, from `plain`.
    code
        The code of the problem with one that is blank, too long or not printable.

    Returns
    -------
    str
        The code of the problem, "" where there is none.

    Examples
    --------
    >>> fault_of_label("New form", "event_unreadable"), fault_of_label("", "event_unreadable")
    ('', 'event_unreadable')
    """
    printable = 0 < len(label) <= LONGEST_LABEL and label.isprintable()
    return fault_of_cell(label) or ("" if printable else code)
