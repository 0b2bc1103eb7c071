"""One tail of one domain in a panel: dots, a run chart or a p-chart, with its gaps, events, target and labels.

Dots are not joined: a line between four quarters says "trend" where the numbers do not. A run chart and a p-chart join
them, because their rules read the order; the line breaks at a gap, which is shaded. A point that is more than chance
has a ring around it, so that it can be told without colour.
"""

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE, TAILS
from auditanalytics.ladder import DOTS, P_CHART, RUN_CHART
from auditanalytics.quarters import parse_period
from auditanalytics.reporting.canvas import TAIL_COLOURS, legend_line, legend_mark
from auditanalytics.reporting.colours import BLACK, DARK_BLUE, DARK_GREY, PALE_GREY
from auditanalytics.reporting.period_labels import MOST_LABELLED
from auditanalytics.reporting.readings import latest_signal, lettered_events
from auditanalytics.reporting.wording import HIDDEN, TAIL_TITLES, percent
from auditanalytics.trends import DomainTrend

MARKERS = {GOOD_OR_BETTER: "o", INADEQUATE: "s"}
_PUBLISHED_MARKER = "D"


def draw_tail(panel: Axes, trend: DomainTrend, tail: str, *, aside: float = 0.0, small: bool = False) -> None:
    """Draw one tail of a domain into a panel.

    Parameters
    ----------
    panel
        The panel.
    trend
        A domain's periods.
    tail
        ``good`` or ``inadequate``.
    aside
        How far the marks stand beside the middle of their period.
    small
        Whether the panel is one of an overview: dots alone, without labels, target or events.
    """
    points = trend.tail(tail)
    at = np.arange(len(points)) + aside
    rung = DOTS if small else trend.choice.rung
    _shade_gaps(panel, points, small=small)
    if small:
        _mark_hidden(panel, points, tail, at)
    if rung != DOTS:
        _draw_reading(panel, trend, tail)
    _draw_points(panel, points, tail, at, rung)
    published = points["published"].to_numpy(dtype=float)
    if not trend.has_returns:
        _plot_published(panel, at, published, MARKERS[tail], TAIL_COLOURS[tail])
    elif not small:
        _plot_published(panel, at - 0.2, published, _PUBLISHED_MARKER, DARK_GREY)
    if not small:
        _draw_target(panel, trend, tail)
        _draw_events(panel, trend)
        _label_points(panel, points, at)
    panel.set_ylim(0, 1)
    panel.set_xlim(-0.6, len(points) - 0.4 + (0 if small else max(0.1, 0.045 * len(points))))
    panel.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    panel.tick_params(length=0)


def _draw_points(panel: Axes, points: pd.DataFrame, tail: str, at: np.ndarray, rung: str) -> None:
    """The shares; with dots their intervals, on the other charts the line that joins them."""
    share, low, high = (points[name].to_numpy(dtype=float) for name in ("share", "low", "high"))
    known, colour, many = ~np.isnan(share), TAIL_COLOURS[tail], len(points) > 2 * MOST_LABELLED
    if not known.any():
        return
    if rung == DOTS:
        panel.vlines(at[known], low[known], high[known], color=colour, linewidth=1.2 if many else 1.8)
    else:
        panel.plot(at, share, color=colour, linewidth=1.1)
    panel.plot(
        at[known],
        share[known],
        linestyle="none",
        marker=MARKERS[tail],
        color=colour,
        clip_on=False,
        markersize=4 if many else 7.5 if rung == DOTS else 6,
    )


_CENTRE_STYLES = {RUN_CHART: (0, (5, 3)), P_CHART: "-"}
_LIMIT_COLOUR = "#6E6E6E"


