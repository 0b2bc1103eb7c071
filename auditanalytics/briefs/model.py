"""The learning brief as a value: what every renderer, and a council's own template, is given.

A brief is a headline and sections; a section is parts in the order in which they are read: sentences, points, tables
and figures. Everything that is shown is text already, rounded and worded once, so that no renderer can round or word
it differently.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from auditanalytics.reporting.canvas import Chart

Kind = Literal["monthly", "themed", "quarterly", "annual"]


@dataclass(frozen=True)
class Paragraph:
    """Sentences that belong together.

    Attributes
    ----------
    text
        The sentences.
    quiet
        Whether it is a note that a reader may pass over.
    """

    text: str
    quiet: bool = False
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Point:
    """One point of a list.

    Attributes
    ----------
    text
        What it says.
    lead
        Words before it that say what it is about, set apart from the rest; "" where there are none.
    address
        The web address to which the text leads; "" where it leads nowhere.
    """

    text: str
    lead: str = ""
    address: str = ""

    @property
    def href(self) -> str:
        """The address as a document may hold it, percent-encoded; "" where it is none of the web."""
        shown = "".join(filter(str.isprintable, self.address)).strip()
        written = quote(shown.encode(errors="ignore"), safe="%/:?#[]@!$&'()*+,;=~")
        return written if _WEB_ADDRESS.fullmatch(written) and len(written) <= _LONGEST_ADDRESS else ""


_WEB_ADDRESS = re.compile(r"https?://\S+")
_LONGEST_ADDRESS = 8000
"""Characters; a document with a longer one is refused by what reads it."""


@dataclass(frozen=True)
class Points:
    """A list of points."""

    points: tuple[Point, ...]
    kind: Literal["points"] = "points"


@dataclass(frozen=True)
class BriefTable:
    """A table; the first column names its rows.

    Attributes
    ----------
    caption
        What the table is of.
    head
        What stands above each column.
    rows
        The cells of each row, as many as the head has.
    note
        What a reader has to know of it; "" where nothing.
    of_words
        Whether the cells hold words, to be read from the left; otherwise numbers, to be compared down a column.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    of_words: bool = False
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class BriefFigure:
    """A chart with its caption; the chart brings its text alternative.

    Attributes
    ----------
    caption
        What the chart is of.
    chart
        The chart.
    note
        What a reader has to know of it; "" where nothing.
    share_of_width
        How much of the width of the text it takes on paper, from 0 to 1.
    """

    caption: str
    chart: Chart
    note: str = ""
    share_of_width: float = 1.0
    kind: Literal["figure"] = "figure"


Part = Paragraph | Points | BriefTable | BriefFigure


@dataclass(frozen=True)
class Section:
    """A section of a brief.

    Attributes
    ----------
    id
        A short name that is the same in every brief that has such a section, such as ``worries``.
    title
        Its heading.
    parts
        What it holds, in order.
    sections
        Sections within it, such as one for each domain.
    """

    id: str
    title: str
    parts: tuple[Part, ...] = ()
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True)
class LearningBrief:
    """A learning brief.

    Attributes
    ----------
    kind
        ``monthly``, ``themed``, ``quarterly`` or ``annual``.
    title
        What the brief is called, such as "Learning brief: May 2019".
    framework
        The name of the framework: what was audited.
    period
        The period as a name that sorts: ``2019-05``, ``2019-Q2``, ``2019``.
    when
        The period in words.
    headline
        The sentences that are read when nothing else is.
    sections
        The sections, in the order in which they are read.
    notice
        What a reader must know before anything else; "" where nothing.
    provenance
        What the brief was made from.
    is_shared
        Whether it is for sharing, and small numbers are hidden.
    """

    kind: Kind | Literal["discussion"]
    title: str
    framework: str
    period: str
    when: str
    headline: tuple[str, ...]
    sections: tuple[Section, ...]
    notice: str = ""
    provenance: str = ""
    is_shared: bool = False

    def section(self, name: str) -> Section | None:
        """Give the section of an id, however deep it lies; None where there is none."""
        return next((section for section, _ in self.walk() if section.id == name), None)

    def walk(self) -> Iterator[tuple[Section, int]]:
        """Give every section with how deep it lies, from 1, in the order in which they are read."""
        waiting = [(section, 1) for section in reversed(self.sections)]
        while waiting:
            section, depth = waiting.pop()
            yield section, depth
            waiting += [(inner, depth + 1) for inner in reversed(section.sections)]
