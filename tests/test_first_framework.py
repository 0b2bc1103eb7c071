"""A first framework file: from sheets of several shapes, through a person's few edits, to returns that pass."""

import csv
import datetime as dt
import difflib
import json
import os
import re
import shlex
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from conftest import ROOT, run_command
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auditanalytics.errors import ArgumentError, NoInputError, ReturnsError
from auditanalytics.first_framework import FirstFrameworkFile, write_first_framework
from auditanalytics.first_framework.known_headers import shipped_headers
from auditanalytics.first_framework.proposal import propose
from auditanalytics.first_framework.sheets import find_headed_sheets, gather_return
from auditanalytics.first_framework.vocabularies import choose_vocabularies, vocabularies
from auditanalytics.first_framework.writing import framework_text
from auditanalytics.frameworks import Framework, fold_header, load_framework
from auditanalytics.intake import RawSheet
from auditanalytics.reporting.checklist import summarise_check
from auditanalytics.returns import AuditReturns, read_returns

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

Rows = list[list[str]]
CHILD = "Ottoline Marchbank-Frey"
"""An invented child, who is written into cells and may come out nowhere."""

KNOWN = shipped_headers()
EXAMPLES = int(os.environ.get("AUDITANALYTICS_EXAMPLES", "20"))


def on_day(number: int) -> str:
    return (dt.date(2025, 4, 1) + dt.timedelta(days=number)).strftime("%d/%m/%Y")


def grades(words: list[str], number: int, columns: int) -> list[str]:
    """Grades that are the same on every run; each word stands in each column."""
    return [words[(number * step + step) % len(words)] for step in (1, 5, 7, 11)[:columns]]


