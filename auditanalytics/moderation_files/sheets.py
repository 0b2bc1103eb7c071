"""The sheets of a moderation workbook: their names, their columns, and what is said of how to fill them in.

What is written and what is read back meet here, and so do the columns and the words that explain them.
"""

from typing import NamedTuple

from auditanalytics.frameworks import OVERALL, Framework, Meaning
from auditanalytics.intake import MODERATED_HEADERS, WORKBOOK_SHEET
from auditanalytics.moderated_grades import NOT_JUDGED
from auditanalytics.moderation_files.draw_record import AUDIT, STRATUM

HOW_TO, CASES, GRADES, DRAW = "How to", "Cases", WORKBOOK_SHEET, "About this draw"
"""The sheets, in their order."""

CATEGORY, MODERATED_GRADE, MODERATOR, DATE_MODERATED, REASON = (
    MODERATED_HEADERS[name] for name in ("category", "moderated_grade", "moderator", "moderated_on", "reason")
)
DOMAIN, FIRST_GRADE, PLACE, DATE_OF_AUDIT = "Domain", "First grade", "Where it stands", "Date of audit"
WHY, FLAGS = "Why it was drawn", "Flags"


class SheetColumn(NamedTuple):
    """A column: its header, how many characters wide, what it is, who fills it in, and whether it gives grades away."""

    header: str
    width: int
    meaning: str = ""
    is_input: bool = False
    is_telling: bool = False


OF_CASES = (
    SheetColumn(AUDIT, 20, "the pseudonym of the audit; leave it as it is"),
    SheetColumn(PLACE, 38, "the file, sheet and row of its return"),
    SheetColumn(DATE_OF_AUDIT, 12, "the day on which it was done"),
    SheetColumn(MODERATOR, 22, "who moderates it: write the name, or change it", is_input=True),
    SheetColumn(DATE_MODERATED, 14, "the day on which it was moderated, such as 31/01/2019", is_input=True),
    SheetColumn(STRATUM, 11, "certainty: there was a reason to look; random: by chance from the rest", is_telling=True),
    SheetColumn(WHY, 33, "the reason to look, or the draw by chance", is_telling=True),
    SheetColumn(FLAGS, 40, "what was seen in grades and comments; no reason to change a grade", is_telling=True),
)
OF_GRADES = (
    SheetColumn(AUDIT, 20, "the pseudonym of the audit; leave it as it is"),
    SheetColumn(DOMAIN, 33, "the area of practice"),
    SheetColumn(CATEGORY, 38, "what is graded; leave it as it is"),
    SheetColumn(FIRST_GRADE, 20, "the grade that the auditor gave; blank where none was given", is_telling=True),
    SheetColumn(MODERATED_GRADE, 22, f"your grade, or {NOT_JUDGED} where the record cannot tell", is_input=True),
    SheetColumn(REASON, 50, "why, in a sentence that names nobody", is_input=True),
    SheetColumn(MODERATOR, 22, f"blank where it is the one on {CASES}; else the name of who gave it", is_input=True),
)


def columns_shown(columns: tuple[SheetColumn, ...], *, is_blind: bool) -> list[SheetColumn]:
    """Give the columns that a workbook has.

    Parameters
    ----------
    columns
        Columns of a sheet.
    is_blind
        Whether moderators do not see the auditors' grades, nor anything from which they could be guessed.

    Returns
    -------
    list of SheetColumn
        The columns.

    Examples
    --------
    >>> [column.header for column in columns_shown(OF_GRADES, is_blind=True)][2:4]
    ['Category', 'Moderated grade']
    """
    return [column for column in columns if not (column.is_telling and is_blind)]


def how_to(*, is_blind: bool) -> list[str]:
    """Say what to do with a workbook.

    Parameters
    ----------
    is_blind
        Whether moderators do not see the auditors' grades.

    Returns
    -------
    list of str
        Steps, in their order.
    """
    first = (
        "Grade before you open the return: the first grades are left out of this workbook on purpose."
        if is_blind
        else "The first grade is shown beside yours; give the grade that the record bears, whichever it is."
    )
    return [
        f"A row of {CASES} is an audit to look at again, a row of {GRADES} a grade to give. Fill in what is yellow.",
        f"Nothing here names a child, a worker or an auditor: an audit is its pseudonym. '{PLACE}' says which row of "
        "the returns it is; so does 'auditanalytics lookup PSEUDONYM RETURNS', for whoever holds the key.",
        first,
        f"Choose the moderated grade from the list: {NOT_JUDGED} where the record cannot tell, blank where you have "
        "not looked yet.",
        "Give the reason in a sentence, above all where the grades differ. Name nobody: it is read in the discussion.",
        f"Write on {CASES} who moderated the audit and on which day.",
        f"A second moderator copies the rows of the audit on {GRADES} and writes their name under {MODERATOR} there. A "
        "grade that all agreed on is one more row, with Consensus as the moderator.",
        "You may sort, filter and add columns. Keep headers, pseudonyms and categories as they are, save as .xlsx and "
        "send it back: 'auditanalytics moderate read' takes it in.",
    ]


def category_label(framework: Framework, domain: str, category: str) -> str:
    """Give the words for a category under which it is known when the workbook comes back.

    Parameters
    ----------
    framework
        The framework.
    domain, category
        The ids of both; ``overall`` for the judgement on the whole audit.

    Returns
    -------
    str
        Its title, or its id where the framework has given its title another meaning.

    Examples
    --------
    >>> from auditanalytics.frameworks import load_framework
    >>> framework = load_framework("south-gloucestershire")
    >>> category_label(framework, "risk", "risk-response"), category_label(framework, "overall", "overall")
    ('Response to risk', 'Overall judgement')
    """
    if category == OVERALL:
        title = framework.domain_titles[OVERALL]
        return title if framework.meaning(title) == Meaning("field", OVERALL) else OVERALL.capitalize()
    titles = {each.id: each.title for of in framework.domains for each in of.categories}
    is_known = framework.meaning(titles[category]) == Meaning("grade", "", domain, category)
    return titles[category] if is_known else category
