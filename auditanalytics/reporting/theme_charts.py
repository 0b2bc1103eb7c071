"""The chart of themes: in how many audits each is a worry and a strength, with its interval, side by side."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from auditanalytics.english import listed
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE, wilson_interval
from auditanalytics.reporting.canvas import Chart, Drawing, name_rows
from auditanalytics.reporting.colours import BLACK, DARK_BLUE, ORANGE
from auditanalytics.reporting.theme_sentences import KIND_TITLES, describe_share
from auditanalytics.reporting.wording import HIDDEN
from auditanalytics.themes.coding import WORKED_WELL, WORRIED_ABOUT

_COLOURS = {WORRIED_ABOUT: ORANGE, WORKED_WELL: DARK_BLUE}


def draw_themes(counts: pd.DataFrame, titles: dict[str, str], subject: str) -> Chart:
    """Draw the themes that are spoken of, those that most audits worry about first.

    Parameters
    ----------
    counts
        Rows of `schema.THEMES` of one domain and quarter, of themes alone.
    titles
        The titles of the themes.
    subject
        What the picture is of, for its text alternative.

    Returns
    -------
    Chart
        The chart.
    """
    wide = counts[counts["kind"].isin(_COLOURS)].pivot(index="theme", columns="kind", values="audits").astype(float)
    spoken = wide[(wide > 0).any(axis=1) | wide.isna().any(axis=1)]
    order = spoken.fillna(0.5).sort_values(list(_COLOURS), ascending=False, kind="stable").index
    of = float(counts["of_audits"].max())

    def draw(figure: Figure, *, side_by_side: bool) -> None:
        panels = figure.subplots(1, 2, sharey=True, sharex=True) if side_by_side else figure.subplots(2, 1, sharex=True)
        for panel, kind in zip(panels, _COLOURS, strict=True):
            _draw_kind(panel, spoken.loc[order, kind], of, _COLOURS[kind])
            panel.set_title(KIND_TITLES[kind])
            panel.set_ylim(len(order) - 0.4, -0.6)
            panel.tick_params(axis="y", length=0)
            panel.tick_params(axis="x", labelbottom=True)
        for panel in panels[:1] if side_by_side else panels:
            name_rows(panel, [titles[theme] for theme in order], 30 if side_by_side else 24)

    height = 1.2 + 0.36 * len(order)
    return Chart(
        on_wide=Drawing((9.0, height), lambda figure: draw(figure, side_by_side=True)),
        on_narrow=Drawing((4.7, 2 * height), lambda figure: draw(figure, side_by_side=False)),
        alternative=_alternative(spoken.loc[order], of, titles, subject),
    )


def _draw_kind(panel: Axes, audits: pd.Series, of: float, colour: str) -> None:
    """Bars of one kind of statement: shares with intervals where there are enough audits, else numbers alone."""
    bears = of >= FEWEST_AUDITS_FOR_A_PERCENTAGE
    lengths = (audits / of if bears else audits).fillna(0).to_numpy()
    at = np.arange(len(audits))
    panel.barh(at, lengths, height=0.62, color=colour)
    low, high = wilson_interval(audits.fillna(0), of)
    if bears:
        known = audits.notna().to_numpy() & (audits.to_numpy() > 0)
        reach = np.vstack([lengths - low, high - lengths])[:, known]
        panel.errorbar(lengths[known], at[known], xerr=reach, fmt="none", ecolor=BLACK, elinewidth=1.1, capsize=2.5)
        panel.set_xlim(0, 1)
        panel.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    else:
        panel.set_xlim(0, of)
        panel.xaxis.get_major_locator().set_params(integer=True)
    for place, count in enumerate(audits):
        end = high[place] if bears and count > 0 else lengths[place]
        text = HIDDEN if pd.isna(count) else str(int(count))
        panel.annotate(text, (end, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8.5)
    panel.set_xlabel(f"{'share' if bears else 'number'} of {int(of)} audits")
    panel.grid(visible=False, axis="y")
    panel.grid(visible=True, axis="x")


def _alternative(spoken: pd.DataFrame, of: float, titles: dict[str, str], subject: str) -> str:
    """What the picture shows, theme by theme, those that are named most first."""
    parts = []
    for kind in _COLOURS:
        named = spoken[kind].dropna().sort_values(ascending=False, kind="stable")
        words = [f"{titles[theme]} {int(audits)}" for theme, audits in named[named > 0].items()]
        hidden = int(spoken[kind].isna().sum())
        words += [f"{hidden} hidden"] if hidden else []
        parts.append(f"{KIND_TITLES[kind]}: {'; '.join(words) or 'none'}.")
    worries = spoken[WORRIED_ABOUT]
    finding = ""
    if not worries.isna().any() and worries.max() > 0:
        most = listed([titles[theme] for theme in worries.index[worries == worries.max()]])
        finding = f"Most often a worry, in {describe_share(worries.max(), of)}: {most}. "
    return f"{subject}. {finding}Audits that name each theme, of {int(of)}. {' '.join(parts)}"
