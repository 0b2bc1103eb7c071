"""Tables of audits that nobody thought of, and what they bear: for the proof that no sentence contradicts its table.

Few audits or thousands, gaps, exact ties, all or none, steady or moving. What a table bears is worked out from its
counts as plain numbers with the textbook formulas, never by the functions of the library that are on trial.
"""

import math
import re
import tempfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy.stats import binom, norm

from auditanalytics.evidence import weigh_changes
from auditanalytics.frameworks import Framework, load_framework
from auditanalytics.intervals import clustered_interval, effective_sample_size
from auditanalytics.ladder import Rebase, choose_chart
from auditanalytics.schema import CASE_MIX, EVENTS, GRADE_COUNTS, PUBLISHED_SHARES, UNGRADED_COUNTS
from auditanalytics.trends import DomainTrend

GRADES = ["Outstanding", "Good", "Requires improvement", "Inadequate"]
TAIL_GRADES = {"good": [0, 1], "inadequate": [3]}
TITLES = {"good": "Good or better", "inadequate": "Inadequate"}
GOOD_WAY = {"good": 1, "inadequate": -1}
DOMAINS = {"risk": "Risk and harm", "plans": "Plans", "reviews": "Reviews", "voice": "Voice of the child", "all": "All"}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

FRAMEWORK = """
name = "Audit"
[scales.ofsted]
grades = ["Outstanding", "Good", "Requires improvement", "Inadequate"]
good = ["Outstanding", "Good"]
inadequate = ["Inadequate"]
[columns]
audit_id = ["Audit ID"]
audited_on = ["Date"]
"""


