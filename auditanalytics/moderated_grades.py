"""The grades of a table of moderated grades, and how they join the judgements that they are of.

A moderated grade stands beside the auditor's and never replaces it. The return itself is believed before a table, so
that nothing which was sent is overwritten from beside it; moderators who differ leave the auditor's grade to count
until somebody writes down what they agreed on.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from auditanalytics.frameworks import OVERALL, Framework, Meaning
from auditanalytics.grades import NOT_GRADED, UNKNOWN, fold_label
from auditanalytics.intake import TableBeside, is_error_cell, is_uncalculated, parse_dates
from auditanalytics.privacy import pseudonymise
from auditanalytics.problems import Problem
from auditanalytics.schema import AUDITS, JUDGEMENTS, MODERATIONS

CERTAINTY, RANDOM = "certainty", "random"
"""The strata of a draw: audits with a reason to look, and those drawn at random from the rest."""

CONSENSUS = "consensus"
"""Stands in place of a moderator on a row with the grade that several of them agreed on."""

NOT_JUDGED = "Not judged"
"""What a moderator writes who has looked and could not judge; a blank says that nobody has looked yet."""

NOT_COUNTED = {"severity": "warning", "outcome": "moderated grade not counted"}
"""What a problem that usually costs an audit costs in a table of moderated grades."""

_PSEUDONYM = re.compile(r"audit-[a-z2-7]{12}")


def read_moderations(
    table: TableBeside, framework: Framework, known: Mapping[str, Any], *, key: bytes, latest: dt.date
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the grades of a table of moderated grades.

    Parameters
    ----------
    table
        The table.
    framework
        The framework that knows categories and grades.
    known
        By the pseudonym of every accepted audit, that of its auditor; None where that is not known.
    key
        The key of the pseudonyms, by which a reference as the return has it is understood too.
    latest
        The day after which nothing can have been moderated.

    Returns
    -------
    tuple
        The columns of `schema.MODERATIONS` on the number of the row of each grade, and a problem for each cell that
        keeps one from being read. A row without a grade is one that nobody moderated.
    """
    if repeated := table.repeated():
        return MODERATIONS.build([]), repeated
    at = table.positions
    torn = [found for row in table.data.index if (found := table.torn(row, **NOT_COUNTED))]
    data = table.data.drop(index=[int(found.row) for found in torn])
    written = pd.DataFrame({name: data[at[name]] if name in at else "" for name in _COLUMNS}, index=data.index)
    rows = pd.DataFrame(index=data.index)
    rows["audit_id"] = _audits(written["audit_id"], known, key)
    places = [_category(text, framework) for text in written["category"]]
    rows["domain"] = pd.Series([domain for domain, _ in places], index=rows.index, dtype=object)
    rows["category"] = pd.Series([category for _, category in places], index=rows.index, dtype=object)
    rows["moderated_grade"], unknown = _grades(rows["domain"], written["moderated_grade"], framework)
    rows["moderator"] = _moderators(written["moderator"], key)
    rows["moderated_on"], faults = parse_dates(written["moderated_on"], latest=latest, day_zero=table.sheet.day_zero)
    rows["stratum"] = written["stratum"].map(fold_label).map({word: word for word in (CERTAINTY, RANDOM)})
    probability = pd.to_numeric(written["probability"], errors="coerce")
    rows["probability"] = probability.where(probability.gt(0) & probability.le(1))
    rows["blind"] = written["blind"].map(fold_label).map({"yes": "yes", "no": "no"})
    rows["reason"] = written["reason"].where(written["reason"] != "", None)
    given = rows["moderated_grade"].notna() | unknown
    own = rows["moderator"].notna() & (rows["moderator"] == rows["audit_id"].map(dict(known)))
    problems = [
        *torn,
        *_problems(table, given & rows["audit_id"].isna(), "audit_id", "moderated_audit_unknown"),
        *_problems(table, given & rows["category"].isna(), "category", "category_unknown"),
        *_grade_problems(table, written["moderated_grade"][unknown], rows["domain"], framework),
        *_date_problems(table, faults[given]),
        *_draw_problems(table, written, rows, given),
        *(table.problem("moderator_is_auditor", row, at["moderator"]) for row in rows.index[own & given]),
    ]
    usable = rows["moderated_grade"].notna() & rows["audit_id"].notna() & rows["category"].notna()
    return rows.loc[usable, MODERATIONS.names], problems


_COLUMNS = (
    *("audit_id", "category", "moderated_grade", "moderator", "moderated_on", "reason"),
    *("stratum", "probability", "blind"),
)


def _audits(written: pd.Series, known: Mapping[str, Any], key: bytes) -> pd.Series:
    """The pseudonym of the audit on each row, written as such or as the return has it; missing where there is none."""
    folded = written.map(fold_label)
    made = pseudonymise(folded, "audit", key=key)
    pseudonyms = folded.where(folded.map(lambda text: _PSEUDONYM.fullmatch(text) is not None), made)
    return pseudonyms.where(pseudonyms.isin(list(known)), None)


