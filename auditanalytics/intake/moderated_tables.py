"""Tables of moderated grades, kept beside the returns: a row for each grade that a moderator gave.

What moderators write into a workbook of their own comes back as such a table, and joins the audits that it is of when
both are read together; the return stays as the auditor sent it. It is told from a return by what it lacks: no grade of
an auditor, and no date of the audit.
"""

from auditanalytics.frameworks import Framework
from auditanalytics.intake.raw import RawSheet
from auditanalytics.intake.tables_beside import TableBeside, recognise_table

MODERATED_HEADERS = {
    "audit_id": "Audit",
    "category": "Category",
    "moderated_grade": "Moderated grade",
    "moderator": "Moderator",
    "moderated_on": "Date moderated",
    "reason": "Reason",
    "stratum": "Stratum",
    "probability": "Probability",
    "blind": "Blind",
}
"""What stands above each column of such a table as the library writes it; a framework's own words are known too."""

WORKBOOK_SHEET = "Grades"
"""The sheet of a moderators' workbook on which they write their grades."""

_NEEDED = {"audit_id", "category", "moderated_grade"}


def recognise_moderated(sheet: RawSheet, framework: Framework) -> TableBeside | None:
    """Recognise a sheet as a table of moderated grades.

    Parameters
    ----------
    sheet
        A sheet that is neither a return nor one that failed.
    framework
        The framework, whose words for these columns are accepted too.

    Returns
    -------
    TableBeside or None
        The table; None where the sheet lacks a column for the audit, the category or the moderated grade.
    """
    headers = {name: (name, header, *framework.columns.get(name, ())) for name, header in MODERATED_HEADERS.items()}
    return recognise_table(sheet, framework, headers, needed=_NEEDED, may_name_audits=True)


def is_moderators_workbook(sheet: RawSheet) -> bool:
    """Say whether a table of moderated grades is the sheet of a moderators' workbook that nobody has taken in.

    Parameters
    ----------
    sheet
        A sheet that is such a table.

    Returns
    -------
    bool
        True for the sheet of that name in a workbook.
    """
    return sheet.sheet == WORKBOOK_SHEET
