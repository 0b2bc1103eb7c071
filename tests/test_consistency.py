import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT, SHARED
from consistent_returns import FIFTEEN, GRADES, SCALE, SHAPES, Shape, framework_text, write_clean
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from auditanalytics.consistency import FLAGS, ask_for_flags
from auditanalytics.consistency.boxes import count_words
from auditanalytics.consistency.chance import chance_of_as_many, chance_of_grades
from auditanalytics.consistency.likeness import NEARLY_SAME, WORDS_OF_A_RUN, fold_text, nearly_same
from auditanalytics.consistency.named_grades import named_grades
from auditanalytics.consistency.reference import flag_reference
from auditanalytics.grades import GradeScale
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.settings_reference import END, START

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

O, G, RI, I = "Outstanding", "Good", "Requires improvement", "Inadequate"  # noqa: E741

OFSTED = GradeScale(
    grades=GRADES,
    good=GRADES[:2],
    inadequate=GRADES[3:],
    labels={"Requires improvement": ("RI", "Requires improvement to be good")},
)

SCCIF = (
    'name = "Inspections of homes"\n'
    + SCALE
    + """
[columns]
audit_id = ["Event"]
audited_on = ["Date"]
overall = ["Overall"]
[overall]
[[domains]]
id = "experiences"
title = "Overall experiences and progress of children and young people"
categories = [{ id = "progress", headers = ["Progress"] }]
[[domains]]
id = "helped"
title = "How well children and young people are helped and protected"
categories = [{ id = "helped-well", headers = ["Helped"] }]
[[domains]]
id = "leaders"
title = "The effectiveness of leaders and managers"
categories = [{ id = "leading", headers = ["Leaders"] }]
"""
)


def tables_of(returns: AuditReturns) -> dict[str, pd.DataFrame]:
    every = {field.name: getattr(returns, field.name) for field in fields(returns)}
    return {name: table for name, table in every.items() if isinstance(table, pd.DataFrame)}


def asked(returns: AuditReturns) -> tuple[pd.DataFrame, dict[str, str]]:
    return ask_for_flags(tables_of(returns), returns.framework)


def rows_flagged(returns: AuditReturns, flag: str) -> list[tuple[int, str]]:
    """Row in the file, from 2 on, and subject of every flag of a kind."""
    flags = asked(returns)[0]
    row_of = dict(zip(returns.audits["audit_id"], returns.audits["row"], strict=True))
    kept = flags[flags["flag"] == flag]
    return [
        (int(row_of[audit]), "" if pd.isna(of) else of)
        for audit, of in zip(kept["audit"], kept["subject"], strict=True)
    ]


