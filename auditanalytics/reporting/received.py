"""The page of the returns: what came in, what is wrong with it, whom to ask, and what changed since last time.

It is read before any chart, by the one who can still put something right. So it counts everything, names the place of
everything that is wrong with the remedy beside it, and shows no written word that is not on a scale.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from auditanalytics.changes import KINDS, Changes
from auditanalytics.coverage import FORMS, NO_TEAM, coverage_by_domain, coverage_by_team, whom_to_ask
from auditanalytics.english import counted, listed
from auditanalytics.frameworks import Framework
from auditanalytics.grades import UNKNOWN
from auditanalytics.periods import LATEST, resolve_quarter
from auditanalytics.quarters import parse_quarter, period_short_title, period_title
from auditanalytics.reporting.check_records import file_records
from auditanalytics.reporting.fragments import (
    Fragment,
    for_internal_use,
    last_piece,
    month_strip,
    paragraphs,
    plain_table,
    render,
)
from auditanalytics.reporting.restatements import describe_changes, restated_cells
from auditanalytics.reporting.wording import accounted, placed, placed_first
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import CHANGES, MAPPING_CHANGES, RESTATED, Table

_MOST_PLACES, _MOST_QUARTERS, _MOST_CHANGES = 5, 8, 12
_KINDS = {
    "wide": "a row an audit",
    "long": "a row a judgement",
    "form": "a filled form",
    "published": "published shares",
    "events": "events",
    "links": "links to learning",
    "moderated": "moderated grades",
    "mended": "rows sent back mended",
    "not read": "not read",
}


_for_internal_use = for_internal_use("What came in, by file, team and row, is not part of a report for sharing.")


@_for_internal_use
def show_received(returns: AuditReturns) -> Fragment:
    """Show how much came in, and what became of it.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    Fragment
        Sentences.
    """
    total = returns.rows
    sentences = [
        f"{returns.counted_sources} came in with {counted(total['rows_read'], 'row')}: {accounted(total)}.",
        f"They hold {counted(len(returns.audits), 'audit')} that could be read and {returns.rejected_audits:,} that "
        "could not.",
    ]
    return paragraphs(sentences, lead=True)


@_for_internal_use
def show_sheets(returns: AuditReturns) -> Fragment:
    """Show what became of every row, sheet by sheet.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    Fragment
        A table.
    """
    rows = [
        {
            "file": record["file"],
            "sheet": record["sheet"],
            "kind": _KINDS[record["kind"]],
            "header_row": record["header_row"] or "–",
            "numbers": [record[name] for name in ("accepted", "rejected", "skipped")],
            "hidden": record["hidden_rows"],
        }
        for record in sorted(_forms_as_one(file_records(returns)), key=lambda record: (record["file"], record["sheet"]))
    ]
    caption = "What became of every row"
    return Fragment(render("sheets-table", caption=caption, rows=rows), caption)


def _forms_as_one(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records of files with one for all forms, of which there may be hundreds with a row each."""
    forms = [record for record in records if record["kind"] == "form"]
    if len(forms) < 2:
        return records
    totals = {name: sum(record[name] for record in forms) for name in ("accepted", "rejected", "skipped")}
    others = [record for record in records if record["kind"] != "form"]
    return [*others, forms[0] | totals | {"file": f"{len(forms):,} {FORMS}"}]


@_for_internal_use
def show_coverage(returns: AuditReturns, *, quarter: str = LATEST) -> Fragment:
    """Show which months, teams and domains the audits come from.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The quarter that is reported.

    Returns
    -------
    Fragment
        The months, and a table of teams and one of domains; a sentence where there are only published shares.
    """
    if returns.audits.empty:
        return paragraphs(["There are no returns, so there is nothing to say of months, teams or domains."])
    quarter = resolve_quarter(returns, quarter)
    strip, note = month_strip(returns, quarter)
    html = render("month-strip", months=strip, note=note)
    return Fragment(html + _teams(returns, quarter) + _domains(returns, quarter), note)


