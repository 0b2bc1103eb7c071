"""What identifies an audit, and which date decides its quarter.

A return cannot be read without either, so that both are asked for where they are not plain. Whether a column could
identify an audit is tried on its rows: in a return with a row for each judgement it is the same on several rows, and
with the category it is not.
"""

import itertools
from collections.abc import Iterable

from auditanalytics.first_framework.columns import REPEATS, Column, share_of_different
from auditanalytics.first_framework.fields import Fields, is_date
from auditanalytics.first_framework.known_headers import KnownHeaders
from auditanalytics.first_framework.questions import headers_line, name_headers
from auditanalytics.frameworks import fold_header
from auditanalytics.settings_file import toml_list

_NEARLY_ALL = 0.9
_LONGEST_REFERENCE, _MOST_CANDIDATES = 40, 3
_MOST_TRIED = 9
_OFTEN_TOGETHER = ("child", "audited_on", "returned_on", "worker", "team", "audit_type")


def settle_identity(
    fields: Fields, others: Iterable[Column], known: KnownHeaders, category: Column | None
) -> tuple[Column, ...]:
    """Keep, or ask for, what identifies an audit.

    Parameters
    ----------
    fields
        The fields that were found; a column that identifies nothing is taken out, and the question added.
    others
        The columns that nothing is known of.
    known
        What the shipped frameworks know.
    category
        The column of categories of a return with a row for each judgement.

    Returns
    -------
    tuple of Column
        The columns by which one audit can be told from another for now; none where nothing can.
    """
    given = fields.column("audit_id")
    if given and _tells_apart((given,), category, least=_NEARLY_ALL):
        return (given,)
    others = list(others)
    if given and category is None:
        _ask_about_rows(fields, given, others)
    alone = [column for column in others if _may_be_reference(column) and _tells_apart((column,), category)]
    alone.sort(key=lambda column: "audit_id" not in known.resembles(column.header)[:1])
    several = _several(fields, others, category)
    lines = [headers_line("audit_id", [column.header]) for column in alone[:_MOST_CANDIDATES]]
    if several:
        lines.append(f"audit_id_from = {toml_list(column.header for column in several)}")
    if given:
        fields.take_out("audit_id")
        text = f"{name_headers([given.header])} is the same on several audits, or is missing on many. {_ASK}"
        if fold_header(given.header) == fold_header("audit_id"):
            text += " A column with this header is always taken for it: to use others, rename it in the sheet."
        fields.ask(text, [given.header], [headers_line("audit_id", [given.header]), *lines], needed=True)
    else:
        found = "One of these differs on every audit." if lines else f"None was found. {_IF_ROWS_ARE_JUDGEMENTS}."
        fields.ask(f"{_ASK} {found}", [column.header for column in alone[:1]], lines, needed=True)
    return (alone[0],) if alone else several


def _ask_about_rows(fields: Fields, given: Column, others: list[Column]) -> None:
    """Ask whether a row is one judgement, where a column tells the rows of each audit apart."""
    if not 0 < share_of_different(given) <= REPEATS:
        return
    words = [
        column
        for column in others
        if _may_be_reference(column)
        and share_of_different(given, column) == 1
        and share_of_different(column) <= REPEATS
    ]
    if words:
        text = (
            f"{name_headers([given.header])} is the same on several rows. {_IF_ROWS_ARE_JUDGEMENTS}. The first may be"
        )
        lines = [headers_line("category", [column.header]) for column in words[:_MOST_CANDIDATES]]
        fields.ask(f"{text}:", [column.header for column in words], lines, needed=True)


_IF_ROWS_ARE_JUDGEMENTS = (
    'If a row is one judgement, and not one audit, call the column of categories "Category" and that of grades "Grade" '
    "in the sheet, and make this file anew"
)
_ASK = "Needed: what identifies an audit, alone (audit_id) or with others (audit_id_from)?"


def _may_be_reference(column: Column) -> bool:
    """Whether the cells are short, and neither dates nor grades."""
    longest = max(map(len, column.counts), default=0)
    return 0 < longest <= _LONGEST_REFERENCE and not (column.looks_like_dates or column.is_graded)


def _tells_apart(columns: tuple[Column, ...], category: Column | None, *, least: float = 1.0) -> bool:
    if category is None:
        return share_of_different(*columns) >= least
    return share_of_different(*columns, category) >= least and 0 < share_of_different(*columns) <= REPEATS


def _several(fields: Fields, others: list[Column], category: Column | None) -> tuple[Column, ...]:
    """The first two columns that together identify an audit; those of fields that often do are tried first."""
    known = [column for name in _OFTEN_TOGETHER if (column := fields.column(name))]
    unknown = [column for column in others if column.looks_like_dates or _may_be_reference(column)]
    pairs = itertools.combinations([*known, *unknown][:_MOST_TRIED], 2)
    return next((pair for pair in pairs if _tells_apart(pair, category)), ())


def settle_date(fields: Fields, others: Iterable[Column], known: KnownHeaders) -> str:
    """Find, or ask for, the date that decides the quarter.

    Parameters
    ----------
    fields
        The fields that were found; the question is added.
    others
        The columns that nothing is known of.
    known
        What the shipped frameworks know.

    Returns
    -------
    str
        The field to write as ``period_date``; "" where it need not be written.
    """
    if "audited_on" in fields.put:
        return ""
    if "returned_on" in fields.put:
        return "returned_on"
    dated = [column for column in others if column.looks_like_dates]
    dated.sort(key=lambda column: "audited_on" not in known.resembles(column.header))
    lines = [headers_line("audited_on", [column.header]) for column in dated]
    lines += [f'period_date = "{name}"' for name in fields.put if is_date(name) and not name.startswith("action")]
    found = "One of these may be it" if lines else "No column holds dates"
    text = f"Needed: the date that decides the quarter, best the day on which the audit was done. {found}."
    fields.ask(text, [column.header for column in dated[:1]], lines, needed=True)
    return ""
