import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from auditanalytics.grades import GradeScale, fold_label

OFSTED = GradeScale(
    grades=["Outstanding", "Good", "Requires improvement", "Inadequate"],
    good=["Outstanding", "Good"],
    inadequate=["Inadequate"],
    not_graded=["N/A", "Not judged"],
    labels={"Requires improvement": ["RI", "Requires improvement to be good"]},
)
WORDS = [*OFSTED.grades, "RI", "Requires improvement to be good", "N/A", "Not judged"]


@pytest.mark.parametrize(
    ("label", "grade", "rule"),
    [
        ("Good", "Good", "exact"),
        (" good. ", "Good", "folded"),
        ("Requires improvement to be good", "Requires improvement", "synonym"),
        ("REQUIRES  IMPROVEMENT", "Requires improvement", "folded"),
        ("Requires\u00a0improvement", "Requires improvement", "folded"),
        ("\u201cInadequate\u201d", "Inadequate", "folded"),
        ("In\u200badequate", "Inadequate", "folded"),
        ("\uff27\uff4f\uff4f\uff44", "Good", "folded"),
        ("n/a", None, "not graded"),
        ("", None, "not graded"),
        ("   ", None, "not graded"),
        ("Goood", None, "unknown"),
        ("Good/RI", None, "unknown"),
        ("Good enough", None, "unknown"),
        ("Not Good", None, "unknown"),
        ("Adequate", None, "unknown"),
        ("G", None, "unknown"),
    ],
)
def test_a_written_grade_is_matched_whole(label: str, grade: str | None, rule: str) -> None:
    assert OFSTED.match(label) == (grade, rule)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_label(fold_label(text)) == fold_label(text)


@given(
    st.sampled_from(WORDS),
    st.sampled_from([str.upper, str.lower, str.title, str.swapcase]),
    st.sampled_from(["", " ", "\u00a0", "\t", "\u200b"]),
    st.sampled_from(["", ".", " .", "..", " "]),
)
def test_what_a_typist_does_not_mean_changes_nothing(word: str, case: object, before: str, after: str) -> None:
    written = before + case(word).replace(" ", " " + before) + after  # type: ignore[operator]
    assert OFSTED.match(written).grade == OFSTED.match(word).grade
    assert OFSTED.match(written).rule != "unknown"


@given(st.text(min_size=1, max_size=30))
def test_a_word_that_is_on_no_list_is_unknown(text: str) -> None:
    known = {fold_label(word) for word in WORDS} | {""}
    assert (OFSTED.match(text).rule == "unknown") == (fold_label(text) not in known)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"good": ["Great"]}, "good names 'Great'"),
        ({"labels": {"Great": ["G"]}}, "labels names 'Great'"),
        ({"inadequate": ["Good"]}, "cannot be both good and inadequate"),
        ({"labels": {"Good": ["RI"], "Inadequate": ["ri."]}}, "means both 'Good' and 'Inadequate'"),
        ({"not_graded": ["good"]}, "means both 'Good' and ''"),
        ({"grades": ["Good", "Good", "Inadequate"]}, "lists 'Good' twice"),
        ({"grades": ["good", "Inadequate"], "good": ["good"]}, "cannot be called 'good' in small letters"),
        ({"grades": ["Good"], "good": ["Good"], "inadequate": []}, "at least two grades"),
    ],
)
def test_a_scale_that_contradicts_itself_is_refused(change: dict[str, object], message: str) -> None:
    scale = {"grades": OFSTED.grades, "good": ["Good"], "inadequate": ["Inadequate"]} | change
    with pytest.raises(ValidationError, match=message):
        GradeScale(**scale)


def test_a_refused_word_is_answered_with_every_grade_there_is() -> None:
    with pytest.raises(
        ValidationError,
        match="write one of: 'Outstanding', 'Good', 'Requires improvement', 'Inadequate'",
    ):
        GradeScale(grades=OFSTED.grades, good=["Great"], inadequate=["Inadequate"])


@pytest.mark.parametrize("key", ["grades", "good", "inadequate"])
def test_a_scale_must_say_its_grades_and_both_tails(key: str) -> None:
    scale = {"grades": OFSTED.grades, "good": ["Good"], "inadequate": ["Inadequate"]}
    with pytest.raises(ValidationError, match=f"{key}\n  Field required"):
        GradeScale(**{name: value for name, value in scale.items() if name != key})


def test_a_scale_has_no_keys_of_its_own_and_stays_as_it_was_read() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        GradeScale(grades=["Good", "Poor"], good=["Good"], inadequate=["Poor"], not_grade=["N/A"])
    with pytest.raises(ValidationError, match="frozen"):
        OFSTED.good = ("Good",)  # type: ignore[misc]


def test_the_tails_are_the_two_ends_of_the_scale() -> None:
    assert OFSTED.tails == {"good": ("Outstanding", "Good"), "inadequate": ("Inadequate",)}
    with pytest.raises(ValidationError, match="cannot be called 'inadequate' in small letters"):
        GradeScale(grades=["Good", "inadequate"], good=["Good"], inadequate=["inadequate"])


@pytest.mark.parametrize(
    ("label", "several"),
    [
        ("Good\nRI", True),
        ("GOOD OR INADEQUATE", True),
        *[
            (f"Good{between}RI", True)
            for between in ("/", ", ", "; ", " & ", "+", " | ", "\\", " - ", " – ", " and ", " or ", " to ", "->", ">")
        ],
        ("Good/Outstanding/Inadequate", True),
        ("Good", False),  # one grade alone
        ("/Good/", False),
        ("Good-RI", False),  # a hyphen within a word joins no grades
        ("Goodandri", False),
        ("Good / lovely", False),
        ("lovely / Good", False),
        ("Good, Not judged", False),  # what is no grade is none beside one either
        ("", False),
    ],
)
def test_several_grades_in_one_cell_are_told_from_one(label: str, several: bool) -> None:
    assert OFSTED.names_several(label) is several