def _teams(returns: AuditReturns, quarter: str) -> str:
    teams = coverage_by_team(returns, through=quarter).iloc[:, -_MOST_QUARTERS:]
    if list(teams.index) == [NO_TEAM]:
        return ""
    columns = [period_short_title(parse_quarter(name, calendar=returns.framework.quarters)) for name in teams.columns]
    return render("counts-table", caption="Audits by team", first="Team", columns=columns, rows=_rows(teams))


def _domains(returns: AuditReturns, quarter: str) -> str:
    title = period_title(parse_quarter(quarter, calendar=returns.framework.quarters))
    domains = coverage_by_domain(returns, quarter=quarter).rename(index=returns.framework.domain_titles)
    html = render(
        "counts-table",
        caption=f"Judgements by domain in {title}",
        first="Domain",
        columns=["Graded", "Not graded", "Not counted", "Audits"],
        rows=_rows(domains),
    )
    ungraded = list(domains.index[domains["graded"] == 0])
    if ungraded:
        html += paragraphs([f"Nothing was graded in {listed(ungraded)} in {title}."]).html
    return html


def _rows(counts: pd.DataFrame) -> list[tuple[str, list[int]]]:
    return list(zip(counts.index, counts.to_numpy().tolist(), strict=True))


@_for_internal_use
def show_problems(returns: AuditReturns) -> Fragment:
    """Show what is wrong, with its remedy and the first places.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    Fragment
        A sentence, and a table where anything is wrong.
    """
    problems = returns.problems[returns.problems["severity"] != "note"]
    if problems.empty:
        return paragraphs(["Nothing is wrong: every audit was read and every written grade understood."])
    rows = [
        {"n": len(found), "outcome": outcome, "places": placed_first(found, _MOST_PLACES)}
        | {name: found[name].iloc[0] for name in ("code", "severity", "message", "remedy")}
        for (_, outcome), found in problems.groupby(["code", "outcome"], sort=False)
    ]
    rows.sort(key=lambda row: (row["severity"] != "error", -row["n"]))
    sentence = f"{counted(len(problems), 'thing')} should be looked at; problems.csv lists each with its place."
    return Fragment(paragraphs([sentence]).html + render("problems-table", rows=rows), sentence)


@_for_internal_use
def show_whom_to_ask(returns: AuditReturns) -> Fragment:
    """Show which team, or failing that which file, can put right what is wrong.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    Fragment
        A table; a sentence where nobody has to be asked.
    """
    asked = whom_to_ask(returns)
    if asked.empty:
        return paragraphs(["Nobody has to be asked."])
    rows = [
        {
            "team": "–" if pd.isna(row.team) else row.team,
            "file": row.file,
            "numbers": [row.audits_rejected, row.grades_not_counted, row.other, row.auditors],
        }
        for row in asked.itertuples()
    ]
    caption = "Who can put it right"
    return Fragment(render("ask-table", caption=caption, rows=rows), caption)


@_for_internal_use
def show_ledger(returns: AuditReturns) -> Fragment:
    """Show what every written grade became.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    Fragment
        A table of the words that are on a scale, with the others counted together.
    """
    if returns.ledger.empty:
        return paragraphs(["No grade was written."])
    is_unknown = returns.ledger["rule"] == UNKNOWN
    known = returns.ledger[~is_unknown].sort_values(["scale", "grade", "n"], ascending=[True, True, False])
    rows = [
        {
            "label": row.label if isinstance(row.label, str) and row.label else "(left blank)",
            "grade": row.grade if isinstance(row.grade, str) else "not graded",
            "scale": row.scale,
            "rule": row.rule,
            "n": int(row.n),
        }
        for row in known.itertuples()
    ]
    for scale, words in returns.ledger[is_unknown].groupby("scale"):
        label = f"{counted(len(words), 'word')} not on the scale"
        total = int(words["n"].sum())
        rows.append({"label": label, "grade": "not counted", "scale": scale, "rule": UNKNOWN, "n": total})
    caption = "Every written grade, and what it became"
    several = returns.ledger["scale"].nunique() > 1
    return Fragment(render("ledger-table", caption=caption, rows=rows, several=several), caption)


