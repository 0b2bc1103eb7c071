import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, SMALL_FRAMEWORK
from pydantic import BaseModel

from auditanalytics.errors import ArgumentError, ChoiceError, FrameworkError
from auditanalytics.frameworks import Framework, Meaning, fold_header, load_framework, shipped_frameworks
from auditanalytics.frameworks.reference import DESCRIBED, framework_reference, write_framework_reference
from auditanalytics.grades import GradeScale
from auditanalytics.returns import read_returns
from auditanalytics.settings_reference import END, START

A_FORM = """
[[forms]]
id = "short"
title = "Short form"
categories = ["spotting"]
"""


def load_changed(tmp_path: Path, old: str, new: str) -> Framework:
    assert old in SMALL_FRAMEWORK
    path = tmp_path / "mine.toml"
    path.write_text(SMALL_FRAMEWORK.replace(old, new, 1), encoding="utf-8")
    return load_framework(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # a key
        ("name =", "nome =", "name: this key is required; write it in place of 'nome'"),
        ('title = "Plans"\n', "", "domains[2].title: this key is required; add it"),
        ("[columns]", "[colums]", "colums: unknown key; did you mean 'columns'?"),
        ("headers = [", "heders = [", "domains[1].categories[1].heders: unknown key; did you mean 'headers'?"),
        ("[columns]", "[checks]\nzzz = 1\n[columns]", "checks.zzz: unknown key; write one of: reject_limit, "),
        ("team =", "tame =", "[columns] names 'tame', which is no field; write one of: audit_id, child, "),
        ("quarters =", 'id = "x"\nquarters =', "id: unknown key; take it out: a framework is known by its file"),
        # the kind of a value
        ('"calendar"', '"lunar"', "quarters: must be 'calendar' or 'financial-year', not 'lunar'"),
        ("quarters =", 'period_date = "team"\nquarters =', "period_date: must be 'allocated_on', 'due_on', "),
        (
            "not_graded = [",
            "not_graded = 7 # [",
            'scales.ofsted.not_graded: must be a list, not 7; write it as ["Good"]',
        ),
        ('["Date"]', '"Date"', "columns.audited_on: must be a list, not 'Date'; write it as"),
        ('name = "Small audit"', "name = 7", "name: must be a text, not 7; write it in quotation marks"),
        (
            'title = "Plans"',
            'title = "Plans"\ncomments = 3',
            "domains[2].comments: must be a table, not 3; write its keys",
        ),
        (
            "[columns]",
            "[expected]\nby_month = 3\n[columns]",
            "expected.by_month: must be a table, not 3; write its keys",
        ),
        (
            '[scales.ofsted.labels]\n"Requires improvement" = [',
            "labels = 4 # [",
            "scales.ofsted.labels: must be a table, not 4; write its keys",
        ),
        (
            "[columns]",
            "[deadlines]\nre_audit_months = true\n[columns]",
            "deadlines.re_audit_months: must be a whole number, not true; write it without quotation marks, as 10",
        ),
        ("[columns]", "[checks]\nreject_limit = '0.1'\n[columns]", "must be a number, not '0.1'; write it without"),
        ("[columns]", "[checks]\ncomments_required = 'yes'\n[columns]", "must be true or false, not 'yes'; write it"),
        ("[columns]", "[checks]\nreject_limit = 2\n[columns]", "must be 1 or less, not 2; write 10% as 0.1"),
        ("[columns]", "[checks]\nreject_limit = -1\n[columns]", "must be 0 or more, not -1; write a larger number"),
        (
            "[columns]",
            "[expected.by_month]\n2019-13 = 2\n[columns]",
            "must be a month, not '2019-13'; write it as 2019-01",
        ),
        ('[{ id = "plan", headers = ["Plan"] }]', "[]", "domains[2].categories: must hold 1 or more; add one"),
        ('id = "plans"', 'id = "../plans"', "domains[2].id: must be letters and digits with - or _ between them"),
        # words and names
        ('["Date"]', '["?"]', "columns.audited_on[1]: '?' has no letter or digit to be known by; write a word"),
        (
            '["Date"]',
            '["Audit ID"]',
            "the header 'Audit ID' is listed by both columns.audit_id and columns.audited_on; leave it with one",
        ),
        (
            'headers = ["Responding"]',
            'headers = ["Team"]',
            "listed by both headers of the category 'responding' and columns.team; leave it with one",
        ),
        (
            'headers = ["Responding"]',
            'comments = { worked_well = ["Spotting"] }',
            "by both headers of the category 'spotting' and comments.worked_well of the category 'responding'",
        ),
        (
            'headers = ["Responding"]',
            'title = "Spotting"',
            "the categories 'spotting' and 'responding' both have the name 'Spotting', so nothing could tell their "
            "columns apart; give one of them another title",
        ),
        (
            "quarters =",
            'audit_id_from = ["Audit ID"]\nquarters =',
            "audit_id_from: must list two or more headers; write",
        ),
        ('id = "plans"', 'id = "risk"', "the id 'risk' is used twice; give each domain an id of its own"),
        ('id = "plan"', 'id = "spotting"', "the id 'spotting' is used twice; give each category an id of its own"),
        (
            "[[domains]]",
            '[overall]\n[[domains]]\nid = "overall"\ntitle = "X"\ncategories = [{ id = "x" }]\n[[domains]]',
            "the id 'overall' is used twice",
        ),
        (
            'title = "Plans"',
            'title = "Plans"\nscale = "stars"',
            "domain 'plans' has scale 'stars', which is not there; write one of: 'ofsted'",
        ),
        ("[columns]", "[overall]\nscale = 'stars'\n[columns]", "[overall] has scale 'stars', which is not there"),
        ('inadequate = ["I', 'inadequate = ["J', "scales.ofsted: inadequate names 'Jnadequate', which is no grade of"),
        (
            '["RI", ',
            '["", ',
            "a blank is a word for 'Requires improvement', but means that no grade was given; take it",
        ),
        ('["RI", ', '["Good", ', "the label 'Good' means both 'Good' and 'Requires improvement'; leave it with one"),
        # forms
        (
            "[columns]",
            A_FORM.replace("spotting", "spoting") + "[columns]",
            "form 'short': categories names 'spoting', wh",
        ),
        (
            "[columns]",
            A_FORM.replace('"spotting"', '"spotting", "spotting"') + "[columns]",
            "form 'short': categories names 'spotting' twice; take one out",
        ),
        (
            "[columns]",
            A_FORM.replace('"spotting"', "") + "[columns]",
            "forms[1].categories: must hold 1 or more; add one",
        ),
        (
            "[columns]",
            A_FORM + 'prefilled = { spotting = "Yes" }\n[columns]',
            "form 'short': prefilled.spotting is 'Yes', which is no grade of its scale; write one of: 'Outstanding', ",
        ),
        (
            "[columns]",
            A_FORM + 'prefilled = { plan = "Good" }\n[columns]',
            "form 'short': prefilled names 'plan', which the form does not ask; add it to the categories of the form",
        ),
        ("[columns]", A_FORM + A_FORM + "[columns]", "the id 'short' is used twice; give each form an id of its own"),
        (
            "[columns]",
            A_FORM + A_FORM.replace('"short"', '"other"') + "[columns]",
            "the audit type 'Short form' names both form 'short' and form 'other'; leave it with one",
        ),
    ],
)
def test_a_faulty_file_is_refused_with_the_key_and_the_remedy(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(FrameworkError) as refusal:
        load_changed(tmp_path, old, new)
    assert str(refusal.value).startswith("mine.toml")
    assert message in str(refusal.value)


def test_a_key_given_at_the_top_and_among_the_columns_is_refused(tmp_path: Path) -> None:
    text = SMALL_FRAMEWORK.replace("team =", 'period_date = "audited_on"\nteam =')
    (tmp_path / "mine.toml").write_text(f'period_date = "audited_on"\n{text}', encoding="utf-8")
    with pytest.raises(FrameworkError, match=r"period_date is given twice, at the top and under \[columns\]; keep one"):
        load_framework(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (b"\xff\xfe", "save it as UTF-8 in the text editor"),
        (b"not toml", "which is: not toml; write each line as key = value"),
        (b"a = 1\na = 2\n", "write every key and every [heading] once"),
        (b"", "name: this key is required; add it"),
        (b"[" * 5000, "write each line as key = value"),
    ],
)
def test_what_is_not_a_framework_file_is_refused(tmp_path: Path, content: bytes, remedy: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(FrameworkError) as refusal:
        load_framework(path)
    assert str(refusal.value).startswith("mine.toml")
    assert remedy in str(refusal.value)


def test_a_file_of_ten_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"#" * 10_000_000)
    with pytest.raises(FrameworkError, match=r"mine\.toml is larger than .*; give the path of the TOML file"):
        load_framework(path)


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(ChoiceError, match="must be hull, south-gloucestershire, telford-and-wrekin or the path of a"):
        load_framework("s-g")
    with pytest.raises(ArgumentError, match=r"no framework file 's-g\.toml'; give the path of one, or a shipped"):
        load_framework("s-g.toml")


