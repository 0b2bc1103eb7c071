"""Settings that people write in a TOML file with a text editor: read, checked, and what is wrong said in one sentence.

The person who reads the sentence wrote the file and may never have seen Python, so it names the file, the key and what
to write instead. Only the keys that a table has are taken, and a number is taken as it is written: ``true`` is none.
"""

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from auditanalytics.errors import ArgumentError, describe_refusal

IDENTIFIER = r"^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$"
WORD = r"^[a-z0-9]+$"
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"

Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER)]
Month = Annotated[str, StringConstraints(pattern=MONTH)]


class Table(BaseModel):
    """A table of the file: only the keys it has, and nothing that changes afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Settings = TypeVar("Settings", bound=Table)
KNOWN = ("id", "sha256")
"""Fields that follow from the file itself and are no keys of it."""

_MUST_BE = {
    "tuple_type": 'must be a list; write it as ["Good"]',
    "dict_type": "must be a table; write its keys as key = value under a [heading]",
    "mapping_type": "must be a table; write its keys as key = value under a [heading]",
    "model_type": "must be a table; write its keys as key = value under a [heading]",
    "model_attributes_type": "must be a table; write its keys as key = value under a [heading]",
    "string_type": 'must be a text; write it in quotation marks, as "Good"',
    "int_type": "must be a whole number; write it without quotation marks, as 10",
    "float_type": "must be a number; write it without quotation marks, as 0.1",
    "bool_type": "must be true or false; write it without quotation marks",
    "greater_than_equal": "must be {ge:g} or more; write a larger number",
    "less_than_equal": "must be {le:g} or less; write 10% as 0.1",
    "too_short": "must hold {min_length} or more; add one",
}
_PATTERNS = {
    IDENTIFIER: "must be letters and digits with - or _ between them; write it as risk-response",
    WORD: "must be one word in small letters; write it as seen",
    MONTH: "must be a month; write it as 2019-01",
}

LARGEST_FILE = 1_000_000
"""Bytes; such a file is some pages of text, so anything larger is another file given by mistake."""


def read_settings(path: Path, model: type[Settings], *, what: str, error: type[ArgumentError]) -> Settings:
    """Read a file of settings and check it.

    Parameters
    ----------
    path
        The file.
    model
        What it must be.
    what
        What people call such a file, such as ``framework``.
    error
        The error to raise.

    Returns
    -------
    Table
        The settings, with the SHA-256 of the file.

    Raises
    ------
    ArgumentError
        If the file cannot be used; the sentence names the file, the key and the remedy.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise error(f"'{path}' is no file; give the path of the TOML file of the {what}")
        data = path.read_bytes() if size <= LARGEST_FILE else b""
    except OSError as refusal:
        raise error(f"the {what} file '{path}' cannot be read ({describe_refusal(refusal)}); give its path") from None
    if size > LARGEST_FILE:
        raise error(
            f"{path.name} is larger than {LARGEST_FILE:,} bytes, so it is no {what} file; give the path of the TOML "
            f"file of the {what}"
        )
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as fault:
        # Of a file that is quite another, such as a return, no line is shown.
        shown = data if path.suffix == ".toml" else b""
        raise error(f"{path.name} is not a TOML file: {_explain_text(fault, shown)}") from None
    of_file = {"id": path.stem, "sha256": hashlib.sha256(data).hexdigest()}
    known = {name: value for name, value in of_file.items() if name in model.model_fields}
    if given := next((key for key in known if key in table), None):
        raise error(f"{path.name}: {given}: unknown key; take it out: a {what} is known by its file")
    try:
        return model.model_validate(known | table)
    except ValidationError as fault:
        raise error(f"{path.name}: {_explain(fault, model)}") from None


def toml_text(text: str) -> str:
    r"""Write a text as TOML does, on one line.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The text in quotation marks; what cannot stand in such a file is escaped, or "?" where TOML cannot say it.

    Examples
    --------
    >>> print(toml_text('a "b"'), toml_text("two\nlines\x7f"))
    "a \"b\"" "two\nlines\u007F"
    """
    text = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")  # a text of JSON, but for this character


