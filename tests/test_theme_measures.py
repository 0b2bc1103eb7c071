import random
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from themed_returns import FRAMEWORK, PLAIN, audit, write

from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.theme_measures import (
    count_themes,
    theme_changes,
    theme_contrasts,
    theme_coverage,
    themed_domains,
    themes_by_grade,
)

GRADES = ["Outstanding", "Good", "Requires improvement", "Inadequate"]


def read(tmp_path: Path, rows: list[list[str]], framework: str = FRAMEWORK) -> AuditReturns:
    folder = write(tmp_path, rows, framework=framework)
    return read_returns(folder / "in", framework=folder / "themed.toml")


def planted(seed: int) -> tuple[list[list[str]], list[tuple[str, str, str, str, str, str]]]:
    """Rows, and what was planted: audit, quarter, grade, domain, kind, theme."""
    chance = random.Random(seed)
    rows, truth = [], []
    for number in range(60):
        quarter, grade = chance.choice(["2019-Q3", "2019-Q4"]), chance.choice(GRADES)
        cells = {}
        for domain in ("Risk", "Plans"):
            for kind, box in (("worked_well", "well"), ("worried_about", "worry")):
                named = chance.sample(list(PLAIN), chance.randrange(3))
                said = [PLAIN[theme][kind == "worried_about"] for theme in named]
                if chance.random() < 0.2:
                    said.append("See above.")
                    named = [*named, "none"]
                cells[f"{domain}_{box}"] = " ".join(said)
                truth += [(number, quarter, grade, domain.lower(), kind, theme) for theme in named]
        rows.append(audit(number, quarter, grade, **cells))
    return rows, truth


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_corpus_comes_back_exactly(tmp_path: Path, seed: int) -> None:
    rows, truth = planted(seed)
    returns = read(tmp_path, rows)
    plain = pd.DataFrame(truth, columns=["audit", "quarter", "grade", "domain", "kind", "theme"])
    counts = count_themes(returns)
    cell = ["domain", "kind", "theme", "quarter"]
    wanted = plain.groupby(cell)["audit"].nunique().to_dict()
    base = plain.groupby(["domain", "quarter"])["audit"].nunique().to_dict()
    for row in counts.itertuples():
        assert row.audits == wanted.get((row.domain, row.kind, row.theme, row.quarter), 0), row
        assert row.n == row.audits
        assert row.of_audits == base.get((row.domain, row.quarter), 0)
        assert pd.isna(row.share) if not row.of_audits else row.share == row.audits / row.of_audits
    assert len(counts) == 2 * 3 * 17 * 2  # domains, kinds, themes with "none", quarters

    by_grade = themes_by_grade(returns)
    exact = plain.groupby([*cell, "grade"])["audit"].nunique().to_dict()
    for row in by_grade.itertuples():
        given = {GOOD_OR_BETTER: GRADES[:2], INADEQUATE: GRADES[3:], "any": GRADES}.get(row.grade, [row.grade])
        assert row.audits == sum(exact.get((row.domain, row.kind, row.theme, row.quarter, each), 0) for each in given)
        assert row.low <= row.share <= row.high if row.of_audits else pd.isna(row.low)

    coverage = theme_coverage(returns)
    said = Counter((domain, quarter) for _, quarter, _, domain, _, _ in truth)
    empty = Counter((domain, quarter) for _, quarter, _, domain, _, theme in truth if theme == "none")
    for row in coverage.itertuples():
        assert (row.statements, row.without_theme) == (said[row.domain, row.quarter], empty[row.domain, row.quarter])


def test_an_audit_counts_once_however_often_it_says_a_thing(tmp_path: Path) -> None:
    rows = [audit(1, Risk_worry="There is drift. There is more drift. And drift again."), audit(2, Risk_worry="So so")]
    counts = count_themes(read(tmp_path, rows))
    row = counts.query("domain == 'risk' and kind == 'worried_about' and theme == 'timeliness'").iloc[0]
    assert (row["n"], row["audits"], row["of_audits"], row["share"]) == (3, 1, 2, 0.5)


def test_an_audit_that_says_nothing_of_a_domain_is_not_one_without_worries(tmp_path: Path) -> None:
    rows = [audit(1, Risk_worry="There is drift."), audit(2), audit(3, Risk_well="Work was timely.")]
    counts = count_themes(read(tmp_path, rows))
    assert set(counts.loc[counts["domain"] == "risk", "of_audits"]) == {2}
    assert set(counts.loc[counts["domain"] == "plans", "of_audits"]) == {0}


def test_a_worry_in_the_box_for_what_works_well_is_counted_as_one(tmp_path: Path) -> None:
    counts = count_themes(read(tmp_path, [audit(1, Risk_well="There is no chronology on file.")]))
    found = counts[counts["audits"] > 0]
    assert found[["kind", "theme"]].values.tolist() == [["worried_about", "history"]]


