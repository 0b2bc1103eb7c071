"""The reference of the framework file, made from the models that check it.

A key, its kind, its default and its meaning are written once, where the file is checked; the tables in
``docs/frameworks.md`` are made from there, so that what is documented is what is accepted. The introduction and the
explanations around the tables are written by hand, outside the two markers.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from auditanalytics.errors import ArgumentError
from auditanalytics.frameworks import tables
from auditanalytics.frameworks.fields import AUDIT_FIELD_MEANINGS, LONG_FIELD_MEANINGS
from auditanalytics.frameworks.framework import Framework
from auditanalytics.grades import GradeScale
from auditanalytics.settings_file import IDENTIFIER

START = "<!-- The keys: made from the code; what is written here by hand is lost. -->"
END = "<!-- The end of the keys. -->"

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

_NOT_IN_THE_FILE = {Framework: ("id", "sha256")}
_KINDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_PLURALS = {"text": "texts", "short name": "short names", "table": "tables"}


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
        parts.append("\n".join([f"### {heading}", "", _opening(model), "", *_key_table(model)]))
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
    text = path.read_text(encoding="utf-8")
    if text.count(START) != 1 or text.count(END) != 1 or text.index(START) > text.index(END):
        raise ArgumentError(f"{path.name} must hold the lines '{START}' and '{END}', once each; add them")
    before, after = text.split(START)[0], text.split(END)[1]
    path.write_text(f"{before}{START}\n\n{framework_reference()}\n{END}{after}", encoding="utf-8", newline="\n")


def _opening(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0].replace("``", "`")


def _columns_reference() -> str:
    rows = [f"| `{field}` | {text} |" for field, text in (AUDIT_FIELD_MEANINGS | LONG_FIELD_MEANINGS).items()]
    opening = '`field = ["accepted header", …]`. The name of the field is always accepted too.'
    return "\n".join(["### `[columns]`", "", opening, "", "| field | meaning |", "|---|---|", *rows])


def _key_table(model: type[BaseModel]) -> Iterator[str]:
    yield "| key | kind | if not given | meaning |"
    yield "|---|---|---|---|"
    schema = model.model_json_schema()
    for key, about in schema["properties"].items():
        if key not in _NOT_IN_THE_FILE.get(model, ()):
            default = "**needed**" if key in schema.get("required", ()) else _default(about.get("default"))
            yield f"| `{key}` | {_kind(about)} | {default} | {about['description']} |"


def _default(value: Any) -> str:
    """What stands for a key that is left out, as it would be written."""
    return "nothing" if value is None or value in ("", [], {}) or isinstance(value, dict) else f"`{json.dumps(value)}`"


def _kind(about: dict[str, Any]) -> str:
    """The kind of a value in words, from its JSON schema."""
    choices = [choice for choice in about.get("anyOf", [about]) if choice.get("type") != "null"]
    if len(choices) > 1:
        return _kind(choices[0])
    about = choices[0]
    words = about.get("enum") or [about[key] for key in ("const",) if key in about]
    if words:
        return ("one of " if len(words) > 1 else "") + ", ".join(f'`"{word}"`' for word in words)
    if "$ref" in about:
        return "table"
    if about["type"] == "array":
        inner = _kind(about["items"])
        return f"list of {_PLURALS.get(inner, inner.removeprefix('one of '))}"
    if about["type"] == "object":
        return "table"
    if about.get("pattern") == IDENTIFIER:
        return "short name"
    return _KINDS[about["type"]] + _limits(about)


def _limits(about: dict[str, Any]) -> str:
    if "maximum" in about:
        return f" from {about['minimum']:g} to {about['maximum']:g}"
    return f", {about['minimum']:g} or more" if "minimum" in about else ""