def _category(text: str, framework: Framework) -> tuple[str | None, str | None]:
    meaning = framework.meaning(text)
    if fold_label(text) == OVERALL or meaning == Meaning("field", OVERALL):
        return (OVERALL, OVERALL) if framework.overall else (None, None)
    return (meaning.domain, meaning.category) if meaning and meaning.kind == "grade" else (None, None)


def _grades(domains: pd.Series, written: pd.Series, framework: Framework) -> tuple[pd.Series, pd.Series]:
    """The grade on each row, and where a word is none. Where the category is not known no scale can be asked."""
    grades, unknown = [], []
    nothing = written.map(fold_label).isin(["", fold_label(NOT_JUDGED)])
    for domain, word in zip(domains, written.mask(nothing, ""), strict=True):
        match = framework.scale(domain).match(word) if isinstance(domain, str) else None
        grades.append(match.grade if match else None)
        unknown.append(bool(word) and (match is None or match.rule == UNKNOWN))
    return pd.Series(grades, index=written.index, dtype=object), pd.Series(unknown, index=written.index, dtype=bool)


def _moderators(written: pd.Series, key: bytes) -> pd.Series:
    agreed = written.map(fold_label) == CONSENSUS
    return pseudonymise(written.where(written != "", None), "auditor", key=key).mask(agreed, CONSENSUS)


def _problems(table: TableBeside, met: pd.Series, column: str, code: str) -> list[Problem]:
    return [table.problem(code, row, table.positions[column], **NOT_COUNTED) for row in met.index[met]]


def _grade_problems(table: TableBeside, written: pd.Series, domains: pd.Series, framework: Framework) -> list[Problem]:
    problems = []
    for row, word in written.items():
        if not isinstance(domains[row], str):
            continue  # it is said already that the category is not known
        scale, at = framework.scale(domains[row]), table.positions["moderated_grade"]
        code = "two_grades" if scale.names_several(word) else "grade_unknown"
        code = "cell_error" if is_error_cell(word) else "formula_not_calculated" if is_uncalculated(word) else code
        details = {"grades": ", ".join(scale.grades), "scale": framework.scale_name(domains[row])}
        problems.append(table.problem(code, row, at, **NOT_COUNTED, **details))
    return problems


def _date_problems(table: TableBeside, faults: pd.Series) -> list[Problem]:
    details = {"severity": "warning", "outcome": "date left out"}
    return [
        table.problem(code, row, table.positions["moderated_on"], **details)
        for row, code in faults.items()
        if code not in ("", "date_missing")
    ]


def _draw_problems(table: TableBeside, written: pd.DataFrame, rows: pd.DataFrame, given: pd.Series) -> list[Problem]:
    """What is written of the draw and not understood; left out in silence it would change which grades are counted."""
    return [
        table.problem("moderated_draw_unclear", row, table.positions[name], expected=expected)
        for name, expected in _OF_THE_DRAW.items()
        for row in rows.index[given & (written[name] != "") & rows[name].isna()]
    ]


_OF_THE_DRAW = {
    "stratum": f"{CERTAINTY} or {RANDOM}",
    "probability": "a number above 0 and up to 1, such as 0.17",
    "blind": "yes or no",
}


def differing_draws(moderations: pd.DataFrame) -> frozenset[str]:
    """Say of which audits tables of moderated grades tell differently how they were drawn.

    Parameters
    ----------
    moderations
        `schema.MODERATIONS`.

    Returns
    -------
    frozenset of str
        Pseudonyms of audits.

    Examples
    --------
    >>> rows = pd.DataFrame({"audit_id": ["a", "a"], "stratum": [RANDOM, CERTAINTY], "probability": [0.1, 1.0]})
    >>> differing_draws(rows), differing_draws(rows[:1])
    (frozenset({'a'}), frozenset())
    """
    told = moderations.groupby("audit_id")[["stratum", "probability"]].nunique()
    return frozenset(told.index[(told > 1).any(axis=1)])


def written_identifiers(table: TableBeside) -> pd.DataFrame:
    """Give what a table of moderated grades names somebody or an audit by, or says in somebody's own words.

    Parameters
    ----------
    table
        The table.

    Returns
    -------
    pandas.DataFrame
        The columns of `schema.IDENTIFIERS`. A pseudonym is none: it names nobody to those without the key.
    """
    parts = []
    for column, kind in (("audit_id", "audit"), ("moderator", "auditor"), ("reason", "comment")):
        if (at := table.positions.get(column)) is not None:
            texts = table.data[at]
            texts = texts[[not (kind == "audit" and _PSEUDONYM.fullmatch(fold_label(text))) for text in texts]]
            parts.append(pd.DataFrame({"kind": kind, "text": texts.unique()}))
    return pd.concat(parts)


