"""Every threshold: its one name and home, its value as it is, and why it is that value.

A threshold's value is read from its home, so that METHOD.md cannot say another. The reason stands here, with its
source where it has one; "our choice" says that it has none but the reason.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, NamedTuple

from auditanalytics import (
    case_mix,
    comparisons,
    control_charts,
    evidence,
    intervals,
    kept_tables,
    ladder,
    quarters,
    rules,
    settings_file,
    sharing,
)
from auditanalytics.disclosure import Policy
from auditanalytics.frameworks.tables import Checks
from auditanalytics.gate import artefacts, identifiers
from auditanalytics.intake import databases, values
from auditanalytics.parsing import limits
from auditanalytics.privacy import redaction
from auditanalytics.reporting import charts, descriptions, fragments, period_labels
from auditanalytics.run_settings import Limits, Publishing


class Threshold(NamedTuple):
    """A threshold, by the module or class and the constant that hold it, how it is written, and why it is that."""

    name: str
    module: ModuleType | type
    constant: str
    write: Callable[[Any], str]
    why: str

    @property
    def home(self) -> str:
        """The dotted name of the constant, from the library's own name on."""
        place = self.module
        named = place.__name__ if isinstance(place, ModuleType) else f"{place.__module__}.{place.__qualname__}"
        return f"{named.removeprefix('auditanalytics.')}.{self.constant}"

    @property
    def value(self) -> str:
        """The value of the constant, in words."""
        return self.write(getattr(self.module, self.constant))


def _number(value: float) -> str:
    return f"{value:,}"


def _share(value: float) -> str:
    return f"{value:.0%}"


def _points(value: float) -> str:
    return f"{value * 100:.0f} points"


def _third(value: float) -> str:
    return f"{value * 3:.0f}/3"


def _seconds(value: float) -> str:
    return f"{value:.0f} s"


def _megabytes(value: int) -> str:
    return f"{value / limits.MEGABYTE:,.0f} MB"


def _steep(value: int) -> str:
    return f"{value} to 1"


def _year(value: dt.date) -> str:
    return f"{value.year}"


def _by_unit(value: dict[str, int]) -> str:
    return ", ".join(f"{number} {unit}s" for unit, number in value.items())


STATISTICS = (
    Threshold("confidence of intervals", intervals, "CONFIDENCE", _share, "the usual one"),
    Threshold(
        "fewest audits for a percentage",
        intervals,
        "FEWEST_AUDITS_FOR_A_PERCENTAGE",
        _number,
        "our choice: with fewer, one audit more or less moves a percentage by ten points or more",
    ),
    Threshold(
        "power of a comparison",
        comparisons,
        "POWER",
        _share,
        "how often it is to find a change that is there: Cohen 1988",
    ),
    Threshold(
        "change for which the audits needed are told",
        evidence,
        "CHANGE_WORTH_SEEING",
        _points,
        "our choice: a round number that a reader can picture",
    ),
    Threshold(
        "periods of a year",
        quarters,
        "PERIODS_OF_A_YEAR",
        _by_unit,
        "the reported period is held against the one so many before",
    ),
    Threshold(
        "fewest points for a median",
        ladder,
        "FEWEST_POINTS_FOR_A_MEDIAN",
        _number,
        "our choice: with fewer, a median is half made of the points that it is held against",
    ),
    Threshold(
        "fewest points for control limits",
        ladder,
        "FEWEST_POINTS_FOR_LIMITS",
        _number,
        "below it NHSRplotthedots warns that limits are trial limits",
    ),
    Threshold(
        "chance of too few crossings of a median",
        control_charts,
        "FEWEST_CROSSINGS_TAIL",
        _share,
        "at most so often by chance alone: Chen 2010; Anhøj and Olesen 2014",
    ),
    Threshold(
        "fewest useful points for a shift to show on a run chart",
        control_charts,
        "FEWEST_USEFUL_FOR_A_SHIFT",
        _number,
        "with fewer, hardly any course of points breaks a rule; the table of Anhøj and Olesen 2014 begins there",
    ),
    Threshold("standard errors from centre to limit", control_charts, "SIGMAS", _number, "Shewhart 1931"),
    Threshold(
        "judgements for a limit of the normal distribution",
        control_charts,
        "FEWEST_FOR_NORMAL_LIMITS",
        _number,
        "our choice: with fewer, one judgement more moves a share by over four points, and the limit is exact",
    ),
    Threshold(
        "judgements expected at a grade, and not at it, for the same",
        control_charts,
        "FEWEST_EXPECTED_FOR_NORMAL_LIMITS",
        _number,
        "Cochran 1954, whose rule for chi-squared tests it is",
    ),
    Threshold(
        "points on one side of the centre, rising or falling",
        control_charts,
        "POINTS_IN_A_ROW",
        _number,
        "NHS England, Making Data Count, as in NHSRplotthedots",
    ),
    Threshold(
        "way to a limit from which a point is near it",
        control_charts,
        "NEAR",
        _third,
        "two of Shewhart's three standard errors; Making Data Count, as in NHSRplotthedots",
    ),
    Threshold(
        "average audits without an effect given to every group",
        case_mix,
        "AUDITS_WITHOUT_EFFECT",
        _number,
        "our choice, by simulation: keeps changes that are chance from being called a mix (see Case mix)",
    ),
    Threshold(
        "part of a change that makes it mostly a change of mix",
        case_mix,
        "MOST_OF_A_CHANGE",
        _share,
        "more than this goes with the mix: what mostly means",
    ),
    Threshold(
        "least overlap of a factor",
        case_mix,
        "LEAST_OVERLAP",
        _share,
        "our choice: with less, a factor cannot be told from the quarter itself",
    ),
    Threshold(
        "smallest change that is split",
        case_mix,
        "SMALLEST_CHANGE_TO_SPLIT",
        _points,
        "our choice: of less it is not worth saying what it goes with",
    ),
    Threshold(
        "largest difference in audit types",
        case_mix,
        "LARGEST_DIFFERENCE_IN_TYPES",
        _share,
        "our choice: from there on two quarters did not audit the same thing",
    ),
    Threshold(
        "rounding error of a computer that is overlooked",
        case_mix,
        "_ROUNDING",
        lambda value: f"{value:.9f}",
        "0.3 − 0.25 is five points, although not to a computer",
    ),
)
"""What the numbers of a report depend on."""

