"""Wide and long returns brought to one shape, still raw.

In a wide return a row is an audit; in a long one it is one judgement of an audit, and what is said of the audit stands
on each of its rows. Both become: audits with their fields, marks (the written grades), comments and actions, each
with the place it came from.
"""

from dataclasses import dataclass

import pandas as pd

from auditanalytics.frameworks import AUDIT_FIELDS, OVERALL, Framework
from auditanalytics.frameworks.framework import Column
from auditanalytics.grades import fold_label
from auditanalytics.intake.layout import ReturnTable
from auditanalytics.problems import Problem

MARK_COLUMNS = ["audit_row", "row", "position", "domain", "category", "label", "moderated_position", "moderated_label"]
COMMENT_COLUMNS = ["audit_row", "domain", "category", "kind", "text"]
ACTION_COLUMNS = ["audit_row", "action_number", "action", "role", "person", "due_on", "completed_on"]
_COMMENT_FIELDS = (("field", "worked_well"), ("field", "worried_about"), ("field", "comment"))
_ACTION_FIELDS = {
    "action": "action",
    "next_step": "action",
    "action_role": "role",
    "action_person": "person",
    "action_due_on": "due_on",
    "action_completed_on": "completed_on",
}


@dataclass(frozen=True)
class RawAudits:
    """The audits of one sheet, raw.

    Attributes
    ----------
    table
        The sheet they come from.
    audits
        Text of every audit field, "" where blank, with ``key``, the folded identity; on the row number of the audit.
    marks, comments, actions
        Written grades, comments and next steps; ``audit_row`` is the row number of their audit.
    row_of
        For every data row, the row number of its audit.
    """

    table: ReturnTable
    audits: pd.DataFrame
    marks: pd.DataFrame
    comments: pd.DataFrame
    actions: pd.DataFrame
    row_of: pd.Series


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
    identity = data[list(table.identity)].map(fold_label)
    # A separator that folding cannot leave inside a part; an identity with a missing part is no identity.
    fields["key"] = identity.agg("\x1f".join, axis=1).where((identity != "").all(axis=1), "")
    fields["identity"] = data[list(table.identity)].agg(" ".join, axis=1)
    row_of = pd.Series(data.index, index=data.index)
    if table.is_long:
        row_of = row_of.groupby(fields["key"].where(fields["key"] != "", row_of.astype(str))).transform("first")
    # What is said of an audit may stand on its first row only, or on all of its rows.
    audits = fields.where(fields != "").groupby(row_of).first().fillna("") if table.is_long else fields
    marks, problems = _long_marks(table, data, framework) if table.is_long else (_wide_marks(table, data), [])
    if not table.is_long or OVERALL not in set(marks["domain"]):
        marks = pd.concat([marks, _overall_marks(table, audits, framework)])
    comments = _comments(table, data, marks, row_of)
    marks, comments = (frame.assign(audit_row=frame["row"].map(row_of)) for frame in (marks, comments))
    return RawAudits(
        table,
        audits,
        marks[MARK_COLUMNS],
        comments[COMMENT_COLUMNS].drop_duplicates(),
        _actions(table, data, row_of),
        row_of,
    ), problems


def _wide_marks(table: ReturnTable, data: pd.DataFrame) -> pd.DataFrame:
    moderated = {column.category: at for at, column in table.columns.items() if column.kind == "moderated grade"}
    parts = [
        _marks(data, at, moderated.get(column.category), domain=column.domain, category=column.category)
        for at, column in table.columns.items()
        if column.kind == "grade"
    ]
    return pd.concat(parts) if parts else pd.DataFrame(columns=MARK_COLUMNS)


def _overall_marks(table: ReturnTable, audits: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    at = table.position("overall")
    if at is None or framework.overall is None:
        return pd.DataFrame(columns=MARK_COLUMNS)
    data = table.data.loc[audits.index]
    return _marks(data, at, table.position("moderated_overall"), domain=OVERALL, category=OVERALL)


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
    marks = _marks(data, grade_at, table.position("moderated_grade"))  # type: ignore[arg-type]
    known = data[category_at].map(meanings).to_numpy()
    marks["domain"] = [place[0] if place else "" for place in known]
    marks["category"] = [place[1] if place else "" for place in known]
    unknown = marks.loc[marks["category"] == "", "row"]
    problems = [table.problem("category_unknown", row, category_at) for row in unknown]
    return marks[marks["category"] != ""], problems


def _category(text: str, framework: Framework) -> tuple[str, str] | None:
    meaning = framework.meaning(text)
    if meaning == Column("field", "overall") and framework.overall is not None:
        return OVERALL, OVERALL
    return (meaning.domain, meaning.category) if meaning and meaning.kind == "grade" else None


def _comments(table: ReturnTable, data: pd.DataFrame, marks: pd.DataFrame, row_of: pd.Series) -> pd.DataFrame:
    """Comments of the whole audit, of a domain or category box, and in a long return of each judgement."""
    boxes = []
    judged = marks.drop_duplicates("row").set_index("row")[["domain", "category"]].reindex(data.index).fillna("")
    for at, column in table.columns.items():
        if column.kind != "comment" and (column.kind, column.name) not in _COMMENT_FIELDS:
            continue
        box = pd.DataFrame(
            {
                "row": data.index,
                "kind": column.name,
                "text": data[at].to_numpy(),
                "domain": column.domain,
                "category": column.category,
            }
        )
        if table.is_long and not _says_the_same_on_every_row(data[at], row_of):
            box[["domain", "category"]] = judged.to_numpy()
        boxes.append(box[box["text"] != ""])
    return pd.concat(boxes) if boxes else pd.DataFrame(columns=["row", "domain", "category", "kind", "text"])


def _says_the_same_on_every_row(texts: pd.Series, row_of: pd.Series) -> bool:
    """Whether a column of a long return speaks of the whole audit, repeated on each of its rows."""
    return bool((texts.groupby(row_of).nunique() <= 1).all()) and bool(row_of.duplicated().any())


def _actions(table: ReturnTable, data: pd.DataFrame, row_of: pd.Series) -> pd.DataFrame:
    columns = {
        (column.number, _ACTION_FIELDS[column.name]): at
        for at, column in table.columns.items()
        if column.kind == "field" and column.name in _ACTION_FIELDS
    }
    parts = []
    for number in sorted({number for number, _ in columns}):
        part = pd.DataFrame(
            {
                field: data[columns[number, field]] if (number, field) in columns else ""
                for field in dict.fromkeys(_ACTION_FIELDS.values())
            },
            index=data.index,
        )
        part["action_number"] = number or 1
        part["audit_row"] = row_of
        parts.append(part[(part.drop(columns=["action_number", "audit_row"]) != "").any(axis=1)])
    actions = pd.concat(parts) if parts else pd.DataFrame(columns=ACTION_COLUMNS)
    return actions.reindex(columns=ACTION_COLUMNS).drop_duplicates()