def test_without_a_comment_there_is_no_table(tmp_path: Path) -> None:
    returns = read(tmp_path, [audit(1)])
    for measure in (count_themes, themes_by_grade, theme_contrasts, theme_changes, theme_coverage):
        assert measure(returns).empty
    assert list(themed_domains(returns)) == ["risk", "plans"]


def test_the_whole_audit_is_a_domain_where_it_is_commented_on(tmp_path: Path) -> None:
    returns = read(tmp_path, [audit(1, Worry="There is drift")])
    assert themed_domains(returns) == {"risk": "Risk", "plans": "Plans", "overall": "The whole audit"}
    assert themes_by_grade(returns)["domain"].unique().tolist() == ["risk", "plans"]
    judged = FRAMEWORK.replace("[columns]", '[overall]\n[columns]\noverall = ["Overall"]')
    assert themed_domains(read(tmp_path, [audit(1)], framework=judged))["overall"] == "Overall judgement"


def test_worries_are_held_against_inadequate_and_strengths_against_good(tmp_path: Path) -> None:
    rows = [audit(at, grade="Inadequate", Risk_worry="There is drift.") for at in range(20)]
    rows += [audit(20 + at, grade="Good", Risk_well="The chronology is detailed.") for at in range(20)]
    rows += [audit(40 + at, grade="Requires improvement", Risk_worry="So so") for at in range(10)]
    rows += [audit(50, grade="N/A", Risk_worry="There is drift.")]
    contrasts = theme_contrasts(read(tmp_path, rows)).set_index("theme")
    drift, chronology = contrasts.loc["timeliness"], contrasts.loc["history"]
    assert drift[["grade", "audits_with", "of_with", "audits_without", "of_without"]].tolist() == [
        *("inadequate", 20, 20, 0, 30)
    ]
    assert chronology[["grade", "audits_with", "of_with", "audits_without", "of_without"]].tolist() == [
        *("good", 20, 20, 0, 30)
    ]
    assert (
        drift["difference"] == 1
        and set(contrasts["finding"]) == {"more often"}
        and set(contrasts["comparisons"]) == {2}
    )
    # Newcombe's interval of 20/20 less 0/30, by hand from Wilson's limits of each
    assert drift["low"] == pytest.approx(
        1 - ((1 - 20 / 23.8414588) ** 2 + (3.8414588 / 33.8414588) ** 2) ** 0.5, abs=1e-6
    )


def test_what_a_few_audits_say_is_no_evidence_though_its_interval_leaves_out_zero(tmp_path: Path) -> None:
    rows = [audit(at, grade="Inadequate", Risk_worry=" ".join(PLAIN[theme][1] for theme in PLAIN)) for at in range(4)]
    rows += [audit(10 + at, grade="Good", Risk_well="So so") for at in range(6)]
    contrasts = theme_contrasts(read(tmp_path, rows))
    assert len(contrasts) == 5 and (contrasts["low"] > 0).all()
    assert (contrasts["low_of_all"] < contrasts["low"]).all()


def test_a_theme_that_rose_is_held_against_the_last_quarter_with_comments(tmp_path: Path) -> None:
    rows = [audit(at, "2019-Q3", Risk_worry="So so") for at in range(25)]
    rows += [audit(30 + at, "2019-Q4", Risk_worry="There is drift.") for at in range(25)]
    changes = theme_changes(read(tmp_path, rows))
    assert changes[
        ["since", "until", "audits_since", "of_since", "audits_until", "of_until", "finding"]
    ].values.tolist() == [["2019-Q3", "2019-Q4", 0, 25, 25, 25, "rose"]]
    assert theme_changes(read(tmp_path, rows), through="2019-Q3").empty


def test_a_scale_without_an_inadequate_grade_is_compared_by_good_alone(tmp_path: Path) -> None:
    framework = FRAMEWORK.replace('inadequate = ["Inadequate"]', "inadequate = []")
    rows = [
        audit(at, grade="Good" if at % 2 else "RI", Risk_well="Work was timely.", Risk_worry="So so") for at in range(6)
    ]
    contrasts = theme_contrasts(read(tmp_path, rows, framework=framework))
    assert set(contrasts["grade"]) == {"good"}


def test_measures_of_the_example_add_up(example: AuditReturns) -> None:
    counts = count_themes(example, through="2019-Q4")
    by_grade = themes_by_grade(example, through="2019-Q4")
    together = by_grade[by_grade["grade"] == "any"].merge(counts, on=["domain", "kind", "theme", "quarter"])
    assert len(together) == len(counts)
    assert (together["audits_x"] == together["audits_y"]).all() and (
        together["of_audits_x"] == together["of_audits_y"]
    ).all()
    assert (theme_coverage(example)["without_theme"] <= theme_coverage(example)["statements"]).all()