READING = (
    Threshold(
        "characters of the label of an event", rules, "LONGEST_LABEL", _number, "it is printed under every chart"
    ),
    Threshold("characters of the address of a link", rules, "LONGEST_ADDRESS", _number, "browsers take as many"),
    Threshold("rows of a sheet", limits, "MOST_ROWS", _number, "forty auditors send a few thousand rows a year"),
    Threshold("columns of a sheet", limits, "MOST_COLUMNS", _number, "far above any return of case audits"),
    Threshold(
        "rows of a text or Parquet file, or from a query",
        limits,
        "MOST_RECORDS",
        _number,
        "what can be read and checked in two gigabytes",
    ),
    Threshold("cells of any file", limits, "MOST_CELLS", _number, "likewise"),
    Threshold(
        "bytes of a file, also unpacked", limits, "LARGEST_FILE", _megabytes, "what a workbook of that size could hold"
    ),
    Threshold("files packed into a workbook", limits, "MOST_PARTS", _number, "likewise"),
    Threshold("packing of a part", limits, "STEEPEST_PACKING", _steep, "spreadsheets pack 10 to 50 to 1"),
    Threshold(
        "part that may be packed more tightly",
        limits,
        "LARGEST_STEEP_PART",
        _megabytes,
        "too small to exhaust anything",
    ),
    Threshold("characters of a cell", limits, "LONGEST_CELL", _number, "what a spreadsheet cell can hold"),
    Threshold(
        "memory for parsing a file", limits, "MEMORY", _megabytes, "many times what the largest honest file needs"
    ),
    Threshold("time for parsing a file", limits, "SECONDS", _seconds, "likewise"),
    Threshold(
        "time for connecting to a database",
        databases,
        "CONNECT_SECONDS",
        _seconds,
        "one that is there answers within a second; our choice",
    ),
    Threshold("time for a query", databases, "QUERY_SECONDS", _seconds, "returns are a few thousand rows; our choice"),
    Threshold(
        "bytes of a framework or codebook file", settings_file, "LARGEST_FILE", _megabytes, "it is some pages of text"
    ),
    Threshold("earliest date", values, "EARLIEST_DATE", _year, "no audit return is older"),
    Threshold("time for a cell of a notebook", Limits, "cell_seconds", _seconds, "`--timeout` sets another"),
    Threshold("time for all pages together", Limits, "total_seconds", _seconds, "`--total-timeout` sets another"),
    Threshold(
        "memory of a notebook", Limits, "memory", _megabytes, "ten times what one needs; `--memory` sets another"
    ),
    Threshold("replaced reports kept", Publishing, "keep", str, "our choice; `--keep` sets another"),
)
"""What a return and a run may ask."""

