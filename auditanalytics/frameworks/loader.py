"""From a framework's name or file to a checked `Framework`.

Whatever is wrong with a file is said in one sentence that names the file, the key and what to write instead, because
the person who reads it wrote the file in a text editor and may never have seen Python.
"""

import difflib
import hashlib
import re
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from auditanalytics.errors import ArgumentError, ChoiceError, FrameworkError
from auditanalytics.frameworks.framework import Framework
from auditanalytics.frameworks.tables import IDENTIFIER, MONTH

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
    MONTH: "must be a month; write it as 2019-01",
}

LARGEST_FILE = 1_000_000
"""Bytes; a framework is a page or two of text, so anything larger is another file given by mistake."""


@cache
def shipped_frameworks() -> tuple[str, ...]:
    """List the names of the frameworks that come with the library.

    Returns
    -------
    tuple of str
        Names that `load_framework` accepts.

    Examples
    --------
    >>> shipped_frameworks()
    ('hull', 'south-gloucestershire', 'telford-and-wrekin')
    """
    files = resources.files("auditanalytics.frameworks").iterdir()
    return tuple(sorted(Path(file.name).stem for file in files if file.name.endswith(".toml")))


def _framework_file(framework: str | Path) -> Path:
    """The file of a shipped framework, or the user's own."""
    if str(framework) in shipped_frameworks():
        return Path(str(resources.files("auditanalytics.frameworks") / f"{framework}.toml"))
    path = Path(framework)
    if not path.is_file() and path.suffix == ".toml":
        shipped = ", ".join(shipped_frameworks())
        raise ArgumentError(
            f"there is no framework file '{framework}'; give the path of one, or a shipped framework: {shipped}"
        )
    if not path.is_file():
        raise ChoiceError("framework", framework, [*shipped_frameworks(), "the path of a TOML file"])
    return path.resolve()


def load_framework(framework: str | Path) -> Framework:
    """Load a framework and check it.

    Parameters
    ----------
    framework
        The name of a shipped framework, or the path of a TOML file.

    Returns
    -------
    Framework
        The framework.

    Raises
    ------
    ArgumentError
        If there is no such file; a `ChoiceError` if there is no such framework.
    FrameworkError
        If the file cannot be used; the sentence names the file, the key and the remedy.

    Examples
    --------
    >>> [domain.id for domain in load_framework("south-gloucestershire").domains]
    ['risk', 'assessments', 'plans', 'reviews', 'collaboration']
    """
    path = _framework_file(framework)
    if path.stat().st_size > LARGEST_FILE:
        raise FrameworkError(
            f"{path.name} is larger than {LARGEST_FILE:,} bytes, so it is not a framework file; give the path of the "
            "TOML file that says what is audited"
        )
    data = path.read_bytes()
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FrameworkError(f"{path.name} is not a TOML file: {_explain_text(error, data)}") from None
    known = {"id": path.stem, "sha256": hashlib.sha256(data).hexdigest()}
    if given := next((key for key in known if key in table), None):
        raise FrameworkError(f"{path.name}: {given}: unknown key; take it out: a framework is known by its file")
    try:
        return Framework.model_validate(known | table)
    except ValidationError as error:
        raise FrameworkError(f"{path.name}: {_explain(error)}") from None


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


def _explain(error: ValidationError) -> str:
    """The first thing wrong, with its key and what to write instead."""
    first = error.errors(include_url=False)[0]
    # Beside the keys of the file, a location names the arms of a choice of types and "[key]" for a key itself.
    parts = [part for part in first["loc"] if isinstance(part, int) or not re.search(r"[\[(]", part)]
    place = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")
    beside = _keys_beside(first["loc"])
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


def _keys_beside(location: tuple[Any, ...]) -> list[str]:
    """The keys that a person may write where the faulty one stands."""
    model: Any = Framework
    for part in location[:-1]:
        if isinstance(part, str) and isinstance(model, type) and part in model.model_fields:
            model = _model_within(model.model_fields[part].annotation)
    fields = model.model_fields if isinstance(model, type) and issubclass(model, BaseModel) else {}
    return [key for key in fields if model is not Framework or key not in ("id", "sha256")]


def _model_within(annotation: Any) -> Any:
    """The model inside an annotation such as ``tuple[Domain, ...]`` or ``Overall | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_within(argument) for argument in getattr(annotation, "__args__", ()))
    return next((model for model in inner if model is not None), None)