@pytest.mark.parametrize("name", shipped_frameworks())
def test_every_shipped_framework_loads(name: str) -> None:
    framework = load_framework(name)
    assert framework.id == name
    assert Framework.model_validate(framework.model_dump()) == framework


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


# Telford & Wrekin, and Hull: the scales


@pytest.mark.parametrize(
    ("name", "scale", "label", "grade"),
    [
        ("telford-and-wrekin", "practice", "Exceeds good", "Exceeds Good"),
        ("telford-and-wrekin", "practice", "GOOD.", "Good"),
        ("telford-and-wrekin", "practice", "RI", "Requires improvement"),
        ("telford-and-wrekin", "practice", "Outstanding", None),
        ("hull", "overall", "Requires Improvement with elements of good practice", "Requires improvement with elements of good practice"),
        ("hull", "overall", "RI with elements of good practice", "Requires improvement with elements of good practice"),
        ("hull", "overall", "Requires Improvement with elements of good", "Requires improvement with elements of good practice"),
        ("hull", "overall", "Requires improvement to be good", "Requires improvement"),
        ("hull", "overall", "ri", "Requires improvement"),
        ("hull", "overall", "Yes", None),
        ("hull", "questions", "PARTIALLY", "Partially"),
        ("hull", "questions", "Partly", "Partially"),
        ("hull", "questions", "Met", None),
        ("hull", "statements", "Partially Met", "Partially met"),
        ("hull", "statements", "Partially", "Partially met"),
        ("hull", "statements", "Yes", "Met"),
        ("hull", "statements", "no", "Not met"),
        ("hull", "statements", "Fully met", "Met"),
    ],
)  # fmt: skip
def test_what_is_written_is_the_grade_it_means(name: str, scale: str, label: str, grade: str | None) -> None:
    match = load_framework(name).scales[scale].match(label)
    assert match.grade == grade
    assert (match.rule == "unknown") == (grade is None)


