"""A question that only somebody who knows the audits can answer, with the lines that would answer it.

Whatever is not certain becomes one: it stands in the file as a comment, and nothing of it counts until somebody takes
the "#" away from one of its lines.
"""

from collections.abc import Iterable
from typing import NamedTuple

from auditanalytics.english import listed
from auditanalytics.settings_file import toml_list, toml_text


class Question(NamedTuple):
    """A question: what is asked, the lines of TOML that may be the answer, whether nothing can be read without one."""

    text: str
    lines: tuple[str, ...] = ()
    is_needed: bool = False


def name_headers(headers: Iterable[str]) -> str:
    """Name headers in a sentence.

    Parameters
    ----------
    headers
        Headers as they were written; at least one.

    Returns
    -------
    str
        The headers as TOML writes texts, so that nothing in them can end a comment.

    Examples
    --------
    >>> name_headers(["Ref", "Date"])
    '"Ref" and "Date"'
    """
    return listed([toml_text(header) for header in headers])


def headers_line(field: str, headers: Iterable[str]) -> str:
    """Write the line that gives headers to a field.

    Parameters
    ----------
    field
        A field.
    headers
        Its headers.

    Returns
    -------
    str
        A line of TOML.

    Examples
    --------
    >>> headers_line("team", ["Locality"])
    'team = ["Locality"]'
    """
    return f"{field} = {toml_list(headers)}"
