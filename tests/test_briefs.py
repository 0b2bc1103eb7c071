"""The learning briefs: what each kind holds, that all three files say the same, and that every number stands in a table."""

import csv
import html
import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pypdf
import pytest
from conftest import SMALL_FRAMEWORK, WIDE_HEADER, write_rows

from auditanalytics.briefs.grading import BY_QUARTER
from auditanalytics.briefs.kinds import learning_brief
from auditanalytics.briefs.model import BriefFigure, BriefTable, LearningBrief, Paragraph, Points
from auditanalytics.briefs.pdf import pdf_document
from auditanalytics.briefs.web import plain_text, web_document
from auditanalytics.briefs.word import word_document
from auditanalytics.changes import Changes
from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.frameworks import load_framework
from auditanalytics.period_measures import return_rates, themes_by_period, track_actions
from auditanalytics.reporting import headlines, narrative
from auditanalytics.reporting.constants import constants
from auditanalytics.reporting.tables import published_tables, write_tables
from auditanalytics.reporting.wording import percent, whole_percent
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.schema import CONSTANTS, QUOTES, RESTATED
from auditanalytics.sharing import prepare_for_sharing
from auditanalytics.summary import monthly_grades, quarterly_grades, yearly_grades
from auditanalytics.theme_measures import count_themes
from auditanalytics.trends import domain_trends

KINDS = {
    "monthly": ("2019-05", ""),
    "themed": ("2019-Q4", "planning"),
    "quarterly": ("2019-Q4", ""),
    "annual": ("2019", ""),
}
Read = Callable[[list[list[str]]], AuditReturns]
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
CLAIM = re.compile(
    r"strengthen|weaken|improv(?:e|ed|ing)(?!ment)|declin|deteriorat|more than chance|(?:rising|falling) trend|"
    r"points? (?:up|down)|neither more nor less|went from|stayed|evidence of change|\brose\b|\bfell\b",
    re.IGNORECASE,
)


def make(returns: AuditReturns, kind: str) -> LearningBrief:
    period, theme = KINDS[kind]
    return learning_brief(returns, kind, period=period, theme=theme)


@pytest.fixture(scope="module", params=KINDS)
def brief(request: pytest.FixtureRequest, example: AuditReturns) -> LearningBrief:
    return make(example, request.param)


# ------------------------------------------------------------------------------------------ what stands in each format


def words_of_web(brief: LearningBrief) -> str:
    body = re.sub(r"<head>.*?</head>", " ", web_document(brief), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def words_of_word(brief: LearningBrief) -> str:
    with zipfile.ZipFile(io.BytesIO(word_document(brief))) as parts:
        text = parts.read("word/document.xml").decode()
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text.replace("</w:p>", " "))).split())


def words_of_pdf(brief: LearningBrief) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf_document(brief))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


FORMATS = {"web": words_of_web, "word": words_of_word, "pdf": words_of_pdf}


def numbers(text: str) -> Counter[str]:
    return Counter(NUMBER.findall(text))


def test_all_three_files_hold_the_same_numbers_to_the_digit(brief: LearningBrief) -> None:
    found = {name: numbers(words(brief)) for name, words in FORMATS.items()}
    above = numbers(brief.when)  # the PDF has a line above its title
    assert found["web"] == found["word"] == found["pdf"] - above
    assert sum(found["web"].values()) > 20


def test_all_three_files_hold_every_sentence(brief: LearningBrief) -> None:
    for words in FORMATS.values():
        text = re.sub(r"\W+", "", words(brief))
        for sentence in plain_text(brief).splitlines():
            assert re.sub(r"\W+", "", sentence) in text


# --------------------------------------------------------------------------------------- every number stands in a table


def numbers_of_tables(folder: Path) -> set[str]:
    """Whatever number a table holds as it is written: whole numbers, shares as percentages, quarters and months."""
    found = set()
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for cell in [cell for row in list(csv.reader(file))[1:] for cell in row]:
                found |= {digits.lstrip("0") or "0" for digits in re.findall(r"\d+", cell) if "." not in cell}
                try:
                    value = abs(float(cell))
                except ValueError:
                    continue
                if value == int(value):
                    found.add(str(int(value)))
                elif value < 1:
                    found |= {*re.findall(r"\d+", percent(value)), str(whole_percent(value))}
    return found


