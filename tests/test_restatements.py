import pytest

from auditanalytics.changes import KINDS, Changes
from auditanalytics.frameworks import load_framework
from auditanalytics.reporting.restatements import describe_changes, restated_points
from auditanalytics.schema import CHANGES, MAPPING_CHANGES, RESTATED

FRAMEWORK = load_framework("south-gloucestershire")
WORD = ("ofsted", "RI", "Requires improvement", "Inadequate", 3)


def audits(*numbers: int) -> dict[str, object]:
    kinds = [kind for kind, number in zip(KINDS, numbers, strict=True) for _ in range(number)]
    return {"rows": CHANGES.build([(f"audit-{at}", "2019-Q3", kind, None, None, at) for at, kind in enumerate(kinds)])}


def figures(*rows: tuple[object, ...]) -> dict[str, object]:
    return {"restated": RESTATED.build(rows)}


PLANS = ("plans", "2019-Q3", "good", 7, 38, 8, 40)


@pytest.mark.parametrize(
    ("since", "given", "said"),
    [
        ("", {}, ["There is no earlier report under this framework to compare with."]),
        (
            "2019-Q3",
            {},
            [
                "Nothing changed since the report of July to September 2019: every audit of it is here as it was, and "
                "none of its quarters has a new one."
            ],
        ),
        (
            "2019-Q3",
            audits(2, 1, 1, 0),
            [
                "Since the report of July to September 2019, 2 late returns were added to quarters that had been "
                "reported, 1 audit was re-graded, 1 corrected and none withdrawn."
            ],
        ),
        (
            "2019-Q3",
            audits(1, 0, 0, 1200),
            [
                "Since the report of July to September 2019, 1 late return was added to a quarter that had been "
                "reported, no audit was re-graded, none corrected and 1,200 withdrawn."
            ],
        ),
        (
            "2019-Q3",
            audits(0, 3, 0, 0),
            [
                "Since the report of July to September 2019, no late return was added to quarters that had been "
                "reported, 3 audits were re-graded, none corrected and none withdrawn."
            ],
        ),
        (
            "2019-Q2",
            {"framework_changed": True, "mapping": MAPPING_CHANGES.build([WORD])},
            [
                "Since the report of April to June 2019, no audit came late, was re-graded, corrected or withdrawn.",
                "The framework file has changed since the last report, which by itself can re-grade audits.",
                "1 written word no longer means what it meant in the last report.",
            ],
        ),
        (
            "2019-Q2",
            {"codebook_changed": True, "mapping": MAPPING_CHANGES.build([WORD, WORD])},
            [
                "Since the report of April to June 2019, no audit came late, was re-graded, corrected or withdrawn.",
                "The codebook has changed since the last report, so that themes may be counted anew.",
                "2 written words no longer mean what they meant in the last report.",
            ],
        ),
    ],
)
def test_the_sentences(since: str, given: dict[str, object], said: list[str]) -> None:
    assert describe_changes(Changes(since, **given), FRAMEWORK) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([PLANS], "1 published figure is restated: a count of Good or better or of Inadequate."),
        (
            [("plans", "2019-Q3", "Good", 7, 38, 8, 40)],
            "1 published figure is restated: no count of Good or better or of Inadequate.",
        ),
        (
            [PLANS, ("plans", "2019-Q3", "Good", 7, 38, 8, 40)],
            "2 published figures are restated, among them 1 count of Good or better or of Inadequate.",
        ),
        (
            [("plans", "2019-Q3", "Good", 7, 38, 8, 40), ("plans", "2019-Q3", "Outstanding", 1, 38, 0, 40)],
            "2 published figures are restated, among them no count of Good or better or of Inadequate.",
        ),
    ],
)
def test_the_sentence_of_restated_figures(rows: list[tuple[object, ...]], said: str) -> None:
    assert describe_changes(Changes("2019-Q3", **figures(*rows)), FRAMEWORK)[1:] == [said]


def test_the_points_are_of_tails_with_the_last_quarter_first() -> None:
    changes = Changes(
        "2019-Q3",
        **figures(
            ("risk", "2019-Q2", "inadequate", 0, 1038, 2, 1040),
            ("plans", "2019-Q3", "Good", 7, 38, 8, 40),
            PLANS,
            ("overall", "2019-Q3", "inadequate", 3, 20, 3, 21),
        ),
    )
    assert restated_points(changes, FRAMEWORK) == [
        "Plans, July to September 2019, Good or better: 8 of 40, before 7 of 38",
        "Overall judgement, July to September 2019, Inadequate: 3 of 21, before 3 of 20",
        "Identification and response to risk, April to June 2019, Inadequate: 2 of 1,040, before 0 of 1,038",
    ]