Read = Callable[..., AuditReturns]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read rows, by header, with a framework, through the real reading."""

    def read(framework: str, rows: Sequence[dict[str, str]]) -> AuditReturns:
        (tmp_path / "own.toml").write_text(framework, encoding="utf-8")
        (tmp_path / "in").mkdir(exist_ok=True)
        with (tmp_path / "in" / "returns.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)), restval="")
            writer.writeheader()
            writer.writerows(rows)
        return read_returns(tmp_path / "in", framework=tmp_path / "own.toml")

    return read


def inspections(*grades: tuple[str, str, str, str]) -> list[dict[str, str]]:
    """Overall, progress, helped and protected, leaders."""
    names = ("Overall", "Progress", "Helped", "Leaders")
    return [
        {"Event": f"E{at}", "Date": "06/07/2022"} | dict(zip(names, each, strict=True))
        for at, each in enumerate(grades)
    ]


def audits(grades: Sequence[Sequence[str]], *, domains: dict[str, int] = FIFTEEN, **cells: str) -> list[dict[str, str]]:
    """Audits with the given grades, the overall first, and an own full comment in both boxes of every domain."""
    names = [f"Part {at}.{each}" for at, number in enumerate(domains.values()) for each in range(number)]
    rows = []
    for number, each in enumerate(grades):
        row = {"Ref": f"A{number}", "Date": "05/11/2025", "Auditor": f"Auditor {number % 7}", "Team": "North"}
        row |= {"Overall": each[0]} | dict(zip(names, each[1:], strict=True))
        for at in range(len(domains)):
            own = [f"word{number}x{at}x{place}" for place in range(24)]
            row |= {f"Well {at}": " ".join(own[:12]), f"Worry {at}": " ".join(own[12:])}
        rows.append(row | cells)
    return rows


def mixed(
    number: int, seed: int = 5, shares: Sequence[float] = (2, 31, 43, 24), categories: int = 15
) -> list[list[str]]:
    """The grades of audits that agree within themselves about as much as real ones."""
    chance = random.Random(seed)
    made = []
    for _ in range(number):
        level = chance.choice([0, 0, 1, 2])
        weights = [share * (2.5 if abs(at - 1 - level) < 1 else 1) for at, share in enumerate(shares)]
        own = chance.choices(GRADES, weights, k=categories)
        made.append([sorted(own, key=GRADES.index)[categories // 2], *own])
    return made


# The overall grade and what makes it up.


def test_the_two_true_exceptions_to_the_limiting_judgement_are_found(read: Read) -> None:
    """An Outstanding and a Good home whose children were not protected: of thousands of inspections the only ones."""
    returns = read(
        SCCIF,
        inspections(
            (O, O, I, G),
            (G, G, I, G),
            (I, I, I, I),
            (RI, G, I, RI),
            (G, G, RI, RI),
            (G, I, G, G),
        ),
    )
    assert rows_flagged(returns, "limiting_judgement") == [(2, "helped"), (3, "helped")]
    reason = asked(returns)[0].query("flag == 'limiting_judgement'")["reason"].iloc[0]
    assert reason == (
        "overall Outstanding, while How well children and young people are helped and protected is Inadequate"
    )


def test_inadequate_leaders_limit_a_good_whole_too(read: Read) -> None:
    returns = read(SCCIF, inspections((G, G, G, I), (RI, G, G, I), (G, G, G, "N/A")))
    assert rows_flagged(returns, "limiting_judgement") == [(2, "leaders")]


def test_a_domain_of_several_categories_limits_where_most_of_its_graded_ones_are_inadequate(read: Read) -> None:
    two = {"Risk": 2, "Safety of the home": 4, "Plans": 1}
    rows = [
        [G, I, I, G, G, G, G, G],
        [G, I, G, G, G, G, G, G],
        [G, I, "N/A", G, G, G, G, G],
        [G, G, G, I, I, G, G, G],
        [G, G, G, I, I, I, G, G],
        [G, G, G, G, G, G, G, I],
    ]
    returns = read(framework_text(two), audits(rows, domains=two))
    assert rows_flagged(returns, "limiting_judgement") == [(2, "d0"), (4, "d0"), (6, "d1")]
    assert "3 of 4 categories of Safety of the home are Inadequate" in asked(returns)[0]["reason"].to_list()[-1]


def test_a_category_about_oversight_limits_outside_a_limiting_domain(read: Read) -> None:
    text = framework_text({"Reviews": 3}).replace(
        'title = "Part 0.2"', 'title = "Part 0.2", headers = ["Management oversight"]'
    )
    text = text.replace('title = "Part 0.2"', 'title = "Decision making and management oversight"')
    rows = [
        row | {"Management oversight": row.pop("Part 0.2")}
        for row in audits([[G, G, G, I], [G, G, I, G]], domains={"Reviews": 3})
    ]
    assert rows_flagged(read(text, rows), "limiting_judgement") == [(2, "d0-c2")]


def test_whole_words_name_what_limits_and_no_parts_of_others(read: Read) -> None:
    other = {"Asterisk and leadership-like unprotectedness": 1, "Brisk overseers": 1}
    rows = audits([[G, I, G], [G, G, I]], domains={"x": 1, "y": 1})
    returns = read(framework_text(other).replace("leadership-like", "misleading"), rows)
    assert "limiting_judgement" in asked(returns)[1]
    assert rows_flagged(returns, "limiting_judgement") == []


def test_the_framework_can_name_what_limits(read: Read) -> None:
    text = framework_text({"Risk": 1, "Plans": 2}) + '[moderation]\nlimiting = ["d1-c1"]\n'
    returns = read(text, audits([[G, I, G, G], [G, G, G, I]], domains={"Risk": 1, "Plans": 2}))
    assert rows_flagged(returns, "limiting_judgement") == [(3, "d1-c1")]


def test_an_overall_grade_beyond_its_parts_is_found_and_one_at_their_end_is_not(read: Read) -> None:
    returns = read(
        SCCIF, inspections((O, G, RI, G), (I, RI, G, RI), (G, G, RI, RI), (RI, G, G, RI), (RI, G, "N/A", "N/A"))
    )
    assert rows_flagged(returns, "overall_outside_range") == [(2, "overall"), (3, "overall")]
    reasons = asked(returns)[0].query("flag == 'overall_outside_range'")["reason"].tolist()
    assert reasons[0] == "overall Outstanding, while the best of its 3 other grades is Good"
    assert reasons[1] == "overall Inadequate, while the worst of its 3 other grades is Requires improvement"


def test_an_overall_grade_two_steps_from_the_middle_is_found(read: Read) -> None:
    returns = read(SCCIF, inspections((I, I, G, G), (O, O, RI, I), (RI, I, G, G), (I, I, RI, G), (O, RI, "N/A", G)))
    assert rows_flagged(returns, "overall_far_from_median") == [(2, "overall"), (3, "overall")]


def test_between_two_middle_grades_an_overall_is_far_from_neither(read: Read) -> None:
    returns = read(
        framework_text({"Plans": 4}),
        audits([[RI, O, O, I, I], [I, O, G, RI, I], [I, O, G, G, I]], domains={"Plans": 4}),
    )
    assert rows_flagged(returns, "overall_far_from_median") == [(4, "overall")]


def test_grades_on_another_scale_are_no_parts_of_the_overall_grade(read: Read) -> None:
    text = SCCIF.replace(
        "[columns]",
        '[scales.answers]\ngrades = ["Yes", "In part", "No"]\ngood = ["Yes"]\ninadequate = ["No"]\n[columns]',
    )
    text = text.replace("[overall]", '[overall]\nscale = "ofsted"')
    for name in ("experiences", "helped", "leaders"):
        text = text.replace(f'id = "{name}"', f'id = "{name}"\nscale = "answers"')
    returns = read(text, inspections((I, "Yes", "Yes", "Yes"), (G, "Yes", "No", "Yes")))
    flags, unasked = asked(returns)
    assert unasked["overall_outside_range"] == "no audit has 2 graded categories on the scale of its overall grade"
    assert set(flags["flag"]) == {"limiting_judgement"}


# The grades as a whole.


def test_one_grade_throughout_is_found_where_it_is_rare(read: Read) -> None:
    planted = [[G] * 16, [RI, *[RI] * 14, G], [G, *[G] * 12, RI, RI, RI]]
    returns = read(framework_text(FIFTEEN), audits(planted + mixed(60)))
    assert rows_flagged(returns, "one_grade") == [(2, ""), (3, "")]
    assert asked(returns)[0]["reason"].iloc[0] == "15 of 15 categories are Good"


def test_nearly_all_inadequate_is_found_from_four_fifths_on(read: Read) -> None:
    planted = [[I, *[I] * 12, RI, RI, RI], [I, *[I] * 11, RI, RI, RI, RI], [I, *[I] * 7, G, *["N/A"] * 7]]
    returns = read(framework_text(FIFTEEN), audits(planted + mixed(60, shares=(4, 45, 45, 6))))
    assert rows_flagged(returns, "one_grade") == [(2, ""), (4, "")]


@pytest.mark.parametrize("grade", [RI, G, I])
def test_the_grade_that_nearly_everything_has_is_no_sign_and_another_is(grade: str, read: Read) -> None:
    chance = random.Random(3)
    other = G if grade != G else RI
    rows = [[grade, *chance.choices([grade, other], [9, 1], k=15)] for _ in range(40)] + [[grade] * 16] * 5
    returns = read(framework_text(FIFTEEN), audits([[other] * 16, *rows]))
    assert rows_flagged(returns, "one_grade") == [(2, "")]


def test_fewer_than_eight_graded_categories_are_not_asked_about(read: Read) -> None:
    five = dict.fromkeys(FIFTEEN, 1)
    returns = read(framework_text(five), audits([[O] * 6, *mixed(30, categories=5)], domains=five))
    flags, unasked = asked(returns)
    assert not set(flags["flag"]) & {"one_grade", "unlike_the_rest"}
    assert unasked["one_grade"] == "no audit has 8 graded categories on one scale"
    assert unasked["unlike_the_rest"] == "fewer than 20 audits have 8 graded categories"


def test_grades_far_from_those_of_the_rest_are_found(read: Read) -> None:
    near = [[RI, *([RI] * 11 + [G, G, I, I])[at % 15 :], *([RI] * 11 + [G, G, I, I])[: at % 15]] for at in range(40)]
    far = [O, *[O] * 8, *[G] * 5, RI, I]
    steps_of_half = [RI, *[G] * 7, *[RI] * 8]
    returns = read(framework_text(FIFTEEN), audits([far, steps_of_half, *near]))
    assert rows_flagged(returns, "unlike_the_rest") == [(2, "")]
    assert "15 grades lie 1.5 steps" in asked(returns)[0].query("flag == 'unlike_the_rest'")["reason"].iloc[0]


def test_nineteen_audits_are_too_few_to_be_unlike(read: Read) -> None:
    returns = read(framework_text(FIFTEEN), audits([[O] * 16, *[[RI] * 16] * 18]))
    assert "unlike_the_rest" in asked(returns)[1]


def test_the_chance_of_many_alike_is_binomial_without_clustering_and_greater_with_it() -> None:
    shares = np.array([0.02, 0.31, 0.43, 0.24])
    alone = chance_of_as_many(chance_of_grades(shares, 0.0), 12, 15)
    assert alone == pytest.approx(binom.sf(11, 15, shares), rel=1e-6)
    assert (chance_of_as_many(chance_of_grades(shares, 0.4), 12, 15) > alone).all()


def test_the_chances_of_clustered_grades_are_those_of_simulated_audits() -> None:
    shares, chance = np.array([0.02, 0.31, 0.43, 0.24]), np.random.default_rng(7)
    levels = chance.normal(size=(40_000, 1)) * 0.4**0.5 + chance.normal(size=(40_000, 15)) * 0.6**0.5
    cuts = np.quantile(levels, np.cumsum(shares)[:3])
    counts = (np.digitize(levels, cuts)[:, :, None] == np.arange(4)).sum(axis=1)
    expected = chance_of_as_many(chance_of_grades(shares, 0.4), 10, 15)
    assert (counts >= 10).mean(axis=0) == pytest.approx(expected, abs=0.006)


# Comments that are not there.

TWO = {"Plans": 2, "Reviews": 1}
PLAIN = [[G, G, RI, G]] * 8


@pytest.mark.parametrize(
    "placeholder", ["", "-", "n/a", "None.", "TBC", "See above", "as above.", "Nil", "see comments above"]
)
def test_a_graded_domain_without_words_is_found(placeholder: str, read: Read) -> None:
    rows = audits(PLAIN, domains=TWO)
    rows[3] |= {"Well 1": placeholder, "Worry 1": placeholder}
    rows[4] |= {"Well 1": placeholder}
    returns = read(framework_text(TWO), rows)
    assert rows_flagged(returns, "no_comment") == [(5, "d1")]
    assert asked(returns)[0]["reason"].tolist() == ["no word in the comment boxes of Reviews"]


def test_a_domain_that_is_not_graded_needs_no_comment(read: Read) -> None:
    rows = audits([*PLAIN, [G, G, RI, "N/A"]], domains=TWO)
    rows[-1] |= {"Well 1": "", "Worry 1": ""}
    assert asked(read(framework_text(TWO), rows))[0].empty


def test_an_audit_without_a_word_is_told_once(read: Read) -> None:
    rows = audits(PLAIN, domains=TWO)
    rows[0] |= {name: "n/a" for name in rows[0] if name.startswith("W")}
    assert rows_flagged(read(framework_text(TWO), rows), "no_comment") == [(2, "")]


def test_four_words_for_a_domain_are_hardly_any_and_five_are_enough(read: Read) -> None:
    rows = audits(PLAIN, domains=TWO)
    rows[1] |= {"Well 0": "Plan SMART.", "Worry 0": "Dates missing."}
    rows[2] |= {"Well 0": "Plan SMART.", "Worry 0": "Three dates missing."}
    returns = read(framework_text(TWO), rows)
    assert rows_flagged(returns, "thin_comment") == [(3, "d0")]
    assert asked(returns)[0]["reason"].tolist() == ["4 words in the comment boxes of Plans"]


def test_boxes_for_the_whole_audit_are_asked_of_the_whole_audit(read: Read) -> None:
    texts = [
        ("", ""),
        ("Plan is SMART and reviewed", "Voice of the child"),
        ("Plan is SMART and reviewed", "Voice of the child missing"),
    ]
    rows = [
        row | {"Well": well, "Worry": worry}
        for row, (well, worry) in zip(audits(PLAIN[:3], domains=TWO), texts, strict=True)
    ]
    rows = [
        {name: text for name, text in row.items() if name[-1:] not in "01" or name.startswith("Part")} for row in rows
    ]
    returns = read(framework_text(TWO, whole=True), rows)
    assert rows_flagged(returns, "no_comment") == [(2, "")]
    assert rows_flagged(returns, "thin_comment") == [(3, "")]


def test_a_return_without_comment_boxes_is_not_asked_for_comments(read: Read) -> None:
    rows = [
        {name: text for name, text in row.items() if not name.startswith("W")} for row in audits(PLAIN, domains=TWO)
    ]
    flags, unasked = asked(read(framework_text(TWO), rows))
    assert flags.empty
    assert {"no_comment", "thin_comment", "comment_contradicts_grade", "same_evidence"} <= unasked.keys()
    assert unasked["no_comment"] == "no return has a comment box"


def test_what_the_house_leaves_empty_is_no_sign_but_said_and_what_one_auditor_does_is(read: Read) -> None:
    rows = audits([[G, G, RI, G]] * 70, domains=TWO)
    for row in rows[:14]:  # two of each of seven auditors
        row |= {"Well 1": "", "Worry 1": ""}
    flags, unasked = asked(read(framework_text(TWO), rows))
    assert flags.empty
    assert unasked["no_comment"] == (
        "more than one audit in twenty, of several auditors, has a domain without words: so are these returns filled in"
    )
    for number, row in enumerate(rows):
        is_empty = number % 7 == 0  # ten audits of one auditor
        row |= {f"{box} 1": "" if is_empty else f"{box} {number} a b c d e f" for box in ("Well", "Worry")}
    returns = read(framework_text(TWO), rows)
    assert len(rows_flagged(returns, "no_comment")) == 10
    assert "no_comment" not in asked(returns)[1]


def test_where_the_form_demands_comments_empty_boxes_are_no_habit(read: Read) -> None:
    rows = audits([[G, G, RI, G]] * 70, domains=TWO)
    for row in rows[:14]:
        row |= {"Well 1": "", "Worry 1": ""}
    returns = read(framework_text(TWO) + "[checks]\ncomments_required = true\n", rows)
    assert len(rows_flagged(returns, "no_comment")) == 14


LONG = (
    framework_text(TWO, whole=True)
    .replace('audit_id = ["Ref"]', 'audit_id = ["Ref"]\ncategory = ["Area"]\ngrade = ["Grade"]\ncomment = ["Comment"]')
    .replace(
        "[overall]\n",
        '[[forms]]\nid = "f"\ntitle = "Form"\ncategories = ["d0-c0", "d0-c1", "d1-c0"]\nprefilled = { d1-c0 = "Good" }\n[overall]\n',
    )
    .replace('team = ["Team"]', 'team = ["Team"]\naudit_type = ["Form"]')
)


def long_rows(comments: Sequence[Sequence[str]], grades: Sequence[str] = (G, RI, RI, G)) -> list[dict[str, str]]:
    """A row for each of three categories and the overall judgement of every audit."""
    return [
        {
            "Ref": f"A{at}",
            "Date": "05/11/2025",
            "Auditor": "X",
            "Team": "N",
            "Form": "f",
            "Area": area,
            "Grade": grade,
            "Comment": text,
        }
        for at, each in enumerate(comments)
        for area, grade, text in zip(["Part 0.0", "Part 0.1", "Part 1.0", "Overall"], grades, each, strict=True)
    ]


def test_in_a_long_return_a_domain_has_the_comments_of_its_rows(read: Read) -> None:
    full = ["alpha beta gamma delta epsilon", "", "one two three four five", ""]
    own = [[f"{text} number {at}" if text else "" for text in full] for at in range(6)]
    own[2][2] = "See above"
    own[3] = ["the same words on each row of the whole audit here"] * 4
    returns = read(LONG, long_rows(own))
    assert rows_flagged(returns, "no_comment") == [(10, "d1")]
    assert rows_flagged(returns, "thin_comment") == []


def test_words_are_counted_without_placeholders() -> None:
    assert count_words("See above. The child’s plan isn't SMART; N/A") == 5
    assert count_words("- tbc\n- x") == 0


# Comments that say another thing than the grades.

NAMED = {
    "No plan was made and nobody noticed. This is inadequate.": {I},
    "Overall the domain was graded Good.": {G},
    "I have judged this as requires improvement because visits were late.": {RI},
    "Rated 'RI' due to drift.": {RI},
    "The judgement is Requires improvement to be good.": {RI},
    "Grade: Outstanding": {O},
    "This is a good judgement overall, with learning about voice.": {G},
    "This area requires improvement.": {RI},
    "The family live in inadequate housing and this is inadequate housing for four.": set(),
    "Parenting was judged good enough by the core group.": set(),
    "She has a good relationship with the worker, who showed good judgement.": set(),
    "A good judgement was made about contact.": set(),
    "Her professional judgement was good.": set(),
    "Visits are weekly and this is good.": set(),
    "Two actions are outstanding. One action is outstanding from May.": set(),
    "The nursery, rated good by Ofsted, sent a report.": set(),
    "It was graded inadequate at the last audit.": set(),
    "With dates in the plan this would be graded good.": set(),
    "The work is not yet graded good.": set(),
    "Recording requires improvement.": set(),
    "The characteristics of a good judgement are in place.": set(),
    "ri was mentioned; graded risky.": set(),
}


@pytest.mark.parametrize(("text", "grades"), NAMED.items())
def test_grades_are_named_by_the_phrases_of_grading_alone(text: str, grades: set[str]) -> None:
    assert named_grades(text, OFSTED) == grades


def test_a_cell_of_nothing_but_spaces_and_gradings_is_read_in_one_go() -> None:
    """Thirty thousand characters, as long as a cell can be, that a careless pattern would try in every division."""
    assert named_grades("grade" + " " * 30_000 + "is" + " graded overall" * 1_000 + "!", OFSTED) == set()


def contradicting(read: Read, grades: list[str], **boxes: str) -> list[str]:
    """The reasons for which the comments of the second of eight audits contradict its grades."""
    rows = audits([PLAIN[0], grades, *PLAIN[2:]], domains=TWO)
    rows[1] |= {name.replace("_", " "): text for name, text in boxes.items()}
    flags = asked(read(framework_text(TWO), rows))[0]
    return flags.loc[flags["flag"] == "comment_contradicts_grade", "reason"].tolist()


def test_a_comment_that_names_a_grade_which_nothing_in_the_domain_has_is_found(read: Read) -> None:
    text = "Nobody saw the plan and no review was held at all. This is inadequate."
    found = contradicting(read, [G, G, RI, G], Worry_0=text)
    assert found == ["a comment names Inadequate as the grade, which nothing in Plans has"]


def test_a_comment_that_names_a_grade_of_its_domain_or_of_the_whole_is_not(read: Read) -> None:
    assert contradicting(read, [G, G, I, G], Worry_0="Nobody saw the plan in spring. This is inadequate.") == []
    text = "Plans had dates and names beside each of the goals; overall graded Good."
    assert contradicting(read, [G, RI, RI, G], Worry_0=text) == []


def test_two_worries_and_no_strength_under_good_grades_are_found_and_one_is_not(read: Read) -> None:
    two = "The father was never asked about it. The younger child is not heard in any of it."
    assert contradicting(read, [G, G, O, G], Well_0="", Worry_0=two) == [
        "2 worries and no strength, while every grade of Plans is good"
    ]
    one = "The father was never asked about any of it"
    assert contradicting(read, [G, G, O, G], Well_0="", Worry_0=one) == []
    assert contradicting(read, [G, G, RI, G], Well_0="", Worry_0=two) == []
    assert contradicting(read, [G, G, O, G], Well_0="The mother signed each of the pages", Worry_0=two) == []


def test_strengths_and_no_worry_where_all_is_inadequate_are_found(read: Read) -> None:
    well = "The mother signed each of the pages and the goals have dates."
    assert contradicting(read, [I, I, I, RI], Well_0=well, Worry_0="") == [
        "strengths and no worry, while every grade of Plans is Inadequate"
    ]
    assert contradicting(read, [I, I, RI, RI], Well_0=well, Worry_0="") == []
    # A worry that stands in the other box is one all the same.
    assert contradicting(read, [I, I, I, RI], Well_0="There is no chronology on the file at all.", Worry_0="") == []


GRAVE = [
    "The baby remains at risk of significant harm and nobody acted for weeks.",
    "Home was unsafe throughout these five months.",
    "The children were left for weeks at risk.",
    "She has not been safeguarded in this placement.",
]
NOT_GRAVE = [
    "The plan says what to do if the home is unsafe.",
    "Before the move she was at risk of significant harm.",
    "The worker identified early that the home was unsafe.",
    "No child was at risk of significant harm in the end.",
    "There is no evidence of the father's views on the plan.",
    "The chronology has serious gaps and needs to be brought up to date.",
]


@pytest.mark.parametrize("text", GRAVE)
def test_a_grave_worry_under_good_grades_is_found(text: str, read: Read) -> None:
    assert contradicting(read, [G, G, O, G], Worry_0=text) == [
        "a worry about safety in grave words, while every grade of Plans is good"
    ]


@pytest.mark.parametrize("text", NOT_GRAVE)
def test_words_about_another_time_or_a_thing_recognised_are_not_grave(text: str, read: Read) -> None:
    assert contradicting(read, [G, G, O, G], Worry_0=text) == []


def test_a_grave_worry_is_none_where_the_grades_say_so_or_the_box_praises(read: Read) -> None:
    assert contradicting(read, [G, G, RI, G], Worry_0=GRAVE[0]) == []
    assert (
        contradicting(read, [G, G, O, G], Well_0="The baby was at risk of significant harm; all acted at once.") == []
    )


# Comments that stand elsewhere too.

SAID = "Minutes of the last core group went out to everybody who had attended it within five working days of it"


def copies(
    read: Read, said: dict[int, dict[str, str]], number: int = 12, auditors: Sequence[str] | None = None
) -> list[tuple]:
    rows = audits([[G, G, RI, G]] * number, domains=TWO)
    for at, boxes in said.items():
        rows[at] |= {name.replace("_", " "): text for name, text in boxes.items()}
    for at, auditor in enumerate(auditors or ()):
        rows[at]["Auditor"] = auditor
    returns = read(framework_text(TWO), rows)
    flags = asked(returns)[0].query("flag == 'same_evidence'")
    row_of = dict(zip(returns.audits["audit_id"], returns.audits["row"], strict=True))
    return [
        (row_of[audit] - 2, of, None if pd.isna(other) else row_of[other] - 2)
        for audit, of, other in flags[["audit", "subject", "other"]].itertuples(index=False)
    ]


def test_the_same_comment_in_two_audits_flags_both_and_each_names_the_other(read: Read) -> None:
    written = {1: {"Well_0": SAID}, 5: {"Worry_1": f"- {SAID.upper().replace(' ', '  ')}!"}}
    assert copies(read, written) == [(1, "d0", 5), (5, "d1", 1)]


def test_nearly_the_same_comment_is_found_and_one_with_two_words_changed_is_not(read: Read) -> None:
    assert copies(read, {1: {"Well_0": SAID}, 5: {"Well_0": f"The {SAID}"}}) == [(1, "d0", 5), (5, "d0", 1)]
    changed = SAID.replace("core group", "conference").replace("working", "calendar")
    assert copies(read, {1: {"Well_0": SAID}, 5: {"Well_0": changed}}) == []


def test_the_same_comment_in_two_sections_of_an_audit_is_found_and_in_two_boxes_of_one_is_not(read: Read) -> None:
    assert copies(read, {3: {"Well_0": SAID, "Well_1": SAID}}) == [(3, "d1", None)]
    assert copies(read, {3: {"Well_0": SAID, "Worry_0": SAID}}) == []


def test_fewer_than_eight_words_are_nobodys_evidence(read: Read) -> None:
    seven, eight = "The plan was reviewed by everybody involved", "The plan was reviewed in time by everybody"
    assert copies(read, {1: {"Well_0": seven}, 5: {"Well_0": seven}}) == []
    assert len(copies(read, {1: {"Well_0": eight}, 5: {"Well_0": eight}})) == 2


def test_what_three_auditors_write_is_a_phrase_of_the_house(read: Read) -> None:
    three = {at: {"Well_0": SAID} for at in (1, 2, 3)}
    assert copies(read, three) == []
    assert copies(read, three, auditors=["a", "b", "c", "b"]) == [(1, "d0", 2), (2, "d0", 1), (3, "d0", 1)]
    # Those of whom nothing is known count as one.
    assert len(copies(read, three, auditors=["a", "b", "", ""])) == 3


def test_without_any_auditor_each_audit_stands_for_one(read: Read) -> None:
    nobody = [""] * 12
    assert copies(read, {at: {"Well_0": SAID} for at in (1, 2, 3)}, auditors=nobody) == []
    assert len(copies(read, {at: {"Well_0": SAID} for at in (1, 2)}, auditors=nobody)) == 2


def test_where_sentences_come_from_a_bank_a_short_one_in_common_is_chance_and_a_long_one_is_not(tmp_path: Path) -> None:
    source, framework = write_clean(tmp_path / "bank", Shape(comments="pool of 5", audits=60), seed=3)
    with (source / "returns.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    short, long = " ".join(f"unique{at}" for at in range(12)), " ".join(f"own{at}" for at in range(25))
    for at, text in ((2, short), (8, short), (4, long), (9, long)):
        rows[at]["Well 0"] = text
    with (source / "returns.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    returns = read_returns(source, framework=framework)
    assert rows_flagged(returns, "same_evidence") == [(6, "d0"), (11, "d0")]
    assert "as from a bank of sentences" in asked(returns)[1]["same_evidence"]


@given(st.data())
def test_texts_are_put_together_exactly_where_every_pair_compared_would_put_them(data: st.DataObject) -> None:
    chance = random.Random(data.draw(st.integers(0, 10**6)))
    words = [f"w{at}" for at in range(30)]
    bases = [[chance.choice(words) for _ in range(chance.randint(5, 30))] for _ in range(5)]
    texts = set()
    for _ in range(30):
        text = list(chance.choice(bases))
        for _ in range(chance.randint(0, 3)):
            text.insert(chance.choice([0, len(text), chance.randrange(len(text))]), chance.choice(words))
        texts.add(" ".join(text))
    told = sorted(texts)
    runs = []
    for text in told:
        each = text.split()
        runs.append({tuple(each[at : at + WORDS_OF_A_RUN]) for at in range(max(len(each) - WORDS_OF_A_RUN + 1, 1))})
    group = list(range(len(told)))
    for one in range(len(told)):
        for other in range(one):
            if len(runs[one] & runs[other]) >= NEARLY_SAME * len(runs[one] | runs[other]):
                old, new = max(group[one], group[other]), min(group[one], group[other])
                group = [new if each == old else each for each in group]
    assert nearly_same(told) == group


def test_folding_a_text_keeps_its_words() -> None:
    assert fold_text("  The CHILD's plan,\n is S.M.A.R.T ") == "the child’s plan is s m a r t"


# What the reading already holds.


def test_two_grades_in_a_box_of_a_wide_return_are_told_of_their_audit_and_category(read: Read) -> None:
    rows = audits([PLAIN[0], [G, "Good/RI", RI, G], [G, "Goood", RI, G], ["Good / RI", G, RI, G]], domains=TWO)
    returns = read(framework_text(TWO), rows)
    assert rows_flagged(returns, "two_grades") == [(3, "d0-c0"), (5, "overall")]


def test_two_grades_that_a_moderator_wrote_are_none_of_the_auditor(read: Read) -> None:
    rows = audits([PLAIN[0]] * 3, domains=TWO)
    rows[1]["Part 0.0 (moderated)"] = "Good/RI"
    returns = read(framework_text(TWO), rows)
    assert "two_grades" in set(returns.problems["code"])
    assert rows_flagged(returns, "two_grades") == []


def test_a_prefilled_answer_is_told_of_its_audit_in_a_long_return(read: Read) -> None:
    texts = [[f"own words {at} {box} one two three" for box in range(4)] for at in range(4)]
    rows = long_rows(texts)
    rows[6]["Grade"] = G  # the third row of the second audit
    rows[9]["Grade"] = "Good/RI"
    returns = read(LONG, rows)
    assert rows_flagged(returns, "prefilled") == [(6, "")]
    assert rows_flagged(returns, "two_grades") == [(10, "")]


def test_rows_of_several_audits_among_each_other_are_not_guessed_at(read: Read) -> None:
    texts = [[f"own words {at} {box} one two three" for box in range(4)] for at in range(4)]
    rows = sorted(long_rows(texts), key=lambda row: row["Area"])
    rows[6]["Grade"] = "Good/RI"
    flags, unasked = asked(read(LONG, rows))
    assert "two_grades" not in set(flags["flag"])
    assert "among each other" in unasked["two_grades"]


def test_a_framework_without_prefilled_answers_or_returns_without_types_cannot_be_asked_for_them(read: Read) -> None:
    assert "comes with answers" in asked(read(framework_text(TWO), audits(PLAIN, domains=TWO)))[1]["prefilled"]
    rows = [{name: text for name, text in row.items() if name != "Form"} for row in long_rows([["a b c d e"] * 4] * 2)]
    assert asked(read(LONG, rows))[1]["prefilled"] == "no return has a column for audit_type"


def test_an_auditor_of_the_team_of_the_case_is_found(read: Read) -> None:
    text = framework_text(TWO).replace('team = ["Team"]', 'team = ["Team"]\nservice = ["Service"]')
    rows = audits([[G, G, RI, G]] * 6, domains=TWO)
    cells = [
        ("North", "A", " NORTH. "),
        ("North", "A", "South"),
        ("N/A", "A", "n/a"),
        ("", "CIC", "cic"),
        ("North", "A", ""),
        ("North East", "A", "North"),
    ]
    rows = [
        row | dict(zip(("Team", "Service", "Auditor team"), each, strict=True))
        for row, each in zip(rows, cells, strict=True)
    ]
    returns = read(text, rows)
    assert rows_flagged(returns, "own_team") == [(2, ""), (5, "")]
    reasons = asked(returns)[0].query("flag == 'own_team'")["reason"].tolist()
    assert reasons == ["the auditor's team is the team of the case", "the auditor's team is the service of the case"]
    allowed = read(text + "[allocation]\nown_team_allowed = true\n", rows)
    assert rows_flagged(allowed, "own_team") == []
    assert "allows" in asked(allowed)[1]["own_team"]


# All together.


def test_no_reason_repeats_what_an_auditor_wrote(read: Read) -> None:
    """Every comment, team and person has a word of its own that no title and no sentence of the flags has."""
    rows = audits([[G, G, O, I], [I, I, I, I], [O, RI, G, G], *PLAIN], domains=TWO)
    grave = "Zebulon was left unsafe. This is inadequate. The father Zebulon was never asked about it at all."
    for at in (0, 1):
        rows[at] |= {"Well 0": grave if at else "", "Worry 0": "" if at else grave, "Well 1": "", "Worry 1": "Zebulon."}
        rows[at] |= {"Team": "Zebulon", "Auditor team": "Zebulon", "Auditor": "Zebulon"}
    rows[2] |= {"Part 0.0": "Good/RI/Zebulon", "Part 0.1": "Good/RI"}
    text = framework_text({"Risk": 2, "Reviews": 1})
    returns = read(text, rows)
    flags, unasked = asked(returns)
    assert {"own_team", "same_evidence", "comment_contradicts_grade", "thin_comment", "two_grades"} <= set(
        flags["flag"]
    )
    assert "zebulon" not in f"{flags.to_csv()} {unasked}".casefold()


def test_flags_come_in_the_order_of_the_audits_and_are_those_there_are(example: AuditReturns) -> None:
    flags, unasked = ask_for_flags(tables_of(example), example.framework)
    order = example.audits.reset_index().set_index("audit_id")["index"]
    assert flags["audit"].map(order).is_monotonic_increasing
    assert set(flags["flag"]) | unasked.keys() <= FLAGS.keys()
    assert not flags.duplicated().any()
    assert all(
        flag.title[0].isupper() and not flag.title.endswith(".") and flag.look_at.endswith(".")
        for flag in FLAGS.values()
    )


def test_reading_asks_for_the_flags(example: AuditReturns) -> None:
    pd.testing.assert_frame_equal(example.flags, asked(example)[0])


def test_the_three_odd_audits_of_the_example_are_found_and_few_others(example: AuditReturns) -> None:
    """One nearly all Inadequate, one nearly all Good, one with several Outstanding: the first month's 1st, 4th and 7th."""
    flags, _ = asked(example)
    found = flags.groupby("audit")["flag"].agg(set)
    first_month = example.audits.loc[example.audits["file"] == "audit-returns-2019-01.xlsx", "audit_id"].tolist()
    assert found[first_month[0]] == {"one_grade"}
    assert found[first_month[3]] == {"one_grade"}
    assert found[first_month[6]] == {"unlike_the_rest"}
    assert len(found) == 6
    assert flags["flag"].value_counts().to_dict() == {"one_grade": 2, "unlike_the_rest": 2, "limiting_judgement": 2}