@pytest.fixture(scope="module")
def tables(example: AuditReturns, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    rows = [*published_tables(example, quarter="2019-Q4"), *Changes().tables(), (CONSTANTS, constants(example))]
    write_tables(folder, rows)
    return folder


def test_every_number_of_a_brief_stands_in_a_table(brief: LearningBrief, tables: Path) -> None:
    known = numbers_of_tables(tables)
    for words in FORMATS.values():
        stated = {number.replace(",", "") for number in numbers(words(brief))}
        assert stated <= known


def test_a_number_that_stands_in_no_table_would_be_found(brief: LearningBrief, tables: Path) -> None:
    wrong = replace(brief, headline=("777 audits were returned.",))
    assert "777" in {*numbers(words_of_pdf(wrong))} - numbers_of_tables(tables)


OF = re.compile(r"(\d[\d,]*) of (?:the )?(\d[\d,]*)[^()\d]*\((under 1|over 99|\d+)%\)")


def test_counts_and_percentages_agree_to_the_rounding_that_is_printed(brief: LearningBrief) -> None:
    pairs = OF.findall(
        "\n".join([plain_text(brief), *(cell for table in tables_of(brief) for row in table.rows for cell in row)])
    )
    for n, of, share in pairs:
        assert percent(int(n.replace(",", "")) / int(of.replace(",", ""))) == f"{share}%"
    assert len(pairs) > 10 or brief.kind == "monthly"  # of eight audits there are no percentages


def tables_of(brief: LearningBrief) -> list[BriefTable]:
    return [part for section, _ in brief.walk() for part in section.parts if isinstance(part, BriefTable)]


@pytest.mark.parametrize(
    ("kind", "counts", "name"),
    [
        ("monthly", monthly_grades, "month"),
        ("quarterly", quarterly_grades, "quarter"),
        ("annual", yearly_grades, "year"),
    ],
)
def test_the_table_of_grades_is_that_of_the_counts_and_adds_up(
    example: AuditReturns, kind: str, counts: object, name: str
) -> None:
    brief = make(example, kind)
    (table,) = [each for each in tables_of(brief) if each.head[:2] == ("Domain", "Judgements")]
    expected = counts(example, through="2019-Q4").set_index(["domain", name, "grade"])
    titles = {title: domain for domain, title in example.framework.domain_titles.items()}
    assert [row[0] for row in table.rows] == list(titles)
    for title, of, audits, *cells in table.rows:
        assert sum(int(cell.split()[0]) for cell in cells) == int(of)
        for grade, cell in zip(table.head[3:], cells, strict=True):
            row = expected.loc[(titles[title], brief.period, grade)]
            assert (int(of), int(audits), int(cell.split()[0])) == (row["of"], row["audits"], row["n"])
            if "(" in cell:
                assert cell.endswith(f"({percent(row['n'] / row['of'])})")


# -------------------------------------------------------------------------------------------------------- claims of change


def test_every_sentence_about_change_is_one_of_those_that_are_proven(
    example: AuditReturns, brief: LearningBrief
) -> None:
    trends = domain_trends(example, quarter="2019-Q4")
    months = domain_trends(until(example, "2019-05"), quarter="2019-Q2", unit="month")
    proven = {sentence for each in (trends, months) for sentence in headlines.describe_year(each)}
    proven |= {*headlines.describe_directions(trends), headlines.describe_comparisons(trends)}
    for trend in trends:
        year = trend.changes[trend.changes["comparison"] == "year"]
        proven.add(BY_QUARTER + narrative.describe_change(replace(trend, changes=year)))
    said = [*brief.headline]
    for section, _ in brief.walk():
        if section.id not in ("not-shown", "reminders", "next-steps"):
            said += [part.text for part in section.parts if isinstance(part, Paragraph)]
    claims = [sentence for sentence in said if CLAIM.search(sentence)]
    if brief.kind == "themed":
        assert claims == [
            sentence for sentence in claims if "neither more nor less often than in July to September 2019" in sentence
        ]
    else:
        assert set(claims) <= proven
    assert claims


def until(returns: AuditReturns, month: str) -> AuditReturns:
    audits = returns.audits[returns.audits["period_date"].dt.strftime("%Y-%m") <= month].reset_index(drop=True)
    kept = returns.judgements["audit_id"].isin(audits["audit_id"])
    return replace(returns, audits=audits, judgements=returns.judgements[kept].reset_index(drop=True))


def test_a_restated_figure_is_marked_where_it_is_compared(example: AuditReturns) -> None:
    restated = RESTATED.build([("plans", "2019-Q3", "good", 18, 47, 19, 48)])
    brief = learning_brief(example, "quarterly", period="2019-Q4", since=Changes("2019-Q3", restated=restated))
    (table,) = [each for each in tables_of(brief) if each.head[-1] == "What the numbers support"]
    marked = {row[0]: [cell for cell in row if "*" in cell] for row in table.rows}
    assert marked.pop("Plans") == ["19 of 48 (40%)*, then 16 of 42 (38%)"]
    assert not any(marked.values())
    assert "asterisk" in table.note
    assert "before 18 of 47" in plain_text(brief)


# ---------------------------------------------------------------------------------------------- what each kind is made of


def ids(brief: LearningBrief) -> list[str]:
    return [section.id for section in brief.sections]


def test_each_kind_has_its_sections_in_order(example: AuditReturns) -> None:
    assert ids(make(example, "monthly")) == [
        "grades", "positive", "reminders", "worries", "next-steps", "feedback", "changes", "not-shown",
    ]  # fmt: skip
    assert ids(make(example, "themed")) == ["spread", "worries", "positive", "next-steps", "changes", "not-shown"]
    assert ids(make(example, "quarterly")) == [
        "grades", "changes", "returns", "positive", "worries", "next-steps", "actions", "feedback", "domains", "since",
        "not-shown",
    ]  # fmt: skip
    assert ids(make(example, "annual")) == [
        "domains", "positive", "worries", "next-steps", "feedback", "actions", "grades", "changes", "returns", "since",
        "not-shown",
    ]  # fmt: skip


def test_the_annual_brief_has_a_chart_for_every_domain(example: AuditReturns) -> None:
    domains = make(example, "annual").section("domains").sections
    assert [section.id for section in domains] == [f"domain-{name}" for name in example.framework.domain_titles]
    for section in domains:
        (figure,) = [part for part in section.parts if isinstance(part, BriefFigure)]
        assert figure.chart.alternative.startswith(section.title)


def test_feedback_keeps_its_scales(example: AuditReturns) -> None:
    (table,) = make(example, "annual").section("feedback").parts
    scores = " ".join(row[1] for row in table.rows)
    assert re.search(r"\b9 of 10\b", scores) and re.search(r"\b4 of 5\b", scores)
    given = example.feedback.merge(example.audits[["audit_id"]], on="audit_id")
    nines = given[(given["who"] == "child") & (given["score"] == 9) & (given["scale"] == 10)]
    times = f" ({len(nines)} times)" if len(nines) > 1 else ""
    assert f"9 of 10{times}" in dict(table.rows)["Children and young people"]


@pytest.mark.parametrize(
    ("kind", "period", "theme", "why"),
    [
        ("monthly", "2019-Q4", "", "month must be written like 2019-11"),
        ("quarterly", "2019-05", "", "quarter must be written like 2019-Q4"),
        ("annual", "2019-20", "", "year must be written like 2019"),
        ("annual", "2031", "", "period must be in January to December 2019; not '2031'"),
        ("weekly", "2019-05", "", "kind must be monthly, themed, quarterly or annual; not 'weekly'"),
        ("themed", "2019-Q4", "", "a themed brief needs a theme"),
        ("themed", "soon", "planning", "period must be a month"),
        ("themed", "2019-Q4", "weather", "theme must be timeliness"),
        ("monthly", "2019-05", "planning", "only a themed brief has one"),
    ],
)
def test_what_no_brief_can_be_made_of_is_refused(
    example: AuditReturns, kind: str, period: str, theme: str, why: str
) -> None:
    with pytest.raises((ArgumentError, ChoiceError), match=re.escape(why)):
        learning_brief(example, kind, period=period, theme=theme)


def test_a_theme_is_known_by_its_title_too(example: AuditReturns) -> None:
    by_title = learning_brief(example, "themed", period="2019", theme="smart planning AND contingency")
    assert by_title.title == "Learning brief on SMART planning and contingency: 2019"


def test_the_latest_periods_are_those_that_have_ended_and_have_returns(example: AuditReturns) -> None:
    latest = {
        kind: learning_brief(example, kind, theme="planning" if kind == "themed" else "").period for kind in KINDS
    }
    assert latest == {"monthly": "2019-11", "themed": "2019-Q4", "quarterly": "2019-Q4", "annual": "2019"}


# ---------------------------------------------------------------------------------------------- few audits, none and many


@pytest.fixture
def small_returns(tmp_path: Path) -> Read:
    def read(rows: list[list[str]]) -> AuditReturns:
        (tmp_path / "small.toml").write_text(SMALL_FRAMEWORK, encoding="utf-8")
        path = write_rows(tmp_path / "a.csv", [WIDE_HEADER, *rows])
        return read_returns(path, framework=tmp_path / "small.toml")

    return read


def audit(number: int, date: str, *grades: str) -> list[str]:
    return [f"A{number}", date, "North", *grades]


def renders(brief: LearningBrief) -> str:
    """The words of a brief that every renderer could write."""
    assert words_of_web(brief) and words_of_word(brief) and words_of_pdf(brief)
    return plain_text(brief)


def test_a_month_of_three_audits_has_counts_and_no_percentage(small_returns: Read) -> None:
    rows = [audit(n, "2019-05-10", "Good", "RI", "Inadequate") for n in range(3)]
    brief = learning_brief(small_returns(rows), "monthly", period="2019-05")
    text = renders(brief)
    assert brief.headline == ("3 audits were returned for May 2019.",)
    assert "%" not in text.replace("95%", "")
    assert tables_of(brief)[0].rows == (("Risk", "6", "3", "0", "3", "3", "0"), ("Plans", "3", "3", "0", "0", "0", "3"))
    assert "Plans: 3 of 3 judgements were Inadequate, and none was Good or better." in text
    assert "No judgement Inadequate: Risk (of 6)." in text
    assert "The returns of May 2019 hold no comments." in text


@pytest.mark.parametrize("kind", ["monthly", "themed"])
def test_a_month_of_none_says_so_and_nothing_else(example: AuditReturns, kind: str) -> None:
    theme = "planning" if kind == "themed" else ""
    brief = learning_brief(example, kind, period="2019-08", theme=theme)
    assert brief.headline == ("No audit was returned for August 2019.",)
    assert set(ids(brief)) <= {"since", "not-shown"}
    assert "no audit stands behind this brief" in renders(brief)


def test_a_month_of_none_names_those_that_were_expected(small_returns: Read) -> None:
    returns = small_returns(
        [audit(1, "2019-05-10", "Good", "Good", "Good"), audit(2, "2019-11-10", "Good", "Good", "Good")]
    )
    expected = returns.framework.expected.model_copy(update={"by_month": {"2019-08": 15}})
    returns = replace(returns, framework=returns.framework.model_copy(update={"expected": expected}))
    brief = learning_brief(returns, "monthly", period="2019-08")  # a quarter in which nothing came back
    assert brief.headline == ("None of the 15 audits expected for August 2019 was returned.",)


def test_a_domain_of_which_every_judgement_is_not_applicable_is_named_as_such(small_returns: Read) -> None:
    rows = [audit(n, "2019-05-10", "Good", "RI", "N/A") for n in range(12)]
    rows += [audit(100 + n, "2019-02-10", "Good", "RI", "Good") for n in range(12)]
    returns = small_returns(rows)
    monthly, quarterly = (
        learning_brief(returns, kind, period=period)
        for kind, period in [("monthly", "2019-05"), ("quarterly", "2019-Q2")]
    )
    for brief in (monthly, quarterly):
        assert ("Plans", "0", "0", "0", "0", "0", "0") in tables_of(brief)[0].rows
        assert not re.search(r"\bnan\b", renders(brief), re.IGNORECASE)
    assert "Nothing was graded in this domain in April to June 2019." in plain_text(quarterly)


def test_a_quarter_of_five_thousand_audits_reads_well(small_returns: Read) -> None:
    chance = random.Random(5)
    grades = ["Outstanding", "Good", "RI", "Inadequate"]
    days = pd.date_range("2019-04-01", "2019-06-30").strftime("%Y-%m-%d")
    rows = [audit(n, chance.choice(days), *chance.choices(grades, [1, 30, 50, 19], k=3)) for n in range(5000)]
    brief = learning_brief(small_returns(rows), "quarterly", period="2019-Q2")
    text = renders(brief)
    assert brief.headline[0] == "5,000 audits were returned for April to June 2019."
    risk = tables_of(brief)[0].rows[0]
    assert risk[1:3] == ("10,000", "5,000")
    assert sum(int(cell.split()[0].replace(",", "")) for cell in risk[3:]) == 10_000
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_financial_years_are_named_as_people_write_them(small_returns: Read, tmp_path: Path) -> None:
    returns = small_returns(
        [audit(n, f"2009-{month}-10", "Good", "RI", "RI") for n, month in enumerate(["05", "10", "11"])]
    )
    (tmp_path / "years.toml").write_text(SMALL_FRAMEWORK.replace('"calendar"', '"financial-year"'), encoding="utf-8")
    framework = load_framework(tmp_path / "years.toml")
    returns = read_returns(tmp_path / "a.csv", framework=tmp_path / "years.toml")
    assert framework.quarters == returns.framework.quarters == "financial-year"
    annual, monthly = (learning_brief(returns, kind, period="2009-10") for kind in ("annual", "monthly"))
    assert annual.title == "Annual learning brief: April to December 2009"
    assert annual.headline[0] == "3 audits were returned for April to December 2009."
    assert "In April to December 2009, 3 of 6 judgements in 3 audits" in plain_text(annual)
    assert monthly.headline[0] == "1 audit was returned for October 2009."


# ------------------------------------------------------------------------------------------------------------- for sharing


def test_a_brief_for_sharing_says_nothing_that_is_hidden(example: AuditReturns) -> None:
    shared = prepare_for_sharing(example, through="2019-Q4")
    brief = learning_brief(shared, "quarterly", period="2019-Q4")
    assert brief.is_shared and "For sharing" in brief.notice
    assert not {"returns", "feedback", "actions", "since"} & set(ids(brief))
    hidden = shared.hidden[shared.hidden["quarter"] == "2019-Q4"]
    titles = example.framework.domain_titles
    rows = {row[0]: dict(zip(tables_of(brief)[0].head, row, strict=True)) for row in tables_of(brief)[0].rows}
    found = [(domain, grade) for domain, grade in hidden[["domain", "grade"]].dropna().itertuples(index=False)]
    assert found
    for domain, grade in found:
        if grade in rows[titles[domain]]:
            assert rows[titles[domain]][grade] == "c"
    renders(brief)


def test_what_is_hidden_changes_no_byte_of_a_brief_for_sharing(tmp_path: Path) -> None:
    """Two sets of returns that differ in hidden counts alone."""
    (tmp_path / "small.toml").write_text(SMALL_FRAMEWORK, encoding="utf-8")
    made = []
    for few in (2, 3):
        grades = ["Good"] * 20 + ["RI"] * (17 - few) + ["Inadequate"] * few + ["Outstanding"] * (5 - few)
        rows = [
            audit(n, "2019-05-10", "Good" if n % 2 else "RI", "Good" if n % 3 else "RI", grade)
            for n, grade in enumerate(grades[:37])
        ]
        path = write_rows(tmp_path / "a.csv", [WIDE_HEADER, *rows])
        returns = prepare_for_sharing(read_returns(path, framework=tmp_path / "small.toml"), through="2019-Q2")
        made.append((returns, learning_brief(returns, "quarterly", period="2019-Q2")))
    (first, one), (second, other) = made
    if not first.hidden.equals(second.hidden):
        pytest.fail("the two sets must hide the same cells to be compared")
    assert web_document(one) == web_document(other)
    assert word_document(one) == word_document(other)
    assert pdf_document(one) == pdf_document(other)


@pytest.mark.parametrize(("kind", "period"), [("monthly", "2019-05"), ("annual", "2019")])
def test_a_brief_for_sharing_is_of_a_quarter(example: AuditReturns, kind: str, period: str) -> None:
    shared = prepare_for_sharing(example, through="2019-Q4")
    with pytest.raises(ArgumentError, match="a brief for sharing is of a quarter"):
        learning_brief(shared, kind, period=period)


def test_nothing_of_a_brief_is_read_as_markup(example: AuditReturns) -> None:
    brief = make(example, "monthly")
    point = brief.section("reminders").parts[0].points[0]
    hostile = replace(point, text="<script>alert(1)</script> & <b>", lead="<i>", address='https://a.example/?q="><img>')
    section = replace(brief.section("reminders"), parts=(Points((hostile,)),))
    page = web_document(replace(brief, sections=(section,), headline=("<u>",), title="</title><script>"))
    assert "<script" not in page and "<img" not in re.sub(r'<img src="data:[^>]*>', "", page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in page


def test_every_number_of_a_brief_for_sharing_stands_in_a_table_that_is_shared(
    example: AuditReturns, tmp_path: Path
) -> None:
    shared = prepare_for_sharing(example, through="2019-Q4")
    write_tables(tmp_path, [*published_tables(shared, quarter="2019-Q4"), (CONSTANTS, constants(shared))])
    brief = learning_brief(shared, "quarterly", period="2019-Q4")
    for words in FORMATS.values():
        assert {number.replace(",", "") for number in numbers(words(brief))} <= numbers_of_tables(tmp_path)
    assert "21 audits were returned for October to December 2019, 70% of the 30 expected." in brief.headline


def test_a_year_that_is_not_over_says_up_to_when(example: AuditReturns) -> None:
    audits = example.audits[example.audits["quarter"] <= "2019-Q2"].reset_index(drop=True)
    brief = learning_brief(replace(example, audits=audits), "annual", period="2019")
    assert brief.title == "Annual learning brief: January to June 2019"
    assert brief.headline[0] == "51 audits were returned for January to June 2019, 57% of the 90 expected."


def test_the_latest_month_needs_no_quarter_that_has_ended(small_returns: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITANALYTICS_NOW", "2019-06-15T12:00:00+00:00")
    returns = small_returns([audit(1, "2019-05-10", "Good", "RI", "RI"), audit(2, "2019-06-10", "Good", "RI", "RI")])
    assert learning_brief(returns, "monthly").period == "2019-05"


def test_a_domain_that_nobody_graded_is_named(small_returns: Read) -> None:
    returns = small_returns([audit(n, "2019-05-10", "Good", "RI", "") for n in range(12)])
    assert "Nothing was graded in Plans." in plain_text(learning_brief(returns, "quarterly", period="2019-Q2"))


def test_nothing_is_restated_in_a_brief_for_sharing(example: AuditReturns) -> None:
    restated = RESTATED.build([("plans", "2019-Q3", "good", 18, 47, 19, 48)])
    shared = prepare_for_sharing(example, through="2019-Q4")
    brief = learning_brief(shared, "quarterly", period="2019-Q4", since=Changes("2019-Q3", restated=restated))
    assert not any("*" in cell for table in tables_of(brief) for row in table.rows for cell in row)
    assert "asterisk" not in " ".join(table.note for table in tables_of(brief))


# ------------------------------------------------------------------------------------- what could go wrong in some returns


def test_every_brief_of_the_example_can_be_written_and_holds_no_hole(example: AuditReturns) -> None:
    months = [str(month) for month in pd.period_range("2019-01", "2019-12", freq="M")]
    quarters = [f"2019-Q{number}" for number in range(1, 5)]
    wanted = [("monthly", month, "") for month in months] + [("quarterly", quarter, "") for quarter in quarters]
    wanted += [("themed", period, theme) for theme in example.themes for period in ("2019-05", "2019-Q3", "2019")]
    for kind, period, theme in wanted:
        text = words_of_web(learning_brief(example, kind, period=period, theme=theme))
        assert not re.search(r"\b(?:nan|None|NaT|<NA>)\b", text.replace("None of the", "")), (kind, period, theme)


def test_the_points_of_themes_are_those_of_the_table(example: AuditReturns) -> None:
    counts = themes_by_period(example, through="2019-Q4").query("period == '2019-Q4' and domain == 'any'")
    ids = {title: theme for theme, title in example.themes.items()}
    brief = make(example, "quarterly")
    for section, kind in (("worries", "worried_about"), ("positive", "worked_well"), ("next-steps", "next_step")):
        rows = counts[counts["kind"] == kind].set_index("theme")
        points = [point for part in brief.section(section).parts if isinstance(part, Points) for point in part.points]
        found = [
            (ids[point.lead], *map(int, re.search(r" (\d+) of (\d+) audits", point.text).groups()))
            for point in points
            if re.search("(?:worry|praised|step) in", point.text)
        ]
        assert len(found) in (3, 5)
        for theme, audits, of in found:
            assert (audits, of) == (rows.at[theme, "audits"], rows.at[theme, "of_audits"])
        least = min(audits for _, audits, _ in found)
        assert not {theme for theme in rows.index[rows["audits"] > least] if theme != "none"} - {
            theme for theme, *_ in found
        }


def test_the_tables_of_returns_and_of_next_steps_are_those_that_are_published(example: AuditReturns) -> None:
    brief = make(example, "quarterly")
    (returned,) = brief.section("returns").parts
    rates = return_rates(example, through="2019-Q4").set_index("period")
    for row, period in zip(returned.rows, ("2019-10", "2019-11", "2019-12", "2019-Q4"), strict=True):
        known = rates.loc[period]
        expected = "none" if pd.isna(known["expected"]) else str(known["expected"])
        share = "" if pd.isna(known["share"]) else percent(known["share"])
        assert row[1:] == (expected, str(known["returned"]), share)
    tracked = track_actions(example, through="2019-Q4")
    (actions,) = [part for part in brief.section("actions").parts if isinstance(part, BriefTable)]
    assert [tuple(map(int, row[1:])) for row in actions.rows] == [
        tuple(row[1:]) for row in tracked.itertuples(index=False)
    ]


def test_a_theme_whose_counts_are_hidden_is_not_said_to_be_named_by_nobody(example: AuditReturns) -> None:
    shared = prepare_for_sharing(example, through="2019-Q4")
    for theme in example.themes:
        brief = learning_brief(shared, "themed", period="2019-Q4", theme=theme)
        counts = count_themes(shared, through="2019-Q4").query("quarter == '2019-Q4'")
        for name, kind in (("worries", "worried_about"), ("positive", "worked_well")):
            rows = counts[(counts["theme"] == theme) & (counts["kind"] == kind)]
            said = " ".join(part.text for part in brief.section(name).parts if isinstance(part, Paragraph))
            assert ("is hidden in" in said) == bool(rows["audits"].isna().any())
            assert ("No audit in" in said) == bool((rows["audits"].fillna(1) == 0).all())
        assert any("hidden number" in point.text for point in brief.section("not-shown").parts[-1].points)


def test_codes_given_by_hand_are_not_quoted_as_words(example: AuditReturns) -> None:
    by_hand = replace(example, coded=example.coded.assign(words="by hand"))
    assert "by hand" not in plain_text(make(by_hand, "themed"))


def test_a_domain_of_another_year_has_nothing_graded_in_this_one(small_returns: Read) -> None:
    rows = [audit(n, "2018-05-10", "Good", "RI", "Good") for n in range(12)]
    returns = small_returns([*rows, *(audit(100 + n, "2019-05-10", "Good", "RI", "N/A") for n in range(12))])
    text = plain_text(learning_brief(returns, "annual", period="2019"))
    assert "Nothing was graded in this domain in January to June 2019." in text
    assert "published shares" not in text


@pytest.mark.parametrize(
    ("tails", "absent"),
    [
        ('good = []\ninadequate = ["Inadequate"]', "more than"),
        ('good = ["Outstanding", "Good"]\ninadequate = []', "In no domain were more judgements Inadequate"),
    ],
)
def test_a_scale_with_one_tail_is_not_held_against_the_other(tmp_path: Path, tails: str, absent: str) -> None:
    framework = SMALL_FRAMEWORK.replace('good = ["Outstanding", "Good"]\ninadequate = ["Inadequate"]', tails)
    (tmp_path / "tails.toml").write_text(framework, encoding="utf-8")
    path = write_rows(
        tmp_path / "a.csv", [WIDE_HEADER, *(audit(n, "2019-05-10", "Inadequate", "RI", "Good") for n in range(12))]
    )
    returns = read_returns(path, framework=tmp_path / "tails.toml")
    assert absent not in plain_text(learning_brief(returns, "monthly", period="2019-05"))


def test_several_scales_have_a_table_and_a_caption_each(tmp_path: Path) -> None:
    two = SMALL_FRAMEWORK.replace(
        "[columns]", '[scales.answers]\ngrades = ["Yes", "No"]\ngood = ["Yes"]\ninadequate = ["No"]\n[columns]'
    )
    two = two.replace('title = "Risk"\n', 'title = "Risk"\nscale = "ofsted"\n').replace(
        'title = "Plans"\n', 'title = "Plans"\nscale = "answers"\n'
    )
    (tmp_path / "two.toml").write_text(two, encoding="utf-8")
    path = write_rows(
        tmp_path / "a.csv", [WIDE_HEADER, *(audit(n, "2019-05-10", "Good", "RI", "Yes") for n in range(12))]
    )
    brief = learning_brief(read_returns(path, framework=tmp_path / "two.toml"), "monthly", period="2019-05")
    captions = [part.caption for part in brief.section("grades").parts if not isinstance(part, Paragraph)]
    assert len(set(captions)) == len(captions) == 4
    assert "Judgements at each grade in May 2019 (Yes, No)" in captions


def test_a_headline_names_all_that_are_named_most(example: AuditReturns) -> None:
    said = (
        "Most often named as a worry: “Timeliness and drift” and “Relationships and continuity”, in 5 of 8 audits each."
    )
    assert make(example, "monthly").headline[1] == said


def test_no_section_is_empty(example: AuditReturns, small_returns: Read) -> None:
    returns = small_returns([audit(1, "2019-05-10", "N/A", "N/A", "N/A"), audit(2, "2019-02-10", "Good", "RI", "RI")])
    briefs = [
        learning_brief(returns, kind, period=period)
        for kind, period in (("monthly", "2019-05"), ("quarterly", "2019-Q2"), ("annual", "2019"))
    ]
    briefs += [learning_brief(prepare_for_sharing(example, through="2019-Q4"), "quarterly", period="2019-Q4")]
    for brief in briefs:
        for section, _ in brief.walk():
            assert section.parts or section.sections, section.id
            assert all(part.points for part in section.parts if isinstance(part, Points)), section.id
        renders(brief)


def test_a_brief_of_an_earlier_quarter_lists_no_restated_figure_of_a_later_one(example: AuditReturns) -> None:
    restated = RESTATED.build(
        [("plans", "2019-Q4", "good", 18, 47, 19, 48), ("plans", "2019-Q1", "good", 18, 47, 19, 48)]
    )
    brief = learning_brief(example, "quarterly", period="2019-Q2", since=Changes("2019-Q4", restated=restated))
    points = [point.text for part in brief.section("since").parts if isinstance(part, Points) for point in part.points]
    assert points == ["Plans, January to March 2019, Good or better: 19 of 48, before 18 of 47"]


def test_many_restated_figures_are_listed_in_part(example: AuditReturns) -> None:
    restated = RESTATED.build(
        [
            (domain, f"2019-Q{n}", "good", 1, 40, 2, 40)
            for domain in example.framework.domain_titles
            for n in range(1, 4)
        ]
    )
    brief = learning_brief(example, "quarterly", period="2019-Q4", since=Changes("2019-Q3", restated=restated))
    parts = brief.section("since").parts
    assert len(next(part for part in parts if isinstance(part, Points)).points) == 12
    assert parts[-1].text == "The table restated.csv of the report has the others."


def test_what_may_be_quoted_is_quoted_where_its_quarter_is_known(example: AuditReturns) -> None:
    quotes = QUOTES.build(
        [
            ("plans", "worked_well", "planning", "2019-Q4", "The plan says who does what.", "typical"),
            ("plans", "worried_about", "planning", "2019-Q4", None, "withheld"),
            ("plans", "worked_well", "planning", "2019-Q2", "Another quarter.", "typical"),
        ]
    )
    quoted = replace(example, quotes=quotes)
    for kind, told in (("quarterly", True), ("themed", True), ("monthly", False)):
        text = plain_text(make(quoted, kind))
        assert ("“The plan says who does what.”" in text) == told, kind
        assert "Another quarter." not in text
    assert "Another quarter." in plain_text(learning_brief(quoted, "themed", period="2019", theme="planning"))
