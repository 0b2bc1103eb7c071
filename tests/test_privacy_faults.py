"""What must never come out: small numbers, names, numbers and comments, tried on the real command.

Each fault is built afresh and the command run on it in surroundings of which every change is seen. What identifies
somebody is planted in every field of every kind of input, and looked for in everything that the command said, wrote or
left behind.
"""

import io
import json
import os
import re
import shutil
import stat
from pathlib import Path

import fault_files as f
import nbformat
import pandas as pd
import pytest
from attacker import attack, read_as_text
from conftest import EXAMPLE, ROOT
from fault_files import CHILD, FRAMEWORK, HEADER, audit, text
from fault_watch import Seen, run_watched
from test_formats import as_ods

from auditanalytics.frameworks import load_framework
from auditanalytics.manifest import sha256_of

pytestmark = pytest.mark.slow

GRADES = ["Outstanding", "Good", "RI", "Inadequate"]
DAYS = {"2025-Q1": "2025-02-04", "2025-Q2": "2025-05-07", "2025-Q3": "2025-08-06", "2025-Q4": "2025-11-05"}


def graded(counts: dict[str, list[int]], **changes: str) -> list[list[str]]:
    """Audits of each quarter with so many plans at each grade; all is Good in the other domain."""
    rows = [HEADER]
    for quarter, numbers in counts.items():
        for grade, number in zip(GRADES, numbers, strict=True):
            rows += [
                audit(len(rows) + at, Date=DAYS[quarter], Plan=grade, Spotting="Good", Responding="RI", **changes)
                for at in range(number)
            ]
    return rows


def report(place: Path, build: f.Builder, *arguments: object, **options: object) -> Seen:
    """Run the report, of one domain: that is page enough."""
    seen = run_watched(place, build, "--set", "domain=plans", *arguments, command=("report",), patience=300, **options)
    assert "Traceback" not in seen.stdout + seen.stderr
    assert seen.left_behind == []
    return seen


def shared(place: Path, rows: list[list[str]], *arguments: object) -> Seen:
    return report(place, text(rows), "--audience", "shared", *arguments)


