"""Charts: Good and Inadequate as a pair, by quarter, each dot with its interval and its n.

Dots are not joined: a line between four quarters says "trend" where the numbers do not. Colours are the Government
Analysis Function's palette for two series, in its order, and every series also has its own shape and label. Each
chart is drawn twice, for a wide page and for a phone, as SVG whose words are words in the reader's own font.
"""

import io
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE, TAILS
from auditanalytics.quarters import month_title, parse_quarter, quarter_months
from auditanalytics.reporting.narrative import TAIL_TITLES, describe_chart
from auditanalytics.reporting.wording import percent
from auditanalytics.trends import DomainTrend

DARK_BLUE, ORANGE, DARK_GREY = "#12436D", "#F46A25", "#3D3D3D"
TAIL_COLOURS = {GOOD_OR_BETTER: DARK_BLUE, INADEQUATE: ORANGE}
_MARKERS = {GOOD_OR_BETTER: "o", INADEQUATE: "s"}
_PUBLISHED_MARKER = "D"
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
    "text.color": "#1A1A1A",
    "axes.labelcolor": "#1A1A1A",
    "xtick.color": "#1A1A1A",
    "ytick.color": "#1A1A1A",
    "text.parse_math": False,  # a title with two dollar signs is a title, not mathematics
    "svg.fonttype": "none",
    "svg.hashsalt": "auditanalytics",
}
MOST_LABELLED = 8
"""Quarters up to which each dot has its share and its n printed, and that an overview of every domain shows."""


@dataclass(frozen=True)
class Chart:
    """A chart: SVG for a wide page and for a narrow one, and what it shows in words."""

    wide: bytes
    narrow: bytes
    alternative: str


def draw_trend(trend: DomainTrend) -> Chart:
    """Draw a domain's quarters: a panel for Good or better and one for Inadequate.

    Parameters
    ----------
    trend
        A domain's quarters.

    Returns
    -------
    Chart
        The chart.
    """

    def draw(figure: Figure, *, side_by_side: bool) -> None:
        grid = (1, 2) if side_by_side else (2, 1)
        for panel, tail in zip(figure.subplots(*grid, sharey=True).ravel(), TAILS, strict=True):
            _draw_tail(panel, trend, tail, labelled=True)
            _label_quarters(panel, trend, tail)
            panel.set_title(TAIL_TITLES[tail])
        _add_key(figure, trend)

    length = len(trend.quarters)
    return Chart(
        wide=_render((9.0, 4.3), lambda figure: draw(figure, side_by_side=length <= 2 * MOST_LABELLED)),
        narrow=_render((4.7, 7.6), lambda figure: draw(figure, side_by_side=False)),
        alternative=describe_chart(trend),
    )


