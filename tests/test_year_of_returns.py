"""A year of returns of two authorities, made here and counted plainly here, against what the library counts.

The generators know nothing of how returns are read: they write what a person would write, and count a judgement at
the moment they write it. Every name and number is invented.
"""

import csv
import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import xlsxwriter

from auditanalytics.frameworks import Form, Framework, load_framework
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.summary import quarterly_grades

AUDITORS = ["Orla Penhale", "Idris Wetherby", "Maud Tarrant", "Soren Blackwell"]
ELEMENTS = "Requires improvement with elements of good practice"

# What people write, and the grade that they mean; None where they gave none, or none that can be counted.
QUESTION_WORDS = {"Yes": "Yes", "yes ": "Yes", "Partially": "Partially", "Partly": "Partially", "No": "No", "N/A": None, "": None}  # fmt: skip
STATEMENT_WORDS = {"Met": "Met", "Yes": "Met", "Partially met": "Partially met", "Partly met": "Partially met", "Not met": "Not met", "No": "Not met", "N/A": None}  # fmt: skip
OVERALL_WORDS = {
    "Outstanding": "Outstanding",
    "Good": "Good",
    "GOOD.": "Good",
    "Requires Improvement with elements of good practice": ELEMENTS,
    "RI with elements of good practice": ELEMENTS,
    "Requires improvement to be good": "Requires improvement",
    "RI": "Requires improvement",
    "Inadequate": "Inadequate",
}
HULL_WORDS = {"questions": QUESTION_WORDS, "statements": STATEMENT_WORDS, "overall": OVERALL_WORDS}
TELFORD_WORDS = {
    "Exceeds Good": "Exceeds Good",
    "exceeds good": "Exceeds Good",
    "Good": "Good",
    "Requires Improvement": "Requires improvement",
    "RI": "Requires improvement",
    "Inadequate": "Inadequate",
    "Outstanding": None,  # on another authority's scale
    "Not applicable": None,
    "": None,
}

