import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from conftest import write_rows
from themed_returns import FRAMEWORK, HEADER, audit, write

from auditanalytics.reporting.tables import published_tables, write_tables
from auditanalytics.reporting.theme_sentences import describe_contrasts, describe_share, describe_theme_changes
from auditanalytics.reporting.themes import show_theme_changes, show_theme_contrasts, show_themes, show_themes_of_all
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.sharing import hide_changed_themes, prepare_for_sharing, remember_shared
from auditanalytics.theme_measures import count_themes, theme_changes, theme_contrasts
from auditanalytics.trends import domain_trend, domain_trends

DRIFT, CHRONOLOGY = "There is drift.", "The chronology is detailed."


def read(tmp_path: Path, rows: list[list[str]], framework: str = FRAMEWORK) -> AuditReturns:
    folder = write(tmp_path, rows, framework=framework)
    return read_returns(folder / "in", framework=folder / "themed.toml")


def two_quarters() -> list[list[str]]:
    rows = [audit(at, "2019-Q3", Risk_well=CHRONOLOGY) for at in range(25)]
    rows += [audit(30 + at, grade="Inadequate", Risk_worry=DRIFT) for at in range(20)]
    return rows + [audit(60 + at, Risk_well="So so.") for at in range(5)]


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_page_says_what_is_named_most_with_intervals_words_and_what_carries_no_theme(tmp_path: Path) -> None:
    returns = read(tmp_path, two_quarters())
    shown = show_themes(returns, domain_trend(returns, "risk", quarter="2019-Q4"))
    text = plain(shown.html)
    assert "Worried about, most often: Timeliness and drift 20 of 25 audits (80%)." in text
    assert "Working well: no theme was named." in text
    assert (
        "25 of 25 audits in October to December 2019 have comments, 25 statements, 5 of them (20%) without a theme."
        in text
    )
    assert "20 of 25, 80% 61% to 91%" in text  # Wilson's interval
    assert "drift (20) " in text and "drift (20, worried about)" in text
    assert shown.text.startswith(
        "Risk: what the comments of October to December 2019 speak of. Most often a worry, in 20 of 25"
    )
    assert "Worried about: Timeliness and drift 20. Working well: none." in shown.text
    assert '<img src="data:image/svg+xml' in shown.html and 'alt="Risk: what the comments' in shown.html


def test_what_stands_out_is_said_with_its_numbers(tmp_path: Path) -> None:
    returns = read(tmp_path, two_quarters())
    trend = domain_trend(returns, "risk", quarter="2019-Q4")
    contrasts = plain(show_theme_contrasts(returns, trend).html)
    assert "auditors praise most often “History and chronology” in 25 of 30 audits (83%)." in contrasts
    assert (
        "“Timeliness and drift” as a worry is named more often in audits with an Inadequate: 20 of 20 audits (100%), "
        "against 0 of 30 audits (0%) of the others."
    ) in contrasts
    changes = plain(show_theme_changes(returns, trend).html)
    assert (
        "“Timeliness and drift” (worried about) rose since July to September 2019: from 0 of 25 audits (0%)" in changes
    )
    assert "“History and chronology” (working well) fell since July to September 2019" in changes


def test_where_nothing_stands_out_the_page_says_so(example: AuditReturns) -> None:
    trend = domain_trend(example, "plans", quarter="2019-Q4")
    contrasts = show_theme_contrasts(example, trend).text
    assert "No theme stands out with Inadequate, or with Good" in contrasts
    assert "would stand out; but one comparison in 20 does so by chance, and the report makes" in contrasts
    assert show_theme_changes(example, trend).text.startswith("No theme rose or fell since July to September 2019")


def test_below_ten_audits_there_are_counts_and_no_percentage(tmp_path: Path) -> None:
    returns = read(tmp_path, [audit(at, Risk_worry=DRIFT) for at in range(9)])
    shown = show_themes(returns, domain_trend(returns, "risk"))
    assert "9 of 9 audits." in shown.html and "%" not in plain(shown.html).replace("95%", "")
    assert describe_share(9, 10) == "9 of 10 audits (90%)"


def test_a_domain_without_comments_says_so(tmp_path: Path) -> None:
    returns = read(tmp_path, two_quarters())
    trend = domain_trend(returns, "plans", quarter="2019-Q4")
    assert show_themes(returns, trend).text == "There are no comments on this domain in October to December 2019."
    assert show_theme_contrasts(returns, trend).text.startswith("There is nothing to compare")
    assert show_theme_changes(returns, trend).text.startswith("There is nothing to compare")
    bare = read(tmp_path, [audit(1)])
    assert show_themes_of_all(bare, domain_trends(bare)).text == "There are no comments in October to December 2019."


def test_all_domains_in_one_table(tmp_path: Path) -> None:
    returns = read(tmp_path, [*two_quarters(), audit(99, Worry=DRIFT)])
    text = plain(show_themes_of_all(returns, domain_trends(returns, quarter="2019-Q4")).html)
    assert (
        "Risk 25 Timeliness and drift 20 of 25 audits (80%) – – Plans 0 – – – The whole audit 1 Timeliness and drift 1 of 1 audit –"
        in text
    )