def texts(folder: Path) -> dict[str, str]:
    """Everything that stands in a folder, as text."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.name: path.read_bytes().decode("utf-8", errors="replace") for path in files}


# ------------------------------------------------------------------------------------------------------ small numbers


def test_what_is_hidden_in_a_report_for_sharing_cannot_be_worked_out(tmp_path: Path) -> None:
    counts = {"2025-Q1": [6, 20, 12, 3], "2025-Q2": [0, 1, 2, 0], "2025-Q3": [5, 20, 13, 7], "2025-Q4": [1, 30, 2, 8]}
    seen = shared(tmp_path, graded(counts))
    assert seen.exit == 0, seen.stderr
    assert re.search(r"^Numbers hidden: \d+, \d+ of them to protect the small ones\.$", seen.stdout, re.MULTILINE)
    table = read_as_text(seen.out / "2025-Q4" / "tables" / "quarterly-grades.csv")
    hidden = table[table["n"] == "c"]
    assert not table[["n", "of", "audits"]].isin(["1", "2", "3", "4"]).any(axis=None)
    assert (hidden[["share", "low", "high"]] == "c").all(axis=None)
    (tmp_path / "f.toml").write_text(FRAMEWORK, encoding="utf-8")
    intervals = attack(table, load_framework(tmp_path / "f.toml"))
    assert len(intervals) == len(hidden) + len(hidden.loc[hidden["of"] == "c", ["domain", "quarter"]].drop_duplicates())
    assert min(high - low for low, high in intervals) >= 2
    plans = table[(table["domain"] == "plans") & (table["quarter"] == "2025-Q1")].set_index("grade")["n"].to_dict()
    assert (plans["good"], plans["Inadequate"], plans["inadequate"]) == ("26", "c", "c")
    page = (seen.out / "2025-Q4" / "domain-plans.html").read_text(encoding="utf-8")
    assert "c of 41" in page
    assert "3 of 41" not in page
    assert not {"monthly-grades.csv", "received.csv", "case-mix.csv", "restated.csv"} & {*texts(seen.out)}
    assert not {"changes.csv", "changes-counted.csv", "mapping-changes.csv"} & {*texts(seen.out)}
    assert json.loads((seen.out / "2025-Q4" / "run.json").read_text(encoding="utf-8"))["audience"] == "shared"


def test_a_table_that_is_small_as_a_whole_is_withheld_with_a_sentence(tmp_path: Path) -> None:
    seen = shared(tmp_path, graded({"2025-Q4": [0, 1, 2, 0]}))
    assert seen.exit == 0, seen.stderr
    table = read_as_text(seen.out / "2025-Q4" / "tables" / "quarterly-grades.csv")
    assert set(table[["n", "of", "share", "low", "high", "audits"]].to_numpy().ravel()) == {"c"}
    page = (seen.out / "2025-Q4" / "domain-plans.html").read_text(encoding="utf-8")
    assert "The chart and its table are withheld" in page
    assert "<img" not in page


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a report was shared."""
    place = tmp_path_factory.mktemp("earlier")
    assert shared(place, graded({"2025-Q3": [6, 20, 12, 9], "2025-Q4": [5, 22, 15, 8]})).exit == 0
    return place / "out"


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("counts", "exit_code"),
    [
        ({"2025-Q3": [6, 20, 12, 9], "2025-Q4": [5, 22, 15, 9]}, 5),
        ({"2025-Q3": [6, 20, 12, 9], "2025-Q4": [5, 21, 15, 8]}, 5),
        ({"2025-Q3": [6, 20, 13, 8], "2025-Q4": [5, 22, 15, 8]}, 5),
        ({"2025-Q3": [6, 20, 12, 9], "2025-Q4": [5, 22, 15, 8]}, 0),
        ({"2025-Q3": [6, 20, 12, 9], "2025-Q4": [11, 27, 21, 13]}, 0),
    ],
    ids=["one came", "one is gone", "one was corrected", "the same", "five came at every grade"],
)
def test_two_reports_side_by_side_do_not_show_one_child(
    earlier: Path, tmp_path: Path, counts: dict[str, list[int]], exit_code: int
) -> None:
    shutil.copytree(earlier, tmp_path / "out")
    before = sha256_of(tmp_path / "out" / "2025-Q4")
    seen = shared(tmp_path, graded(counts))
    assert seen.exit == exit_code, seen.stderr
    if exit_code:
        assert "side by side would show what few children were graded" in seen.stderr
        assert sha256_of(tmp_path / "out" / "2025-Q4") == before


@pytest.mark.thorough
def test_what_was_shared_is_remembered_when_another_report_has_replaced_it(earlier: Path, tmp_path: Path) -> None:
    shutil.copytree(earlier, tmp_path / "out")
    rows = graded({"2025-Q3": [6, 20, 12, 9], "2025-Q4": [5, 22, 15, 9]})
    assert report(tmp_path, text(rows)).exit == 0
    seen = shared(tmp_path, rows)
    assert seen.exit == 5
    assert "side by side would show what few children were graded" in seen.stderr


# ----------------------------------------------------------------------------------------------- names and what is theirs

PEOPLE = ["Quillon Vantongeren", "Ottiwell Brackspear", "Thessaly Umberfield", "Zebedee Quarrington"]
NUMBERS = ["943 476 5919", "9434765918", "07700 900123", "AB12 3CD", "quillon.v@example.org", "14/03/2011", "C8841207"]
SAID = f"spoke to {PEOPLE[0]} (NHS {NUMBERS[0]}, born {NUMBERS[5]}) on {NUMBERS[2]}, {NUMBERS[4]}, {NUMBERS[3]}, {NUMBERS[6]}"
PLANTED = [
    "Quillon",
    "Vantongeren",
    "Ottiwell",
    "Brackspear",
    "Thessaly",
    "Umberfield",
    "Zebedee",
    "Quarrington",
    *NUMBERS,
]