def test_audits_with_nothing_in_them_are_flagged_for_nothing(read: Read) -> None:
    rows = [
        {name: "" if name[:1] in "OPW" else text for name, text in row.items()} for row in audits(PLAIN, domains=TWO)
    ]
    flags, unasked = asked(read(framework_text(TWO), rows))
    assert flags.empty
    assert unasked.keys() == FLAGS.keys() - {"two_grades"}


def test_without_an_audit_no_flag_can_be_asked(example: AuditReturns) -> None:
    tables = tables_of(example)
    flags, unasked = ask_for_flags(tables | {"audits": tables["audits"].head(0)}, example.framework)
    assert flags.empty
    assert unasked == dict.fromkeys(FLAGS, "no audit was accepted")


def test_comments_of_placeholders_alone_say_nothing_else(read: Read) -> None:
    rows = [row | {name: "n/a" for name in row if name.startswith("W")} for row in audits(PLAIN[:4], domains=TWO)]
    flags, unasked = asked(read(framework_text(TWO), rows))
    assert flags["flag"].tolist() == ["no_comment"] * 4
    assert unasked["same_evidence"] == "no comment has 8 words"


def test_a_framework_without_an_overall_judgement_is_asked_for_the_rest(read: Read) -> None:
    text = framework_text(TWO).replace('[overall]\nscale = "ofsted"', "").replace('overall = ["Overall"]\n', "")
    rows = audits(PLAIN, domains=TWO)
    rows[3] |= {"Well 1": "", "Worry 1": ""}
    returns = read(text, rows)
    assert rows_flagged(returns, "no_comment") == [(5, "d1")]
    assert asked(returns)[1]["limiting_judgement"] == "no audit has an overall grade"