def show_changes(changes: Changes, framework: Framework) -> Fragment:
    """Show what changed since the last report.

    Parameters
    ----------
    changes
        The changes.
    framework
        The framework of the returns.

    Returns
    -------
    Fragment
        Sentences, and a table each of audits, words and figures where any changed.
    """
    sentences = describe_changes(changes, framework)
    tables = [_changed_audits(changes), _changed_words(changes), _restated_figures(changes, framework)]
    return Fragment(paragraphs(sentences).html + "".join(tables), " ".join(sentences))


def _changed_audits(changes: Changes) -> str:
    order = changes.rows["change"].map(KINDS.index).argsort(kind="stable")
    rows = [
        (
            row["audit"],
            row["quarter"],
            row["change"],
            "" if pd.isna(row["file"]) else placed(row["file"], row["sheet"], row=row["row"]),
        )
        for row in changes.rows.iloc[order].to_dict("records")
    ]
    return _changes_table("Audits that changed", ("Audit", "Quarter", "Change", "Where"), rows, CHANGES, _OF_KINDS)


_OF_KINDS = (
    "Late: its quarter had been reported without it. Re-graded: a grade is not what it was. Corrected: a date, a team "
    "or an auditor is not what it was. Withdrawn: it is gone, or rejected this time."
)


def _changed_words(changes: Changes) -> str:
    rows = [
        (
            row.label,
            row.scale,
            *(grade if isinstance(grade, str) else "no grade" for grade in (row.grade_before, row.grade)),
            f"{row.n:,}",
        )
        for row in changes.mapping.itertuples()
    ]
    heads = ("Written", "Scale", "Became before", "Becomes now", "How often")
    return _changes_table("Written words that mean something else", heads, rows, MAPPING_CHANGES)


def _restated_figures(changes: Changes, framework: Framework) -> str:
    heads = ("Domain", "Quarter", "Share", "Before", "Now")
    rows = restated_cells(changes, framework)
    note = "Counts of the other grades are in tables/restated.csv."
    return _changes_table("Restated figures", heads, rows, RESTATED, note)


def _changes_table(caption: str, heads: Sequence[str], rows: list[Any], table: Table, note: str = "") -> str:
    """The first rows, and how many more the published table has; nothing where there is none."""
    if not rows:
        return ""
    more = len(rows) - _MOST_CHANGES
    notes = [note, f"{more:,} more are in tables/{table.name}.csv." if more > 0 else ""]
    numbers = ("Before", "Now", "How often")
    return plain_table(caption, heads, rows[:_MOST_CHANGES], numbers=numbers, note=" ".join(filter(None, notes)))


@_for_internal_use
def show_checks(returns: AuditReturns) -> Fragment:
    """Show which rules were asked, and which could not be.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    Fragment
        Sentences.
    """
    states = returns.checks["state"].value_counts()
    absent = returns.checks[returns.checks["state"] == "could not run"]
    sentences = [
        f"{counted(states.get('passed', 0), 'rule')} passed and {states.get('found', 0)} found something. "
        + ("These could not be asked, which is not a pass:" if len(absent) else "Every rule could be asked.")
    ]
    sentences += [f"{listed(list(found['code']))}: {reason}." for reason, found in absent.groupby("reason", sort=False)]
    return paragraphs(sentences)


def close_returns_page(returns: AuditReturns, *, run: str = "") -> Fragment:
    """Say what may not be concluded from the returns page, and prove that the notebook came to its end.

    Parameters
    ----------
    returns
        The audit returns the page was made from.
    run
        The run that asked for the page; "" in JupyterLab.

    Returns
    -------
    Fragment
        A list, and the proof.
    """
    points = [
        "That a grade is right because it could be read: this page checks the writing, not the judgement.",
        "That nothing else is missing: an audit that nobody sent leaves no trace here.",
        "That a team with more to put right audits worse: it may have sent more.",
    ]
    return last_piece(returns, points, run=run)
