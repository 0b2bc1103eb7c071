"""What a blank return says of itself: how to fill it in and send it back, and what each column is."""

import re
from collections.abc import Sequence

from auditanalytics.blank_returns.columns import NEEDED, BlankReturn, ReturnColumn
from auditanalytics.english import as_sentence, listed
from auditanalytics.frameworks import Framework, shipped_frameworks

GUIDANCE = "Guidance"
_RETURNS = "Returns"
_LONGEST_NAME, _NOT_IN_A_NAME, _TAKEN = 31, re.compile(r"[\[\]:*?/\\]"), ("guidance", "history")
"""Of a sheet; the last is a name that spreadsheet programs keep for themselves."""

HEAD = ("Column", "What goes here", "Must it be filled in?", "How to write it", "On which sheet")


def sheet_names(returns: Sequence[BlankReturn]) -> list[str]:
    """Give the names of the sheets of blank returns.

    Parameters
    ----------
    returns
        What is asked, a sheet for each.

    Returns
    -------
    list of str
        ``Returns``, or the titles of the forms; their ids in words where not every title is a name that a sheet may
        have.

    Examples
    --------
    >>> from auditanalytics.blank_returns.columns import plan_returns
    >>> from auditanalytics.frameworks import load_framework
    >>> sheet_names(plan_returns(load_framework("hull")))
    ['Social care', 'Early help', 'Fostering', 'Supported lodgings', 'Prospective adopter']
    """
    forms = [blank.form for blank in returns if blank.form]
    if not forms:
        return [_RETURNS]
    titles = [form.title for form in forms]
    if all(len(title) <= _LONGEST_NAME and not _NOT_IN_A_NAME.search(title.strip("'")) for title in titles):
        return _told_apart([title.strip("'") for title in titles])
    return _told_apart([as_sentence(re.sub("[-_]", " ", form.id)) for form in forms])


def _told_apart(names: list[str]) -> list[str]:
    """Names that a workbook takes beside each other, without regard to capitals."""
    chosen: list[str] = []
    taken = set(_TAKEN)
    for name in names:
        number, candidate = 1, name[:_LONGEST_NAME]
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{name[: _LONGEST_NAME - 3]} {number}"
        taken.add(candidate.casefold())
        chosen.append(candidate)
    return chosen


def steps(framework: Framework, returns: Sequence[BlankReturn]) -> list[str]:
    """Say how to fill in a workbook of blank returns.

    Parameters
    ----------
    framework
        The framework.
    returns
        What is asked, a sheet for each.

    Returns
    -------
    list of str
        Steps, in their order.
    """
    needed = [column.header for column in returns[0].columns if column.need == NEEDED]
    names = sheet_names(returns)
    sheet = f"the sheet {names[0]}"
    if len(names) > 1:
        sheet = f"the sheet of the form that was used: {', '.join(names)}"
    return [
        f"Fill in one row for each audit, from the first row under the headers, on {sheet}.",
        f"{listed(needed)} must be filled in, or the audit cannot be counted; their headers are yellow.",
        how_to_grade(framework),
        "Write every day as 31/01/2019, the day before the month.",
        "Write people's names only in the columns that ask for them. In comments, write 'the mother' or 'the school'.",
        "You may sort, filter, hide columns and add some of your own. Keep the headers and the row that they stand in.",
        "Save it as .xlsx and send it back as case records are sent: it is about children. Whoever takes it in "
        f"runs 'auditanalytics check FILE.xlsx --framework {_as_argument(framework)}', which says what to mend.",
    ]


def _as_argument(framework: Framework) -> str:
    return framework.id if framework.id in shipped_frameworks() else f"{framework.id}.toml"


def how_to_grade(framework: Framework) -> str:
    """Say how grades are given.

    Parameters
    ----------
    framework
        The framework.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> from auditanalytics.frameworks import load_framework
    >>> how_to_grade(load_framework("hull"))
    'Choose every grade from the list in its place: N/A where it does not apply or the record cannot tell.'
    """
    words = list(dict.fromkeys(word for scale in framework.scales.values() for word in scale.not_graded_choice))
    where = "it does not apply or the record cannot tell"
    instead = f"{' or '.join(words)} where {where}" if words else f"leave it blank where {where}"
    return f"Choose every grade from the list in its place: {instead}."


def explain_columns(returns: Sequence[BlankReturn]) -> list[tuple[str, ...]]:
    """Say what each column of blank returns is.

    Parameters
    ----------
    returns
        What is asked, a sheet for each.

    Returns
    -------
    list of tuple
        A head and a row for each header; on which sheet it stands only where there are several.
    """
    sheets: dict[str, list[str]] = {}
    columns: dict[str, ReturnColumn] = {}
    for name, blank in zip(sheet_names(returns), returns, strict=True):
        for column in blank.columns:
            sheets.setdefault(column.header, []).append(name)
            columns.setdefault(column.header, column)
    rows = [HEAD]
    for header, column in columns.items():
        where = "every sheet" if len(sheets[header]) == len(returns) else listed(sheets[header])
        rows.append((header, column.what, column.need, _how(column), where))
    return rows if len(returns) > 1 else [row[:-1] for row in rows]


def _how(column: ReturnColumn) -> str:
    if column.field == "audit_type" and column.choices:
        return "Choose from the list: the title of the form"  # another on each sheet
    if column.choices:
        return f"Choose from the list: {', '.join(column.choices)}"
    return "A day, as 31/01/2019" if column.is_date else "Text"