def _draw_reading(panel: Axes, trend: DomainTrend, tail: str) -> None:
    """The centre, the limits, and a ring around each point that is more than chance."""
    reading = trend.reading(tail)
    edges = np.repeat(np.arange(len(reading) + 1) - 0.5, 2)[1:-1]
    # Each value holds over the whole width of its period.
    centre, low, high = (reading[name].to_numpy(dtype=float).repeat(2) for name in ("centre", "low", "high"))
    if trend.choice.rung == P_CHART:
        panel.fill_between(edges, low, high, color="#F4F4F4", linewidth=0, zorder=0.5)
        for limit in (low, high):
            panel.plot(edges, limit, color=_LIMIT_COLOUR, linewidth=0.9, linestyle=(0, (2, 2)))
    panel.plot(edges, centre, color=DARK_GREY, linewidth=1.2, linestyle=_CENTRE_STYLES[trend.choice.rung])
    signals = np.flatnonzero(reading["signal"] != "")
    if not len(signals):
        return
    shares = trend.tail(tail)["share"].to_numpy(dtype=float)
    panel.plot(
        signals,
        shares[signals],
        linestyle="none",
        marker="o",
        markersize=12,
        markerfacecolor="none",
        markeredgecolor=BLACK,
        markeredgewidth=1.4,
        clip_on=False,
    )


def _draw_target(panel: Axes, trend: DomainTrend, tail: str) -> None:
    if (target := trend.target(tail)) is not None:
        panel.axhline(target, color=BLACK, linewidth=1.1, linestyle=(0, (1, 2)))


def _draw_events(panel: Axes, trend: DomainTrend) -> None:
    """A line where each event fell, with its letter on top; its words stand under the chart."""
    periods = [parse_period(name, calendar=trend.calendar) for name in trend.periods]
    for letter, event in lettered_events(trend):
        at = next(number for number, period in enumerate(periods) if event.date <= period.end_time)
        period = periods[at]
        x = at - 0.5 + (event.date - period.start_time) / (period.end_time - period.start_time)
        panel.axvline(x, color=BLACK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=0.8)
        panel.annotate(
            letter,
            (x, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 1),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=9,
            fontweight="bold",
        )


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


def _mark_hidden(panel: Axes, points: pd.DataFrame, tail: str, at: np.ndarray) -> None:
    """The sign of what is hidden, in place of its mark, where the other tail may be shown beside it."""
    for x in at[points["hidden"].to_numpy()]:
        panel.annotate(HIDDEN, (x, 0.03), ha="center", va="bottom", fontsize=9, color=_LABEL_COLOURS[tail])


def _shade_gaps(panel: Axes, points: pd.DataFrame, *, small: bool) -> None:
    """A grey band over every run of periods with nothing to show, so that a gap is seen to be one, and why."""
    empty = points["share"].isna() & points["published"].isna()
    gaps = [(empty & ~points["hidden"], "none\ngraded")]
    if not small:
        gaps.append((empty & points["hidden"], "hidden"))
    for gap, words in gaps:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], gap.to_numpy().astype(int), [0]])))
        for first, after in edges.reshape(-1, 2):
            panel.axvspan(first - 0.5, after - 0.5, color=PALE_GREY, linewidth=0, zorder=0)
            if (after - first) / len(points) >= 0.1:
                middle = (first + after - 1) / 2
                panel.annotate(words, (middle, 0.03), ha="center", va="bottom", fontsize=9, color=DARK_GREY)


_BLUE_ORANGE_GREY = {1: DARK_BLUE, -1: "#C4430A", 0: DARK_GREY}
_BADGES = {
    "better": (1, "latest: special cause, for the better"),
    "worse": (-1, "latest: special cause, for the worse"),
    "common cause": (0, "latest: common cause"),
    "met": (1, "target: can be expected to be met"),
    "missed": (-1, "target: can be expected to be missed"),
    "by chance": (0, "target: met or missed by chance"),
}
_ICONS = {
    (GOOD_OR_BETTER, "better"): "▲",
    (GOOD_OR_BETTER, "worse"): "▼",
    (INADEQUATE, "better"): "▼",
    (INADEQUATE, "worse"): "▲",
}
_BADGE_LINE = 13