@pytest.mark.parametrize("name", shipped_frameworks())
def test_a_blank_and_not_applicable_are_on_no_scale(name: str) -> None:
    for scale in load_framework(name).scales.values():
        for label in ("", "N/A", "Not applicable", "-"):
            assert scale.match(label).rule == "not graded"


def test_requires_improvement_with_elements_of_good_practice_is_not_good() -> None:
    scale = load_framework("hull").scale("overall")
    assert len(scale.grades) == 5
    assert scale.good == ("Outstanding", "Good")
    assert scale.grades.index("Good") < scale.grades.index("Requires improvement with elements of good practice")


@pytest.mark.parametrize(
    ("name", "scales"),
    [
        ("telford-and-wrekin", dict.fromkeys(["risk", "assessments", "plans", "reviews", "collaboration", "oversight", "overall"], "practice")),
        ("hull", dict.fromkeys(["risk", "assessments", "plans", "reviews", "collaboration", "oversight"], "questions") | {"statements": "statements", "adoption": "overall", "overall": "overall"}),
    ],
)  # fmt: skip
def test_every_domain_has_its_scale(name: str, scales: dict[str, str]) -> None:
    framework = load_framework(name)
    assert {domain: framework.scale_name(domain) for domain in framework.domain_titles} == scales


# Telford & Wrekin, and Hull: the forms