def toml_list(texts: Iterable[str]) -> str:
    """Write texts as a list of TOML, on one line.

    Parameters
    ----------
    texts
        Any texts.

    Returns
    -------
    str
        The list.

    Examples
    --------
    >>> toml_list(["Good", "RI"])
    '["Good", "RI"]'
    """
    return f"[{', '.join(map(toml_text, texts))}]"


def _explain_text(error: Exception, data: bytes) -> str:
    """What is wrong with a text that is no TOML, the line on which it stands, and what to do."""
    if isinstance(error, UnicodeDecodeError):
        return "its letters are not in UTF-8; save it as UTF-8 in the text editor"
    if isinstance(error, RecursionError):
        return "brackets within brackets have no end; close every [ and {"
    remedy = 'write each line as key = value, texts in quotation marks and lists as ["one", "two"]'
    if re.search("overwrite|twice|mutate", str(error)):
        remedy = "write every key and every [heading] once"
    return f"{error}{_line_of(error, data)}; {remedy}"


def _line_of(error: Exception, data: bytes) -> str:
    """What stands on the line of a TOML error, which names a line and not the key."""
    found = re.search(r"line (\d+)", str(error))
    lines = data.decode("utf-8-sig", errors="replace").splitlines()
    if not found or int(found[1]) > len(lines):
        return ""
    return f", which is: {lines[int(found[1]) - 1].strip()[:80]}"


def _explain(error: ValidationError, settings: type[BaseModel]) -> str:
    """The first thing wrong, with its key and what to write instead."""
    first = error.errors(include_url=False)[0]
    # Beside the keys of the file, a location names the arms of a choice of types and "[key]" for a key itself.
    parts = [part for part in first["loc"] if isinstance(part, int) or not re.search(r"[\[(]", part)]
    place = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")
    beside = _keys_beside(first["loc"], settings)
    if first["type"] == "extra_forbidden":
        nearest = difflib.get_close_matches(str(first["loc"][-1]), beside, n=1)
        return f"{place}: unknown key; " + (
            f"did you mean '{nearest[0]}'?" if nearest else f"write one of: {', '.join(beside)}"
        )
    if first["type"] == "missing":
        unknown = [key for key in first["input"] if key not in beside]
        nearest = difflib.get_close_matches(str(first["loc"][-1]), unknown, n=1)
        return f"{place}: this key is required; " + (f"write it in place of '{nearest[0]}'" if nearest else "add it")
    if first["type"] == "value_error":
        message = first["msg"].removeprefix("Value error, ")
        return f"{place}: {message}" if place else message
    given = f", not {_as_written(first['input'])}" if isinstance(first["input"], (str, int, float)) else ""
    message, instead, remedy = _must_be(first).partition(";")
    return f"{place}: {message}{given}{instead}{remedy}"


def _as_written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _must_be(fault: Any) -> str:
    """What a value must be, in words."""
    context = fault.get("ctx", {})
    if fault["type"] == "string_pattern_mismatch":
        return _PATTERNS[context["pattern"]]
    if fault["type"] == "literal_error":
        return f"must be {context['expected']}"
    if fault["type"] in _MUST_BE:
        return _MUST_BE[fault["type"]].format(**context)
    return f"{fault['msg'][:1].lower()}{fault['msg'][1:]}"


def _keys_beside(location: tuple[Any, ...], settings: type[BaseModel]) -> list[str]:
    """The keys that a person may write where the faulty one stands."""
    model: Any = settings
    for part in location[:-1]:
        if isinstance(part, str) and isinstance(model, type) and part in model.model_fields:
            model = _model_within(model.model_fields[part].annotation)
    fields = model.model_fields if isinstance(model, type) and issubclass(model, BaseModel) else {}
    return [key for key in fields if model is not settings or key not in KNOWN]


def _model_within(annotation: Any) -> Any:
    """The model inside an annotation such as ``tuple[Domain, ...]`` or ``Overall | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_within(argument) for argument in getattr(annotation, "__args__", ()))
    return next((model for model in inner if model is not None), None)