def write_workbook(path: Path, sheets: dict[str, Rows]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def write_text(path: Path, rows: Rows, *, delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


OFSTED = ["Good", "Requires improvement to be good", "Outstanding", "Inadequate", "RI", "N/A"]

# --- sheets of several shapes: as rows with their header, and how they are written ------------------------------------

WIDE_OFSTED: Rows = [
    [
        "Audit reference",
        "Date of audit",
        "Auditor",
        "Team",
        "Child reference",
        "Identification of risk",
        "Response to risk",
        "Voice of the child",
        "Life story work",
        "Overall judgement",
        "What is working well?",
    ],
    *(
        [f"CFA-{n:03}", on_day(n), "A. Auditor", "North", f"C{n}", *grades(OFSTED, n, 4), "Good", f"{n}: she is heard"]
        for n in range(24)
    ),
]
TITLES: Rows = [["Case file audits, April to June"], ["Return by the last day of the month", "", "Version 3"], []]

COLOURS: Rows = [
    [
        "Ref",
        "When audited",
        "Auditor full name",
        "Locality",
        "Keeping safe",
        "Lived experience",
        "The plan",
        "Overall RAG",
    ],
    *(
        [f"T{n}", on_day(n), "A. Auditor", "East", *grades(["Green", "Amber", "Red", "-"], n, 3), "Amber"]
        for n in range(20)
    ),
]

AREAS = ["Thresholds", "Supervision of the plan", "Direct work", "Life story work"]
LONG: Rows = [
    ["Audit number", "Audit date", "Auditor", "Area of practice", "Judgement", "Evidence"],
    *(
        [f"L-{n:02}", on_day(n), "A. Auditor", area, *grades(OFSTED, n + place, 1), f"{n}: what was seen of {place}"]
        for n in range(14)
        for place, area in enumerate(AREAS)
    ),
]

MONTH_HEADER = ["Audit ID", "Date returned", "Team", "Assessment of need", "Care plan", "Visits", "Next step"]
MONTHS: dict[str, Rows] = {
    "Guidance": [["How to fill in this book"], ["One row for each audit."]],
    "April": [
        MONTH_HEADER,
        *([f"A{n}", on_day(n), "South", *grades(["Exceeds Good", "Good", "RI"], n, 3), f"Step {n}"] for n in range(12)),
    ],
    "May": [
        MONTH_HEADER,
        *([f"M{n}", on_day(30 + n), "South", *grades(["Good", "RI", "Inadequate"], n, 3), ""] for n in range(12)),
        ["Total", "", "12"],
    ],
}

MET: Rows = [
    [
        "Case reference",
        "Date audited",
        "Audited by",
        "Visits made",
        "Visits made (moderated)",
        "Plan is SMART",
        "Plan is SMART (moderated)",
        "Consent on file",
    ],
    *(
        [
            f"{n % 11}-X",
            on_day(n),
            "A. Auditor",
            *(
                word
                for pair in zip(*[grades(["Met", "Partially met", "Not met"], n, 2)] * 2, strict=True)
                for word in pair
            ),
            ["Yes", "No"][n % 2],
        ]
        for n in range(22)
    ),
]

LETTERS: Rows = [
    ["Audit ref", "Audit date", "Quality of assessment", "Management grip", "Grade"],
    *([f"Q{n}", on_day(n), *grades(["G", "RI", "O", "I"], n, 3)] for n in range(16)),
]


def wide_ofsted(folder: Path) -> Path:
    return write_workbook(folder / "returns.xlsx", {"Returns": [*TITLES, *WIDE_OFSTED]})


def colours(folder: Path) -> Path:
    return write_text(folder / "returns.tsv", COLOURS, delimiter="\t")


def long(folder: Path) -> Path:
    return write_text(folder / "returns.csv", LONG)


def months(folder: Path) -> Path:
    return write_workbook(folder / "returns.xlsx", MONTHS)


def met(folder: Path) -> Path:
    return write_text(folder / "returns.csv", MET, delimiter=";")


def letters(folder: Path) -> Path:
    frame = pd.DataFrame(LETTERS[1:], columns=LETTERS[0])
    frame.to_parquet(folder / "returns.parquet", index=False)
    return folder / "returns.parquet"


def uncomment(line: str) -> tuple[str, str]:
    return f"# {line}", line


# the edits of a person who answers the questions: each old text is replaced by the new one, once
SHAPES: dict[str, tuple[Callable[[Path], Path], list[tuple[str, str]], int]] = {
    "wide, Ofsted's grades, below title rows": (wide_ofsted, [], 24),
    "wide, headers of its own, colours": (
        colours,
        [
            uncomment('audit_id = ["Ref"]'),
            uncomment('audited_on = ["When audited"]'),
            uncomment('auditor = ["Auditor full name"]'),
            uncomment('overall = ["Overall RAG"]'),
            uncomment("[overall]"),
            uncomment('scale = "colours"'),
        ],
        20,
    ),
    "a row for each judgement": (long, [uncomment('grade = ["Judgement"]')], 56),
    "a sheet for each month": (months, [uncomment('action = ["Next step"]')], 24),
    "met and not met, moderated, semicolons": (
        met,
        [uncomment('audit_id_from = ["Case reference", "Date audited"]')],
        22,
    ),
    "first letters of the grades": (
        letters,
        [uncomment('overall = ["Grade"]'), uncomment("[overall]"), uncomment('scale = "ofsted"')],
        16,
    ),
}


def make(spreadsheet: Path) -> FirstFrameworkFile:
    return write_first_framework(spreadsheet, out=spreadsheet.with_name("my-council.toml"))


def edit(path: Path, edits: list[tuple[str, str]]) -> int:
    """Make a person's edits, and say how many lines they touched."""
    before = text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(f"\n{old}\n") == 1, old
        text = text.replace(f"\n{old}\n", f"\n{new}\n")
    path.write_text(text, encoding="utf-8")
    changed = difflib.unified_diff(before.splitlines(), text.splitlines(), n=0, lineterm="")
    return sum(line.startswith("+") and not line.startswith("+++") for line in changed)


Read = Callable[[str], tuple[FirstFrameworkFile, int, AuditReturns]]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Make the file of a shape, answer its questions and read the returns with it; each shape once."""

    @cache
    def read_shape(shape: str) -> tuple[FirstFrameworkFile, int, AuditReturns]:
        write, edits, _ = SHAPES[shape]
        made = make(write(tmp_path_factory.mktemp("shape")))
        load_framework(made.path)  # at once, with every question open
        edited = edit(made.path, edits)
        return made, edited, read_returns(made.spreadsheet, framework=made.path)

    return read_shape


class TestToReturnsThatPass:
    @pytest.mark.parametrize("shape", SHAPES)
    def test_few_edits_lead_to_returns_with_nothing_to_mend(self, shape: str, read: Read) -> None:
        _, edited, returns = read(shape)
        assert edited == len(SHAPES[shape][1]) <= 10
        assert list(returns.problems.loc[returns.problems["severity"] != "note", "code"]) == []
        assert (returns.rows["accepted"], returns.rows["rejected"]) == (SHAPES[shape][2], 0)
        assert list(returns.ledger.loc[returns.ledger["rule"] == "unknown", "label"]) == []

    def test_every_grade_is_counted_in_the_domain_that_a_framework_knows(self, read: Read) -> None:
        made, _, returns = read("wide, Ofsted's grades, below title rows")
        assert [(domain.id, len(domain.categories)) for domain in returns.framework.domains] == [
            ("risk", 2),
            ("assessments", 1),
            ("practice", 1),
        ]
        assert len(returns.judgements) == 24 * 5
        assert made.given.sheets[0].header_row == 4

    def test_the_words_of_the_form_are_the_categories_of_a_long_return(self, read: Read) -> None:
        _, _, returns = read("a row for each judgement")
        headers = [category.headers for domain in returns.framework.domains for category in domain.categories]
        assert headers == [(area,) for area in AREAS]
        assert len(returns.audits) == 14

    def test_the_date_of_return_decides_the_quarter_where_no_other_is_known(self, read: Read) -> None:
        made, _, returns = read("a sheet for each month")
        assert returns.framework.period_date == "returned_on"
        assert [(sheet.name, sheet.number, sheet.rows) for sheet in made.given.sheets] == [
            ("April", 2, 12),
            ("May", 3, 12),
        ]
        assert next(iter(returns.framework.scales)) == "exceeds-good"

    def test_moderated_columns_are_read(self, read: Read) -> None:
        _, _, returns = read("met and not met, moderated, semicolons")
        assert returns.judgements["moderated_grade"].notna().all()
        assert len(returns.judgements) == 22 * 2

    def test_letters_are_labels_where_the_sheet_has_them(self, read: Read) -> None:
        _, _, returns = read("first letters of the grades")
        assert returns.framework.scales["ofsted"].match("g").grade == "Good"

    def test_letters_are_no_labels_where_it_has_none(self, read: Read) -> None:
        _, _, others = read("wide, Ofsted's grades, below title rows")
        assert others.framework.scales["ofsted"].match("g").grade is None


def with_child(rows: Rows, *, header: int) -> Rows:
    """Rows with the child in a cell of every column, each on a row of its own."""
    rows = [list(row) for row in rows]
    for place in range(len(rows[header])):
        rows[header + 1 + place][place] = CHILD
    return rows


class TestNoCellComesOut:
    @pytest.mark.parametrize("rows", [WIDE_OFSTED, COLOURS, LONG, MONTHS["April"], MET, LETTERS])
    def test_a_child_named_in_every_column_is_named_nowhere(self, rows: Rows, tmp_path: Path) -> None:
        made = make(write_text(tmp_path / "returns.csv", with_child(rows, header=0)))
        assert made.proposal.to_categories > 0
        for said in (made.path.read_text(encoding="utf-8"), str(made)):
            assert not any(part in said for part in ("Ottoline", "Marchbank", "Frey"))

    def test_a_child_named_on_every_row_is_no_word_of_the_form(self, tmp_path: Path) -> None:
        rows = [[*row[:5], f"{CHILD} was seen"] for row in LONG[1:]] + [["L-99", on_day(9), "A", CHILD, "Good", ""]] * 4
        made = make(write_text(tmp_path / "returns.csv", [LONG[0], *rows]))
        text = made.path.read_text(encoding="utf-8")
        assert "Ottoline" not in text
        assert '"Area of practice" holds 1 other word in 4 rows' in " ".join(text.replace("# ", "").split())

    def test_a_child_named_on_every_row_of_a_wide_return_is_named_nowhere(self, tmp_path: Path) -> None:
        rows = [[*row[:2], CHILD, CHILD, CHILD, *row[5:10], CHILD] for row in WIDE_OFSTED[1:]]
        made = make(write_text(tmp_path / "returns.csv", [WIDE_OFSTED[0], *rows]))
        assert not re.search("Ottoline|Marchbank|Frey", made.path.read_text(encoding="utf-8") + str(made))

    def test_words_that_are_no_grade_are_counted(self, tmp_path: Path) -> None:
        rows = [list(row) for row in WIDE_OFSTED]
        for number in (3, 5, 8):
            rows[number][8] = f"{CHILD} has none"
        text = make(write_text(tmp_path / "returns.csv", rows)).path.read_text(encoding="utf-8")
        assert 'stand in 3 cells of "Life story work"' in " ".join(text.replace("# ", "").split())

    def test_more_words_than_a_form_asks_are_none_of_a_form(self, tmp_path: Path) -> None:
        words = [f"Word {chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(61)]
        rows = [[f"L{n}", on_day(n), "A", word, "Good", ""] for n in range(6) for word in words]
        text = make(write_text(tmp_path / "a.csv", [LONG[0], *rows])).path.read_text(encoding="utf-8")
        assert "Word aa" not in text
        few = [row for row in rows if row[3] in words[:60]]
        (tmp_path / "my-council.toml").unlink()
        text = make(write_text(tmp_path / "b.csv", [LONG[0], *few])).path.read_text(encoding="utf-8")
        assert text.count('headers = ["Word ') == 60

    def test_neither_file_nor_sheet_is_named_in_the_file(self, tmp_path: Path) -> None:
        path = write_workbook(tmp_path / f"{CHILD}.xlsx", {CHILD: COLOURS, "Frey": [["Anything"], ["else"]]})
        assert not re.search("Ottoline|Marchbank|Frey", make(path).path.read_text(encoding="utf-8"))

    @pytest.mark.parametrize(
        "rows",
        [
            WIDE_OFSTED[1:],  # no header
            [[CHILD, "Good", "Good"], ["Cuthbert Vane", "RI", "Good"]],
            # an audit in each column
            [
                ["", CHILD, "Cuthbert Vane"],
                ["Date of audit", on_day(1), on_day(2)],
                ["Auditor", "A", "B"],
                ["Risk", "Good", "RI"],
                ["Planning", "Good", "RI"],
            ],
            # rows of a long return without a header, with words that are headers elsewhere
            [[CHILD, "Team", "Planning", "x"], ["Cuthbert Vane", "Service", "Planning", "y"]],
            [["Area", CHILD, "Cuthbert Vane"], ["Risk", "Good", "RI"], ["Planning", "Good", "RI"]],
        ],
    )
    def test_names_are_never_taken_for_headers(self, rows: Rows, tmp_path: Path) -> None:
        with pytest.raises(ReturnsError, match="can be told to be the header") as refused:
            make(write_text(tmp_path / "returns.csv", rows))
        assert "Ottoline" not in str(refused.value)
        assert not (tmp_path / "my-council.toml").exists()


def text_of(folder: Path, rows: Rows) -> str:
    return make(write_text(folder / "returns.csv", rows)).path.read_text(encoding="utf-8")


def sentences(text: str) -> str:
    """The comments of a file as one line, as they were before they were wrapped."""
    return " ".join(line.strip().removeprefix("#").strip() for line in text.splitlines())


def rows_with(headers: list[str], *cells: list[str]) -> Rows:
    """A return with more columns: each has its cells, over and over."""
    rows = [[f"R{n}", on_day(n), OFSTED[n % 3], *(column[n % len(column)] for column in cells)] for n in range(12)]
    return [["Audit reference", "Date of audit", "Planning", *headers], *rows]


def without_planning(rows: Rows) -> Rows:
    return [[*row[:2], *row[3:]] for row in rows]


class TestQuestions:
    def test_a_header_of_two_fields_is_put_to_neither(self, tmp_path: Path) -> None:
        text = text_of(tmp_path, rows_with(["Next step"], ["Ring the school"]))
        assert '# next_step = ["Next step"]\n# action = ["Next step"]\n' in text
        assert not {"action", "next_step"} & tomllib.loads(text)["columns"].keys()

    def test_two_headers_of_one_field_are_put_to_none(self, tmp_path: Path) -> None:
        text = text_of(tmp_path, rows_with(["Auditor", "Name of the auditor"], ["A"], ["B"]))
        assert '"Auditor" and "Name of the auditor" are headers of one field; which of them is it?' in sentences(text)
        assert '# auditor = ["Auditor"]\n# auditor = ["Name of the auditor"]\n' in text
        assert "auditor" not in tomllib.loads(text)["columns"]

    def test_a_header_that_resembles_one_is_put_to_nothing(self, tmp_path: Path) -> None:
        text = text_of(tmp_path, rows_with(["Team of the worker", "Favourite colour"], ["A"], ["B"]))
        assert '# team = ["Team of the worker"]\n' in text
        assert list(tomllib.loads(text)["columns"]) == ["audit_id", "audited_on"]
        assert 'Nothing is made of these headers: "Favourite colour". If one is' in sentences(text)

    def test_a_field_whose_cells_are_of_another_kind_is_asked_about(self, tmp_path: Path) -> None:
        text = text_of(tmp_path, rows_with(["Date returned", "Team"], ["soon"], ["Good", "Inadequate"]))
        assert '"Date returned" is the header of a field, but few of its cells can be read as dates.' in sentences(text)
        assert '"Team" is the header of a field, but its cells are grades.' in sentences(text)
        assert list(tomllib.loads(text)["columns"]) == ["audit_id", "audited_on"]

    def test_yes_and_no_beside_grades_stay_comments_that_can_be_used(self, tmp_path: Path) -> None:
        text = text_of(tmp_path, rows_with(["Consent on file"], ["Yes", "No"]))
        assert list(tomllib.loads(text)["scales"]) == ["ofsted"]
        before, _, block = text.partition("# [scales.questions]")
        answered = re.sub("^# ", "", f"# [scales.questions]{block}", flags=re.MULTILINE)
        path = tmp_path / "answered.toml"
        path.write_text(before + answered, encoding="utf-8")
        domains = load_framework(path).domains
        assert [category.title for category in domains[-1].categories] == ["Consent on file"]

    def test_yes_and_no_alone_are_grades_with_a_question(self, tmp_path: Path) -> None:
        rows = rows_with(["Consent on file", "Plan shared"], ["Yes", "No"], ["No", "Y"])
        text = text_of(tmp_path, without_planning(rows))
        assert 'and "Yes" always the good answer?' in sentences(text)
        assert [domain["id"] for domain in tomllib.loads(text)["domains"]] == ["practice"]

    @pytest.mark.parametrize("word", ["Adequate", "Satisfactory"])
    def test_an_older_grade_beside_requires_improvement_is_no_word_for_it(self, word: str, tmp_path: Path) -> None:
        text = text_of(tmp_path, rows_with(["Visits"], [word.upper(), "Good", "Inadequate", "RI"]))
        scale = load_framework(tmp_path / "my-council.toml").scales["ofsted"]
        assert scale.match(word).rule == "unknown"
        assert f'"{word}", in 3 cells, is no grade of this scale' in sentences(text)
        assert f'# grades = ["Outstanding", "Good", "{word}", "Requires improvement", "Inadequate"]\n' in text
        path = tmp_path / "answered.toml"
        assert text.count(f'\n  # "{word}",\n') == 1
        path.write_text(text.replace(f'# "{word}",', f'"{word}",'), encoding="utf-8")
        assert load_framework(path).scales["ofsted"].match(word).grade == "Requires improvement"

    @pytest.mark.parametrize("word", ["Adequate", "Satisfactory"])
    def test_an_older_grade_alone_is_a_grade_of_its_own(self, word: str, tmp_path: Path) -> None:
        text_of(tmp_path, without_planning(rows_with(["Visits"], [word, "Good", "Inadequate", "Outstanding"])))
        (scale,) = load_framework(tmp_path / "my-council.toml").scales.values()
        assert scale.grades == ("Outstanding", "Good", word, "Inadequate")

    def test_moderated_headers_of_another_form_come_with_the_line_to_use(self, tmp_path: Path) -> None:
        text = text_of(tmp_path, rows_with(["Planning grade after moderation"], ["Good", "RI"]))
        (line,) = (line for line in text.splitlines() if "moderated_headers = [" in line)
        now = line.replace("# ", "").split(", moderated_headers")[0] + " },"
        assert text.count(f"{now}\n") == 1
        path = tmp_path / "answered.toml"
        path.write_text(text.replace(now, line.replace("# ", "")), encoding="utf-8")
        meaning = load_framework(path).meaning("Planning grade after moderation")
        assert (meaning.kind, meaning.category) == ("moderated grade", "planning")

    def test_moderated_grades_of_nothing_are_asked_about(self, tmp_path: Path) -> None:
        text = text_of(tmp_path, rows_with(["Moderated visits", "Moderated?"], ["Good", "RI"], ["Yes", "No"]))
        assert 'Of which category is "Moderated visits" the grade after moderation?' in sentences(text)
        assert 'Of which category is "Moderated?"' not in text

    def test_grades_that_are_numbers_or_unknown_words_are_asked_about(self, tmp_path: Path) -> None:
        rows = rows_with(["Score A", "Permanence", "Visits"], ["1", "2", "4"], ["fab", "meh"], ["10", "2"])
        text = sentences(text_of(tmp_path, rows))
        assert 'Not graded in known words: "Score A" and "Permanence".' in text
        assert not re.search("fab|meh", text)

    def test_columns_of_one_header_are_to_be_renamed(self, tmp_path: Path) -> None:
        text = text_of(tmp_path, rows_with(["Visits", "visits", "Notes", "Notes"], ["Good"], ["RI"], ["x"], ["y"]))
        assert 'Several columns have the header "Visits".' in sentences(text)
        assert 'Nothing is made of these headers: "Notes". If one is' in sentences(text)

    def test_a_reference_that_repeats_is_asked_about_with_what_would_do(self, tmp_path: Path) -> None:
        rows = [[f"R{n % 2}", on_day(n), "Good", f"C{n % 5}"] for n in range(10)]
        text = text_of(tmp_path, [["Audit reference", "Date of audit", "Planning", "Case number"], *rows])
        assert "audit_id" not in tomllib.loads(text)["columns"]
        assert '# audit_id_from = ["Case number", "Date of audit"]\n' in text

    def test_rows_of_one_audit_under_unknown_headers_are_noticed(self, tmp_path: Path) -> None:
        rows = [[row[0], row[1], row[3], row[4]] for row in LONG[1:]]
        text = text_of(tmp_path, [["Audit reference", "Date of audit", "Looked at", "Finding"], *rows])
        assert '"Audit reference" is the same on several rows. If a row is one judgement' in sentences(text)
        assert '# category = ["Looked at"]\n' in text

    def test_without_a_known_date_each_column_of_dates_may_be_it(self, tmp_path: Path) -> None:
        rows = [[f"R{n}", "N", on_day(n), "Good"] for n in range(5)]
        text = text_of(tmp_path, [["Audit reference", "Team", "Seen", "Planning"], *rows])
        assert '# audited_on = ["Seen"]\n' in text

    def test_other_sheets_are_asked_about_by_their_number(self, tmp_path: Path) -> None:
        other = [["Audit reference", "Date of audit", "Visits"], ["Z1", on_day(1), "Good"]]
        sheets = {"One": WIDE_OFSTED, CHILD: other, "Three": [["Only a note"]]}
        text = sentences(make(write_workbook(tmp_path / "a.xlsx", sheets)).path.read_text(encoding="utf-8"))
        assert "Sheet 2 has other headers: 2 headers of its 3 stand on the return too." in text
        assert "Sheets in which no row could be told to be the header: 1." in text

    def test_nothing_graded_leaves_a_domain_to_fill_in(self, tmp_path: Path) -> None:
        rows = [["Audit reference", "Date of audit", "Team"], ["A1", on_day(1), "N"]]
        made = make(write_text(tmp_path / "a.csv", rows))
        assert "No column of grades was recognised." in sentences(made.path.read_text(encoding="utf-8"))
        assert load_framework(made.path).domains[0].id == "practice"
        with pytest.raises(ReturnsError, match="no audit could be read"):
            read_returns(made.spreadsheet, framework=made.path).check()

    def test_the_questions_are_numbered_and_counted(self, tmp_path: Path) -> None:
        made = make(colours(tmp_path))
        numbers = re.findall(r"^ *# Q(\d+): ", made.path.read_text(encoding="utf-8"), re.MULTILINE)
        assert numbers == [str(number) for number in range(1, made.questions + 1)]


class TestVocabularies:
    def test_every_grade_is_known_and_the_best_and_worst_are_the_tails(self) -> None:
        for each in vocabularies():
            assert [each.grade(grade) for grade in each.scale.grades] == list(each.scale.grades)
            assert each.scale.grades[0] in each.scale.good
            assert each.scale.inadequate == each.scale.grades[-1:]

    @pytest.mark.parametrize(
        ("columns", "expected"),
        [
            ({"a": ["Good"], "b": ["Exceeds Good"]}, ["exceeds-good", "exceeds-good"]),
            ({"a": ["Good", "RI"], "b": ["RI with elements of good", "Good"]}, ["five-points", "five-points"]),
            ({"a": ["Good"], "b": ["Good", "Requires improvement (to be good)"]}, ["ofsted", "ofsted"]),
            ({"a": ["Adequate", "Strong"], "b": ["Weak"]}, ["strength", "strength"]),
            ({"a": ["Met", "Partly met"], "b": ["In part"], "c": ["Red"]}, ["statements", "questions", "colours"]),
            ({"a": []}, ["ofsted"]),
        ],
    )
    def test_a_sheet_gets_as_few_scales_as_it_can(self, columns: dict[str, list[str]], expected: list[str]) -> None:
        assert [chosen.id for chosen in choose_vocabularies(columns).values()] == expected


class TestRefusals:
    def test_a_file_that_is_there_is_left_alone(self, tmp_path: Path) -> None:
        path = letters(tmp_path)
        (tmp_path / "my-council.toml").write_text("mine", encoding="utf-8")
        with pytest.raises(ArgumentError, match="is there already"):
            make(path)
        assert (tmp_path / "my-council.toml").read_text(encoding="utf-8") == "mine"

    @pytest.mark.parametrize(
        ("out", "said"),
        [("a.txt", "must end in .toml"), ("a", "must end in .toml"), ("nowhere/a.toml", "does not exist; make it")],
    )
    def test_where_nothing_can_be_written_is_refused(self, out: str, said: str, tmp_path: Path) -> None:
        with pytest.raises(ArgumentError, match=said):
            write_first_framework(letters(tmp_path), out=tmp_path / out)

    def test_no_file_and_a_folder_are_wrong_arguments(self, tmp_path: Path) -> None:
        with pytest.raises(NoInputError):
            make(tmp_path / "nowhere.xlsx")
        with pytest.raises(ArgumentError, match="one file is read"):
            write_first_framework(tmp_path, out=tmp_path / "a.toml")

    @pytest.mark.parametrize(
        ("name", "data", "said"),
        [
            ("a.xlsx", b"<html>", "not_a_workbook"),
            ("a.doc", b"x", "unsupported_type"),
            ("a.csv", b"\x00" * 9, "encoding"),
            ("a.csv", b"", "can be told to be the header"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_said_to_be(self, name: str, data: bytes, said: str, tmp_path: Path) -> None:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ReturnsError, match=said):
            make(tmp_path / name)
        assert not (tmp_path / "my-council.toml").exists()


CELLS = [
    ["Good", "RI", "Outstanding"],
    ["Adequate", "Good", "Requires improvement"],
    ["Good", "Good", "RI", CHILD, "other"],
    ["Yes", "No"],
    ["Green", "Red", "A"],
    ["Met", "Not met", "Partially met", CHILD],
    [on_day(1), on_day(2), on_day(3)],
    ["", ""],
    [CHILD, "another"],
    ["1", "2", "3"],
]
HOSTILE = ['"', "'''", "\\", '\\"', "]", "#", "a\nb", "a\r\nb", "\x00a", "\x7fa", "\u2028a"]
HOSTILE += ["x" * 300, "y" * 301, "\u0663", "\u2460", "\u2103", '"""', "a = 1"]
ALIKE = [
    "Planning",
    "planning ",
    "Planning (moderated)",
    "Planning-2",
    "Planning 2",
    "Moderated planning",
    "Child seen",
]
SHIPPED = [header for headers in load_framework("hull").columns.values() for header in headers]
HEADERS = st.one_of(
    st.text(max_size=30),
    st.sampled_from([*HOSTILE, *ALIKE]),
    st.sampled_from(SHIPPED),
    st.builds("{} {}".format, st.sampled_from(["Action", "Next step", "Feedback score"]), st.integers(1, 3)),
)
LONG_COLUMNS = [("Category", ["Planning", "Team", "Overall"]), ("Grade", ["Good", "RI"])]


@given(columns=st.lists(st.tuples(HEADERS, st.sampled_from(CELLS)), max_size=14), is_long=st.booleans())
@settings(max_examples=EXAMPLES)
def test_any_headers_make_a_file_that_loads(columns: list[tuple[str, list[str]]], is_long: bool) -> None:
    fixed = [("Audit reference", [f"R{n}" for n in range(6)]), ("Date of audit", [on_day(n) for n in range(6)])]
    columns = [*fixed, *(LONG_COLUMNS if is_long else []), *columns]
    rows = [[header for header, _ in columns], *([cells[n % len(cells)] for _, cells in columns] for n in range(6))]
    frame = pd.DataFrame(rows, index=range(1, 8), columns=range(len(columns)), dtype=object)
    assume(sum(header != "" for header, _ in columns) * 2 >= len(columns))  # a header that is mostly blank is none
    headed = find_headed_sheets([RawSheet("a.xlsx", "One", frame)], KNOWN.meaning)
    assert [sheet.header_row for sheet in headed] == [1]
    proposal = propose(gather_return(headed, of_sheets=1), KNOWN)
    text, _ = framework_text(proposal)
    table = tomllib.loads(text.encode("utf-8").decode("utf-8"))
    Framework.model_validate({**table, "id": "any", "sha256": ""})
    assert not re.search("Ottoline|Marchbank|Frey", text)
    for line in re.findall(r"^ *# ([a-z_]+ = .*)$", text, re.MULTILINE):
        assert tomllib.loads(line.removesuffix("categories = [")) is not None
    # no header is lost: each is put somewhere, asked about or left out by name
    texts = {fold_header(json.loads(found)) for found in re.findall(r'"(?:[^"\\\n]|\\.)*"', text)}
    unwritten = {
        put.column.header for each in proposal.fields.put.values() for put in each if put.listed != put.column.header
    }
    judged = [category.judged for domain in proposal.domains for category in domain.categories]
    unwritten |= {each.moderated.header for each in judged if each.moderated}
    named = {column.header for column in headed[0].columns if column.has_header} - unwritten
    assert {fold_header(header) for header in named} <= texts


@pytest.mark.slow
class TestCommand:
    @pytest.fixture(scope="class")
    @classmethod
    def made(cls, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
        folder = tmp_path_factory.mktemp("returns of a council")
        done = run_command("init", colours(folder), "--out", folder / "my-council.toml")
        assert (done.returncode, done.stderr) == (0, "")
        return folder, done.stdout

    def test_it_says_what_it_read_and_what_to_run_next(self, made: tuple[Path, str]) -> None:
        folder, said = made
        spreadsheet, framework = folder / "returns.tsv", folder / "my-council.toml"
        assert said.splitlines() == [
            "Read the file: header in row 1, 20 rows below it.",
            "Headers put to fields: 0; to categories: 3; to nothing: 1.",
            f"Questions left: 6; each begins with # Q in {framework}.",
            "Answer them in a text editor, then run:",
            f"  {shlex.join(['auditanalytics', 'check', str(spreadsheet), '--framework', str(framework)])}",
        ]

    def test_what_it_says_to_run_passes_once_the_questions_are_answered(self, made: tuple[Path, str]) -> None:
        folder, said = made
        edit(folder / "my-council.toml", SHAPES["wide, headers of its own, colours"][1])
        done = run_command(*shlex.split(said.splitlines()[-1])[1:], "--json")
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["accepted"] == 20

    def test_a_second_time_is_refused(self, made: tuple[Path, str]) -> None:
        folder, _ = made
        done = run_command("init", folder / "returns.tsv", "--out", folder / "my-council.toml")
        assert (done.returncode, done.stdout) == (2, "")
        assert "'my-council.toml' is there already" in done.stderr


GUIDE = (ROOT / "docs" / "first-framework-file.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """The blocks of one kind in the guide."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return [block for what, block in found if what == kind]


def test_the_guide_says_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init, check = (block.split() for block in blocks("") if "docs/examples" in block)
    assert (init[:2], check[:2]) == (["auditanalytics", "init"], ["auditanalytics", "check"])
    example = ROOT / init[2]
    (tmp_path / init[2]).parent.mkdir(parents=True)
    (tmp_path / init[2]).write_bytes(example.read_bytes())
    monkeypatch.chdir(tmp_path)
    made = write_first_framework(init[2], out=init[4])
    says, reads = blocks("text")
    assert f"{made}\n" == says
    text = made.path.read_text(encoding="utf-8")
    (certain,) = blocks("toml")
    assert certain in text
    for old, new in re.findall(r"^-(.*)\n((?:\+.*\n)+)", "".join(blocks("diff")), re.MULTILINE):
        assert text.count(f"\n{old}\n") == 1, old
        text = text.replace(f"\n{old}\n", re.sub(r"^\+?", "", f"\n{new}", flags=re.MULTILINE))
    made.path.write_text(text, encoding="utf-8")
    returns = read_returns(check[2], framework=check[4])
    assert (returns.to_mend, returns.ledger["rule"].eq("unknown").sum()) == (0, 0)
    assert reads in f"{summarise_check(returns)}\n"
