"""The paper on which charts are drawn: fonts, sizes, and SVG whose words are words in the reader's own font.

What lies between the two tails has a tint of its nearer end. A chart is drawn twice, for a wide page and for a phone,
and always to the same bytes.
"""

import io
import textwrap
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property

import matplotlib as mpl
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE, GradeScale
from auditanalytics.reporting.colours import BLACK, DARK_BLUE, LIGHT_BLUE, LIGHT_ORANGE, ORANGE
from auditanalytics.reporting.sanitised import NOT_IN_XML

TAIL_COLOURS = {GOOD_OR_BETTER: DARK_BLUE, INADEQUATE: ORANGE}
_FONTS = "Arial, 'Liberation Sans', Helvetica, sans-serif"
_STYLE = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that the layout is the same everywhere
    "font.size": 10,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": "#8A8A8A",
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": "#E3E3E3",
    "text.color": BLACK,
    "axes.labelcolor": BLACK,
    "xtick.color": BLACK,
    "ytick.color": BLACK,
    "text.parse_math": False,  # a title with two dollar signs is a title, not mathematics
    "svg.fonttype": "none",
    "svg.hashsalt": "auditanalytics",
}


@dataclass(frozen=True)
class Drawing:
    """A figure that is drawn when it is asked for: its width and height in inches, and what draws it."""

    size: tuple[float, float]
    draw: Callable[[Figure], None]

    @cached_property
    def svg(self) -> bytes:
        """SVG whose words are words; the same drawing gives the same bytes."""
        svg = self._rendered(format="svg", metadata={"Date": None, "Creator": None})
        return svg.replace(b"'DejaVu Sans'", _FONTS.encode()).replace(b"DejaVu Sans", _FONTS.encode())

    @cached_property
    def outlined(self) -> bytes:
        """SVG whose words are shapes, for a document that brings no font for them and gives them in words besides."""
        return self._rendered({"svg.fonttype": "path"}, format="svg", metadata={"Date": None, "Creator": None})

    @cached_property
    def png(self) -> bytes:
        """Pixels, for paper that takes no SVG; the same drawing gives the same bytes."""
        return self._rendered(format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})

    def _rendered(self, style: dict[str, object] | None = None, /, **how: object) -> bytes:
        with _own_style(style or {}):
            buffer = io.BytesIO()
            self._figure.savefig(buffer, **how)
        return buffer.getvalue()

    @cached_property
    def _figure(self) -> Figure:
        """The figure, laid out once, whatever it is then rendered as."""
        with _own_style({}):
            figure = Figure(figsize=self.size)
            self.draw(figure)
            for text in figure.findobj(mpl.text.Text):
                text.set_text(NOT_IN_XML.sub("", text.get_text()))
            sns.despine(figure)
            # not the figure's own engine: with one, every picture would be drawn twice, once to lay it out
            ConstrainedLayoutEngine().execute(figure)
        return figure


def _own_style(more: dict[str, object]) -> AbstractContextManager[None]:
    """Our style on matplotlib's own defaults, whatever settings the user or the folder has for other work."""
    return mpl.style.context([sns.axes_style("ticks"), _STYLE | more], after_reset=True)


@dataclass(frozen=True)
class Chart:
    """A chart: drawn for a wide page and for a narrow one, and what it shows in words."""

    on_wide: Drawing
    on_narrow: Drawing
    alternative: str

    @property
    def wide(self) -> bytes:
        """SVG for a wide page."""
        return self.on_wide.svg

    @property
    def narrow(self) -> bytes:
        """SVG for a phone."""
        return self.on_narrow.svg

    @property
    def outlined(self) -> bytes:
        """SVG for a wide page, its words as shapes."""
        return self.on_wide.outlined

    @property
    def png(self) -> bytes:
        """Pixels for a wide page."""
        return self.on_wide.png


_DOTS_PER_INCH = 150

_LINE_HEIGHT = 12
"""Points from one line of a name to the next."""