def draw_overview(trends: list[DomainTrend]) -> Chart:
    """Draw every domain small, Good or better beside Inadequate, on one scale.

    Parameters
    ----------
    trends
        The domains' quarters.

    Returns
    -------
    Chart
        The chart.
    """
    trends = [trend.last(MOST_LABELLED) for trend in trends]

    def draw(figure: Figure, *, columns: int) -> None:
        rows = -(-len(trends) // columns)
        panels = figure.subplots(rows, columns, sharey=True, squeeze=False).ravel()
        for panel, trend in zip(panels, trends, strict=False):
            for tail, aside in zip(TAILS, (-0.14, 0.14), strict=True):
                _draw_tail(panel, trend, tail, aside=aside, labelled=False)
            _label_last(panel, trend)
            _label_quarters(panel, trend, None)
            panel.set_title(textwrap.fill(trend.title, 36), fontsize=10.5)
        for panel in panels[len(trends) :]:
            panel.set_axis_off()
        _add_key(figure, *trends, tails=True)

    return Chart(
        wide=_render((9.0, 0.6 + 2.6 * -(-len(trends) // 3)), lambda figure: draw(figure, columns=3)),
        narrow=_render((4.7, 0.6 + 2.6 * len(trends)), lambda figure: draw(figure, columns=1)),
        alternative=" ".join(describe_chart(trend) for trend in trends),
    )


def _render(size: tuple[float, float], draw: Callable[[Figure], None]) -> bytes:
    with mpl.rc_context({**sns.axes_style("ticks"), **_STYLE}):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        sns.despine(figure)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue().replace(b"'DejaVu Sans'", _FONTS.encode()).replace(b"DejaVu Sans", _FONTS.encode())


def _draw_tail(panel: Axes, trend: DomainTrend, tail: str, *, labelled: bool, aside: float = 0.0) -> None:
    points, colour = trend.tail(tail), TAIL_COLOURS[tail]
    at = np.arange(len(points)) + aside
    share, low, high = (points[name].to_numpy(dtype=float) for name in ("share", "low", "high"))
    known = ~np.isnan(share)
    small = len(points) > 2 * MOST_LABELLED
    if known.any():
        panel.vlines(at[known], low[known], high[known], color=colour, linewidth=1.2 if small else 1.8)
        panel.plot(
            at[known],
            share[known],
            linestyle="none",
            marker=_MARKERS[tail],
            color=colour,
            clip_on=False,
            markersize=4 if small else 7.5,
        )
    published = points["published"].to_numpy(dtype=float)
    if not trend.has_returns:
        _plot_published(panel, at, published, _MARKERS[tail], colour)
    elif labelled:
        _plot_published(panel, at - 0.2, published, _PUBLISHED_MARKER, DARK_GREY)
    if labelled:
        _label_points(panel, points, at)
    _shade_gaps(panel, points)
    panel.set_ylim(0, 1)
    panel.set_xlim(-0.6, len(points) - 0.4 + 0.1 * labelled)
    panel.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    panel.tick_params(length=0)


def _plot_published(panel: Axes, at: np.ndarray, shares: np.ndarray, marker: str, colour: str) -> None:
    """Published shares are hollow, whatever their shape."""
    panel.plot(
        at,
        shares,
        linestyle="none",
        marker=marker,
        markersize=6,
        clip_on=False,
        markerfacecolor="white",
        markeredgecolor=colour,
        markeredgewidth=1.5,
    )


def _shade_gaps(panel: Axes, points: pd.DataFrame) -> None:
    """A grey band over every run of quarters with nothing to show, so that a gap is seen to be one."""
    empty = (points["share"].isna() & points["published"].isna()).to_numpy()
    edges = np.flatnonzero(np.diff(np.concatenate([[0], empty.astype(int), [0]])))
    for first, after in edges.reshape(-1, 2):
        panel.axvspan(first - 0.5, after - 0.5, color="#EFEFEF", linewidth=0, zorder=0)
        if (after - first) / len(points) >= 0.1:
            panel.annotate(
                "none\ngraded", ((first + after - 1) / 2, 0.03), ha="center", va="bottom", fontsize=9, color=DARK_GREY
            )


def _point_label(point: pd.Series) -> str:
    """A percentage where enough audits bear one, otherwise the count; "" where there is neither."""
    if pd.isna(point["share"]):
        return "" if pd.isna(point["published"]) else percent(point["published"])
    if not point["bears_percentage"]:
        return f"{point['n']} of {point['of']}"
    return percent(point["share"])


def _label_points(panel: Axes, points: pd.DataFrame, at: np.ndarray) -> None:
    labels = [(x, point) for x, (_, point) in zip(at, points.iterrows(), strict=True)]
    for x, point in labels if len(labels) <= MOST_LABELLED else labels[-1:]:
        _label(panel, point, x, _height(point))


def _label_last(panel: Axes, trend: DomainTrend) -> None:
    """The last quarter's pair beside its marks, moved apart where the two would stand on each other."""
    points = {tail: trend.tail(tail).iloc[-1] for tail in TAILS}
    heights = {tail: _height(point) for tail, point in points.items() if _point_label(point)}
    if len(heights) == 2 and (gap := _LABEL_HEIGHT - abs(heights[GOOD_OR_BETTER] - heights[INADEQUATE])) > 0:
        upper = max(TAILS, key=heights.__getitem__)
        heights = {tail: height + (gap if tail == upper else -gap) / 2 for tail, height in heights.items()}
    for tail, height in heights.items():
        _label(panel, points[tail], len(trend.quarters) - 0.86, height, colour=_LABEL_COLOURS[tail])


_LABEL_HEIGHT = 0.1
_LABEL_COLOURS = {GOOD_OR_BETTER: DARK_BLUE, INADEQUATE: "#1A1A1A"}


def _height(point: pd.Series) -> float:
    return float(point["share"] if pd.notna(point["share"]) else point["published"])


def _label(panel: Axes, point: pd.Series, x: float, height: float, *, colour: str = "#1A1A1A") -> None:
    if text := _point_label(point):
        panel.annotate(
            text,
            (x, height),
            xytext=(7, 0),
            textcoords="offset points",
            ha="left",
            va="center",
            fontweight="bold",
            fontsize=9.5,
            color=colour,
        )


def _label_quarters(panel: Axes, trend: DomainTrend, tail: str | None) -> None:
    """Under each quarter its months, its year, n of how many, and the months it lacks."""
    panel.set_xticks(range(len(trend.quarters)), [])
    size = 9 if tail else 8
    for at, quarter in enumerate(trend.quarters):
        # Line by line: the lines of one text would be centred for another font than the reader's.
        for number, line in enumerate(_quarter_lines(trend, tail, quarter)):
            panel.annotate(
                line,
                (at, 0),
                xycoords=("data", "axes fraction"),
                xytext=(0, -6 - 1.35 * size * number),
                textcoords="offset points",
                ha="center",
                va="top",
                fontsize=size,
            )


def _quarter_lines(trend: DomainTrend, tail: str | None, quarter: str) -> list[str]:
    months = quarter_months(parse_quarter(quarter, calendar=trend.calendar))
    if len(trend.quarters) > MOST_LABELLED:  # the years alone, and every other one where there are many
        every = 1 + len(trend.quarters) // 40
        return [str(months[0].year)] if months[0].month == 1 and months[0].year % every == 0 else []
    if tail is None and len(trend.quarters) > 4:
        new_year = quarter.endswith("Q1") or quarter == trend.quarters[0]
        return [quarter[-2:], quarter[:-3] if new_year else ""]
    lines = [f"{month_title(months[0], short=True)}–{month_title(months[-1], short=True)}", str(months[-1].year)]
    if tail is not None and trend.has_returns:
        point = trend.tail(tail).loc[quarter]
        lines.append(f"{point['n']} of {point['of']}")
        if quarter in trend.months_missing:
            lines.append("no " + ", ".join(month_title(month, short=True) for month in trend.months_missing[quarter]))
    return lines


def _add_key(figure: Figure, *trends: DomainTrend, tails: bool = False) -> None:
    """What the shapes mean, above the panels."""
    counted = any(trend.has_returns for trend in trends)
    published = "" if counted else ", as published"
    handles = []
    if tails or not counted:
        handles = [
            _legend_handle(_MARKERS[tail], TAIL_COLOURS[tail], TAIL_TITLES[tail] + published, hollow=not counted)
            for tail in TAILS
        ]
    if counted:
        handles.append(mpl.lines.Line2D([], [], color=DARK_GREY, linewidth=1.8, label="95% interval"))
    if counted and not tails and any(len(trend.published) for trend in trends):
        handles.append(_legend_handle(_PUBLISHED_MARKER, DARK_GREY, "as published", hollow=True))
    figure.legend(
        handles=handles,
        loc="outside upper left",
        ncols=len(handles),
        frameon=False,
        handletextpad=0.4,
        columnspacing=1.4,
        borderaxespad=0.2,
    )


def _legend_handle(marker: str, colour: str, label: str, *, hollow: bool = False) -> mpl.lines.Line2D:
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