def test_the_tables_that_are_asked_are_left_as_they_were(example: AuditReturns) -> None:
    before = {name: table.copy() for name, table in tables_of(example).items()}
    ask_for_flags(tables_of(example), example.framework)
    for name, table in tables_of(example).items():
        pd.testing.assert_frame_equal(table, before[name])


MOST_FALSE_ALARMS = 0.10


@pytest.mark.parametrize("name", SHAPES)
def test_at_most_one_clean_audit_in_ten_is_flagged(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]._replace(audits=min(SHAPES[name].audits, 150))
    source, framework = write_clean(tmp_path / "clean", shape, seed=0)
    returns = read_returns(source, framework=framework)
    assert asked(returns)[0]["audit"].nunique() <= MOST_FALSE_ALARMS * shape.audits


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("name", SHAPES)
def test_over_several_seeds_at_most_one_clean_audit_in_ten_is_flagged(name: str, tmp_path: Path) -> None:
    flagged = read = 0
    for seed in (1, 2, 3):
        source, framework = write_clean(tmp_path / str(seed), SHAPES[name], seed=seed)
        returns = read_returns(source, framework=framework)
        flagged, read = flagged + asked(returns)[0]["audit"].nunique(), read + len(returns.audits)
    assert flagged <= MOST_FALSE_ALARMS * read


def test_real_inspections_are_not_flagged() -> None:
    """Of 478 inspections of authorities none is better or worse than its parts, or good with a failing part."""
    source = SHARED / "real" / "ofsted_la_inspections_long.csv"
    if not source.exists():
        pytest.skip("the published inspections are not here")
    returns = read_returns(source, framework=ROOT / "docs" / "examples" / "ofsted-inspections.toml")
    assert returns.judgements.query("domain == 'overall'")["grade"].notna().sum() == 478
    flags, unasked = asked(returns)
    assert flags.empty
    assert not unasked.keys() & {"overall_outside_range", "overall_far_from_median", "limiting_judgement"}


def test_the_documentation_of_the_signs_is_that_of_the_code() -> None:
    text = (ROOT / "docs" / "moderation.md").read_text(encoding="utf-8")
    assert text.split(START)[1].split(END)[0].strip() == flag_reference().strip(), "run: make dictionary"
