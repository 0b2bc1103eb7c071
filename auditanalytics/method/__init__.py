"""What METHOD.md says in numbers, made from the code.

How every number is made is written by hand in METHOD.md; the thresholds, and what the methods come to, are made here
from the constants and functions themselves, and stand there between two markers each. A test compares them, so that a
threshold cannot be changed without the document.
"""

from collections.abc import Callable
from pathlib import Path

from auditanalytics.errors import ArgumentError
from auditanalytics.method.brief_thresholds import brief_threshold_table
from auditanalytics.method.moderation_thresholds import moderation_threshold_table
from auditanalytics.method.tables import (
    coverage_table,
    false_signal_table,
    power_table,
    run_chart_table,
    sample_size_table,
    small_sample_table,
)
from auditanalytics.method.theme_thresholds import theme_threshold_table
from auditanalytics.method.thresholds import threshold_table

PARTS: dict[str, Callable[[], str]] = {
    "small-samples": small_sample_table,
    "coverage": coverage_table,
    "power": power_table,
    "sample-sizes": sample_size_table,
    "run-charts": run_chart_table,
    "false-signals": false_signal_table,
    "theme-thresholds": theme_threshold_table,
    "brief-thresholds": brief_threshold_table,
    "moderation-thresholds": moderation_threshold_table,
    "thresholds": threshold_table,
}
"""What makes each part of METHOD.md that stands between markers."""


def begin_marker(part: str) -> str:
    """Give the line before a part.

    Parameters
    ----------
    part
        One of `PARTS`.

    Returns
    -------
    str
        A comment in Markdown.

    Examples
    --------
    >>> begin_marker("power")
    '<!-- begin power: made from the code by make dictionary -->'
    """
    return f"<!-- begin {part}: made from the code by make dictionary -->"


def end_marker(part: str) -> str:
    """Give the line after a part.

    Parameters
    ----------
    part
        One of `PARTS`.

    Returns
    -------
    str
        A comment in Markdown.

    Examples
    --------
    >>> end_marker("power")
    '<!-- end power -->'
    """
    return f"<!-- end {part} -->"


def write_method_tables(path: Path) -> None:
    """Write every table of METHOD.md anew between its markers.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    ArgumentError
        If the file lacks a marker, or has one twice.
    """
    text = path.read_text(encoding="utf-8")
    for part, make in PARTS.items():
        begin, end = begin_marker(part), end_marker(part)
        if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
            raise ArgumentError(f"{path.name} must hold the lines '{begin}' and '{end}', once each; add them")
        before, after = text.split(begin)[0], text.split(end)[1]
        text = f"{before}{begin}\n\n{make()}\n\n{end}{after}"
    path.write_text(text, encoding="utf-8", newline="\n")