def found_in(seen: Seen) -> list[tuple[str, str]]:
    """Where anything that was planted came out."""
    return [(place, word) for place, said in seen.said() for word in PLANTED if word.casefold() in said.casefold()]


def test_what_stands_in_a_comment_is_in_nothing(tmp_path: Path) -> None:
    seen = report(tmp_path, text([HEADER, *(audit(number, What_worked_well=SAID) for number in range(1, 41))]))
    assert seen.exit == 0, seen.stderr
    assert found_in(seen) == []


@pytest.mark.thorough
def test_names_in_an_unusual_form(tmp_path: Path) -> None:
    written = {
        "Quillon O’Vantongeren": "QUILLON O'VANTONGEREN was seen; OVantongeren's plan is clear",
        "Vantongeren, Quillon": "Quillon Vantongeren was seen alone and spoke of school",
        "Quillon Vantongeren": "Qui\u200bllon Van\u00adtongeren was seen alone and spoke of school",
        "Quillon (Zebedee) Vantongeren-Umberfield": "Zebedee Umberfield was seen alone and spoke of school",
    }
    each = [*written.items()] * 10
    rows = [audit(at, Child=child, What_worked_well=said) for at, (child, said) in enumerate(each, 1)]
    rows.append(audit(41, Child=CHILD, What_worked_well="The child was seen alone and spoke of school"))
    of_plans = 'title = "Plans"\ncomments = { worked_well = ["What worked well"] }'
    quoting = FRAMEWORK.replace('worked_well = ["What worked well"]', "").replace('title = "Plans"', of_plans)
    seen = report(
        tmp_path,
        text([HEADER, *rows]),
        framework=quoting + '\n[disclosure]\nquotes = "redacted"\n',
    )
    assert seen.exit == 0, seen.stderr
    assert found_in(seen) == []
    page = texts(seen.out)["domain-plans.html"]
    assert "[name] was seen alone and spoke of school" in page and "The child was seen alone" in page


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("line", "exit_code"),
    [
        ("print(audit_returns.audits.head())", 5),
        ("audit_returns.audits.head()", 5),
        ("import sys; print(audit_returns.audits.to_csv(), file=sys.stderr); raise KeyError(audit_returns.audits)", 1),
        ("raise ValueError(audit_returns.audits.iloc[0].to_dict())", 1),
    ],
)
def test_a_notebook_that_shows_or_raises_a_row(tmp_path: Path, line: str, exit_code: int) -> None:
    notebooks = tmp_path / "notebooks"
    shutil.copytree(ROOT / "notebooks", notebooks)
    notebook = nbformat.read(notebooks / "03_overview.ipynb", as_version=4)
    notebook.cells.insert(3, nbformat.v4.new_code_cell(line))
    nbformat.write(notebook, notebooks / "03_overview.ipynb")
    (tmp_path / "out" / "2025-Q2").mkdir(parents=True)
    (tmp_path / "out" / "2025-Q2" / "index.html").write_text("last good", encoding="utf-8")
    seen = report(tmp_path, text(), "--notebooks", notebooks)
    assert seen.exit == exit_code, seen.stderr
    assert "cell 4 of" in seen.stderr
    assert not any(word in seen.stderr for word in ("audit-", "auditor-", "North"))
    assert texts(seen.out).keys() == {".lock", "index.html"}
    assert (tmp_path / "out" / "2025-Q2" / "index.html").read_text(encoding="utf-8") == "last good"


@pytest.mark.parametrize("fault", ["missing", "empty", "readable by others"])
def test_a_configured_key_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    key = tmp_path / "team.key"
    if fault != "missing":
        key.write_text("" if fault == "empty" else "an example key, which is not a real one")
        key.chmod(0o644 if fault == "readable by others" else 0o600)
    monkeypatch.setenv("AUDITANALYTICS_KEY_FILE", str(key))
    seen = report(tmp_path, text())
    assert (seen.exit, seen.stdout) == (2, "")
    assert "pseudonym key file" in seen.stderr
    assert not seen.out.exists()
    assert key.exists() == (fault != "missing")