_SHORT = "what is shorter stands in every report by chance"

PRIVACY = (
    Threshold(
        "children behind a count that is shared",
        Policy,
        "threshold",
        _number,
        "counts from 1 to 4 are hidden by most publishers of local figures; `[disclosure] threshold` sets another",
    ),
    Threshold(
        "judgements of which a percentage is shared",
        Policy,
        "fewest_for_a_percentage",
        _number,
        "a percentage of fewer gives the counts away",
    ),
    Threshold(
        "distance of the bounds on a hidden count",
        Policy,
        "narrowest",
        _number,
        "so that at least three values are possible; our choice",
    ),
    Threshold(
        "worth of a tail beside a grade, when choosing what else to hide",
        sharing,
        "_WORTH_OF_A_TAIL",
        _number,
        "the charts are made of the tails; our choice",
    ),
    Threshold("worth of a total, likewise", sharing, "_WORTH_OF_A_BASE", _number, "no share is left without it"),
    Threshold("letters of a name that the gate looks for", identifiers, "FEWEST_LETTERS", _number, _SHORT),
    Threshold("digits of a number, likewise", identifiers, "FEWEST_DIGITS", _number, _SHORT),
    Threshold("words of a comment, likewise", identifiers, "FEWEST_WORDS_OF_A_COMMENT", _number, _SHORT),
    Threshold("letters of a comment, likewise", identifiers, "FEWEST_LETTERS_OF_A_COMMENT", _number, _SHORT),
    Threshold("bytes of what the gate unpacks", artefacts, "MOST_BYTES", _megabytes, "far above any report"),
    Threshold(
        "characters of a text that is redacted",
        redaction,
        "LONGEST_TEXT",
        _number,
        "three times what a cell can hold; more is hidden whole",
    ),
    Threshold(
        "uses from which a team or type of audit is shown as written",
        kept_tables,
        "FEWEST_OF_A_WORD",
        _number,
        "our choice: a rarer word may be a name in the wrong column",
    ),
)
"""What may leave the analyst's desk."""

PAGES = (
    Threshold(
        "points with printed labels and whole names", period_labels, "MOST_LABELLED", _number, "more would overlap"
    ),
    Threshold("periods in a chart of an overview", charts, "MOST_IN_OVERVIEW", _number, "more would overlap"),
    Threshold("points with their counts under a wide chart", period_labels, "_MOST_COUNTED", _number, "likewise"),
    Threshold("periods of a chart of every grade", charts, "MOST_BARS", _number, "more would not fit a page"),
    Threshold(
        "share from which a part of a bar is labelled", charts, "_NARROWEST_LABELLED", _share, "less has no room"
    ),
    Threshold(
        "periods told in a text alternative",
        descriptions,
        "_LONGEST_COURSE",
        _number,
        "a listener's patience; the table has all",
    ),
    Threshold("months in the coverage strip", fragments, "_MOST_MONTHS", _number, "two years fit a page"),
)
"""How much a page shows."""

THRESHOLDS = STATISTICS + READING + PRIVACY + PAGES


def threshold_table() -> str:
    """Write what every threshold is, where it is, and why.

    Returns
    -------
    str
        A Markdown table.

    Examples
    --------
    >>> print(threshold_table().splitlines()[2])
    | confidence of intervals | 95% | `intervals.CONFIDENCE` | the usual one |
    """
    rejected = ("audits that may be rejected", _share(Checks().reject_limit))
    why = "unless it says another; more would change the shares"
    return table_of(THRESHOLDS, [(*rejected, "`[checks] reject_limit` of the framework", why)])


def table_of(thresholds: Iterable[Threshold], others: Iterable[tuple[str, ...]] = ()) -> str:
    """Write thresholds as a table.

    Parameters
    ----------
    thresholds
        Thresholds.
    others
        Further rows: what, value, where and why.

    Returns
    -------
    str
        Markdown.
    """
    rows = [(each.name, each.value, f"`{each.home}`", each.why) for each in thresholds]
    lines = [" | ".join(row) for row in [("name", "value", "where", "why"), *rows, *others]]
    return "\n".join([f"| {lines[0]} |", "|---|---|---|---|", *(f"| {line} |" for line in lines[1:])])
