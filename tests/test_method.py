"""METHOD.md: its generated parts are current, its examples run, and nothing in it is without a source."""

import ast
import doctest
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from scipy.special import ndtr, ndtri

from auditanalytics import case_mix, comparisons, control_charts, evidence, intervals, kept_tables, ladder
from auditanalytics.errors import ArgumentError
from auditanalytics.method import PARTS, begin_marker, end_marker, write_method_tables
from auditanalytics.method.tables import COMPARISONS_OF_A_REPORT
from auditanalytics.method.thresholds import THRESHOLDS, threshold_table

METHOD = ROOT / "METHOD.md"
STATISTICAL = ("intervals", "comparisons", "control_charts", "evidence", "ladder", "case_mix", "summary")
CITATION = re.compile(r"([A-Z][^\W\d_]+(?:(?:,| and) [A-Z][^\W\d_]+)*)(?:'s)?,? \(?((?:19|20)\d\d[ab]?)\b")


def written() -> str:
    return METHOD.read_text(encoding="utf-8")


def part_of(text: str, part: str) -> str:
    return text.split(begin_marker(part))[1].split(end_marker(part))[0].strip()


SIMULATED = ("coverage", "false-signals")


@pytest.mark.parametrize("part", [part for part in PARTS if part not in SIMULATED])
def test_a_generated_part_is_that_of_the_code(part: str) -> None:
    assert part_of(written(), part) == PARTS[part](), "write it anew: make dictionary"


@pytest.mark.parametrize("part", SIMULATED)
def test_a_simulated_part_is_that_of_the_code(part: str) -> None:
    """To a few points: libraries may draw other random numbers some day."""
    share = re.compile(r"\d+\.\d%")
    documented, found = part_of(written(), part), PARTS[part]()
    tables = [[share.sub("", line) for line in text.splitlines() if line[:1] == "|"] for text in (documented, found)]
    assert tables[0] == tables[1]
    assert [float(each[:-1]) for each in share.findall(documented)] == pytest.approx(
        [float(each[:-1]) for each in share.findall(found)], abs=3
    ), "write it anew: make dictionary"


def test_the_tables_are_written_between_their_markers_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in SIMULATED:
        monkeypatch.setitem(PARTS, part, lambda: "| 95% |")  # simulating takes a while
    path = tmp_path / "METHOD.md"
    path.write_text("".join(f"PREFACE\n{begin_marker(part)}\nSTALE\n{end_marker(part)}\nAFTERWORD\n" for part in PARTS))
    write_method_tables(path)
    text = path.read_text(encoding="utf-8")
    assert all(part_of(text, part) == make() for part, make in PARTS.items())
    assert tuple(map(text.count, ("PREFACE", "AFTERWORD", "STALE"))) == (len(PARTS), len(PARTS), 0)
    write_method_tables(path)
    assert path.read_text(encoding="utf-8") == text
    path.write_text(text.replace(end_marker("power"), ""), encoding="utf-8")
    with pytest.raises(ArgumentError, match=r"METHOD\.md must hold the lines"):
        write_method_tables(path)


def numeric_constants(module: str) -> Iterator[str]:
    """The constants of a module that are numbers and have a docstring."""
    body = ast.parse((ROOT / "auditanalytics" / f"{module}.py").read_text(encoding="utf-8")).body
    for statement, after in itertools.pairwise(body):
        documented = isinstance(after, ast.Expr) and isinstance(getattr(after.value, "value", None), str)
        if isinstance(statement, ast.Assign) and documented:
            names = [name.id for name in ast.walk(statement.targets[0]) if isinstance(name, ast.Name)]
            leaves = [leaf for leaf in ast.walk(statement.value) if isinstance(leaf, ast.Constant)]
            if leaves and all(isinstance(leaf.value, int | float) for leaf in leaves):
                yield from (f"{module}.{name}" for name in names if name.isupper())


def test_every_statistical_threshold_is_in_the_table() -> None:
    documented = part_of(written(), "thresholds")
    found = [home for module in STATISTICAL for home in numeric_constants(module)]
    assert len(found) >= 15
    assert [home for home in found if f"`{home}`" not in documented] == []


def test_every_limit_of_parsing_is_in_the_table() -> None:
    documented = part_of(written(), "thresholds")
    limits = (ROOT / "auditanalytics" / "parsing" / "limits.py").read_text(encoding="utf-8")
    names = re.findall(r"\b([A-Z]+(?:_[A-Z]+)*)\b(?=[^\n]*? = )", limits)
    assert len(names) > 8
    assert [name for name in names if f"limits.{name}`" not in documented] == ["MEGABYTE"]


