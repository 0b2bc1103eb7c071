"""The reference of a settings file, made from the models that check it.

A key, its kind, its default and its meaning are written once, where the file is checked; what is documented is made
from there, so that it is what is accepted. What stands around it is written by hand, outside the two markers.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from auditanalytics.errors import ArgumentError
from auditanalytics.settings_file import IDENTIFIER

START = "<!-- Made from the code; what is written here by hand is lost. -->"
END = "<!-- The end of what is made from the code. -->"

_KINDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_PLURALS = {"text": "texts", "short name": "short names", "table": "tables"}


def table_reference(heading: str, model: type[BaseModel]) -> str:
    """Write what every key of a table of the file means.

    Parameters
    ----------
    heading
        The heading of the table.
    model
        The model that checks it.

    Returns
    -------
    str
        Markdown: the heading, what the table is, and a row for every key.
    """
    opening = (model.__doc__ or "").strip().splitlines()[0].replace("``", "`")
    return "\n".join([f"### {heading}", "", opening, "", *_key_table(model)])


def write_reference(path: Path, reference: str) -> None:
    """Write a reference between its two markers in a Markdown file.

    Parameters
    ----------
    path
        The file.
    reference
        What to write.

    Raises
    ------
    ArgumentError
        If the file lacks a marker.
    """
    text = path.read_text(encoding="utf-8")
    if text.count(START) != 1 or text.count(END) != 1 or text.index(START) > text.index(END):
        raise ArgumentError(f"{path.name} must hold the lines '{START}' and '{END}', once each; add them")
    before, after = text.split(START)[0], text.split(END)[1]
    path.write_text(f"{before}{START}\n\n{reference}\n{END}{after}", encoding="utf-8", newline="\n")


def _key_table(model: type[BaseModel]) -> Iterator[str]:
    yield "| key | kind | if not given | meaning |"
    yield "|---|---|---|---|"
    schema = model.model_json_schema()
    for key, about in schema["properties"].items():
        if not about["description"].endswith("not a key of the file"):
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
