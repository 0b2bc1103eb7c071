"""The reference of the framework file: what ``docs/frameworks.md`` says of its keys, made from the code."""

from pathlib import Path

from pydantic import BaseModel

from auditanalytics.frameworks import tables
from auditanalytics.frameworks.fields import AUDIT_FIELD_MEANINGS, LONG_FIELD_MEANINGS
from auditanalytics.frameworks.framework import Framework
from auditanalytics.grades import GradeScale
from auditanalytics.settings_reference import table_reference, write_reference

DESCRIBED: dict[str, type[BaseModel]] = {
    "Keys at the top": Framework,
    "`[scales.<name>]`": GradeScale,
    "`[overall]`": tables.Overall,
    "`[[domains]]`": tables.Domain,
    "`categories` of a domain": tables.Category,
    "`comments` of a domain or category": tables.Comments,
    "`[[forms]]`": tables.Form,
    "`[targets]`": tables.Target,
    "`[expected]`": tables.Expected,
    "`[allocation]`": tables.Allocation,
    "`[deadlines]`": tables.Deadlines,
    "`[moderation]`": tables.Moderation,
    "`[samples]`": tables.Samples,
    "`[disclosure]`": tables.Disclosure,
    "`[checks]`": tables.Checks,
}
"""Every table of the file, by its heading in the reference."""


def framework_reference() -> str:
    """Write what every key of a framework file means.

    Returns
    -------
    str
        Markdown: a table for every table of the file, and one for the fields of ``[columns]``.

    Examples
    --------
    >>> "| `re_audit_months` | whole number, 0 or more | nothing |" in framework_reference()
    True
    """
    parts = []
    for heading, model in DESCRIBED.items():
        if model is tables.Overall:
            parts.append(_columns_reference())
        parts.append(table_reference(heading, model))
    return "\n\n".join(parts) + "\n"


def write_framework_reference(path: Path) -> None:
    """Write the reference between its two markers in a Markdown file.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    ArgumentError
        If the file lacks a marker.
    """
    write_reference(path, framework_reference())


def _columns_reference() -> str:
    rows = [f"| `{field}` | {text} |" for field, text in (AUDIT_FIELD_MEANINGS | LONG_FIELD_MEANINGS).items()]
    opening = '`field = ["accepted header", …]`. The name of the field is always accepted too.'
    return "\n".join(["### `[columns]`", "", opening, "", "| field | meaning |", "|---|---|", *rows])
