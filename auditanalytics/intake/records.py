"""Wide and long returns brought to one shape, still raw.

In a wide return a row is an audit; in a long one it is one judgement of an audit, and what is said of the audit stands
on each of its rows. Both become: audits with their fields, marks (the written grades), comments, actions and feedback,
each with the place it came from.
"""

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from auditanalytics.frameworks import AUDIT_FIELDS, OVERALL, Framework, Meaning
from auditanalytics.grades import fold_label
from auditanalytics.intake.layout import ReturnTable
from auditanalytics.intake.values import is_error_cell, is_uncalculated, parse_dates
from auditanalytics.problems import Problem

MARK_COLUMNS = ["audit_row", "row", "position", "domain", "category", "label", "moderated_position", "moderated_label"]
COMMENT_COLUMNS = ["audit_row", "domain", "category", "kind", "text", "themes"]
ACTION_COLUMNS = [
    "audit_row",
    "row",
    "action_number",
    "action",
    "role",
    "person",
    "due_on",
    "due_on_position",
    "completed_on",
    "completed_on_position",
]
FEEDBACK_COLUMNS = ["audit_row", "row", "who", "score", "score_position", "scale", "scale_position", "text"]
IDENTITY_SEPARATOR = "\x1f"
"""Between the parts of an identity: folding never leaves it inside one."""

_ROUNDED = re.compile(r"\d(?:\.\d+)?e\+\d+|\d{15}0+", re.IGNORECASE)
"""A number so large that a spreadsheet rounded it, in either way that it writes one."""

_COMMENT_FIELDS = [("field", name) for name in ("worked_well", "worried_about", "next_step", "comment")]
_ACTION_FIELDS = {
    "action": "action",
    "action_role": "role",
    "action_person": "person",
    "action_due_on": "due_on",
    "action_completed_on": "completed_on",
}
_FEEDBACK_FIELDS = {
    "feedback_from": "who",
    "feedback_score": "score",
    "feedback_scale": "scale",
    "feedback_text": "text",
}


@dataclass(frozen=True)
class RawAudits:
    """The audits of one sheet, raw.

    Attributes
    ----------
    table
        The sheet they come from.
    audits
        Text of every audit field, "" where blank, on the row number of the audit, with ``key``, the folded identity,
        and ``identity_fault``, the code of what is wrong with it.
    marks, comments, actions, feedback
        Written grades, comments, next steps and feedback; ``audit_row`` is the row number of their audit.
    row_of
        For every data row, the row number of its audit.
    torn
        For every torn row, the folded identity of its audit, as far as it can be read.
    """

    table: ReturnTable
    audits: pd.DataFrame
    marks: pd.DataFrame
    comments: pd.DataFrame
    actions: pd.DataFrame
    feedback: pd.DataFrame
    row_of: pd.Series
    torn: pd.Series

    def with_audits(self, audits: pd.DataFrame) -> "RawAudits":
        """Give the same sheet with only some of its audits; marks and the rest stay."""
        return replace(self, audits=audits)

    def without(self, rows: pd.Index) -> "RawAudits":
        """Give the same sheet without the audits on some rows, and without all that is of them."""
        if rows.empty:
            return self
        kept = {
            name: part[~part["audit_row"].isin(rows)]
            for name in ("marks", "comments", "actions", "feedback")
            for part in [getattr(self, name)]
        }
        return replace(self, audits=self.audits.drop(rows), row_of=self.row_of[~self.row_of.isin(rows)], **kept)


