"""Problems: what can be wrong with a return, what becomes of it, and what to do.

Every rule has one code, one home and one wording, here. A problem is a rule met at a place: its message says what was
expected and what was found, never the value itself, which stands in a column of its own that published tables mask.
"""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Rule(NamedTuple):
    """What a code means."""

    severity: Severity
    message: str
    outcome: str
    remedy: str = ""


_AS_DATE = "write the date as dd/mm/yyyy"

RULES = {
    # files
    "ignored": Rule("note", "a file that programs leave behind", "file not read"),
    "unreadable": Rule("error", "the file cannot be opened: {reason}", "file not read", "check who may read the file"),
    "not_regular_file": Rule(
        "error", "a link, pipe or device, not a file", "file not read", "put the file itself here"
    ),
    "same_content": Rule("warning", "the file is a copy of {earlier}", "file not read", "remove one of the two"),
    "unsupported_type": Rule(
        "error", "expected .csv, .tsv or .xlsx; found '{ending}'", "file not read", "save it as .xlsx or .csv"
    ),
    "not_a_workbook": Rule(
        "error",
        "the file ends in .xlsx but is no workbook",
        "file not read",
        "open it in a spreadsheet program and export it again as .xlsx",
    ),
    "damaged": Rule(
        "error",
        "the workbook is damaged or locked with a password",
        "file not read",
        "open it in a spreadsheet program, remove any password and export it again",
    ),
    "encoding": Rule(
        "error", "the text is neither UTF-8 nor Windows-1252", "file not read", "save it again as CSV UTF-8"
    ),
    "quote": Rule(
        "error",
        "a quotation mark is not closed where it should be, so rows run together",
        "file not read",
        "mend the quotation marks, or export the file again",
    ),
    # sheets and rows
    "hidden_sheet": Rule("note", "the sheet is hidden", "sheet not read", "show it if it holds returns"),
    "header_not_found": Rule(
        "error",
        "no row has the headers of a return",
        "all rows skipped",
        "if it is a return, name its headers in the framework file",
    ),
    "missing_column": Rule(
        "error",
        "the header has no column for {what}",
        "sheet not read",
        "add the column, or name its header in the framework file",
    ),
    "duplicate_header": Rule(
        "error",
        "two columns mean '{what}'; the other is in cell {other}",
        "sheet not read",
        "rename or remove one of the two",
    ),
    "category_without_column": Rule(
        "warning",
        "no column for {what}, of which nothing is counted from this sheet",
        "kept",
        "if the sheet has it, name its header in the framework file",
    ),
    "column_without_meaning": Rule(
        "note", "{count} columns have headers that the framework does not know", "column not read"
    ),
    "published_table": Rule("note", "shares without audits, charted apart from the returns", "all rows skipped"),
    "skipped_blank": Rule("note", "nothing is written here", "row skipped"),
    "skipped_title": Rule("note", "a title or note above the header", "row skipped"),
    "skipped_note": Rule("note", "a note, not an audit", "row skipped"),
    "skipped_total": Rule("note", "a total, not an audit", "row skipped"),
    "width": Rule(
        "error",
        "the row has more or fewer fields than the header",
        "audit rejected",
        "mend the row: a delimiter too many or too few",
    ),
    # audits
    "id_missing": Rule("error", "the audit has no identifier", "audit rejected", "write the audit's reference"),
    "duplicate": Rule(
        "error",
        "an audit with this identifier was read before, in {earlier}",
        "audit rejected",
        "remove one of the two, or correct its reference",
    ),
    "date_missing": Rule("error", "the audit has no date", "audit rejected", _AS_DATE),
    "date_format": Rule(
        "error",
        "expected a day that exists, written like 31/01/2019",
        "audit rejected",
        _AS_DATE,
    ),
    "date_order": Rule("error", "expected the day before the month", "audit rejected", _AS_DATE),
    "date_range": Rule("error", "the date is in the future or before 1990", "audit rejected", "correct the date"),
    "cell_error": Rule(
        "error",
        "the spreadsheet put an error in place of a value",
        "audit rejected",
        "mend the formula, or write the value",
    ),
    "formula_not_calculated": Rule(
        "error",
        "the cell holds a formula that was never calculated",
        "audit rejected",
        "open the file in a spreadsheet program and save it, or write the value",
    ),
    "id_precision": Rule(
        "error",
        "the identifier is a number of more than 15 digits, of which a spreadsheet keeps only 15",
        "audit rejected",
        "format the column as text and write the identifier again",
    ),
    "torn_row": Rule("error", "another row of this audit is torn: row {other}", "audit rejected", "mend that row"),
    # grades
    "grade_unknown": Rule(
        "error",
        "expected {grades}",
        "grade not counted",
        "correct the grade, or add the word under [scales.{scale}.labels] in the framework file",
    ),
    "grade_repeated": Rule(
        "error", "the audit has an earlier grade for this category", "grade not counted", "remove one of the two"
    ),
    "category_unknown": Rule(
        "error",
        "expected a category of the framework",
        "grade not counted",
        "correct the cell, or add the category to the framework file",
    ),
    # published tables
    "domain_unknown": Rule("error", "expected a domain of the framework", "share not read", "correct the cell"),
    "quarter_unknown": Rule(
        "error", "expected a quarter such as 'Jan - Mar' or '2019-Q1'", "share not read", "correct the cell"
    ),
    "share_format": Rule("error", "expected a share from 0 to 1 or a percentage", "share not read", "correct the cell"),
}
"""Every rule by its code; codes never change their meaning."""


class Problem(NamedTuple):
    """One row of the problems table."""

    code: str
    severity: str
    message: str
    file: str
    sheet: str
    cell: str
    row: str
    column: str
    value: str
    outcome: str
    remedy: str


def problem(
    code: str,
    file: str,
    sheet: str = "",
    *,
    cell: str = "",
    row: str = "",
    column: str = "",
    value: str = "",
    severity: Severity | None = None,
    outcome: str | None = None,
    **details: object,
) -> Problem:
    """Make the problem of a rule met at a place.

    Parameters
    ----------
    code
        The code of the rule.
    file, sheet, cell, row, column
        The place, as far as it is known.
    value
        What was found there.
    severity, outcome
        In place of those of the rule, where the place makes them others.
    **details
        What the message and the remedy name.

    Returns
    -------
    Problem
        The problem.

    Examples
    --------
    >>> problem("same_content", "b.csv", earlier="a.csv").message
    'the file is a copy of a.csv'
    """
    rule = RULES[code]
    return Problem(
        code,
        severity or rule.severity,
        rule.message.format(**details),
        file,
        sheet,
        cell,
        row,
        column,
        value,
        outcome or rule.outcome,
        rule.remedy.format(**details),
    )