@pytest.mark.thorough
def test_the_first_run_makes_a_key_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "out" / "configuration"))
    assert report(tmp_path, text()).exit == 0
    key = tmp_path / "out" / "configuration" / "auditanalytics" / "pseudonym.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    written = key.read_text().strip()
    assert not any(written in said for place, said in texts(tmp_path / "out").items() if place != "pseudonym.key")


@pytest.mark.thorough
def test_a_childs_name_changes_no_published_byte(tmp_path: Path) -> None:
    """But for the hash of the input, and what is hashed of it."""
    reports = []
    for name in ("Thessaly Umberfield", "Zebedee Quarrington-Lowe"):
        place = tmp_path / name[:4]
        rows = [HEADER, *(audit(number, Child=f"{name} {number}") for number in range(1, 41))]
        assert report(place, text(rows)).exit == 0
        reports.append(place / "out" / "2025-Q2")
    hashes = [sha256_of(folder) for folder in reports]
    assert {name for name in hashes[0] if hashes[0][name] != hashes[1][name]} == {"run.json"}
    one, two = (json.loads((folder / "run.json").read_text(encoding="utf-8")) for folder in reports)
    assert one["inputs"][0].pop("sha256") != two["inputs"][0].pop("sha256")
    assert one == two


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
@pytest.mark.parametrize("fault", ["anybody may write into", "belongs to another user"])
def test_a_folder_for_reports_that_is_not_ones_own(tmp_path: Path, fault: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    if fault.startswith("anybody"):
        out.chmod(0o777)
    elif os.geteuid() != 0:
        pytest.skip("only root may give a folder away")
    else:
        os.chown(out, 12345, -1)
    seen = report(tmp_path, text())
    assert seen.exit == 2
    assert fault in seen.stderr
    assert list(out.iterdir()) == []


# ---------------------------------------------------------------------------------- in every field of every kind of input

FIELDS = {
    "Child": PEOPLE[0], "Worker": PEOPLE[1], "Auditor": PEOPLE[2], "Moderator": PEOPLE[3], "Service": PEOPLE[0],
    "Case type": PEOPLE[1], "Topic": PEOPLE[3], "Exempt": SAID, "What worked well": SAID,
    "Worried about": SAID, "Next step": SAID, "Action 1": SAID, "Action role": PEOPLE[1], "Action person": PEOPLE[2],
    "Unmapped": SAID, PEOPLE[3]: NUMBERS[1],
}  # fmt: skip
COLUMNS = (
    '\nauditor = ["Auditor"]\nmoderator = ["Moderator"]\nservice = ["Service"]\ncase_type = ["Case type"]\n'
    'audit_type = ["Audit type"]\ntopic = ["Topic"]\nexempt = ["Exempt"]\nworried_about = ["Worried about"]\n'
    'next_step = ["Next step"]\naction = ["Action"]\naction_role = ["Action role"]\naction_person = ["Action person"]\n'
)


def planted(kind: str, count: int = 40) -> pd.DataFrame:
    """Audits with somebody in every field that takes words, in the identity, and in place of a grade and of a date."""
    rows = pd.DataFrame([audit(number) for number in range(1, count + 1)], columns=HEADER).assign(**FIELDS)
    rows["Audit ID"] = [f"{NUMBERS[6]}/{kind}/{number}" for number in range(1, count + 1)]
    rows["Audit type"] = [f"{PEOPLE[2]} {kind} {number}" for number in range(count)]
    rows.loc[0, ["Spotting", "Team"]] = PEOPLE[0], f"{PEOPLE[1]} {kind}"
    rows.loc[1, "Date"] = PEOPLE[2]
    return rows


def long(rows: pd.DataFrame) -> pd.DataFrame:
    judged = ["Spotting", "Responding", "Plan"]
    kept = [name for name in rows if name not in judged]
    return rows.melt(id_vars=kept, value_vars=judged, var_name="Category", value_name="Grade").assign(Comment=SAID)


def write(rows: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        rows.to_parquet(path)
    elif path.suffix == ".xlsx":
        with pd.ExcelWriter(path, engine="xlsxwriter") as writer:
            rows.to_excel(writer, sheet_name="Returns", index=False)
    elif path.suffix == ".ods":
        path.write_bytes(opendocument(rows))
    else:
        rows.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ",")


def opendocument(rows: pd.DataFrame) -> bytes:
    """A spreadsheet with these rows."""
    return as_ods({"Returns": [list(rows.columns), *rows.astype(str).to_numpy().tolist()]})


@pytest.mark.thorough
@pytest.mark.parametrize(("shape", "audience"), [("wide", "internal"), ("long", "internal"), ("wide", "shared")])
def test_what_is_planted_in_every_field_of_every_kind_of_file_comes_out_nowhere(
    tmp_path: Path, shape: str, audience: str
) -> None:
    columns = COLUMNS + (
        'category = ["Category"]\ngrade = ["Grade"]\ncomment = ["Comment"]\n' if shape == "long" else ""
    )
    framework = FRAMEWORK.replace('worker = ["Worker"]', 'worker = ["Worker"]' + columns)

    def build(folder: Path) -> None:
        for ending in ("csv", "tsv", "xlsx", "ods", "parquet"):
            rows = planted(ending)
            write(long(rows) if shape == "long" else rows, folder / f"returns.{ending}")

    seen = report(tmp_path, build, "--audience", audience, framework=framework)
    assert seen.exit == 0, seen.stderr
    assert len(list(seen.folder.iterdir())) == 5
    assert json.loads((seen.out / "2025-Q2" / "run.json").read_text(encoding="utf-8"))["audits"] == {
        "accepted": 195, "rejected": 5,
    }  # fmt: skip
    assert found_in(seen) == []


@pytest.mark.thorough
def test_a_name_in_a_file_name_stops_the_report(tmp_path: Path) -> None:
    """File names are shown as they are, so a file that is called after a child must not be published."""
    seen = report(
        tmp_path,
        text([HEADER, *(audit(n, Child="Thessaly Umberfield") for n in range(1, 41))], name="Umberfield, Thessaly.csv"),
    )
    assert seen.exit == 5
    assert "child" in seen.stderr
    assert not any(word in seen.stderr for word in ("Thessaly", "Umberfield"))
    assert texts(seen.out).keys() <= {".lock", "index.html"}
    assert "Umberfield" not in (seen.out / "not-published" / "index.html").read_text(encoding="utf-8")


@pytest.mark.thorough
def test_a_name_in_the_title_of_a_domain_stops_the_report(tmp_path: Path) -> None:
    framework = FRAMEWORK.replace('title = "Plans"', 'title = "Plans for Thessaly Umberfield"')
    rows = [HEADER, *(audit(number, Child="Umberfield, Thessaly") for number in range(1, 41))]
    seen = report(tmp_path, text(rows), framework=framework)
    assert seen.exit == 5, seen.stderr
    assert "a child" in seen.stderr


def test_what_the_example_says_of_people_is_in_nothing_it_publishes(example_report: Path) -> None:
    said = {name for path in EXAMPLE.glob("*.xlsx") for name in names_in(path)}
    assert len(said) > 100
    published = texts(example_report)
    whole = {name: re.compile(rf"(?<![\d.]){re.escape(name)}(?!\d)") for name in said}
    assert [(place, name) for name in said for place, content in published.items() if whole[name].search(content)] == []


def names_in(path: Path) -> set[str]:
    sheets = pd.read_excel(io.BytesIO(path.read_bytes()), sheet_name=None, dtype=str, header=None, engine="calamine")
    words = {str(cell) for sheet in sheets.values() for cell in sheet.to_numpy().ravel()}
    return {word for word in words if len(word.split()) > 6 or (word.isdecimal() and len(word) > 5)}
