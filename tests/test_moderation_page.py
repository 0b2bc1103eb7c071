"""The page of moderation: what it says of agreement, what it asks to look at, and what it keeps to itself."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import SMALL_FRAMEWORK, WIDE_HEADER, read_table, write_rows
from test_moderation_measures import audits

from auditanalytics.reporting.moderation import (
    show_agreement,
    show_agreement_by_quarter,
    show_grade_pairs,
    show_grades_of_record,
)
from auditanalytics.reporting.second_looks import (
    close_moderation_page,
    show_auditors,
    show_consistency_flags,
    show_spot_checks,
)
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.sharing import prepare_for_sharing

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

Read = Callable[..., AuditReturns]

PARTS = (
    *(show_agreement, show_agreement_by_quarter, show_grade_pairs, show_grades_of_record),
    *(show_spot_checks, show_consistency_flags, show_auditors),
)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_the_lead_says_how_often_the_grade_was_the_same_of_how_many_and_which_way_the_others_went(
    example: AuditReturns,
) -> None:
    said = show_agreement(example, quarter="2019-Q4").text
    assert said.startswith(
        "In 152 of 180 judgements (84%) on 12 audits up to December 2019, the moderator gave the grade that the auditor "
        "had given; of the others 14 moved up and 14 down. It rests on 12 audits chosen in a way that was not recorded, "
        "so that they may not stand for the rest."
    )
    assert "It does not say that the first was right" in said


def test_a_coefficient_stands_beside_the_other_with_its_interval(example: AuditReturns) -> None:
    shown = words(show_agreement(example, quarter="2019-Q4").html)
    assert "All domains together 0.82 (0.40 to 0.95) 0.88 (0.50 to 0.97) 0.95 (0.63 to 0.99)" in shown


def test_below_ten_audits_there_are_counts_and_no_chart(example: AuditReturns) -> None:
    shown = show_agreement(example, quarter="2019-Q2")
    assert shown.text.startswith("In 74 of 90 judgements on 6 audits up to June 2019")
    assert "%" not in words(shown.html).split("Percentages only")[0].split("Audits Same grade")[1]
    assert "<figure>" not in shown.html
    assert "Neither kappa nor AC2 is given: they need at least ten moderated audits" in words(shown.html)
    assert "Agreement beyond chance" not in shown.html


def test_what_the_picture_shows_is_told_in_words(example: AuditReturns) -> None:
    alternative = re.findall(r'alt="([^"]*)"', show_agreement(example, quarter="2019-Q4").html)[0]
    assert "Plans: the same grade in 83% of 24 judgements, 95% interval 58% to 95%; the same or the next in 100%." in (
        alternative
    )


def test_the_square_table_keeps_grades_that_nobody_received(example: AuditReturns) -> None:
    shown = words(show_grade_pairs(example, quarter="2019-Q4").html)
    assert "Outstanding 4 0 0 0 Good 0 43 5 0 Requires improvement 0 5 57 9 Inadequate 0 0 9 48" in shown
    assert "Outstanding 0 0 0 0 Good 0 2 0 0 Requires improvement 0 0 4 1 Inadequate 0 0 0 5" in shown


def test_where_both_grades_give_other_numbers_both_are_shown(read_small: Read) -> None:
    returns = read_small(audits([("Good", "RI"), ("Good", "Good"), ("RI", "Inadequate")]))
    shown = words(show_grades_of_record(returns, quarter="2025-Q2").html)
    assert "Plans Good or better 2 of 3 1 of 3 Plans Inadequate 0 of 3 1 of 3" in shown


def test_where_nothing_was_moderated_the_page_says_so(read_small: Read) -> None:
    returns = read_small([WIDE_HEADER, ["A1", "01/04/2025", "North", "Good", "RI", "Inadequate"]])
    assert show_agreement(returns, quarter="latest").text == (
        "No audit up to June 2025 was moderated, so nothing here says how alike audits are graded."
    )
    assert show_grade_pairs(returns, quarter="latest").text.startswith("There is no moderated audit")
    assert show_auditors(returns, quarter="latest").text == (
        "No audit names its auditor, so nothing can be said of auditors."
    )


def test_where_only_overall_judgements_were_moderated_the_page_is_made_all_the_same(example: AuditReturns) -> None:
    graded = example.judgements["moderated_grade"].where(example.judgements["domain"] == "overall")
    returns = replace(example, judgements=example.judgements.assign(moderated_grade=graded))
    for show in PARTS:
        assert show(returns, quarter="2019-Q4").text
    assert show_agreement(returns, quarter="2019-Q4").text.startswith("In 11 of 12 judgements (92%) on 12 audits")


def test_every_audit_that_the_finding_names_is_among_those_it_rests_on(read_small: Read) -> None:
    returns = read_small(audits([("Good", "Good")] * 10 + [("N/A", "Good")]))
    assert "on 10 audits up to June 2025" in show_agreement(returns, quarter="latest").text
    assert (
        "It rests on 10 audits chosen in a way that was not recorded" in show_agreement(returns, quarter="latest").text
    )


def test_a_domain_of_fewer_than_ten_audits_is_in_no_chart(example: AuditReturns) -> None:
    audits_of_risk = example.judgements["audit_id"].isin(example.audits["audit_id"].iloc[:48])
    graded = example.judgements["moderated_grade"].where(audits_of_risk | (example.judgements["domain"] != "risk"))
    returns = replace(example, judgements=example.judgements.assign(moderated_grade=graded))
    shown = show_agreement(returns, quarter="2019-Q4").html
    assert "Identification and response to risk" not in re.findall(r'alt="([^"]*)"', shown)[0]
    assert re.search(r"Identification and response to risk 6 \d+ of 12 12 of 12 Assessments 12", words(shown))


def test_judgements_on_which_moderators_differ_are_said_to_be_left_out(read_small: Read) -> None:
    read_small(audits([("Good", "")] * 3), name="a.csv")
    table = [["Audit", "Category", "Moderated grade", "Moderator"]]
    table += [["A1", "Plan", "Good", "Mo"], ["A2", "Plan", "Good", "Mo"], ["A2", "Plan", "RI", "Jo"]]
    said = show_agreement(read_small(table, name="moderated.csv"), quarter="latest").text
    assert "In 1 of 1 judgements on 1 audit" in said
    assert "Not counted: 1 judgement on which moderators differ and nobody wrote down what they agreed on." in said


def test_where_all_were_moderated_for_a_reason_it_is_not_said_that_nobody_moderated(read_small: Read) -> None:
    read_small(audits([("Good", "")] * 3), name="a.csv")
    table = [["Audit", "Category", "Moderated grade", "Stratum"], ["A1", "Plan", "Good", "certainty"]]
    returns = read_small(table, name="moderated.csv")
    assert show_agreement(returns, quarter="latest").text.startswith("1 audit up to June 2025 was moderated, but none")
    assert show_grade_pairs(returns, quarter="latest").text.startswith("There is no moderated audit from which")


class TestADrawThatWasRecorded:
    """Twelve audits, ten moderated: eight drawn at random and two looked at for a reason."""

    @pytest.fixture
    def returns(self, read_small: Read) -> AuditReturns:
        rows = audits([("Good", "")] * 12)
        read_small(rows, name="a.csv")
        table = [["Audit", "Category", "Moderated grade", "Moderator", "Stratum", "Probability", "Blind"]]
        table += [[f"A{at}", "Plan", "Good", "Mo", "random", "0.8", "yes"] for at in range(1, 9)]
        table += [[f"A{at}", "Plan", "RI", "Mo", "certainty", "1", "no"] for at in (9, 10)]
        return read_small(table, name="moderated.csv")

    def test_agreement_rests_on_the_random_ones_and_says_what_the_whole_would_be(self, returns: AuditReturns) -> None:
        said = show_agreement(returns, quarter="latest").text
        assert "In 8 of 8 judgements on 8 audits up to June 2025" in said
        assert "It rests on 8 audits drawn at random. Another 2 were looked at for a reason and are not counted" in said
        assert "The moderators did not see the auditors' grades." in said
        assert "agreement is about 83% an audit (95% interval 75% to 83%)" in said  # 8 / 0.8 of 12
        assert "estimated from 10 audits, 8 of them drawn at random" in said

    def test_once_some_drawn_at_random_are_back_the_page_draws_no_others(self, returns: AuditReturns) -> None:
        shown = show_spot_checks(returns, quarter="latest")
        assert shown.text.startswith(
            "0 audits not moderated yet have a reason to look. Those of this quarter to be looked at by lot were drawn "
            "before; their workbook says which are left. Not to be drawn: 10 moderated already."
        )
        assert "<table>" not in shown.html


def test_a_challenge_is_told_with_its_outcome(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("challenged")
    framework = folder / "small.toml"
    more = 'team = ["Team"]\nchallenge = ["Challenged"]\nchallenge_outcome = ["Outcome"]'
    framework.write_text(SMALL_FRAMEWORK.replace('team = ["Team"]', more), encoding="utf-8")
    header = [*WIDE_HEADER, "Challenged", "Outcome"]
    rows = [
        [f"A{at}", "01/04/2025", "North", "Good", "RI", "RI", *challenge]
        for at, challenge in enumerate([("Yes", "Changed"), ("By Kezia's manager", "Stands"), ("No", ""), ("Yes", "?")])
    ]
    returns = read_returns(write_rows(folder / "a.csv", [header, *rows]), framework=framework)
    said = show_grades_of_record(returns, quarter="latest").text
    assert (
        "The grades of 3 audits were challenged: 1 changed the grade, 1 left the grade as it was and 1 has no" in said
    )
    assert "the grades were challenged" in words(show_spot_checks(returns, quarter="latest").html).lower()
    assert "Kezia" not in show_spot_checks(returns, quarter="latest").html


def test_nothing_of_it_is_in_a_report_for_sharing(example: AuditReturns) -> None:
    shared = prepare_for_sharing(example, through="2019-Q4")
    for show in PARTS:
        assert show(shared, quarter="2019-Q4").text == (
            "Moderation speaks of single audits and is not part of a report for sharing."
        )


def test_the_page_ends_with_what_nobody_may_conclude_and_the_proof(example: AuditReturns) -> None:
    closed = close_moderation_page(example, run="run-1")
    assert closed.proof == {"run": "run-1", "audits": 96, "judgements": len(example.judgements)}
    assert "who audits the harder cases grades lower, too" in closed.text


def test_auditors_are_pseudonyms_in_an_order_that_is_no_ranking(example: AuditReturns) -> None:
    shown = words(show_auditors(example, quarter="2019-Q4").html)
    assert "Of 13 auditors there is not enough to say." in shown
    assert "it is no ranking" in shown
    assert "Cases are seldom given out by lot" in shown


@pytest.mark.slow
def test_the_page_of_a_report_lists_the_audits_that_its_table_holds(example_report: Path) -> None:
    page = (example_report / "moderation.html").read_text(encoding="utf-8")
    shown = page.split("To look at again, October to December 2019")[2].split("</table>")[0]
    drawn = [row["audit"] for row in read_table(example_report, "spot-check")]
    assert len(drawn) == 8
    assert re.findall(r"audit-[a-z2-7]{12}", shown) == drawn