FINANCIAL_MONTHS = [dt.date(2022 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(4, 16)]
FORMS_IN_A_MONTH = {
    "social-care": 6,
    "early-help": 3,
    "fostering": 2,
    "supported-lodgings": 2,
    "prospective-adopter": 2,
}
TYPES_WRITTEN = {
    "social-care": ["CSC Case File Audit", "Control sample"],
    "early-help": ["Early Help"],
    "fostering": ["Foster Carer", "Fostering"],
    "supported-lodgings": ["Supported Lodgings"],
    "prospective-adopter": ["Prospective Adopter"],
}


@dataclass
class Truth:
    """What was written, counted as it is written: grades by domain and quarter, the audits with any, the last file."""

    grades: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    audits: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    written: int = 0
    file: Path = Path()

    def count(self, audit: str, domain: str, quarter: str, grade: str | None) -> None:
        if grade is not None:
            self.grades[domain, quarter, grade] += 1
            self.audits[domain, quarter].add(audit)


def financial_quarter(month: dt.date) -> str:
    start = month.year - (month.month < 4)
    return f"{start}-{(start + 1) % 100:02}-Q{(month.month - 4) % 12 // 3 + 1}"


def calendar_quarter(month: dt.date) -> str:
    return f"{month.year}-Q{(month.month - 1) // 3 + 1}"


def statement_headers(form: str, number: str) -> str:
    """The header of a statement, which each form writes in its own way."""
    return {
        "social-care": f"Knowledge and Skills Statement {number} met?",
        "early-help": f"KSS {number}",
        "fostering": f"KSS{number} met",
        "supported-lodgings": f"Knowledge & Skills Statement {number}",
    }[form]


def category_header(framework: Framework, form: Form, category: str) -> str:
    if category.startswith("kss-"):
        return statement_headers(form.id, category.removeprefix("kss-"))
    titles = {each.id: each.title for domain in framework.domains for each in domain.categories}
    return titles[category].upper() if form.id == "early-help" else titles[category]


def hull_audit(framework: Framework, form: Form, number: int, month: dt.date, chance: random.Random, truth: Truth) -> dict[str, object]:  # fmt: skip
    """One audit on one form, counted as it is made."""
    case, quarter = f"H{number:05}", financial_quarter(month)
    row: dict[str, object] = {
        "Case Number": case,
        "Date of audit": month.replace(day=chance.randint(1, 28)),
        "Audit Type": chance.choice(TYPES_WRITTEN[form.id]),
        "Name of the auditor": chance.choice(AUDITORS),
    }
    for domain in framework.domains:
        words = HULL_WORDS[domain.scale]
        for category in domain.categories:
            if category.id in form.categories:
                word = chance.choice(list(words))
                row[category_header(framework, form, category.id)] = word
                truth.written += 1
                truth.count(case, domain.id, quarter, words[word])
    word = chance.choice(list(OVERALL_WORDS))
    row["Overall Grading of the Audit"] = word
    if form.id != "prospective-adopter":  # the only form without moderation
        moderated = chance.choice(list(OVERALL_WORDS)) if chance.random() < 0.1 else ""
        row["Grading after moderation"] = moderated
        word = moderated or word
    truth.written += 1
    truth.count(case, "overall", quarter, OVERALL_WORDS[word])
    return row | {"What is working well?": "Recorded in full.", "Comments": "", "Action 1": "Write the plan anew."}


def write_workbook(path: Path, sheets: dict[str, list[dict[str, object]]]) -> None:
    """A sheet for each form, with a title, a blank row, the header and a row for each audit."""
    with xlsxwriter.Workbook(path) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            headers = list(dict.fromkeys(header for row in rows for header in row))
            sheet.write(0, 0, f"Case file audits: {name}")
            sheet.write_row(2, 0, headers)
            for at, row in enumerate(rows, start=3):
                for column, header in enumerate(headers):
                    value = row.get(header, "")
                    sheet.write(at, column, value, day if isinstance(value, dt.date) else None)


@pytest.fixture(scope="module")
def hull_year(tmp_path_factory: pytest.TempPathFactory) -> tuple[AuditReturns, Truth]:
    """Twelve workbooks of a financial year: a sheet for each form, with the columns of that form only."""
    framework, chance, truth, number = load_framework("hull"), random.Random(2022), Truth(), 0
    folder = tmp_path_factory.mktemp("hull")
    for month in FINANCIAL_MONTHS:
        sheets: dict[str, list[dict[str, object]]] = {}
        for form in framework.forms:
            rows = sheets.setdefault(form.id.replace("-", " ").capitalize(), [])
            for _ in range(FORMS_IN_A_MONTH[form.id]):
                number += 1
                rows.append(hull_audit(framework, form, number, month, chance, truth))
        truth.file = folder / f"case-file-audits-{month:%Y-%m}.xlsx"
        write_workbook(truth.file, sheets)
    return read_returns(folder, framework="hull"), truth


@pytest.fixture(scope="module")
def telford_year(tmp_path_factory: pytest.TempPathFactory) -> tuple[AuditReturns, Truth]:
    """Twelve CSV files of a calendar year: both forms in one table, blank where the other form asks."""
    framework, chance, truth, number = load_framework("telford-and-wrekin"), random.Random(2020), Truth(), 0
    folder = tmp_path_factory.mktemp("telford")
    types = {"looked-after-and-care-leavers": ["LAC", "Care leavers"], "protection-and-need": ["CP", "CIN"]}
    for month in range(1, 13):
        rows = []
        for _ in range(9):
            number += 1
            reference, day = f"PL-{number:04}", dt.date(2020, month, chance.randint(1, 28))
            form = chance.choice(framework.forms)
            row = {
                "Audit reference": reference,
                "Date of session": f"{day:%d/%m/%Y}",
                "Auditor": chance.choice(AUDITORS),
                "Practice learning tool": chance.choice(types[form.id]),
            }
            for domain in framework.domains:
                for category in domain.categories:
                    word = chance.choice(list(TELFORD_WORDS)) if category.id in form.categories else ""
                    row[(category.headers or (category.title,))[0]] = word
                    truth.written += category.id in form.categories
                    truth.count(reference, domain.id, calendar_quarter(day), TELFORD_WORDS[word])
            row["Overall score"] = chance.choice(list(TELFORD_WORDS))
            truth.written += 1
            truth.count(reference, "overall", calendar_quarter(day), TELFORD_WORDS[row["Overall score"]])
            rows.append(row)
        truth.file = folder / f"practice-learning-2020-{month:02}.csv"
        with truth.file.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    return read_returns(folder, framework="telford-and-wrekin"), truth


def plain_rows(framework: Framework, quarters: Iterable[str], truth: Truth) -> dict[tuple[str, str, str], tuple[int, int, int]]:  # fmt: skip
    """By domain, quarter and grade or tail: how many, of how many judgements, of how many audits."""
    rows = {}
    for quarter in quarters:
        for domain in framework.domain_titles:
            scale = framework.scale(domain)
            counts = {grade: truth.grades[domain, quarter, grade] for grade in scale.grades}
            counts |= {
                "good": sum(counts[grade] for grade in scale.good),
                "inadequate": sum(counts[grade] for grade in scale.inadequate),
            }
            of = sum(counts[grade] for grade in scale.grades)
            audits = len(truth.audits[domain, quarter])
            rows |= {(domain, quarter, grade): (n, of, audits) for grade, n in counts.items()}
    return rows


def counted_rows(returns: AuditReturns) -> dict[tuple[str, str, str], tuple[int, int, int]]:
    grades = quarterly_grades(returns)
    return {
        (row.domain, row.quarter, row.grade): (int(row.n), int(row.of), int(row.audits)) for row in grades.itertuples()
    }


HULL_QUARTERS = ["2022-23-Q1", "2022-23-Q2", "2022-23-Q3", "2022-23-Q4"]
TELFORD_QUARTERS = ["2020-Q1", "2020-Q2", "2020-Q3", "2020-Q4"]


@pytest.mark.thorough
@pytest.mark.parametrize(("year", "quarters"), [("hull_year", HULL_QUARTERS), ("telford_year", TELFORD_QUARTERS)])
def test_a_year_is_counted_as_it_was_written(year: str, quarters: list[str], request: pytest.FixtureRequest) -> None:
    returns, truth = request.getfixturevalue(year)
    assert returns.rejected_audits == 0
    assert counted_rows(returns) == plain_rows(returns.framework, quarters, truth)


@pytest.mark.parametrize("year", ["hull_year", "telford_year"])
def test_the_truth_has_every_grade_of_every_domain(year: str, request: pytest.FixtureRequest) -> None:
    """Otherwise the comparison would hold of less than it says."""
    returns, truth = request.getfixturevalue(year)
    domains = returns.framework.domain_titles
    wanted = {(domain, grade) for domain in domains for grade in returns.framework.scale(domain).grades}
    assert {(domain, grade) for domain, _, grade in truth.grades} == wanted
    assert sum(truth.grades.values()) < truth.written


@pytest.mark.parametrize("year", ["hull_year", "telford_year"])
def test_the_framework_is_known_by_the_headers(year: str, request: pytest.FixtureRequest) -> None:
    returns, truth = request.getfixturevalue(year)
    assert read_returns(truth.file).framework == returns.framework


def test_every_audit_of_the_year_was_accepted(hull_year: tuple[AuditReturns, Truth]) -> None:
    returns, _ = hull_year
    assert len(returns.audits) == 12 * sum(FORMS_IN_A_MONTH.values())
    assert "error" not in set(returns.problems["severity"])
    assert set(returns.ledger["rule"]) == {"exact", "folded", "synonym", "not graded"}
    assert {returns.framework.form(audit_type).id for audit_type in returns.audits["audit_type"]} == {*FORMS_IN_A_MONTH}


def test_a_grade_of_another_authority_is_a_problem_and_no_grade(telford_year: tuple[AuditReturns, Truth]) -> None:
    returns, _ = telford_year
    unknown = returns.problems[returns.problems["code"] == "grade_unknown"]
    ledger = returns.ledger.set_index("label")
    assert len(unknown) == ledger.loc["Outstanding", "n"] > 0
    assert ledger.loc["Outstanding", "rule"] == "unknown"


def test_good_with_elements_is_not_counted_as_good(hull_year: tuple[AuditReturns, Truth]) -> None:
    returns, truth = hull_year
    counted = counted_rows(returns)
    for quarter in HULL_QUARTERS:
        good = sum(truth.grades["overall", quarter, grade] for grade in ("Outstanding", "Good"))
        assert truth.grades["overall", quarter, ELEMENTS] > 0
        assert counted["overall", quarter, "good"][0] == good


def test_a_sheet_without_the_questions_of_other_forms_lacks_nothing(hull_year: tuple[AuditReturns, Truth]) -> None:
    returns, _ = hull_year
    assert "category_without_column" not in set(returns.problems["code"])