def say_not_judged(categories: pd.Series, written: pd.Series, framework: Framework) -> pd.Series:
    """Find where it is written that no grade was given.

    Parameters
    ----------
    categories
        The category on each row, as it was written.
    written
        The moderated grade on each row, as it was written.
    framework
        The framework whose scales are asked.

    Returns
    -------
    pandas.Series
        True for `NOT_JUDGED`, and for a word that means so on the scale of the category; a blank says nothing.

    Examples
    --------
    >>> from auditanalytics.frameworks import load_framework
    >>> categories, written = pd.Series(["Overall"] * 4), pd.Series(["Not judged", "N/A", "Good", ""])
    >>> say_not_judged(categories, written, load_framework("south-gloucestershire")).tolist()
    [True, True, False, False]
    """
    domains = [_category(text, framework)[0] for text in categories]
    scales = [framework.scale(domain) if domain else None for domain in domains]
    folded = written.map(fold_label)
    no_grade = [
        bool(scale) and scale.match(word).rule == NOT_GRADED for scale, word in zip(scales, written, strict=True)
    ]
    no_grade = pd.Series(no_grade, index=written.index, dtype=bool)
    return folded.ne("") & (folded.eq(fold_label(NOT_JUDGED)) | no_grade)


def agreed_grades(moderations: pd.DataFrame) -> pd.DataFrame:
    """Give the one moderated grade of every judgement that moderators gave: their consensus, or what all of them gave.

    Parameters
    ----------
    moderations
        `schema.MODERATIONS`.

    Returns
    -------
    pandas.DataFrame
        Columns ``audit_id``, ``category`` and ``moderated_grade``, which is missing where moderators differ and nobody
        wrote down what they agreed on.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "audit_id": ["a", "a", "a"], "category": ["plan"] * 3, "moderator": ["m", "n", CONSENSUS],
    ...     "moderated_grade": ["Good", "Inadequate", "Good"],
    ... })
    >>> agreed_grades(rows)["moderated_grade"].tolist(), agreed_grades(rows[:2])["moderated_grade"].isna().tolist()
    (['Good'], [True])
    """
    of = ["audit_id", "category"]
    is_consensus = moderations["moderator"] == CONSENSUS
    settled = is_consensus.groupby([moderations[name] for name in of]).transform("any")
    counted = moderations[is_consensus | ~settled]
    grades = counted.groupby(of, sort=False)["moderated_grade"].agg(["first", "nunique"]).reset_index()
    return grades.assign(moderated_grade=grades["first"].where(grades["nunique"] == 1, None))[[*of, "moderated_grade"]]


def with_moderators(audits: pd.DataFrame, moderations: pd.DataFrame) -> pd.DataFrame:
    """Add who moderated audits and when, where only a table of moderated grades says so.

    Parameters
    ----------
    audits
        `schema.AUDITS`.
    moderations
        `schema.MODERATIONS`.

    Returns
    -------
    pandas.DataFrame
        `schema.AUDITS`.
    """
    by_one = moderations[moderations["moderator"] != CONSENSUS]
    said = by_one.groupby("audit_id")[["moderator", "moderated_on"]].first()
    said = said.reindex(audits["audit_id"]).set_axis(audits.index)
    return AUDITS.build(audits.assign(**{name: audits[name].where(audits[name].notna(), said[name]) for name in said}))


def join_moderations(judgements: pd.DataFrame, moderations: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put the grades of tables of moderated grades beside the auditors'.

    Parameters
    ----------
    judgements
        `schema.JUDGEMENTS`.
    moderations
        `schema.MODERATIONS`.

    Returns
    -------
    tuple
        The judgements with them, and those that a table could not change: columns ``audit_id``, ``category`` and
        ``code``, the code of the problem.
    """
    agreed = agreed_grades(moderations).rename(columns={"moderated_grade": "agreed"})
    of = ["audit_id", "category"]
    joined = judgements.merge(agreed.assign(is_moderated=True), on=of, how="left")
    not_asked = agreed[~pd.MultiIndex.from_frame(agreed[of]).isin(pd.MultiIndex.from_frame(judgements[of]))]
    is_moderated, own = joined["is_moderated"].notna(), joined["moderated_grade"]
    grade = own.where(own.notna(), joined["agreed"])
    outcome = joined["outcome"].mask(own.isna() & grade.notna(), "graded")
    unchanged = {
        "not_on_form": not_asked,
        "moderators_differ": joined[is_moderated & joined["agreed"].isna() & own.isna()],
        "moderated_otherwise": joined[own.notna() & joined["agreed"].notna() & (own != joined["agreed"])],
    }
    unchanged = pd.concat([rows[of].assign(code=code) for code, rows in unchanged.items()])
    return JUDGEMENTS.build(joined.assign(moderated_grade=grade, outcome=outcome)), unchanged