def name_rows(panel: mpl.axes.Axes, names: Iterable[str], characters: int) -> None:
    """Write names at the left of rows 0, 1 and so on, on as many lines as they take.

    Parameters
    ----------
    panel
        The axes, whose rows are one apart.
    names
        The names, in the order of the rows.
    characters
        How many fit on a line.
    """
    names = list(names)
    panel.set_yticks(range(len(names)), [""] * len(names))
    for row, name in enumerate(names):
        lines = textwrap.wrap(name, characters) or [""]
        for number, line in enumerate(lines):
            # Each line is a text of its own: matplotlib lines up those of one text by the widths of its own font, and
            # the reader's font has others.
            shift = (-5, _LINE_HEIGHT * ((len(lines) - 1) / 2 - number))
            at = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
            panel.annotate(line, (0, row), xytext=shift, ha="right", va="center_baseline", **at)


def grade_colours(scale: GradeScale) -> dict[str, str]:
    """Give every grade of a scale its colour: blues for good or better, oranges below.

    Parameters
    ----------
    scale
        A scale.

    Returns
    -------
    dict of str
        A colour by grade, the grades in the order of the scale; the darkest are its two ends.
    """
    good = [grade for grade in scale.grades if grade in scale.good]
    rest = [grade for grade in scale.grades if grade not in scale.good]
    blues = sns.blend_palette([DARK_BLUE, LIGHT_BLUE], max(len(good), 2)).as_hex()[: len(good)]
    oranges = sns.blend_palette([LIGHT_ORANGE, ORANGE], max(len(rest), 2)).as_hex()
    oranges = oranges[len(oranges) - len(rest) :]
    return dict(zip([*good, *rest], [*blues, *oranges], strict=True))


def ink_on(colour: str) -> str:
    """Choose black or white for words on a colour, whichever stands out more.

    Parameters
    ----------
    colour
        A colour.

    Returns
    -------
    str
        A colour.

    Examples
    --------
    >>> ink_on(DARK_BLUE), ink_on(ORANGE)
    ('#FFFFFF', '#1A1A1A')
    """
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mpl.colors.to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return BLACK if luminance > 0.179 else "#FFFFFF"  # the luminance at which both contrast alike (WCAG 2)


def legend_mark(marker: str, colour: str, label: str, *, hollow: bool = False) -> mpl.lines.Line2D:
    """Make the entry of a key for a mark.

    Parameters
    ----------
    marker, colour, label
        What it looks like and means.
    hollow
        Whether only its edge is drawn.

    Returns
    -------
    matplotlib.lines.Line2D
        The entry.
    """
    return mpl.lines.Line2D(
        [],
        [],
        linestyle="none",
        marker=marker,
        color=colour,
        label=label,
        markersize=6.5,
        markeredgewidth=1.5,
        markerfacecolor="white" if hollow else colour,
    )


def legend_line(colour: str, label: str, *, style: str = "-", width: float = 1.8) -> mpl.lines.Line2D:
    """Make the entry of a key for a line.

    Parameters
    ----------
    colour, label, style, width
        What it looks like and means.

    Returns
    -------
    matplotlib.lines.Line2D
        The entry.
    """
    return mpl.lines.Line2D([], [], color=colour, linewidth=width, linestyle=style, label=label)


def add_key(figure: Figure, handles: list[mpl.lines.Line2D]) -> None:
    """Put what the marks mean above the panels, in as many rows as the width asks for.

    Parameters
    ----------
    figure
        The figure.
    handles
        The entries.
    """
    inches = [0.45 + 0.075 * len(str(handle.get_label())) for handle in handles]
    columns = len(handles)
    while columns > 1 and max(sum(inches[at : at + columns]) for at in range(len(inches))) > figure.get_figwidth():
        columns -= 1
    figure.legend(
        handles=[handle for column in range(columns) for handle in handles[column::columns]],  # row by row
        loc="outside upper left",
        ncols=columns,
        frameon=False,
        handletextpad=0.4,
        columnspacing=1.4,
        borderaxespad=0.2,
    )