@cache
def framework() -> Framework:
    domains = "".join(
        f'[[domains]]\nid = "{name}"\ntitle = "{title}"\ncategories = [{{ id = "{name}-1", headers = ["{title} 1"] }}]\n'
        for name, title in DOMAINS.items()
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "audit.toml"
        path.write_text(FRAMEWORK + domains, encoding="utf-8")
        return load_framework(path)


# ------------------------------------------------------------------------------------------------- tables to speak of


@dataclass(frozen=True)
class Shape:
    """How the audits of one domain are made: how many a period, judgements on each, how they differ, where they go."""

    audits: tuple[int, int]
    most_judgements: int
    alike: bool
    gaps: float
    start: tuple[float, ...]
    end: tuple[float, ...]
    path: str
    frozen: bool


shares = st.sampled_from(
    [
        (0.05, 0.3, 0.4, 0.25), (0.05, 0.85, 0.05, 0.05), (0, 0.05, 0.15, 0.8), (0.25, 0.25, 0.25, 0.25), (0, 1, 0, 0),
        (0, 0, 0, 1), (0, 0, 1, 0), (0, 0.5, 0, 0.5), (0, 0.002, 0.996, 0.002), (0.02, 0.6, 0.36, 0.02), (0, 0.2, 0.8, 0),
    ]
)  # fmt: skip
shapes = st.builds(
    Shape,
    audits=st.sampled_from([(0, 3), (1, 1), (1, 9), (8, 12), (10, 10), (12, 30), (20, 60), (20, 60), (300, 4000)]),
    most_judgements=st.sampled_from([1, 1, 2, 4]),
    alike=st.booleans(),
    gaps=st.sampled_from([0, 0, 0, 0.1, 0.5]),
    start=shares,
    end=shares,
    path=st.sampled_from(["steady", "steady", "jump", "valley", "dent"]),
    frozen=st.sampled_from([False, False, False, True]),
)


def table_of(shape: Shape, periods: int, chance: np.random.Generator) -> np.ndarray:
    """Per period, for every grade and then both tails: n, of, audits and the three sums over audits."""
    if shape.frozen:  # every period the same, so that all is a tie
        return np.repeat(counted(shape, shape.start, chance)[None], periods, axis=0)
    ways = np.linspace(0, 1, periods)
    if shape.path == "jump":
        ways = np.round(ways)
    elif shape.path == "valley":  # falls at once, and rises to just below where it began
        ways = np.array([1, *np.linspace(0, 0.9, periods - 1)])
    elif shape.path == "dent":  # the last but one is another
        ways = np.array([float(at == periods - 2) for at in range(periods)])
    found = [counted(shape, np.array(shape.start) * (1 - way) + np.array(shape.end) * way, chance) for way in ways]
    return np.array(found)


def counted(shape: Shape, share: np.ndarray | tuple[float, ...], chance: np.random.Generator) -> np.ndarray:
    audits = 0 if chance.random() < shape.gaps else int(chance.integers(shape.audits[0], shape.audits[1] + 1))
    judgements = chance.integers(1, shape.most_judgements + 1, audits)
    drawn = np.ones_like(judgements) if shape.alike else judgements
    given_grades = chance.multinomial(drawn, np.array(share) / np.sum(share), size=audits).reshape(audits, 4)
    given_grades = given_grades * (judgements // np.maximum(drawn, 1))[:, None]
    tails = [given_grades[:, grades].sum(axis=1) for grades in TAIL_GRADES.values()]
    x, m = np.column_stack([given_grades, *tails]), judgements
    rows = [x.sum(axis=0), np.full(6, m.sum()), np.full(6, audits), (x * x).sum(axis=0)]
    return np.array([*rows, (x * m[:, None]).sum(axis=0), np.full(6, (m * m).sum())])


@dataclass(frozen=True)
class Told:
    """What a report would show: its trends, and the tables they were made of."""

    trends: list[DomainTrend]
    tables: list["Table"]


def names_of(unit: str, calendar: str, first: int, number: int) -> list[str]:
    if unit == "month":
        return [f"{2019 + at // 12}-{at % 12 + 1:02d}" for at in range(first, first + number)]
    years = [2019 + at // 4 for at in range(first, first + number)]
    ends = [f"-{(year + 1) % 100:02d}" if calendar == "financial-year" else "" for year in years]
    return [
        f"{year}{end}-Q{at % 4 + 1}" for year, end, at in zip(years, ends, range(first, first + number), strict=True)
    ]


def tell(
    framework: Framework, unit: str, first: int, of_domains: list[Shape], rebased: list[int], seed: int, number: int
) -> Told:
    chance = np.random.default_rng(seed)
    periods = names_of(unit, framework.quarters, first, number)
    counts = np.array([table_of(shape, number, chance) for shape in of_domains])  # domain, period, column, grade
    columns = ["n", "of", "audits", "sum_xx", "sum_xm", "sum_mm"]
    frame = pd.DataFrame(counts.transpose(0, 1, 3, 2).reshape(-1, 6), columns=columns)
    grid = pd.MultiIndex.from_product(
        [[*DOMAINS][: len(of_domains)], periods, [*GRADES, *TITLES]], names=["domain", "period", "grade"]
    )
    frame = frame.set_index(grid).reset_index()
    with np.errstate(invalid="ignore"):
        frame["share"] = frame["n"] / frame["of"].where(frame["of"] > 0)
    sums = {name: frame[name] for name in columns}
    frame["low"], frame["high"] = clustered_interval(**sums)
    frame["effective"] = effective_sample_size(**sums)
    rebases = tuple(Rebase(at, start_of(periods[at]), f"reason {at}") for at in rebased if at < number)
    tables = {
        domain: GRADE_COUNTS.build(rows)
        for domain, rows in frame.groupby("domain", sort=False)
        if (rows["of"] > 0).any()
    }
    points = {
        (domain, tail): rows[rows["grade"] == tail].set_index("period")
        for domain, rows in tables.items()
        for tail in TITLES
    }
    changes = weigh_changes(points, unit=unit)
    types = chance.integers(0, 9, (number, 2))
    trends = []
    for domain, rows in tables.items():
        of_domain = changes[changes["domain"] == domain]
        mix, by_since = mixed(domain, of_domain if unit == "quarter" else of_domain.head(0), periods, types, chance)
        events = EVENTS.build([(rebase.date, rebase.reason, "yes", "events.csv") for rebase in rebases])
        choice = choose_chart(points[domain, "good"], rebases)
        trends.append(
            DomainTrend(
                domain, DOMAINS[domain], periods[-1], unit, periods, rows, UNGRADED_COUNTS.build([]),
                PUBLISHED_SHARES.build([]), {}, framework, events, choice, of_domain, mix, by_since,
            )
        )  # fmt: skip
    return Told(trends, [Table(trend) for trend in trends])


def mixed(
    domain: str, changes: pd.DataFrame, periods: list[str], types: np.ndarray, chance: np.random.Generator
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Splits and audit types as chance has them: the sentences about them have only to say what they say."""
    since, found = changes["since"].unique(), ["mostly mix", "mostly practice", "too small to split", "not split"]
    rows = [(domain, tail, each, periods[-1], chance.choice(found)) for each in since for tail in TITLES]
    mix = CASE_MIX.build(pd.DataFrame(rows, columns=["domain", "grade", "since", "until", "finding"]))
    names = ["Deep dive", "Re-audit"]
    return mix, {
        each: pd.DataFrame({each: types[periods.index(each)], periods[-1]: types[-1]}, index=names) for each in since
    }


def start_of(period: str) -> pd.Timestamp:
    return pd.Timestamp(*months_of(period)[0], 1)


# -------------------------------------------------------------------------------------------- what the tables do bear


def months_of(period: str) -> list[tuple[int, int]]:
    if month := re.fullmatch(r"(\d{4})-(\d\d)", period):
        return [(int(month[1]), int(month[2]))]
    year, april, quarter = re.fullmatch(r"(\d{4})(-\d\d)?-Q(\d)", period).groups()
    first = 3 * int(quarter) - 2 + (3 if april else 0)
    return [(int(year) + (number - 1) // 12, (number - 1) % 12 + 1) for number in range(first, first + 3)]


def in_words(period: str) -> str:
    months = months_of(period)
    names = [MONTHS[months[0][1] - 1], MONTHS[months[-1][1] - 1]]
    return f"{' to '.join(dict.fromkeys(names))} {months[-1][0]}"


def percentage(n: int, of: int) -> str:
    whole = (200 * n + of) // (2 * of)
    return "under 1%" if whole == 0 and n else "over 99%" if whole == 100 and n < of else f"{whole}%"


def wilson(share: float, n: float, z: float) -> tuple[float, float]:
    middle, half = (share + z * z / (2 * n)), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


@dataclass(frozen=True)
class Point:
    period: str
    n: int
    of: int
    audits: int
    effective: float
    sums: tuple[float, float, float]

    @property
    def share(self) -> float:
        return self.n / self.of


@dataclass(frozen=True)
class Difference:
    """A change of one tail, by the formulas: Newcombe's tenth method, and Cochran's and Armitage's test."""

    tail: str
    points: list[Point]
    number: int
    year: bool

    @property
    def before(self) -> Point:
        return self.points[0]

    @property
    def after(self) -> Point:
        return self.points[-1]

    @property
    def bears(self) -> bool:
        return min(self.before.audits, self.after.audits) >= 10

    @property
    def way(self) -> int:
        cross = self.after.n * self.before.of - self.before.n * self.after.of
        return (cross > 0) - (cross < 0)

    def limits(self, alpha: float) -> tuple[float, float]:
        z = norm.isf(alpha / 2)
        p, q = self.before.share, self.after.share
        (low_p, high_p), (low_q, high_q) = wilson(p, self.before.effective, z), wilson(q, self.after.effective, z)
        return q - p - math.hypot(q - low_q, high_p - p), q - p + math.hypot(high_q - q, p - low_p)

    @cached_property
    def plain(self) -> tuple[float, float]:
        return self.limits(0.05)

    @cached_property
    def widened(self) -> tuple[float, float]:
        return self.limits(0.05 / self.number)

    @property
    def finding(self) -> int:
        """1 for better, -1 for worse, 0 for no evidence."""
        return apart(self.widened) * GOOD_WAY[self.tail]

    @cached_property
    def p_of_all(self) -> float:
        return min(1.0, 2 * norm.sf(abs(self.z)) * self.number)

    @cached_property
    def z(self) -> float:
        known = [(at, point.share, point.effective) for at, point in enumerate(self.points) if point.of]
        weight = sum(n for _, _, n in known)
        pooled, mean = sum(s * n for _, s, n in known) / weight, sum(at * n for at, _, n in known) / weight
        spread = sum(n * (at - mean) ** 2 for at, _, n in known)
        if not 1e-12 < pooled < 1 - 1e-12:
            return 0.0
        return sum(n * s * (at - mean) for at, s, n in known) / math.sqrt(pooled * (1 - pooled) * spread)

    @property
    def trend(self) -> int:
        return (1 if self.z > 0 else -1) if self.year and self.p_of_all < 0.05 else 0

    @property
    def on_the_edge(self) -> bool:
        """Whether the last digit of a computer decides."""
        return min(map(abs, (*self.plain, *self.widened))) < 1e-9 or abs(self.p_of_all - 0.05) < 1e-9


def apart(limits: tuple[float, float]) -> int:
    return 1 if limits[0] > 0 else -1 if limits[1] < 0 else 0


class Table:
    """The counts of one domain as plain numbers, and what they bear."""

    def __init__(self, trend: DomainTrend) -> None:
        self.trend, self.title, self.unit, self.periods = trend, trend.title, trend.unit, trend.periods
        rows = {(row.period, row.grade): row for row in trend.grades.itertuples()}
        self.points = {
            tail: [
                Point(
                    period,
                    int(row.n),
                    int(row.of),
                    int(row.audits),
                    float(row.effective),
                    (row.sum_xx, row.sum_xm, row.sum_mm),
                )
                for period in self.periods
                for row in [rows[period, tail]]
            ]
            for tail in TITLES
        }
        self.modes = {grade: int(rows[self.periods[-1], grade].n) for grade in GRADES}
        self.number = 0

    @property
    def last(self) -> Point:
        return self.points["good"][-1]

    @cached_property
    def pairs(self) -> dict[str, tuple[int, int]]:
        """The positions of the periods that are compared."""
        last = len(self.periods) - 1
        earlier = [at for at, point in enumerate(self.points["good"]) if point.of and at < last]
        if not earlier or not self.last.of:
            return {}
        near = [at for at in earlier if last - at <= {"quarter": 4, "month": 12}[self.unit]]
        return {"step": (earlier[-1], last)} | ({"year": (near[0], last)} if len(near) > 1 else {})

    @cached_property
    def differences(self) -> dict[str, list[Difference]]:
        return {
            kind: [
                Difference(tail, points[first : last + 1], self.number, kind == "year")
                for tail, points in self.points.items()
            ]
            for kind, (first, last) in self.pairs.items()
        }

    def verdict(self, kind: str) -> str:
        both = self.differences[kind]
        found = {each.finding for each in both} - {0}
        ways = {way * GOOD_WAY[each.tail] for each in both for way in (each.way, each.trend)} - {0}
        if not found:
            return "trend" if any(each.trend for each in both) else ""
        return {1: "strengthening", -1: "weakening"}[found.pop()] if len(found) == len(ways) == 1 else "mixed"

    @property
    def longest(self) -> str:
        return [*self.pairs][-1]

    # the chart

    @property
    def starts(self) -> list[int]:
        return [0, *(rebase.start for rebase in self.trend.choice.rebases)]

    def current(self, tail: str) -> list[Point]:
        return [point for point in self.points[tail][self.starts[-1] :] if point.of]

    @cached_property
    def rung(self) -> str:
        current = self.current("good")
        if len(current) < 6:
            return "dots"
        return "p-chart" if len(current) >= 13 and self.typical >= 10 else "run chart"

    @property
    def typical(self) -> float:
        return float(np.median([point.audits for point in self.current("good")] or [0]))

    @cached_property
    def limits(self) -> dict[str, list[tuple[float, float, float]]]:
        return {tail: p_limits(self.current(tail)) for tail in TITLES}

    @cached_property
    def signals(self) -> dict[str, tuple[str, str]]:
        """By tail, the rule that the latest point meets and which way it points; empty for none."""
        found = {}
        for tail in TITLES:
            if self.rung != "p-chart" or not self.last.of:
                continue
            rule, side = special_cause(self.current(tail), self.limits[tail])
            found[tail] = (rule, "better" if side == GOOD_WAY[tail] else "worse" if side else "")
        return found


def design_effect(points: list[Point]) -> float:
    """The spread between audits within their periods, beside that of independent judgements."""
    seen = [point for point in points if point.audits > 1]
    between = within = 0.0
    for point in seen:
        xx, xm, mm = point.sums
        between += (xx - 2 * point.share * xm + point.share**2 * mm) * point.audits / (point.audits - 1)
        within += point.of**2 * point.share * (1 - point.share) / (point.of - 1)
    return max(1.0, between / within) if within else 1.0


def p_limits(points: list[Point]) -> list[tuple[float, float, float]]:
    """Low, centre and high of each point: Shewhart's, or where few are expected, of the binomial distribution."""
    centre = sum(point.n for point in points) / sum(point.of for point in points)
    effect = design_effect(points)
    found = []
    for point in points:
        n = point.of / effect + 1e-9
        if n >= 25 and n * min(centre, 1 - centre) >= 5:
            away = 3 * math.sqrt(centre * (1 - centre) / n)
            found.append((max(centre - away, 0), centre, min(centre + away, 1)))
        else:
            whole, tail = max(math.floor(n), 1), norm.sf(3)
            counts = np.arange(whole + 1)
            high = counts[binom.sf(counts, whole, centre) <= tail][0] / whole
            low = counts[binom.cdf(counts - 1, whole, centre) <= tail][-1] / whole
            found.append((low, centre, high))
    return found


def side_of(value: float, centre: float, n: float) -> int:
    """The side of the centre that a share counts for: of few judgements only where chance seldom goes as far."""
    side = (value > centre) - (value < centre)
    if n >= 25 and n * min(centre, 1 - centre) >= 5:
        return side
    whole = max(math.floor(n), 1)
    counts = np.arange(whole + 1)
    chance = binom.pmf(counts, whole, centre)
    beyond = chance[counts >= round(value * whole)].sum() if side > 0 else chance[counts <= round(value * whole)].sum()
    return side if beyond <= 0.5 else 0


def special_cause(points: list[Point], limits: list[tuple[float, float, float]]) -> tuple[str, int]:
    """The first rule that the last point meets, with its side."""
    values, effect = [point.share for point in points], design_effect(points)
    low, centre, high = limits[-1]
    if values[-1] > high:
        return "outside the limits", 1
    if values[-1] < low:
        return "outside the limits", -1
    sides = [side_of(point.share, centre, point.of / effect + 1e-9) for point in points][-7:]
    if abs(sum(sides)) == 7:
        return "7 on one side", sides[-1]
    steps = [(b > a) - (b < a) for a, b in zip(values[-7:], values[-6:], strict=False)]
    if abs(sum(steps)) == 6:
        return f"7 {'rising' if steps[0] > 0 else 'falling'}", steps[0]
    for side in (1, -1):
        near = []
        for value, (low, centre, high) in list(zip(values, limits, strict=True))[-3:]:
            end = high if side > 0 else low
            near.append(
                (end < 1 if side > 0 else end > 0)
                and side * (end - value) >= 0
                and side * (value - centre) > side * (end - centre) * 2 / 3
            )
        if near[-1] and sum(near) >= 2:
            return "2 of 3 near a limit", side
    return "", 0