def test_quotes_stand_with_their_reason_and_the_withheld_are_counted(tmp_path: Path) -> None:
    rows = [
        audit(1, Risk_worry="No chronology since Zebedee left."),
        audit(2, Risk_worry="No chronology has been put on the <b>file</b> here."),
        audit(3, Risk_well="The chronology is detailed and up to date."),
    ]
    returns = read(tmp_path, rows, FRAMEWORK + '\n[disclosure]\nquotes = "redacted"\n')
    html = show_themes(returns, domain_trend(returns, "risk")).html
    assert "No chronology has been put on the &lt;b&gt;file&lt;/b&gt; here." in html
    assert html.index("No chronology has been put") < html.index("The chronology is detailed")  # as in the table
    assert "Chosen because the words" in html and "1 statement." in html and "Zebedee" not in html


def test_sentences_follow_the_numbers() -> None:
    titles = {"a": "Alpha"}
    row = {
        "kind": "worried_about",
        "theme": "a",
        "audits_with": 1,
        "of_with": 12,
        "audits_without": 9,
        "of_without": 12,
    }
    row |= {"low": -0.9, "high": -0.1, "finding": "less often", "comparisons": 4}
    said = describe_contrasts(pd.DataFrame([row]), titles)
    assert said == [
        "“Alpha” as a worry is named less often in audits with an Inadequate: 1 of 12 audits (8%), against 9 of 12 audits (75%) of the others."
    ]
    change = {"kind": "worked_well", "theme": "a", "audits_since": 9, "of_since": 12, "audits_until": 1, "of_until": 12}
    said = describe_theme_changes(pd.DataFrame([change | {"finding": "fell"}]), titles, "May")
    assert said == ["“Alpha” (working well) fell since May: from 9 of 12 audits (75%) to 1 of 12 audits (8%)."]


# Reports for sharing.


def share(returns: AuditReturns) -> AuditReturns:
    return prepare_for_sharing(returns, through="2019-Q4")


def cell(returns: AuditReturns, theme: str, kind: str = "worried_about") -> list[object]:
    counts = count_themes(returns, through="2019-Q4")
    row = counts[(counts["domain"] == "risk") & (counts["kind"] == kind) & (counts["theme"] == theme)].iloc[0]
    return (
        row[["n", "audits", "of_audits"]].astype(object).where(row[["n", "audits", "of_audits"]].notna(), None).tolist()
    )


def mixed(drift: int, chronology: int, of: int, child: str = "C{:03}") -> list[list[str]]:
    rows = []
    for at in range(of):
        said = " ".join([DRIFT] * (at < drift) + ["There is no chronology."] * (at >= of - chronology) or ["So so."])
        rows.append(audit(at, Risk_worry=said, Child=child.format(at)))
    return rows


@pytest.mark.parametrize(
    ("drift", "of", "shown"),
    [(5, 20, 5), (4, 20, None), (1, 20, None), (0, 20, 0), (15, 20, 15), (16, 20, None), (19, 20, None), (20, 20, 20)],
)
def test_small_numbers_and_small_complements_are_hidden(tmp_path: Path, drift: int, of: int, shown: int | None) -> None:
    assert cell(share(read(tmp_path, mixed(drift, 0, of))), "timeliness") == [shown, shown, of]


def test_children_are_counted_and_not_audits(tmp_path: Path) -> None:
    rows = [
        audit(at, Risk_worry=DRIFT if at < 8 else "So so.", Child=f"C{at % 4 if at < 8 else at}") for at in range(30)
    ]
    assert cell(share(read(tmp_path, rows)), "timeliness") == [None, None, 30]


def test_of_a_small_quarter_nothing_is_shown(tmp_path: Path) -> None:
    assert cell(share(read(tmp_path, mixed(0, 0, 4))), "timeliness") == [None, None, None]


def test_a_small_base_is_hidden_on_the_pages_too(tmp_path: Path) -> None:
    rows = [audit(at, "2019-Q3", Risk_worry=DRIFT) for at in range(20)] + [
        audit(30 + at, Plans_worry="So") for at in range(20)
    ]
    shared = share(read(tmp_path, [*rows, *(audit(60 + at, Risk_worry=DRIFT) for at in range(3))]))
    assert "is withheld: there are too few" in show_themes(shared, domain_trend(shared, "risk", quarter="2019-Q4")).text
    text = plain(show_themes_of_all(shared, domain_trends(shared, quarter="2019-Q4")).html)
    assert "Risk c c Plans 20" in text


def test_nothing_is_called_the_most_where_a_number_is_hidden(tmp_path: Path) -> None:
    shared = share(read(tmp_path, mixed(28, 10, 30)))
    shown = show_themes(shared, domain_trend(shared, "risk", quarter="2019-Q4"))
    text = plain(shown.html)
    assert "most often" not in text and "Most often" not in shown.text
    assert "Worried about, among those shown: History and chronology 10 of 30 audits (33%); 1 theme hidden (c)." in text


