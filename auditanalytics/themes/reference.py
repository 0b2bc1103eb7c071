"""The reference of the codebook: what ``docs/themes.md`` says of its keys and themes, made from the code."""

from pathlib import Path

from pydantic import BaseModel

from auditanalytics.settings_reference import table_reference, write_reference
from auditanalytics.themes.codebook import Codebook, Polarity, Theme, Within, load_codebook

DESCRIBED: dict[str, type[BaseModel]] = {
    "Keys at the top": Codebook,
    "`[[themes]]`": Theme,
    "`[[themes.within]]`": Within,
    "`[polarity]`": Polarity,
}
"""Every table of the file, by its heading in the reference."""


def codebook_reference() -> str:
    """Write what every key of a codebook means, and which themes the library's own has.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> "| `voice` | Child's voice and lived experience |" in codebook_reference()
    True
    """
    parts = [table_reference(heading, model) for heading, model in DESCRIBED.items()]
    rows = [f"| `{theme.id}` | {theme.title} | {theme.covers} |" for theme in load_codebook().themes]
    head = ["### The themes of the library's codebook", "", "| id | title | covers |", "|---|---|---|"]
    return "\n\n".join([*parts, "\n".join(head + rows)]) + "\n"


def write_codebook_reference(path: Path) -> None:
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
    write_reference(path, codebook_reference())
