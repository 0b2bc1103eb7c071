"""The reference of the signs: what ``docs/moderation.md`` says of each, made from the code."""

from pathlib import Path

from auditanalytics.consistency.flags import FLAGS
from auditanalytics.settings_reference import write_reference


def flag_reference() -> str:
    """Write what every sign says of an audit, and what it asks the moderator to look at.

    Returns
    -------
    str
        Markdown, a table.

    Examples
    --------
    >>> "| `own_team` | The auditor's team is the team or service of the case |" in flag_reference()
    True
    """
    rows = [f"| `{code}` | {flag.title} | {flag.look_at} |" for code, flag in FLAGS.items()]
    return "\n".join(["| code | sign | look at |", "|---|---|---|", *rows]) + "\n"


def write_flag_reference(path: Path) -> None:
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
    write_reference(path, flag_reference())
