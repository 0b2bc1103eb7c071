"""What must hold of every return, however it was typed: properties, tried on returns that nobody thought of.

A table of grades that is known to be true is written down as people write: in other words, cases and spacing, in any
order and encoding, with titles, notes and totals, in one file or several, a row for each audit or for each judgement.
Then it must come back whole; and where something is wrong with it, that must cost itself and nothing else. The number
of returns tried for each property is that of `EXAMPLES`; AUDITANALYTICS_EXAMPLES=2000 makes a soak of it.
"""

import csv
import dataclasses
import datetime as dt
import functools
import io
import os
import random
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest
from conftest import ParserInThisProcess
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_formats import as_ods, as_xlsx

from auditanalytics.frameworks import Framework, load_framework
from auditanalytics.grades import fold_label
from auditanalytics.parsing.client import ParsedFile, Parser
from auditanalytics.parsing.text import _delimiter
from auditanalytics.quarters import quarter_name
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.summary import quarterly_grades

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

EXAMPLES = int(os.environ.get("AUDITANALYTICS_EXAMPLES", "12"))

tried = settings(max_examples=EXAMPLES, deadline=None)
tried_often, tried_seldom = (settings(tried, max_examples=number) for number in (3 * EXAMPLES, EXAMPLES // 2))
"""A reading takes a tenth of a second or two, most of it in pandas, so that numbers follow what a property costs."""


FRAMEWORK = """
name = "Audit of properties"
quarters = "calendar"
[scales.ofsted]
grades = ["Outstanding", "Good", "Requires improvement", "Inadequate"]
good = ["Outstanding", "Good"]
inadequate = ["Inadequate"]
not_graded = ["N/A", "Not judged"]
[scales.ofsted.labels]
"Requires improvement" = ["RI", "Requires improvement to be good"]
[columns]
audit_id = ["Audit ID", "Audit reference", "Case no."]
audited_on = ["Date", "Audit date", "Date of audit"]
team = ["Team", "Locality"]
child = ["Child", "Child's name"]
worker = ["Worker", "Social worker"]
worried_about = ["What worries us", "What are we worried about?"]
action = ["Next step", "Action"]
category = ["Category", "Area of practice"]
grade = ["Grade", "Judgement"]
moderated_grade = ["Moderated grade"]
[[domains]]
id = "risk"
title = "Risk"
categories = [
  { id = "spotting", headers = ["Spotting", "Spotting of risk"] },
  { id = "responding", headers = ["Responding", "Response to risk"] },
]
[[domains]]
id = "plans"
title = "Plans"
categories = [{ id = "plan", headers = ["Plan", "Quality of the plan"] }]
"""

SCALE = ["Outstanding", "Good", "Requires improvement", "Inadequate"]
WORDS = {
    **{grade: [grade] for grade in SCALE},
    "Requires improvement": ["Requires improvement", "RI", "Requires improvement to be good"],
    "N/A": ["N/A", "Not judged"],
    "": [""],
}
CATEGORIES = {"Spotting": "risk", "Responding": "risk", "Plan": "plans"}
OF_WHOLE = ["Audit ID", "Date", "Team", "Child", "Worker", "What worries us", "Next step"]
HEADERS = {
    "Audit ID": ["Audit ID", "Audit reference", "Case no."],
    "Date": ["Date", "Audit date", "Date of audit"],
    "Team": ["Team", "Locality"],
    "Child": ["Child", "Child's name"],
    "Worker": ["Worker", "Social worker"],
    "What worries us": ["What worries us", "What are we worried about?"],
    "Next step": ["Next step", "Action"],
    "Category": ["Category", "Area of practice"],
    "Grade": ["Grade", "Judgement"],
    "Spotting": ["Spotting", "Spotting of risk"],
    "Responding": ["Responding", "Response to risk"],
    "Plan": ["Plan", "Quality of the plan", "plan"],
}
UNKNOWN = [
    "Goood",
    "Good/RI",
    "RI to Good",
    "?",
    "Good (just)",
    "4",
    "#N/A",
    "not Good",
    "Requires",
    "Gut",
    "n.a.x",
    "Plan",
]


@functools.cache
def framework() -> Framework:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "properties.toml"
        path.write_text(FRAMEWORK, encoding="utf-8")
        return load_framework(path)


Files = dict[str, bytes]


def read(files: Files) -> AuditReturns:
    """Read files as somebody has them in a folder."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "auditanalytics.returns.load_framework", lambda _: framework()
        )  # it is checked once, not each time
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        return read_returns(folder, framework="properties")


# ------------------------------------------------------------------------------------------------- what was meant


@dataclass(frozen=True)
class Audit:
    """What an audit says: the truth that must come back."""

    identity: str
    date: dt.date
    grades: tuple[str, ...]
    team: str = "North"
    child: str = ""
    worker: str = ""
    comment: str = ""
    action: str = ""

    @property
    def quarter(self) -> str:
        """The name of its quarter."""
        return quarter_name(pd.Period(self.date, freq="Q-DEC"))


DATES = [dt.date(2024, 2, 29), dt.date(2024, 12, 31), dt.date(2025, 1, 1), dt.date(2025, 4, 1), dt.date(2025, 6, 30)]


@st.composite
def truths(draw: st.DrawFn, most: int = 7) -> list[Audit]:
    """A few audits with any grades, N/A and blanks."""
    said = st.sampled_from([*SCALE, "N/A", ""])
    each = st.tuples(st.tuples(said, said, said), st.sampled_from(DATES), st.booleans())
    return [
        Audit(
            f"A{number}x",
            date,
            grades,
            team=f"Team {number % 2}",
            child=f"Child {number // 2}",
            worker="Null" if has_words else "",
            comment=f"worried; “{number}”, it’s £{number}" if has_words else "",
            action=f"visit, then ring {number}" if has_words else "",
        )
        for number, (grades, date, has_words) in enumerate(draw(st.lists(each, min_size=1, max_size=most)))
    ]


# ------------------------------------------------------------------------------------------------- how it is typed


class Typist:
    """Writes audits down with every liberty that changes nothing."""

    def __init__(self, chance: random.Random, *, plain: bool = False) -> None:
        self.chance, self.plain = chance, plain

    def _one(self, *choices: str) -> str:
        return choices[0] if self.plain else self.chance.choice(choices)

    def grade(self, grade: str) -> str:
        """A grade in other words, case and spacing, with what nobody sees."""
        word = self._one(*WORDS.get(grade, [grade]))
        if grade not in WORDS or self.plain or self.chance.random() < 0.3:
            return word
        word = self._one(word, word.upper(), word.lower(), word.title())
        word = self._one(word, word.replace(" ", "\u00a0"), word.replace(" ", "  "), word[:1] + "\u200b" + word[1:])
        form = self._one(
            "{}", " {}", "{} ", "\u00a0{}", "“{}”", "{}.", '"{}"', "\ufeff{}", "{}\u200b", "‘{}’.", "{}\u00a0 "
        )
        return form.format(word) if word else self._one("", " ", "\u00a0")

    def identity(self, identity: str) -> str:
        return self._one("{}", " {}", "{}\u00a0", "{}\u200b", "“{}”").format(self._one(identity, identity.upper()))

    def date(self, date: dt.date) -> str:
        """A day in any of the ways to write it."""
        serial = (date - dt.date(1899, 12, 30)).days
        forms = (f"{date:%d/%m/%Y}", date.isoformat(), f"{date.day}.{date.month}.{date.year}", f"{date.day} {date:%B} {date.year}", f"{date:%d-%m-%Y 00:00}", str(serial), f" {date:%d/%m/%Y}\u00a0")  # fmt: skip
        return self._one(*forms)

    def header(self, header: str) -> str:
        word = self._one(*HEADERS[header])
        return self._one(word, word.upper(), word.lower(), f" {word}:", word.replace(" ", "\u00a0"), f"{word}\u200b")

    def wide(self, audits: list[Audit]) -> list[dict[str, str]]:
        return [
            self._of_whole(audit) | dict(zip(CATEGORIES, map(self.grade, audit.grades), strict=True))
            for audit in audits
        ]

    def long(self, audits: list[Audit]) -> list[dict[str, str]]:
        """A row for each judgement; what is said of the whole stands on each, as in an export.

        The categories are those of the framework's headers, in other words too.
        """
        rows = []
        for audit in audits:
            of_whole = self._of_whole(audit)
            for category, grade in zip(CATEGORIES, audit.grades, strict=True):
                again = of_whole | {"Audit ID": self.identity(audit.identity), "Date": self.date(audit.date)}
                rows.append(again | {"Category": self.header(category), "Grade": self.grade(grade)})
        return rows

    def _of_whole(self, audit: Audit) -> dict[str, str]:
        said = [audit.team, audit.child, audit.worker, audit.comment, audit.action]
        return dict(zip(OF_WHOLE, [self.identity(audit.identity), self.date(audit.date), *said], strict=True))


@dataclass
class Sheet:
    """The rows of a file, and what must become of them."""

    rows: list[list[str]]
    data: int
    """Rows of audits."""

    skipped: int = 0
    is_long: bool = False
    written: list[dict[str, str]] = field(default_factory=list)


def lay_out(typist: Typist, audits: list[Audit], *, is_long: bool) -> Sheet:
    """Audits under a header, the columns in any order, with what people put above, between, below and beside."""
    chance, plain = typist.chance, typist.plain
    written = typist.long(audits) if is_long else typist.wide(audits)
    columns = [*OF_WHOLE, *(["Category", "Grade"] if is_long else CATEGORIES)]
    extra = (
        [] if plain else [f"{chance.choice(['Comments', 'Ward', 'Seen by', ''])}" for _ in range(chance.randrange(3))]
    )
    places: list[str | int] = [*columns, *range(len(extra))]
    if not plain:
        chance.shuffle(places)
    header = [extra[place] if isinstance(place, int) else typist.header(place) for place in places]
    rows = [["x y" if isinstance(place, int) else row[place] for place in places] for row in written]
    sheet = Sheet([header, *rows], len(rows), is_long=is_long, written=written)
    return sheet if plain else _beset(chance, sheet, places)


def _beset(chance: random.Random, sheet: Sheet, places: list[str | int]) -> Sheet:
    """Titles above, blank rows anywhere, notes and totals below; each of them is a skipped row."""
    width = len(places)
    free = next(at for at, place in enumerate(places) if place != "Date")  # what has a date is an audit

    def alone(text: str) -> list[str]:
        return [text if at == free else "" for at in range(width)]

    body = sheet.rows[1:]
    for _ in range(chance.randrange(3)):
        body.insert(chance.randrange(len(body) + 1), [chance.choice(["", " ", "\u00a0"])] * width)
    above = [alone(chance.choice(["Audits of the month", "", "Sent by North"])) for _ in range(chance.randrange(3))]
    below = [
        alone(chance.choice(["Note: two are late", "", "Signed off by nobody yet"])) for _ in range(chance.randrange(3))
    ]
    total = alone(chance.choice(["Total", "Totals:", "Average", "% good"]))
    total[-1] = total[-1] or ("" if places[-1] == "Date" else "12")
    below += [total] * chance.randrange(2)
    while not any((below or body)[-1]):  # a workbook does not say how many blank rows there are below everything
        (below or body).pop()
    skipped = len(above) + len(below) + len(body) - sheet.data
    return dataclasses.replace(sheet, rows=[*above, sheet.rows[0], *body, *below], skipped=skipped)


def as_file(chance: random.Random, rows: list[list[str]], *, plain: bool = False) -> tuple[str, bytes]:
    """Rows as a file of any kind: its ending and its bytes."""
    kinds = ["utf-8"] if plain else ["utf-8", "utf-8-sig", "cp1252", "utf-16", "xlsx", "ods"]
    kind = chance.choice(kinds)
    if kind in ("xlsx", "ods"):
        return kind, (as_xlsx if kind == "xlsx" else as_ods)({"Audits": rows})
    delimiter = "," if plain else chance.choice(",;\t|")
    data = text_of(rows, delimiter, csv.QUOTE_MINIMAL if plain else chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    try:
        return "csv", data.encode(kind)
    except UnicodeEncodeError:  # what nobody sees is in no code page
        return "csv", data.encode("utf-8")


def text_of(rows: list[list[str]], delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=quoting).writerows(rows)
    return written.getvalue()


@dataclass
class Typed:
    """Returns as they were typed: the files, the sheet in each, and the audits that they say."""

    audits: list[Audit]
    files: Files = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)


def typed(audits: list[Audit], chance: random.Random, *, most_files: int = 3, plain: bool = False) -> Typed:
    """Type audits into one file or several, each laid out in its own way."""
    returned, count = Typed(audits), 1 if plain else chance.randrange(1, most_files + 1)
    shares: list[list[Audit]] = [[] for _ in range(count)]
    for audit in audits:
        shares[0 if plain else chance.randrange(count)].append(audit)
    for number, share in enumerate(share for share in shares if share):
        sheet = lay_out(Typist(chance, plain=plain), share, is_long=not plain and chance.random() < 0.5)
        ending, data = as_file(chance, sheet.rows, plain=plain)
        returned.files[f"{number}.{ending}"], returned.sheets[f"{number}.{ending}"] = data, sheet
    return returned


def plainly(audits: list[Audit]) -> AuditReturns:
    """Read the audits as the plainest file says them."""
    return read(typed(audits, random.Random(0), plain=True).files)


chances = st.randoms(use_true_random=False)

# ------------------------------------------------------------------------------------------------------- comparing


def tables_of(returns: AuditReturns, *, ledger: bool = True) -> dict[str, pd.DataFrame]:
    """The tables from which all is counted, in an order of their own, without the places."""
    named = {
        "audits": returns.audits.drop(columns=["file", "sheet", "row"]),
        "judgements": returns.judgements,
        "findings": returns.findings,
        "actions": returns.actions,
    } | ({"ledger": returns.ledger} if ledger else {})
    return {name: frame.sort_values([*frame.columns], ignore_index=True) for name, frame in named.items()}


def assert_same(one: AuditReturns, other: AuditReturns, *, ledger: bool = True) -> None:
    expected = tables_of(other, ledger=ledger)
    for name, frame in tables_of(one, ledger=ledger).items():
        pd.testing.assert_frame_equal(frame, expected[name], obj=name)


def counted(
    audits: list[Audit], *, but: Callable[[Audit, str], bool] = lambda audit, category: False
) -> Counter[tuple[str, str, str]]:
    """How often each grade was given, by domain and quarter, worked out by hand."""
    return Counter(
        (CATEGORIES[category], audit.quarter, grade)
        for audit in audits
        for category, grade in zip(CATEGORIES, audit.grades, strict=True)
        if grade in SCALE and not but(audit, category)
    )


def counts_of(returns: AuditReturns) -> Counter[tuple[str, str, str]]:
    table = quarterly_grades(returns)
    table = table[table["grade"].isin(SCALE)]
    return +Counter({(row.domain, row.quarter, row.grade): int(row.n) for row in table.itertuples()})


def closes(returns: AuditReturns) -> bool:
    account = returns.accounting
    return bool((account["rows_read"] == account["accepted"] + account["rejected"] + account["skipped"]).all())


# ------------------------------------------------------------------------------------------------------ properties


def told(parsed: ParsedFile) -> dict[str, object]:
    """All that parsing a file gave, as what can be compared."""
    sheets = [vars(sheet) | {"cells": sheet.cells.tolist()} for sheet in parsed.sheets]
    return vars(parsed) | {"sheets": sheets}


def test_the_parser_in_this_process_answers_as_the_one_in_its_own() -> None:
    chance = random.Random(3)
    audits = [Audit(f"A{number}", DATES[number % 5], ("Good", "RI", "")) for number in range(9)]
    files = [
        *typed(audits, chance).files.items(),
        ("a.csv", b'a,b\n1,"2\n'),
        ("b.csv", b"a,b\n1\x1f,\x0b2\n\n"),
        ("c.xlsx", b"PK"),
        ("d.txt", b""),
    ]
    with Parser() as parser, ParserInThisProcess() as here:
        for name, data in files:
            ending = Path(name).suffix
            assert told(here.parse(ending, data)) == told(parser.parse(ending, data)), name


@pytest.mark.slow
@tried
@given(audits=truths(), chance=chances)
def test_a_table_of_grades_comes_back_whole_however_it_is_typed(audits: list[Audit], chance: random.Random) -> None:
    returned = typed(audits, chance)
    returns = read(returned.files)
    assert_same(returns, plainly(audits), ledger=False)  # the ledger says how each word was written
    assert counts_of(returns) == counted(audits)
    for name, sheet in returned.sheets.items():
        account = returns.accounting.set_index("file").loc[name]
        expected = [sheet.data + sheet.skipped, sheet.data, 0, sheet.skipped]
        assert account[["rows_read", "accepted", "rejected", "skipped"]].tolist() == expected


@pytest.mark.slow
@tried_seldom
@given(audits=truths(), chance=chances)
def test_reading_twice_makes_the_same_tables(audits: list[Audit], chance: random.Random) -> None:
    files = typed(audits, chance).files
    one, other = read(files), read(files)
    for name in (
        "audits",
        "judgements",
        "findings",
        "actions",
        "problems",
        "ledger",
        "accounting",
        "sheets",
        "headers",
        "checks",
    ):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), obj=name)


@pytest.mark.slow
@tried
@given(audits=truths(), chance=chances, is_long=st.booleans())
def test_the_order_of_the_rows_does_not_matter(audits: list[Audit], chance: random.Random, is_long: bool) -> None:
    """Nor does that of the files; where no identifier is there twice, of which the first would count."""
    sheet = lay_out(Typist(chance), audits, is_long=is_long)
    header = next(at for at, row in enumerate(sheet.rows) if sum(map(bool, row)) > 5)
    body = sheet.rows[header + 1 :]
    mixed = chance.sample(body, len(body))
    one, other = (read({"a.csv": text_of([*sheet.rows[: header + 1], *rows]).encode()}) for rows in (body, mixed))
    assert_same(one, other)
    counts = ["rows_read", "accepted", "rejected", "skipped"]
    pd.testing.assert_frame_equal(one.accounting[counts], other.accounting[counts])


spoilt_words = st.one_of(st.sampled_from(UNKNOWN), st.text(min_size=1, max_size=12))


@pytest.mark.slow
@tried
@given(
    audits=truths(),
    chance=chances,
    word=spoilt_words,
    places=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2)), min_size=1, max_size=4),
)
def test_a_word_that_is_no_grade_costs_nothing_but_itself(
    audits: list[Audit], chance: random.Random, word: str, places: list[tuple[int, int]]
) -> None:
    word = "".join(character for character in word if character.isprintable()).strip()
    scale = framework().scales["ofsted"]
    if scale.match(word).rule != "unknown" or "\0" in word:
        word = "Goood"
    spoilt = {(audits[number % len(audits)].identity, category) for number, category in places}
    with_words = [
        dataclasses.replace(
            audit,
            grades=tuple(word if (audit.identity, at) in spoilt else grade for at, grade in enumerate(audit.grades)),
        )
        for audit in audits
    ]
    names = [*CATEGORIES]
    returns, clean = read(typed(with_words, chance).files), plainly(audits)
    assert counts_of(returns) == counted(
        audits, but=lambda audit, category: (audit.identity, names.index(category)) in spoilt
    )
    assert sorted(returns.audits["audit_id"]) == sorted(clean.audits["audit_id"])
    keys = ["audit_id", "category"]
    both = returns.judgements.merge(clean.judgements, on=keys, suffixes=("", "_clean"), validate="one_to_one")
    assert len(both) == len(clean.judgements) == len(returns.judgements)
    changed = both[
        (both["outcome"] != both["outcome_clean"]) | (both["grade"].fillna("") != both["grade_clean"].fillna(""))
    ]
    assert len(both[both["outcome"] == "not counted"]) == len(changed) == len(spoilt)
    assert set(changed["outcome"]) == {"not counted"}
    assert (returns.problems["outcome"] == "grade not counted").sum() == len(spoilt)
    unknown = returns.ledger[returns.ledger["rule"] == "unknown"]
    assert unknown["n"].sum() == len(spoilt)


garbage = st.one_of(
    st.text(max_size=8),
    st.text(alphabet='",;\t|\n\r\x00\x0b\x1c\x1e\x1f\x7f\x85\u00a0\u200b\u2028\ue000\U0010fffd aG', max_size=6),
    st.sampled_from(
        [
            "Good",
            "RI",
            "Total",
            "Audit ID",
            "Plan",
            "Category",
            "#REF!",
            "01/04/2025",
            "2025-04-01",
            "A1",
            "1e99",
            "N/A",
            "Note: x",
        ]
    ),
)


@pytest.mark.slow
@tried_often
@given(
    rows=st.lists(st.lists(garbage, max_size=7), max_size=8),
    header=st.sampled_from(
        [["Audit ID", "Date", "Plan", "Child"], ["Audit ID", "Date", "Category", "Grade"], ["Audit ID", "Plan"], []]
    ),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@example(
    rows=[["\x1f", "\x1e"], ["A1", "01/04/2025", "Good", "x"]], header=["Audit ID", "Date", "Plan", "Child"], quoting=0
)
def test_every_row_is_accounted_for_whatever_stands_in_the_cells(
    rows: list[list[str]], header: list[str], quoting: int
) -> None:
    """Of a file that is refused there are no rows, and it is said why."""
    written = [*([header] if header else []), *rows]
    text = text_of(written, quoting=quoting)
    returns = read({"a.csv": text.encode()})
    assert closes(returns)
    if returns.accounting.empty:
        assert returns.problems["outcome"].tolist() == ["file not read"]
        assert returns.problems["code"].isin(["encoding", "quote"]).all()
        return
    if _delimiter(text)[0] != ",":
        return  # cells such as these may make another delimiter look like the better one: the rows are then others
    headers = int(returns.sheets["header_row"].notna().sum())
    read_rows, accepted, rejected, _ = returns.accounting[["rows_read", "accepted", "rejected", "skipped"]].iloc[0]
    assert read_rows + headers == len(written)
    assert (returns.problems["outcome"] == "audit rejected").any() or not (
        returns.sheets["kind"].isin(["wide", "long"]).any() and rejected
    )
    assert len(returns.audits) <= accepted


@pytest.mark.slow
@tried
@given(
    audits=truths(),
    chance=chances,
    faults=st.lists(st.sampled_from(["no id", "no date", "bad date", "twice", "unknown"]), max_size=3),
)
def test_the_ledger_counts_every_label_that_was_written_in_an_accepted_audit(
    audits: list[Audit], chance: random.Random, faults: list[str]
) -> None:
    typist, is_long = Typist(chance), chance.random() < 0.5
    rows = typist.long(audits) if is_long else typist.wide(audits)
    expected = Counter(label(row[column]) for row in rows for column in (["Grade"] if is_long else CATEGORIES))
    for number, fault in enumerate(faults):
        spoilt = Audit(f"Z{number}", DATES[0], ("Good", "RI", "Quite good"))
        added = typist.long([spoilt]) if is_long else typist.wide([spoilt])
        changes = {"no id": {"Audit ID": " "}, "no date": {"Date": ""}, "bad date": {"Date": "13/13/2025"}}
        changes["twice"] = {"Audit ID": audits[0].identity, "Date": "02/02/2020"}
        rows += [row | changes.get(fault, {}) for row in added]
        if fault == "unknown":
            expected.update(label(row[column]) for row in added for column in (["Grade"] if is_long else CATEGORIES))
    columns = [*rows[0]]
    returns = read({"a.csv": text_of([columns, *([row[column] for column in columns] for row in rows)]).encode()})
    ledger = returns.ledger.fillna({"label": ""})
    assert Counter({row.label: row.n for row in ledger.itertuples()}) == expected
    assert ledger["n"].sum() == len(returns.judgements)
    assert len(returns.audits) == len(audits) + faults.count("unknown")


def label(written: str) -> str:
    """A label as it stands in the ledger: without white space around it."""
    return written.strip()


secrets = st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)


@pytest.mark.slow
@tried
@given(
    audits=truths(4), chance=chances, noise=secrets,
    faults=st.lists(st.sampled_from(["id", "date", "twice", "grade", "torn", "long", "quote", "twice encoded", "child twice"]), max_size=4),
)  # fmt: skip
def test_no_name_and_no_comment_is_ever_repeated(
    audits: list[Audit], chance: random.Random, noise: str, faults: list[str]
) -> None:
    """Neither in what a problem says nor in any table, but for those whose text stays inside the session."""
    names = [f"Qv{number}zk" for number in range(3 * len(audits))]
    audits = [
        dataclasses.replace(
            audit,
            child=f"{noise}{names[3 * at]} {noise}",
            worker=f"{names[3 * at + 1]}, {noise}",
            comment=f"{noise}{names[3 * at + 2]}\nand {noise}",
            action=f"ring {names[3 * at + 2]}",
        )
        for at, audit in enumerate(audits)
    ]
    sheet = lay_out(Typist(chance), audits, is_long=chance.random() < 0.5)
    rows = [list(row) for row in sheet.rows]
    header = next(at for at, row in enumerate(rows) if sum(map(bool, row)) > 5)
    places = {meaning: at for at, text in enumerate(rows[header]) if (meaning := framework().meaning(text))}
    at_field = {meaning.name or meaning.category: at for meaning, at in places.items()}
    for fault in faults:
        row = chance.choice(rows[header + 1 :])
        if len(row) != len(rows[header]):
            continue  # torn already
        if fault in ("id", "date"):
            row[at_field["audit_id" if fault == "id" else "audited_on"]] = chance.choice(["", "#REF!", "soon", "1e99"])
        elif fault == "grade":
            row[at_field.get("plan", at_field.get("grade", 0))] = "Goood"
        elif fault == "torn":
            row.append("x")
        elif fault == "long":
            row[at_field["child"]] += "x" * 33_000
        elif fault == "twice encoded":
            row[at_field["child"]] += " itâ€™s"
        elif fault == "child twice":
            row[at_field["child"]] = rows[-1][at_field["child"]] if len(rows[-1]) > at_field["child"] else ""
        elif fault == "twice":
            rows.append(list(row))
    text = text_of(rows)
    if "quote" in faults:
        text = text.replace("ring Qv", '"ring" Qv', 1)
    returns = read({"a.csv": text.encode()})
    told = {
        name: table.drop(columns={"findings": ["text"], "actions": ["action"], "identifiers": ["text"]}.get(name, []))
        for name in (each.name for each in dataclasses.fields(returns))
        if isinstance(table := getattr(returns, name), pd.DataFrame)
    }
    assert "problems" in told
    for name, table in told.items():
        said = " ".join(map(str, table.astype(object).to_numpy().ravel()))
        assert not any(each in said or fold_label(each) in said for each in names), name


# ------------------------------------------------------------------------------- what is known not to hold everywhere


def read_text(*lines: str) -> AuditReturns:
    return read({"a.csv": "\n".join(lines).encode()})


def test_an_audit_whose_comment_stands_once_does_not_change_what_the_comments_of_others_are_about() -> None:
    header = "Audit ID,Date,Category,Grade,What worries us"
    lines = [header, "A1,01/04/2025,Plan,Good,all of it", "A1,01/04/2025,Spotting,Good,all of it"]
    one, other = read_text(*lines), read_text(*lines, "A2,01/04/2025,Plan,Good,once", "A2,01/04/2025,Spotting,Good,")
    findings = other.findings[other.findings["audit_id"] == one.audits["audit_id"].iloc[0]]
    pd.testing.assert_frame_equal(findings.reset_index(drop=True), one.findings)


def test_a_date_that_cannot_be_read_is_told_where_it_stands_in_a_long_return() -> None:
    returns = read_text("Audit ID,Date,Category,Grade", "A1,,Plan,Good", "A1,soon,Spotting,Good")
    found = returns.problems[returns.problems["code"] == "date_format"]
    assert found[["cell", "value"]].to_numpy().tolist() == [["B3", "soon"]]


def test_an_audit_without_a_date_is_rejected_whatever_its_team_is_called() -> None:
    returns = read_text("Team,Audit ID,Date,Plan", "Mean Street,A1,,Good", "North,A2,01/04/2025,Good")
    assert returns.accounting[["accepted", "rejected", "skipped"]].iloc[0].tolist() == [1, 1, 0]


def test_the_actions_of_an_audit_have_numbers_of_their_own_in_a_long_return() -> None:
    returns = read_text(
        "Audit ID,Date,Category,Grade,Action", "A1,01/04/2025,Plan,Good,x", "A1,01/04/2025,Spotting,Good,y"
    )
    assert returns.actions["action_number"].tolist() == [1, 2]