def title_panel(panel: Axes, trend: DomainTrend, tail: str) -> None:
    """Head a panel with its tail, and on a p-chart with the icons of what the latest point says.

    Parameters
    ----------
    panel
        The panel.
    trend
        A domain's periods.
    tail
        ``good`` or ``inadequate``.
    """
    badges = [each for each in latest_signal(trend, tail) if each] if trend.choice.rung == P_CHART else []
    above = 6 + 12 * bool(len(trend.events))  # the letters of events stand there
    panel.set_title(TAIL_TITLES[tail], pad=above + _BADGE_LINE * len(badges))
    for line, badge in enumerate(reversed(badges)):
        way, text = _BADGES[badge]
        for x, word, colour in ((0, _ICONS.get((tail, badge), "●"), _BLUE_ORANGE_GREY[way]), (13, text, BLACK)):
            panel.annotate(
                word,
                (0, 1),
                xycoords="axes fraction",
                xytext=(x, above + _BADGE_LINE * line),
                textcoords="offset points",
                ha="left",
                va="baseline",
                fontsize=9.5,
                color=colour,
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


def label_last(panel: Axes, trend: DomainTrend) -> None:
    """Print the last period's pair beside its marks, moved apart where the two would stand on each other.

    Parameters
    ----------
    panel
        A panel with both tails.
    trend
        A domain's periods.
    """
    points = {tail: trend.tail(tail).iloc[-1] for tail in TAILS}
    heights = {tail: _height(point) for tail, point in points.items() if _point_label(point)}
    if len(heights) == 2 and (gap := _LABEL_HEIGHT - abs(heights[GOOD_OR_BETTER] - heights[INADEQUATE])) > 0:
        upper = max(TAILS, key=heights.__getitem__)
        heights = {tail: height + (gap if tail == upper else -gap) / 2 for tail, height in heights.items()}
    for tail, height in heights.items():
        _label(panel, points[tail], len(trend.periods) - 0.86, height, colour=_LABEL_COLOURS[tail])


_CLEAR = {"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}
"""What keeps lines from crossing words."""

_LABEL_HEIGHT = 0.1
_LABEL_COLOURS = {GOOD_OR_BETTER: DARK_BLUE, INADEQUATE: BLACK}


def _height(point: pd.Series) -> float:
    return float(point["share"] if pd.notna(point["share"]) else point["published"])


def _label(panel: Axes, point: pd.Series, x: float, height: float, *, colour: str = BLACK) -> None:
    if text := _point_label(point):
        panel.annotate(
            text,
            (x, height),
            xytext=(10, 0),
            textcoords="offset points",
            ha="left",
            va="center",
            fontweight="bold",
            fontsize=9.5,
            color=colour,
            bbox=_CLEAR,
        )


def key_of(trends: list[DomainTrend], *, small: bool = False) -> list[mpl.lines.Line2D]:
    """List what the marks in panels mean.

    Parameters
    ----------
    trends
        The domains drawn.
    small
        Whether the panels are those of an overview, each with both tails.

    Returns
    -------
    list of matplotlib.lines.Line2D
        The entries of the key.
    """
    counted = any(trend.has_returns for trend in trends)
    rung = DOTS if small else trends[0].choice.rung
    handles = []
    if small or not counted:
        published = "" if counted else ", as published"
        handles = [
            legend_mark(MARKERS[tail], TAIL_COLOURS[tail], TAIL_TITLES[tail] + published, hollow=not counted)
            for tail in TAILS
        ]
    if not counted:
        return handles
    if rung == DOTS:
        handles.append(legend_line(DARK_GREY, "95% interval"))
    else:
        handles.append(legend_line(DARK_GREY, "median" if rung == RUN_CHART else "mean", style=_CENTRE_STYLES[rung]))
    if rung == P_CHART:
        handles.append(legend_line(_LIMIT_COLOUR, "control limits", style=(0, (2, 2)), width=1.2))
    if small:
        return handles
    if any((trend.reading(tail)["signal"] != "").any() for trend in trends for tail in TAILS):
        handles.append(legend_mark("o", BLACK, "more than chance", hollow=True))
    if any(trend.target(tail) is not None for trend in trends for tail in TAILS):
        handles.append(legend_line(BLACK, "target", style=(0, (1, 2))))
    if any(len(trend.published) for trend in trends):
        handles.append(legend_mark(_PUBLISHED_MARKER, DARK_GREY, "as published", hollow=True))
    return handles
