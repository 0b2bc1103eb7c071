"""From a framework's name or file to a checked `Framework`.

Whatever is wrong with a file is said in one sentence that names the file and the key, because the person who reads
it wrote the file in a text editor and may never have seen Python.
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

_PLAIN_WORDS = {
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "string_pattern_mismatch": "must be letters and digits, with - or _ between them, or a month such as 2019-01",
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
    >>> "south-gloucestershire" in shipped_frameworks()
    True
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
        raise ArgumentError(f"there is no framework file '{framework}'; the shipped frameworks are: {shipped}")
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
    ChoiceError
        If there is no such framework.
    FrameworkError
        If the file cannot be used; the sentence names the key.

    Examples
    --------
    >>> [domain.id for domain in load_framework("south-gloucestershire").domains]
    ['risk', 'assessments', 'plans', 'reviews', 'collaboration']
    """
    path = _framework_file(framework)
    if path.stat().st_size > LARGEST_FILE:
        raise FrameworkError(f"{path.name} is larger than {LARGEST_FILE:,} bytes, so it is not a framework file")
    data = path.read_bytes()
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FrameworkError(f"{path.name} is not a TOML file: {error}{_line_of(error, data)}") from None
    known = {"id": path.stem, "sha256": hashlib.sha256(data).hexdigest()}
    if given := next((key for key in known if key in table), None):
        raise FrameworkError(f"{path.name}: {given}: unknown key; a framework is known by its file")
    try:
        return Framework.model_validate(known | table)
    except ValidationError as error:
        raise FrameworkError(f"{path.name}: {_explain(error)}") from None


def _line_of(error: Exception, data: bytes) -> str:
    """What stands on the line of a TOML error, which names a line and not the key."""
    found = re.search(r"line (\d+)", str(error))
    lines = data.decode("utf-8-sig", errors="replace").splitlines()
    if not found or int(found[1]) > len(lines):
        return ""
    return f", which is: {lines[int(found[1]) - 1].strip()[:80]}"


def _explain(error: ValidationError) -> str:
    """The first thing wrong, with its key and, for a misspelt one, the key that was meant."""
    first = error.errors(include_url=False)[0]
    place = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    if first["type"] == "extra_forbidden":
        key = str(first["loc"][-1])
        nearest = difflib.get_close_matches(key, _keys_beside(first["loc"]), n=1)
        return f"{place}: unknown key" + (f"; did you mean '{nearest[0]}'?" if nearest else "")
    message = _PLAIN_WORDS.get(first["type"], first["msg"].removeprefix("Value error, "))
    given = f", not {first['input']!r}" if isinstance(first["input"], (str, int, float)) else ""
    if first["type"] == "value_error":
        return f"{place}: {message}" if place else message
    if first["type"] == "missing":
        return f"{place}: this key is required"
    return f"{place}: {message[:1].lower()}{message[1:]}{given}"


def _keys_beside(location: tuple[Any, ...]) -> list[str]:
    """The keys that could stand where the unknown one stands."""
    model: Any = Framework
    for part in location[:-1]:
        if isinstance(part, str) and isinstance(model, type) and part in model.model_fields:
            model = _model_within(model.model_fields[part].annotation)
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _model_within(annotation: Any) -> Any:
    """The model inside an annotation such as ``tuple[Domain, ...]`` or ``Overall | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_within(argument) for argument in getattr(annotation, "__args__", ()))
    return next((model for model in inner if model is not None), None)