def raw_audits(table: ReturnTable, framework: Framework) -> tuple[RawAudits, list[Problem]]:
    """Bring a return to the one shape.

    Parameters
    ----------
    table
        A return, wide or long.
    framework
        The framework that names its columns.

    Returns
    -------
    tuple
        The audits, raw, and a problem for each category of a long return that the framework does not have.
    """
    data = table.data
    fields = pd.DataFrame(
        {field: data[at] if (at := table.position(field)) is not None else "" for field in AUDIT_FIELDS},
        index=data.index,
        dtype=object,
    )
    fields["identity_fault"], fields["key"] = _identify(data[list(table.identity)])
    row_of = _rows_of_audits(fields["key"], fields[framework.period_date]) if table.is_long else data.index.to_series()
    # What is said of an audit may stand on its first row only, or on all of its rows.
    audits = fields.where(fields != "").groupby(row_of).first().fillna("") if table.is_long else fields
    marks, problems = _long_marks(table, data, framework) if table.is_long else (_wide_marks(table, data), [])
    comments = _comments(table, data, marks, row_of)
    if table.is_long:
        marks, comments = (frame.assign(audit_row=frame["row"].map(row_of)) for frame in (marks, comments))
    else:
        marks, comments = (frame.assign(audit_row=frame["row"]) for frame in (marks, comments))
    judged = marks.loc[marks["domain"] == OVERALL, "audit_row"]
    marks = pd.concat([marks, _overall_marks(table, audits.drop(judged.unique()), framework)])
    return RawAudits(
        table,
        audits,
        marks[MARK_COLUMNS],
        _without_repeats(comments[COMMENT_COLUMNS]) if table.is_long else comments[COMMENT_COLUMNS],
        _actions(table, data, row_of),
        _feedback(table, data, row_of),
        row_of,
        _identify(table.sheet.cells.loc[table.torn, list(table.identity)])[1],
    ), problems


def _rows_of_audits(key: pd.Series, date: pd.Series) -> pd.Series:
    """The first row of the audit of each row of a long return: rows of one identity and one date, written or not.

    A row without an identity stands alone, and so do rows of the same identity with another date, which are another
    audit with an identity that is taken.
    """
    rows = key.index.to_series()
    key = key.where(key != "", IDENTITY_SEPARATOR + rows.astype(str))
    dates, _ = parse_dates(date)
    when = dates.dt.strftime("%Y-%m-%d").where(dates.notna(), date).replace("", None)
    when = when.where(when.notna(), when.groupby(key).transform("first")).fillna("")
    return rows.groupby([key, when]).transform("first")


