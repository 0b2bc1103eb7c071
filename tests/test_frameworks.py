import itertools
from pathlib import Path

import pytest
from conftest import ROOT, SMALL_FRAMEWORK

from auditanalytics.errors import ChoiceError, FrameworkError
from auditanalytics.frameworks import Meaning, fold_header, load_framework, shipped_frameworks
from auditanalytics.returns import read_returns


def load_changed(tmp_path: Path, old: str, new: str) -> None:
    assert old in SMALL_FRAMEWORK
    path = tmp_path / "mine.toml"
    path.write_text(SMALL_FRAMEWORK.replace(old, new, 1), encoding="utf-8")
    load_framework(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name =", "nome =", r"mine.toml: name: this key is required"),
        ("[columns]", "[colums]", r"mine.toml: colums: unknown key; did you mean 'columns'\?"),
        ("headers = [", "heders = [", r"domains\[1\].categories\[1\].heders: unknown key; did you mean 'headers'\?"),
        ('"calendar"', '"lunar"', r"quarters: input should be 'calendar' or 'financial-year', not 'lunar'"),
        ("name = ", 'name = "Twice"\nname = ', r"mine.toml is not a TOML file: .*, which is: name = "),
        (
            '{ id = "plan"',
            '{ title = "Same", id = "plan2" }, { title = "same", id = "plan"',
            r"two categories have the same title",
        ),
        ("quarters =", 'period_date = "action_due_on"\nquarters =', r"period_date"),
        ("not_graded = [", "not_graded = 7 # [", r"scales.ofsted.not_graded: must be a list, not 7"),
        ('["Date"]', '["Audit ID"]', r"the header 'Audit ID' means both audit_id and audited_on"),
        ("team =", "tame =", r"\[columns\] names 'tame'"),
        ('id = "plans"', 'id = "risk"', r"the id 'risk' is used twice"),
        ('id = "plan"', 'id = "spotting"', r"the id 'spotting' is used twice"),
        (
            "[[domains]]",
            '[overall]\n[[domains]]\nid = "overall"\ntitle = "X"\ncategories = [{ id = "x" }]\n[[domains]]',
            r"the id 'overall' is used twice",
        ),
        ('id = "plans"', 'id = "../plans"', r"domains\[2\].id"),
        ('title = "Plans"', 'title = "Plans"\nscale = "stars"', r"domain 'plans' has scale 'stars'"),
        ("[columns]", "[overall]\nscale = 'stars'\n[columns]", r"\[overall\] has scale 'stars'"),
        ("[columns]", "[checks]\nreject_limit = 2\n[columns]", r"checks.reject_limit"),
        ("[columns]", "[expected.by_month]\n2019-13 = 2\n[columns]", r"expected.by_month"),
        ("quarters =", 'audit_id_from = ["Audit ID"]\nquarters =', r"two or more headers"),
        ("quarters =", 'period_date = "team"\nquarters =', r"period_date"),
        ("quarters =", 'id = "x"\nquarters =', r"known by its file"),
    ],
)
def test_a_faulty_file_is_refused_with_the_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(FrameworkError, match=message):
        load_changed(tmp_path, old, new)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"not toml", b"", b"[" * 5000])
def test_what_is_not_a_framework_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(FrameworkError, match=r"mine\.toml"):
        load_framework(path)


def test_a_file_of_ten_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"#" * 10_000_000)
    with pytest.raises(FrameworkError, match="larger than"):
        load_framework(path)


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(ChoiceError, match="framework must be south-gloucestershire or the path"):
        load_framework("s-g")


@pytest.mark.parametrize("name", shipped_frameworks())
def test_every_shipped_framework_loads(name: str) -> None:
    assert load_framework(name).id == name


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "examples").glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_of_the_documentation_loads(path: Path) -> None:
    assert load_framework(path).name


def test_the_sheet_in_the_documentation_is_read_with_its_example(tmp_path: Path) -> None:
    example = ROOT / "docs" / "examples" / "case-file-audits.toml"
    lines = [line.removeprefix("#").strip() for line in example.read_text(encoding="utf-8").splitlines()[2:4]]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    returns = read_returns(tmp_path / "a.csv", framework=example)
    assert returns.problems.empty
    assert returns.audits["quarter"].tolist() == ["2025-26-Q1"]
    assert returns.judgements["grade"].tolist() == ["Good", "Requires improvement", "Good", "Good"]


def test_the_worked_example_loads() -> None:
    framework = load_framework(ROOT / "docs" / "examples" / "ofsted-inspections.toml")
    assert framework.audit_id_from == ("urn", "inspection_end")
    assert list(framework.domain_titles)[-1] == "overall"


@pytest.mark.parametrize("key", ['audit_id_from = ["A", "B"]', 'period_date = "returned_on"'])
def test_keys_about_columns_may_stand_among_them(tmp_path: Path, key: str) -> None:
    for place in ("quarters =", "team ="):
        load_changed(tmp_path, place, f"{key}\n{place}")


def test_south_gloucestershire_has_fifteen_categories_in_five_domains() -> None:
    framework = load_framework("south-gloucestershire")
    assert [len(domain.categories) for domain in framework.domains] == [2, 4, 2, 4, 3]
    assert sum(framework.expected.by_month.values()) == 150


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("SPOTTING:", Meaning("grade", domain="risk", category="spotting")),
        ("spotting (Moderated)", Meaning("moderated grade", domain="risk", category="spotting")),
        ("Audit I.D.", Meaning("field", "audit_id")),
        ("audit_id", Meaning("field", "audit_id")),
        ("Action 2", Meaning("field", "action", number=2)),
        ("Team 2", None),
        ("Comments", None),
        ("", None),
    ],
)
def test_the_meaning_of_a_header(small, header: str, meaning: Meaning | None) -> None:  # type: ignore[no-untyped-def]
    assert small.meaning(header) == meaning


def test_headers_fold_alike() -> None:
    spellings = [
        "Identification & response to risk",
        "IDENTIFICATION AND RESPONSE TO RISK:",
        "identification and response-to risk",
    ]
    assert all(fold_header(a) == fold_header(b) for a, b in itertools.pairwise(spellings))