def questions_and_statements(form_id: str) -> tuple[list[int], list[int]]:
    """How many questions a form of Hull asks under each of its statements, and which statements these are.

    A form lists the questions under a statement before the statement, so each run of questions belongs to the
    statement that ends it. The one question under statement 10 is no category.
    """
    form = load_framework("hull").form(form_id)
    counts, statements = [0], []
    for category in form.categories:
        if number := re.fullmatch(r"kss-(\d+)", category):
            statements.append(int(number[1]))
            counts.append(0)
        else:
            counts[-1] += 1
    return counts[:-1], statements


@pytest.mark.parametrize(
    ("form", "statements", "questions"),
    [
        ("social-care", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [4, 4, 3, 3, 4, 4, 4, 2, 4, 0]),  # 33 with that of 10
        ("early-help", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [3, 4, 4, 3, 3, 4, 4, 1, 4, 0]),  # 31 with that of 10
        ("fostering", [1, 2, 3, 5, 6, 7, 9, 10], [5, 3, 4, 5, 5, 9, 4, 0]),  # 36 with that of 10
        # 28 with that of 10 and the two repetitions of the question on support: 5 and 3 are printed, 4 and 2 differ
        ("supported-lodgings", [1, 2, 3, 5, 7, 9, 10], [4, 2, 3, 4, 7, 5, 0]),
    ],
)
def test_a_form_asks_its_questions_under_its_statements(form: str, statements: list[int], questions: list[int]) -> None:
    assert questions_and_statements(form) == (questions, statements)


def test_the_adopter_form_has_five_judged_sections_and_no_statement() -> None:
    hull = load_framework("hull")
    adoption = next(domain for domain in hull.domains if domain.id == "adoption")
    assert hull.form("Prospective adopter").categories == tuple(category.id for category in adoption.categories)
    assert len(adoption.categories) == 5


@pytest.mark.parametrize("name", ["hull", "telford-and-wrekin"])
def test_every_category_is_on_a_form(name: str) -> None:
    framework = load_framework(name)
    asked = {category for form in framework.forms for category in form.categories}
    assert asked == {category.id for domain in framework.domains for category in domain.categories}


def test_the_forms_of_social_care_and_early_help_share_most_questions() -> None:
    hull = load_framework("hull")
    social_care, early_help = (set(hull.form(name).categories) for name in ("CSC", "EH"))
    assert social_care - early_help == {"advocate-offered", "section-47", "strategy-agencies", "risk-analysed", "court-timescales", "permanence-timely"}  # fmt: skip
    assert early_help - social_care == {"accommodation-observed", "needs-identified", "needs-analysed", "court-support"}


@pytest.mark.parametrize(
    ("name", "audit_type", "form"),
    [
        ("hull", "CSC Case File Audit", "social-care"),
        ("hull", "early-help", "early-help"),
        ("hull", "FOSTER CARER", "fostering"),
        ("hull", "Supported Lodgings Provider", "supported-lodgings"),
        ("hull", "Adoption", "prospective-adopter"),
        ("hull", "Thematic", None),
        ("hull", "", None),
        ("telford-and-wrekin", "LAC & Care Leavers", "looked-after-and-care-leavers"),
        ("telford-and-wrekin", "cp/cin", "protection-and-need"),
        ("south-gloucestershire", "Deep dive", None),
    ],
)
def test_the_form_of_an_audit_type(name: str, audit_type: str, form: str | None) -> None:
    found = load_framework(name).form(audit_type)
    assert (found.id if found else None) == form


