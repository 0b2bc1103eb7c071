"""What the methods come to in numbers, as tables: limits of run charts, small samples, power, coverage.

Each is reckoned by the functions that make the pages, so that the document shows what they do.
"""

import math
import textwrap
from collections.abc import Iterable

import numpy as np

from auditanalytics.comparisons import family_confidence, sample_size_for_change, smallest_detectable_change
from auditanalytics.control_charts import fewest_crossings, longest_run_limit
from auditanalytics.evidence import CHANGE_WORTH_SEEING
from auditanalytics.intervals import CONFIDENCE, wilson_interval
from auditanalytics.method.simulation import (
    AUDITS,
    CORRELATIONS,
    overall_coverage,
    simulate_coverage,
    simulate_false_signals,
)
from auditanalytics.reporting.wording import percent, whole_percent

EXAMPLE_SHARE = 0.35
"""A share like those of the example returns."""

COMPARISONS_OF_A_REPORT = 36
"""Six domains with a year behind them: for each of two tails a step, a year and a trend."""

_USEFUL_POINTS = range(6, 31)
_SAMPLES = (10, 21, 24, 41, 96)
_AUDITS_A_QUARTER = (12, 24, 41, 60, 100)
_SHARES_BEFORE = (0.2, 0.35, 0.5)
_LENGTHS_OF_SERIES = (13, 24, 36)


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [head, ["---:"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def run_chart_table() -> str:
    """Write what run charts of 6 to 30 useful points allow chance.

    Returns
    -------
    str
        A Markdown table.

    Examples
    --------
    >>> print(run_chart_table().splitlines()[-1])
    | 30 | 8 | 10 |
    """
    rows = [(useful, longest_run_limit(useful), fewest_crossings(useful)) for useful in _USEFUL_POINTS]
    return _table(("useful points", "longest run, at most", "crossings, at least"), rows)


def small_sample_table() -> str:
    """Write the interval of a share in few audits of one judgement each.

    Returns
    -------
    str
        A Markdown table.

    Examples
    --------
    >>> print(small_sample_table().splitlines()[2])
    | 10 | 14% to 65% | 51 |
    """
    rows = []
    for n in _SAMPLES:
        low, high = (float(limit) for limit in wilson_interval(EXAMPLE_SHARE * n, n))
        rows.append((n, f"{percent(low)} to {percent(high)}", whole_percent(high - low)))
    return _table(("audits", f"95% interval of {EXAMPLE_SHARE:.0%}", "width, points"), rows)


def power_table() -> str:
    """Write how far a share must move to be seen, alone and as one of the comparisons of a report.

    Returns
    -------
    str
        A Markdown table.

    Examples
    --------
    >>> print(power_table().splitlines()[3].split(" | ")[:3])
    ['| 24', '5%', '74%']
    """
    rows = [
        (n, *(_ends(n, confidence) for confidence in (CONFIDENCE, family_confidence(COMPARISONS_OF_A_REPORT))))
        for n in _AUDITS_A_QUARTER
    ]
    head = (
        "audits in each quarter",
        "falls to",
        "rises to",
        f"falls to, one of {COMPARISONS_OF_A_REPORT}",
        f"rises to, one of {COMPARISONS_OF_A_REPORT}",
    )
    return _table(head, ((n, *alone, *of_all) for n, alone, of_all in rows))


def _ends(n: int, confidence: float) -> list[str]:
    ends = smallest_detectable_change(EXAMPLE_SHARE, n, n, confidence=confidence)
    return ["cannot be seen" if np.isnan(end) else percent(end) for end in ends]


def sample_size_table() -> str:
    """Write how many audits of one judgement each a change of ten points needs.

    Returns
    -------
    str
        A Markdown table.

    Examples
    --------
    >>> print(sample_size_table().splitlines()[3])
    | 35% | 328 | 376 | 376 |
    """
    points = f"{CHANGE_WORTH_SEEING * 100:.0f} points"
    rows = []
    for share in _SHARES_BEFORE:
        needed = [
            math.ceil(sample_size_for_change(share, change)) for change in (-CHANGE_WORTH_SEEING, CHANGE_WORTH_SEEING)
        ]
        rows.append((f"{share:.0%}", *needed, max(needed)))
    return _table(("share before", f"to see a fall of {points}", f"a rise of {points}", "either"), rows)


def coverage_table() -> str:
    """Write how often the interval holds the true share in simulated quarters, beside Wilson's own.

    Returns
    -------
    str
        A Markdown table, and a paragraph on all quarters together and the combination in which it is worst.
    """
    cells = simulate_coverage()
    rows = []
    for audits in AUDITS:
        held = [overall_coverage([c for c in cells if (c.audits, c.icc) == (audits, icc)]) for icc in CORRELATIONS]
        rows.append((audits, *(f"{ours:.1%} ({plain:.1%})" for ours, plain in held)))
    ours, plain = overall_coverage(cells)
    worst = min(cells, key=lambda cell: cell.covered / cell.quarters)
    held_in_worst, plain_in_worst = overall_coverage([worst])
    sentences = (
        f"Of all {sum(cell.quarters for cell in cells):,} quarters {ours:.1%} held the true share, {plain:.1%} by "
        f"plain Wilson. The worst of the {len(cells)} combinations is {worst.audits} audits of {worst.judgements} "
        f"judgements at a share of {worst.share:.0%} and a correlation of {worst.icc}: {held_in_worst:.1%}, where "
        f"plain Wilson has {plain_in_worst:.1%}."
    )
    table = _table(("audits", *(f"correlation {icc}" for icc in CORRELATIONS)), rows)
    return f"{table}\n\n{textwrap.fill(sentences, 120)}"


def false_signal_table() -> str:
    """Write how often charts of series in which nothing changes show a signal.

    Returns
    -------
    str
        A Markdown table.
    """
    rows = []
    for points in _LENGTHS_OF_SERIES:
        found = simulate_false_signals(points)
        rows.append((points, *(f"{count / found.series:.1%}" for count in found[2:])))
    return _table(("points", "p-chart, anywhere", "p-chart, at the latest point", "run chart"), rows)