def test_a_threshold_is_listed_once_with_its_value_and_a_reason() -> None:
    homes = [threshold.home for threshold in THRESHOLDS]
    assert len(set(homes)) == len(homes)
    assert len({threshold.name for threshold in THRESHOLDS}) == len(homes)
    for row in threshold_table().splitlines():
        assert row.count("|") == 5
        assert all(cell.strip() for cell in row.strip("|").split("|"))


def test_what_is_written_by_hand_says_the_thresholds_as_they_are() -> None:
    text = " ".join(written().split())
    numbers = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    fewest = intervals.FEWEST_AUDITS_FOR_A_PERCENTAGE
    z = ndtri((1 + intervals.CONFIDENCE) / 2), ndtri(comparisons.POWER)
    for sentence in (
        f"Each share has a {intervals.CONFIDENCE:.0%} interval",
        f"Below {numbers[fewest]} audits sentences and labels give counts",
        f"1 − (1 − {intervals.CONFIDENCE}) / m",
        f"{COMPARISONS_OF_A_REPORT} for six domains with a year behind them",
        f"found with {comparisons.POWER:.0%} power from |h| = ({z[0]:.3f} + {z[1]:.3f})",
        f"the change is {numbers[round(evidence.CHANGE_WORTH_SEEING * 100)]} points up or down",
        f"| fewer than {ladder.FEWEST_POINTS_FOR_A_MEDIAN} | dots",
        f"| {ladder.FEWEST_POINTS_FOR_A_MEDIAN} to {ladder.FEWEST_POINTS_FOR_LIMITS - 1}, or more with typically fewer "
        f"than {fewest} audits | run chart",
        f"| {ladder.FEWEST_POINTS_FOR_LIMITS} or more | p-chart",
        f"fewer than {numbers[ladder.FEWEST_POINTS_FOR_A_MEDIAN]} points get no median",
        f"the {control_charts.FEWEST_CROSSINGS_TAIL:.0%} point of the binomial distribution",
        f"limits c ± {control_charts.SIGMAS}·√",
        f"Where e is under {control_charts.FEWEST_FOR_NORMAL_LIMITS}, or under "
        f"{control_charts.FEWEST_EXPECTED_FOR_NORMAL_LIMITS} judgements are expected",
        f"oftener than {ndtr(-control_charts.SIGMAS):.2%}",
        f"one of {control_charts.POINTS_IN_A_ROW} points in a row on one side",
        f"one of {control_charts.POINTS_IN_A_ROW} points in a row that rise",
        f"(y − fitted)² + {case_mix.AUDITS_WITHOUT_EFFECT}·m̄",
        f"as if it had {numbers[case_mix.AUDITS_WITHOUT_EFFECT]} average audits without one",
        f"A change of {numbers[round(case_mix.SMALLEST_CHANGE_TO_SPLIT * 100)]} points or more is called mostly",
        f"fewer than {numbers[kept_tables.FEWEST_OF_A_WORD]} times may be a name",
    ):
        assert sentence in text, sentence
    assert (case_mix.LEAST_OVERLAP, case_mix.LARGEST_DIFFERENCE_IN_TYPES, control_charts.NEAR) == (1 / 2, 1 / 5, 2 / 3)
    for sentence in (
        "fewer than half the audits belong",
        "at least a fifth of the audits",
        "beyond two thirds of the way",
    ):
        assert sentence in text, sentence


def test_the_examples_in_the_document_run() -> None:
    failed, tried = doctest.testfile(str(METHOD), module_relative=False, encoding="utf-8")
    assert tried > 20
    assert not failed


def sections() -> dict[str, str]:
    found = re.split(r"^#{2,3} (.*)$", written(), flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def formulas(section: str) -> list[str]:
    """Indented lines that are not examples with what they print."""
    blocks = re.findall(r"(?:^ {4}.*\n)+", section, re.MULTILINE)
    return [block for block in blocks if ">>>" not in block]


def test_every_section_with_a_formula_names_its_source() -> None:
    with_formulas = [title for title, text in sections().items() if formulas(text)]
    assert len(with_formulas) >= 7
    assert [title for title in with_formulas if not CITATION.search(sections()[title])] == []


def test_every_citation_is_among_the_sources_and_every_source_is_cited() -> None:
    text, listed = written().split("## Sources")
    sources = re.findall(r"^\* ((?:[^\n]|\n  )*)", listed, re.MULTILINE)
    by_author_and_year = {
        (source.split(",")[0], year[1])
        for source in sources
        if (year := re.search(r"\(((?:19|20)\d\d[ab]?)\)", source))
    }
    cited = {(authors.split(" ")[0].strip(","), year) for authors, year in CITATION.findall(text.replace("\n", " "))}
    months = {"December", "October"}
    assert {each for each in cited if each[0] not in months} == by_author_and_year


def test_the_document_holds_no_long_lines_outside_tables() -> None:
    assert [line for line in written().splitlines() if len(line) > 120 and not line.startswith("|")] == []