def _identify(parts: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What is wrong with the identity on each row, "" where nothing is, and the identity, folded, "" where it is."""
    faults = [[_identity_fault(text) for text in row] for row in parts.to_numpy()]
    fault = pd.Series([max(row, key=_GRAVITY.index, default="") for row in faults], index=parts.index, dtype=object)
    keys = [IDENTITY_SEPARATOR.join([fold_label(text) for text in row]) for row in parts.to_numpy()]
    return fault, pd.Series(keys, index=parts.index, dtype=object).where(fault == "", "")


_GRAVITY = ("", "id_missing", "id_precision", "formula_not_calculated", "cell_error")
"""Which fault is told where several parts of an identity have one: the last of these."""


def _identity_fault(text: str) -> str:
    if text.startswith("#"):
        return "cell_error" if is_error_cell(text) else "formula_not_calculated" if is_uncalculated(text) else ""
    if text[-1:].isdecimal():
        return "id_precision" if _ROUNDED.fullmatch(text) else ""
    return "" if fold_label(text) else "id_missing"


def _wide_marks(table: ReturnTable, data: pd.DataFrame) -> pd.DataFrame:
    moderated = {column.category: at for at, column in table.columns.items() if column.kind == "moderated grade"}
    graded = {at: column for at, column in table.columns.items() if column.kind == "grade"}
    positions = [(at, moderated.get(column.category, -1)) for at, column in graded.items()]
    blank = np.full(len(data), "", dtype=object)
    labels = [data[at].to_numpy() for at, _ in positions]
    moderated_labels = [data[at].to_numpy() if at >= 0 else blank for _, at in positions]

    return pd.DataFrame(
        {
            "row": np.tile(data.index.to_numpy(), len(positions)),
            "position": np.repeat([at for at, _ in positions], len(data)),
            "label": _texts(np.concatenate([*labels, blank[:0]])),
            "moderated_position": np.repeat([at for _, at in positions], len(data)),
            "moderated_label": _texts(np.concatenate([*moderated_labels, blank[:0]])),
            "domain": _texts(np.repeat([column.domain for column in graded.values()], len(data))),
            "category": _texts(np.repeat([column.category for column in graded.values()], len(data))),
        }
    )


def _texts(texts: np.ndarray) -> pd.Series:
    """Text that stays what it is: a frame made of plain arrays would turn it into another kind of text, and back."""
    return pd.Series(texts, dtype=object)


def _overall_marks(table: ReturnTable, audits: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    at, moderated_at = table.position("overall"), table.position("moderated_overall")
    if at is None or framework.overall is None:
        return pd.DataFrame(columns=MARK_COLUMNS)
    data = audits.rename(columns={"overall": at, "moderated_overall": -1 if moderated_at is None else moderated_at})
    marks = _marks(data, at, moderated_at, domain=OVERALL, category=OVERALL)
    return marks.assign(audit_row=marks["row"])


def _marks(data: pd.DataFrame, at: int, moderated_at: int | None, **what: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": data.index,
            "position": at,
            "label": data[at].to_numpy(),
            "moderated_position": -1 if moderated_at is None else moderated_at,
            "moderated_label": "" if moderated_at is None else data[moderated_at].to_numpy(),
            **what,
        }
    )


def _long_marks(table: ReturnTable, data: pd.DataFrame, framework: Framework) -> tuple[pd.DataFrame, list[Problem]]:
    category_at, grade_at = table.position("category"), table.position("grade")
    meanings = {text: _category(text, framework) for text in data[category_at].unique()}
    marks = _marks(data, grade_at, table.position("moderated_grade"))
    known = data[category_at].map(meanings).to_numpy()
    marks["domain"] = [place[0] if place else "" for place in known]
    marks["category"] = [place[1] if place else "" for place in known]
    unknown = marks.loc[marks["category"] == "", "row"]
    problems = [table.problem("category_unknown", row, category_at) for row in unknown]
    return marks[marks["category"] != ""], problems


def _category(text: str, framework: Framework) -> tuple[str, str] | None:
    meaning = framework.meaning(text)
    if meaning == Meaning("field", "overall") and framework.overall is not None:
        return OVERALL, OVERALL
    return (meaning.domain, meaning.category) if meaning and meaning.kind == "grade" else None


def _comments(table: ReturnTable, data: pd.DataFrame, marks: pd.DataFrame, row_of: pd.Series) -> pd.DataFrame:
    """Comments of the whole audit, of a domain or category box, and in a long return of each judgement."""
    boxes = []
    judged = marks.drop_duplicates("row").set_index("row")[["domain", "category"]].reindex(data.index).fillna("")
    for at, column in table.columns.items():
        if column.kind != "comment" and (column.kind, column.name) not in _COMMENT_FIELDS:
            continue
        texts = data.loc[data[at] != "", at]
        what = {"row": texts.index, "kind": column.name, "text": _texts(texts.to_numpy()), "themes": ""}
        # Themes coded by hand are those of the comments on their row, in a wide return of those on the whole audit.
        if (coded_at := table.position("themes")) is not None and (table.is_long or not column.domain):
            what["themes"] = _texts(data.loc[texts.index, coded_at].to_numpy())
        box = pd.DataFrame(what | {"domain": column.domain, "category": column.category})
        if table.is_long:
            of_row = ~_speaks_of_the_whole_audit(data[at], row_of).loc[texts.index].to_numpy()
            box.loc[of_row, ["domain", "category"]] = judged.loc[texts.index[of_row]].to_numpy()
        boxes.append(box)
    return pd.concat([*boxes, _coded_alone(table, data, boxes)])


def _without_repeats(comments: pd.DataFrame) -> pd.DataFrame:
    """The comments of a long return, those on several rows once, with the themes that any of these rows gives them."""
    same = [name for name in COMMENT_COLUMNS if name != "themes"]
    return comments.assign(themes=comments.groupby(same)["themes"].transform("max")).drop_duplicates()


def _coded_alone(table: ReturnTable, data: pd.DataFrame, boxes: list[pd.DataFrame]) -> pd.DataFrame:
    """Where somebody coded themes by hand beside no comment, the codes are the comment."""
    columns = ["row", *COMMENT_COLUMNS[1:]]
    at = table.position("themes")
    if at is None:
        return pd.DataFrame(columns=columns)
    beside = {row for box in boxes for row in box.loc[box["themes"] != "", "row"]}
    alone = data.loc[(data[at] != "") & ~data.index.isin(beside), at]
    codes = _texts(alone.to_numpy())
    what = {"row": alone.index, "kind": "comment", "text": codes, "themes": codes, "domain": "", "category": ""}
    return pd.DataFrame(what, columns=columns)


def _speaks_of_the_whole_audit(texts: pd.Series, row_of: pd.Series) -> pd.Series:
    """Whether a comment on a row of a long return is one on its whole audit: it stands on each of several rows."""
    audits = texts.groupby(row_of)
    return (audits.transform("nunique") == 1) & (audits.transform("size") > 1)


def _actions(table: ReturnTable, data: pd.DataFrame, row_of: pd.Series) -> pd.DataFrame:
    numbered = _numbered(table, data, _ACTION_FIELDS)
    parts = [part.assign(action_number=number) for number, part in numbered.items()]
    actions = pd.concat(parts) if parts else pd.DataFrame(columns=ACTION_COLUMNS)
    actions = actions.assign(row=actions.index, audit_row=row_of.reindex(actions.index))
    if table.is_long:  # an action stands on every row of its audit
        actions = actions.drop_duplicates([name for name in ACTION_COLUMNS if name != "row"])
        actions["action_number"] = actions.groupby("audit_row").cumcount() + 1
    return actions[ACTION_COLUMNS]


def _feedback(table: ReturnTable, data: pd.DataFrame, row_of: pd.Series) -> pd.DataFrame:
    parts = list(_numbered(table, data, _FEEDBACK_FIELDS).values())
    if table.is_long:  # feedback stands on every row of its audit, or on its first
        same = list(_FEEDBACK_FIELDS.values())
        parts = [part[~part[same].assign(audit=row_of.reindex(part.index)).duplicated()] for part in parts]
    feedback = pd.concat(parts) if parts else pd.DataFrame(columns=FEEDBACK_COLUMNS)
    feedback = feedback.assign(row=feedback.index, audit_row=row_of.reindex(feedback.index))
    return feedback[FEEDBACK_COLUMNS].sort_values("row", kind="stable")


def _numbered(table: ReturnTable, data: pd.DataFrame, fields: dict[str, str]) -> dict[int, pd.DataFrame]:
    """What stands in numbered groups of columns, by the number: text and position of each field on each filled row."""
    columns: dict[tuple[int, str], int] = {}
    for at, column in table.columns.items():
        if column.kind == "field" and column.name in fields:
            number = column.number or 1
            while (number, fields[column.name]) in columns:  # "Action" beside "Action 1"
                number += 1
            columns[number, fields[column.name]] = at
    parts = {}
    for number in sorted({number for number, _ in columns}):
        positions = {field: columns.get((number, field), -1) for field in fields.values()}
        part = pd.DataFrame({field: data[at] if at >= 0 else "" for field, at in positions.items()}, index=data.index)
        filled = part[(part != "").any(axis=1)]
        parts[number] = filled.assign(**{f"{field}_position": at for field, at in positions.items()})
    return parts