def test_a_report_for_sharing_shows_no_words_no_quotes_and_nothing_from_single_audits(tmp_path: Path) -> None:
    shared = share(read(tmp_path, mixed(10, 2, 30), FRAMEWORK + '\n[disclosure]\nquotes = "redacted"\n'))
    trend = domain_trend(shared, "risk", quarter="2019-Q4")
    html = show_themes(shared, trend).html
    assert shared.quotes.empty and "drift (10)" not in html and "Words that made it" not in html
    assert "c of 30" in html and "10 of 30" in html and "c stands where a number is hidden" in html
    for show in (show_theme_contrasts, show_theme_changes):
        assert "is not part of a report for sharing" in show(shared, trend).text
    assert "hidden" in show_themes(shared, trend).text


def test_what_is_hidden_changes_nothing_on_the_page(tmp_path: Path) -> None:
    pages = {
        show_themes(shared, domain_trend(shared, "risk", quarter="2019-Q4")).html
        for chronology in (1, 2)
        for shared in [share(read(tmp_path, mixed(10, chronology, 30)))]
    }
    assert len(pages) == 1


def shared_before(returns: AuditReturns, out: Path) -> None:
    """A report for sharing, as far as the next is held against it."""
    write_tables(out / "first" / "tables", published_tables(returns, quarter="2019-Q4"))
    about = {"audience": "shared", "framework": {"id": returns.framework.id}, "disclosure": {"threshold": 5}}
    (out / "first" / "run.json").write_text(json.dumps(about | {"codebook": returns.codebook}), encoding="utf-8")
    remember_shared(out, out / "first")


def test_themes_of_which_one_changed_by_a_child_since_they_were_shared_are_all_hidden(tmp_path: Path) -> None:
    out = tmp_path / "reports"
    first = share(read(tmp_path, mixed(10, 8, 30)))
    shared_before(first, out)
    for drift, shown in ((10, 10), (11, None), (13, None), (9, None), (15, 15)):
        later = hide_changed_themes(share(read(tmp_path, mixed(drift, 8, 30))), out, through="2019-Q4")
        assert cell(later, "timeliness")[1] == shown, drift
        assert cell(later, "history")[1] == (None if shown is None else 8), drift
    twice = [row[:] for row in mixed(10, 8, 30)]
    twice[0][HEADER.index("Risk worry")] += " More drift here."
    assert cell(hide_changed_themes(share(read(tmp_path, twice)), out, through="2019-Q4"), "timeliness")[0] is None
    other = replace(first, codebook=first.codebook | {"sha256": "another"})
    assert cell(hide_changed_themes(other, out, through="2019-Q4"), "history")[1] is None
    assert hide_changed_themes(first, tmp_path / "elsewhere", through="2019-Q4").hidden_themes.equals(
        first.hidden_themes
    )


def test_what_the_shown_counts_leave_gives_no_hidden_one_away(tmp_path: Path) -> None:
    rows = [audit(at, Risk_worry=DRIFT if at < 10 else "There is no chronology." if at < 16 else "Minutes are missing.")
            for at in range(20)]  # fmt: skip
    shared = share(read(tmp_path, rows))
    counts = count_themes(shared, through="2019-Q4").query("domain == 'risk' and kind == 'worried_about'")
    hidden = counts[counts["audits"].isna()]["theme"].tolist()
    assert set(hidden) > {"meetings"} and len(hidden) >= 2  # 20 less 10 less 6 would leave exactly the four


def test_the_published_table_says_c_and_never_leaves_a_hidden_count_blank(tmp_path: Path) -> None:
    shared = share(read(tmp_path, mixed(10, 2, 30)))
    write_tables(tmp_path / "tables", published_tables(shared, quarter="2019-Q4"))
    table = pd.read_csv(tmp_path / "tables" / "themes.csv", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    assert table.columns.tolist() == ["domain", "kind", "theme", "quarter", "n", "audits", "of_audits", "share"]
    rows = table[(table["domain"] == "risk") & (table["kind"] == "worried_about")].set_index("theme")
    assert rows.loc["history", ["n", "audits", "of_audits", "share"]].tolist() == ["c", "c", "30", "c"]
    assert rows.loc["timeliness", ["n", "audits", "of_audits"]].tolist() == ["10", "10", "30"]
    assert sorted(path.name for path in (tmp_path / "tables").glob("theme*")) == ["themes.csv"]


def test_changes_and_contrasts_are_not_counted_where_there_is_nothing(tmp_path: Path) -> None:
    returns = read(tmp_path, [audit(1)])
    assert theme_changes(returns).empty and theme_contrasts(returns).empty
    nothing = replace(returns, coded=returns.coded.head(0))
    assert (
        show_themes(nothing, domain_trend(nothing, "risk")).text
        == "There are no comments on this domain in October to December 2019."
    )


def test_a_bare_sheet_of_grades_still_makes_a_page(tmp_path: Path) -> None:
    folder = write(tmp_path, [])
    write_rows(folder / "in" / "returns.csv", [HEADER[:8], audit(1)[:8]])
    returns = read_returns(folder / "in", framework=folder / "themed.toml")
    assert show_themes(returns, domain_trend(returns, "risk")).text