def test_the_answer_that_stands_in_a_blank_form() -> None:
    hull = load_framework("hull")
    assert {form.id: form.prefilled for form in hull.forms if form.prefilled} == {
        "supported-lodgings": {"kss-1": "Partially"}
    }
    assert hull.scale("statements").match("Partially").grade == "Partially met"


def test_a_form_may_be_written_by_a_user(tmp_path: Path) -> None:
    framework = load_changed(tmp_path, "[columns]", A_FORM + 'audit_types = ["Quick"]\n[columns]')
    assert framework.form("QUICK") is framework.form("Short form") is framework.forms[0]
    assert framework.form("Spotting") is None


# Telford & Wrekin, and Hull: headers, deadlines and shares


@pytest.mark.parametrize(
    ("name", "header", "meaning"),
    [
        ("hull", "KSS 1", Meaning("grade", domain="statements", category="kss-1")),
        ("hull", "KSS 1 met?", Meaning("grade", domain="statements", category="kss-1")),
        ("hull", "KSS10", Meaning("grade", domain="statements", category="kss-10")),
        ("hull", "Knowledge and Skills Statement 6: Skills to Foster Assessment", Meaning("grade", domain="statements", category="kss-6")),
        ("hull", "Knowledge & Skills Statement 9", Meaning("grade", domain="statements", category="kss-9")),
        ("hull", "KSS 2 (moderated)", Meaning("moderated grade", domain="statements", category="kss-2")),
        ("hull", "Advocate offered", Meaning("grade", domain="collaboration", category="advocate-offered")),
        ("hull", "Family Finding", Meaning("grade", domain="adoption", category="adoption-family-finding")),
        ("hull", "Case Number", Meaning("field", "child")),
        ("hull", "To be audited by", Meaning("field", "auditor")),
        ("hull", "Grading after moderation", Meaning("field", "moderated_overall")),
        ("hull", "What are we worried about?", Meaning("field", "worried_about")),
        ("hull", "Action Required Date 2", Meaning("field", "action_due_on", number=2)),
        ("hull", "Manager Sign Off Date", None),
        ("telford-and-wrekin", "Child's voice", Meaning("grade", domain="assessments", category="voice-of-child")),
        ("telford-and-wrekin", "Multi-agency work", Meaning("grade", domain="collaboration", category="multi-agency")),
        ("telford-and-wrekin", "Overall score", Meaning("field", "overall")),
    ],
)  # fmt: skip
def test_the_meaning_of_a_header_of_a_shipped_framework(name: str, header: str, meaning: Meaning | None) -> None:
    assert load_framework(name).meaning(header) == meaning


def test_the_columns_that_identify_an_audit_of_hull_have_a_meaning() -> None:
    hull = load_framework("hull")
    assert [hull.meaning(header).name for header in hull.audit_id_from] == ["child", "audited_on"]


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(shipped_frameworks(), 2)))
def test_no_header_is_a_category_in_two_shipped_frameworks(one: str, other: str) -> None:
    """So that the headers of a return say which framework it was made for."""

    def category_headers(name: str) -> set[str]:
        categories = [category for domain in load_framework(name).domains for category in domain.categories]
        words = [(c.id, c.title or c.id, *c.headers, *c.moderated_headers) for c in categories]
        return {fold_header(word) for word in itertools.chain(*words)}

    assert not category_headers(one) & category_headers(other)
    assert not any(load_framework(one).meaning(header) for header in category_headers(other))


