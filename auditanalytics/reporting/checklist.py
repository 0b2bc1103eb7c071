"""The summary of a check: what came in, what somebody has to mend, and what passed, in plain words for a terminal.

Problems of one kind stand together, because one sentence from one person mends them all. Words that no scale knows
come with the line of the framework file that would accept them, since only somebody who knows what was meant can say
which grade it is.
"""

import pandas as pd

from auditanalytics.english import counted
from auditanalytics.grades import UNKNOWN
from auditanalytics.reporting.wording import placed, placed_first
from auditanalytics.returns import AuditReturns
from auditanalytics.settings_file import toml_list, toml_text

_MOST_PLACES, _MOST_WORDS, _MOST_SHEETS = 6, 12, 40
_MARKS = {"error": "to mend", "warning": "to look at"}


def summarise_check(returns: AuditReturns) -> str:
    """Say what checking found.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    str
        Lines of text. It shows written words that are on no scale, so it is for the one who asked and no log.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> print(summarise_check(read_returns("data/example")).splitlines()[0])
    Framework: south-gloucestershire (Deep dive case file audit)
    """
    parts = [
        [f"Framework: {returns.framework.id} ({returns.framework.name})"],
        _received(returns),
        *_to_mend(returns),
        _unknown_words(returns),
        _left_out(returns),
        _could_not_run(returns),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _received(returns: AuditReturns) -> list[str]:
    accounting, total = returns.accounting, returns.rows
    lines = [
        f"{returns.counted_sources}, {counted(total['rows_read'], 'row')}: {total['accepted']:,} accepted, "
        f"{total['rejected']:,} rejected, {total['skipped']:,} skipped. {counted(len(returns.audits), 'audit')} "
        f"accepted, {returns.rejected_audits:,} rejected."
    ]
    where = [placed(row.file, row.sheet) for row in accounting.itertuples()]
    width = max(map(len, where), default=0)
    for place, row in list(zip(where, accounting.itertuples(), strict=True))[:_MOST_SHEETS]:
        numbers = f"{row.accepted:,} accepted, {row.rejected:,} rejected, {row.skipped:,} skipped"
        lines.append(f"  {place:<{width}}  {numbers}")
    if len(where) > _MOST_SHEETS:
        lines.append(f"  and {counted(len(where) - _MOST_SHEETS, 'sheet')} more")
    return lines


def _to_mend(returns: AuditReturns) -> list[list[str]]:
    """For each severity, the kinds of problem with their remedy and the first places."""
    parts = []
    for severity, what in _MARKS.items():
        of_severity = returns.problems[returns.problems["severity"] == severity]
        if len(of_severity):
            lines = [f"{counted(len(of_severity), 'thing')} {what}:"]
            for (code, outcome), found in of_severity.groupby(["code", "outcome"], sort=False):
                lines += _kind_of_problem(code, outcome, found)
            parts.append(lines)
    return parts or [["Nothing has to be mended."]]


def _kind_of_problem(code: str, outcome: str, found: pd.DataFrame) -> list[str]:
    messages = list(found["message"].unique())
    lines = [f"  {code}, {len(found):,} ({outcome}): {messages[0]}{' (and others)' if len(messages) > 1 else ''}"]
    lines.append(f"    where: {placed_first(found, _MOST_PLACES)}")
    if remedy := found["remedy"].iloc[0]:
        lines.append(f"    remedy: {remedy}")
    return lines


def _unknown_words(returns: AuditReturns) -> list[str]:
    unknown = returns.ledger[returns.ledger["rule"] == UNKNOWN].sort_values("n", ascending=False)
    # What a spreadsheet could not work out, and two grades in one cell, are no words that anything should accept.
    words = unknown[[_is_word(returns, word.scale, word.label) for word in unknown.itertuples()]]
    if words.empty:
        return []
    lines = ["Words that no scale knows. To accept one, write one of its lines into the framework file:"]
    for word in words.head(_MOST_WORDS).itertuples():
        lines.append(f"  {toml_text(word.label)}, written {counted(word.n, 'time')}:")
        for table, accepting in accepting_lines(returns, word.scale, word.label).items():
            lines += [f"    under [{table}]", *(f"      {line}" for line in accepting)]
    if len(words) > _MOST_WORDS:
        lines.append(f"  and {counted(len(words) - _MOST_WORDS, 'word')} more, in the grade ledger")
    return lines


def _is_word(returns: AuditReturns, scale: str, label: str) -> bool:
    return not (label.startswith("#") or returns.framework.scales[scale].names_several(label))


def accepting_lines(returns: AuditReturns, scale: str, word: str) -> dict[str, list[str]]:
    """Write the lines of a framework file that would accept a word: one for each thing that it may mean.

    Parameters
    ----------
    returns
        Audit returns.
    scale
        The scale.
    word
        A word that the scale does not know.

    Returns
    -------
    dict
        Lines of TOML by the table that they stand under. Each keeps the words that are there already, so that it can
        replace the line of the same key.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> lines = accepting_lines(read_returns("data/example"), "ofsted", "Goood")
    >>> lines["scales.ofsted.labels"][1]
    '"Good" = ["Goood"]'
    """
    known = returns.framework.scales[scale]
    labels = [f"{toml_text(grade)} = {toml_list([*known.labels.get(grade, ()), word])}" for grade in known.grades]
    return {
        f"scales.{scale}.labels": labels,
        f"scales.{scale}": [f"not_graded = {toml_list([*known.not_graded, word])}"],
    }


def _left_out(returns: AuditReturns) -> list[str]:
    notes = returns.problems[returns.problems["severity"] == "note"]
    if notes.empty:
        return []
    lines = ["Left out or worth knowing:"]
    for code, found in notes.groupby("code", sort=False):
        places = placed_first(found, _MOST_PLACES)
        lines.append(f"  {code}, {len(found):,}: {found['message'].iloc[0]} ({places})")
    return lines


def _could_not_run(returns: AuditReturns) -> list[str]:
    absent = returns.checks[returns.checks["state"] == "could not run"]
    passed = int((returns.checks["state"] == "passed").sum())
    lines = [f"Rules: {passed} passed, {int((returns.checks['state'] == 'found').sum())} found something."]
    if len(absent):
        lines.append("Could not be asked:")
        lines += [f"  {reason}: {', '.join(found['code'])}" for reason, found in absent.groupby("reason", sort=False)]
    return lines