def test_the_limits_of_hull() -> None:
    hull = load_framework("hull")
    assert hull.quarters == "financial-year"
    assert hull.deadlines.complete_by == "month-end"
    assert (hull.deadlines.amendment_working_days, hull.deadlines.oversight_working_days) == (3, 10)
    assert (hull.deadlines.review_meeting_weeks, hull.deadlines.re_audit_months) == (4, 2)
    assert hull.deadlines.thematic_review_months == 6
    assert (hull.allocation.audits_each_a_year, hull.allocation.on_break_at_most) == (10, 0.2)
    assert (hull.allocation.contact_attempts, hull.allocation.look_back_months) == (2, 6)
    assert (hull.moderation.share, hull.moderation.each_a_month) == (0.1, 1)
    assert (hull.samples.dip_samples_each_a_month, hull.samples.actions_checked_a_month) == (2, 10)
    assert sum(hull.samples.audits_a_month.values()) == 68
    assert load_framework("telford-and-wrekin").allocation.look_back_months == 6


def test_ten_audits_each_and_a_fifth_on_break_fit_together() -> None:
    """Two months of twelve without an audit are less than the share that may be on a break."""
    allocation = load_framework("hull").allocation
    assert (12 - allocation.audits_each_a_year) / 12 < allocation.on_break_at_most


# The documentation


def models_of(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and those within it."""
    yield model
    pending = [field.annotation for field in model.model_fields.values()]
    while pending:
        annotation = pending.pop()
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from models_of(annotation)
        pending += getattr(annotation, "__args__", ())


def test_every_key_of_every_table_is_described() -> None:
    models = set(models_of(Framework))
    assert {Framework, GradeScale} < models == set(DESCRIBED.values())
    for model in models:
        for key, field in model.model_fields.items():
            assert field.description, (model, key)
            assert not field.description.endswith("."), (model, key)


def test_the_documentation_of_the_keys_is_that_of_the_code() -> None:
    text = (ROOT / "docs" / "frameworks.md").read_text(encoding="utf-8")
    written = text.split(START)[1].split(END)[0].strip()
    assert written == framework_reference().strip(), (
        'run: python -c "from pathlib import Path; from auditanalytics.frameworks.reference import '
        "write_framework_reference as write; write(Path('docs/frameworks.md'))\""
    )


def test_the_reference_names_every_key_of_the_shipped_frameworks() -> None:
    reference = framework_reference()
    for key in ("prefilled", "audit_types", "re_audit_months", "issued_by", "not_graded", "worried_about", "by_month"):
        assert f"| `{key}` |" in reference
    assert "sha256" not in reference
    assert '| `quarters` | one of `"calendar"`, `"financial-year"` | `"calendar"` |' in reference


def test_the_reference_is_written_between_its_markers_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.md"
    path.write_text(f"before\n{START}\nold\n{END}\nafter\n", encoding="utf-8")
    write_framework_reference(path)
    written = path.read_text(encoding="utf-8")
    assert written == f"before\n{START}\n\n{framework_reference()}\n{END}\nafter\n"
    write_framework_reference(path)
    assert path.read_text(encoding="utf-8") == written
    path.write_text("neither", encoding="utf-8")
    with pytest.raises(ArgumentError, match=r"keys\.md must hold the lines"):
        write_framework_reference(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('headers = ["Plan"]', 'heders = ["Plan"]'),
        ("[columns]", "[checks]\nreject_limit = 10\n[columns]"),
        ("[columns]", A_FORM.replace("short", "early-help").replace("spotting", "kss-11") + "[columns]"),
    ],
)
def test_the_refusals_that_the_documentation_shows_are_true(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(FrameworkError) as refusal:
        load_changed(tmp_path, old, new)
    shown = str(refusal.value).replace("mine.toml", "my-council.toml")
    assert f"\n{shown}\n" in (ROOT / "docs" / "frameworks.md").read_text(encoding="utf-8")


def test_two_domains_of_one_title_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.toml"
    path.write_text(SMALL_FRAMEWORK.replace('title = "Plans"', 'title = "Risk"'), encoding="utf-8")
    with pytest.raises(FrameworkError, match="the title 'Risk' is used twice; give each domain a title of its own"):
        load_framework(path)
