"""Rules about what the audits say: each a small function that finds the audits that break it.

Reading asks whether a cell can be understood; these ask whether what was understood hangs together. They cost nothing:
every audit stays, and somebody is asked to look. A rule that needs a column which no return has could not run, and
that is said, because silence would look like a pass.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from string import ascii_uppercase
from typing import NamedTuple

import numpy as np
import pandas as pd

from auditanalytics.frameworks import OVERALL, Framework
from auditanalytics.problems import Problem, problem
from auditanalytics.rules import RULES_BY_SUBJECT
from auditanalytics.schema import CHECKS

_ORDER_OF_THE_WORK = ("allocated_on", "audited_on", "returned_on", "finalised_on")
_FOUND, _PASSED, _COULD_NOT_RUN = "found", "passed", "could not run"
_NO_RETURN, _NO_PUBLISHED = "no sheet was recognised as a return", "no published table was read"
_NO_MODERATED = "no table of moderated grades was read"
_NO_MENDED = "no workbook of mended rows was read"
_NO_EVENTS, _NO_LINKS = "no table of events was read", "no table of links was read"
_BEYOND_READING = {
    "grades": _NO_RETURN,
    "audits": _NO_RETURN,
    "published tables": _NO_PUBLISHED,
    "events": _NO_EVENTS,
    "links to learning": _NO_LINKS,
    "moderated grades": _NO_MODERATED,
    "mended rows": _NO_MENDED,
}
"""What could not be looked at, by the subject of the rules, where there is nothing of it."""


class Finding(NamedTuple):
    """An audit that breaks a rule: its row in the audits table, the field whose cell is named, and what to say."""

    audit: int
    field: str
    details: dict[str, str]


class Reading(NamedTuple):
    """What the rules ask: the tables of a reading, and for each judgement and finding the position of its audit."""

    tables: dict[str, pd.DataFrame]
    framework: Framework
    audit_of: dict[str, np.ndarray]

    @property
    def audits(self) -> pd.DataFrame:
        """The audits."""
        return self.tables["audits"]

    def having(self, judgements: pd.Series) -> pd.Series:
        """Say of every audit whether any of its judgements is among the given ones."""
        return self._marked(self.audit_of["judgements"][judgements.to_numpy(dtype=bool)])

    def with_finding(self) -> pd.Series:
        """Say of every audit whether anything was written in a comment box."""
        return self._marked(self.audit_of["findings"])

    def _marked(self, positions: np.ndarray) -> pd.Series:
        found = np.zeros(len(self.audits), dtype=bool)
        found[positions] = True
        return pd.Series(found, index=self.audits.index)


def _nothing_graded(reading: Reading) -> Iterator[Finding]:
    written = reading.tables["judgements"]["outcome"] != "not graded"
    yield from _each(~reading.having(written), "audit_id")


def _overall_missing(reading: Reading) -> Iterator[Finding]:
    judgements = reading.tables["judgements"]
    of_whole, outcome = judgements["domain"] == OVERALL, judgements["outcome"]
    ungraded = reading.having(of_whole & (outcome == "not graded"))
    yield from _each(ungraded & reading.having(~of_whole & (outcome == "graded")), "overall")


def _dates_out_of_order(reading: Reading) -> Iterator[Finding]:
    audits = reading.audits
    for earlier, later in pairwise(_ORDER_OF_THE_WORK):
        words = {"earlier": _in_words(earlier), "later": _in_words(later)}
        yield from _each(audits[later] < audits[earlier], later, **words)


def _moderator_is_auditor(reading: Reading) -> Iterator[Finding]:
    audits = reading.audits
    yield from _each(audits["moderator"].notna() & (audits["moderator"] == audits["auditor"]), "moderator")


def _child_twice(reading: Reading) -> Iterator[Finding]:
    audits = reading.audits.dropna(subset=["child"])
    later = audits[audits.duplicated(["child", "period_date"])]
    first = audits.drop_duplicates(["child", "period_date"]).set_index(["child", "period_date"])
    for row, audit in later.iterrows():
        other = first.loc[(audit["child"], audit["period_date"])]
        place = [other["file"], other["sheet"], f"row {other['row']}"]
        yield Finding(row, "child", {"other": " ".join(str(part) for part in place if pd.notna(part) and part)})


def _inadequate_unexplained(reading: Reading) -> Iterator[Finding]:
    judgements, framework = reading.tables["judgements"], reading.framework
    inadequate = pd.Series(False, index=judgements.index)
    for name, scale in framework.scales.items():
        domains = [domain for domain in framework.domain_titles if framework.scale_name(domain) == name]
        inadequate |= judgements["grade"].isin(scale.inadequate) & judgements["domain"].isin(domains)
    yield from _each(reading.having(inadequate) & ~reading.with_finding(), "audit_id")


class _Rule(NamedTuple):
    """What finds the audits that break a rule, and the fields of which some return must have a column."""

    find: Callable[[Reading], Iterator[Finding]]
    needs: tuple[str, ...] = ()


_RULES = {
    "nothing_graded": _Rule(_nothing_graded),
    "overall_missing": _Rule(_overall_missing, ("overall",)),
    "dates_out_of_order": _Rule(_dates_out_of_order, ("audited_on", "returned_on")),
    "moderator_is_auditor": _Rule(_moderator_is_auditor, ("auditor", "moderator")),
    "child_twice": _Rule(_child_twice, ("child",)),
    "inadequate_unexplained": _Rule(_inadequate_unexplained, ("a comment",)),
}


def _each(breaking: pd.Series, field: str, **details: str) -> Iterator[Finding]:
    for row in breaking.index[breaking]:
        yield Finding(row, field, details)


def _in_words(field: str) -> str:
    return {"audited_on": "the audit"}.get(field, f"the day it was {field.removesuffix('_on')}")


def validate(tables: dict[str, pd.DataFrame], framework: Framework) -> tuple[list[Problem], pd.DataFrame]:
    """Ask every rule about what the audits say, and say of every rule whether it could run.

    Parameters
    ----------
    tables
        The tables of a reading, by name: audits, judgements, findings, problems, sheets and headers.
    framework
        The framework they were read with.

    Returns
    -------
    tuple
        A problem for each audit that breaks a rule, and `schema.CHECKS`: a row for every rule there is.
    """
    fields = set(tables["headers"]["means"].dropna())
    if len(tables["findings"]):
        fields.add("a comment")
    audits = pd.Index(tables["audits"]["audit_id"])
    audit_of = {}
    for name in ("judgements", "findings"):
        codes, distinct = pd.factorize(tables[name]["audit_id"])
        audit_of[name] = audits.get_indexer(distinct)[codes]
    reading = Reading(tables, framework, audit_of)
    problems: list[Problem] = []
    could_not: dict[str, str] = {}
    if tables["audits"].empty:
        could_not = dict.fromkeys(_RULES, "no audit was accepted")
    for code, rule in _RULES.items():
        missing = [need for need in rule.needs if need not in fields]
        if missing:
            could_not.setdefault(code, f"no return has a column for {' or '.join(missing)}")
        elif code not in could_not:
            problems += [_problem(code, tables, finding) for finding in rule.find(reading)]
    in_reading = tables["problems"]
    counts = in_reading.loc[in_reading["severity"] != "note", "code"].value_counts().to_dict()
    for found in problems:
        counts[found.code] = counts.get(found.code, 0) + 1
    return problems, _checks(counts, could_not | _not_looked_at(tables, framework))


def _problem(code: str, tables: dict[str, pd.DataFrame], finding: Finding) -> Problem:
    """The problem, with the cell where the audit's sheet has a column for the field."""
    audit, headers = tables["audits"].loc[finding.audit], tables["headers"]
    sheet = "" if pd.isna(audit["sheet"]) else audit["sheet"]
    same_file = (headers["file"] == audit["file"]) & (headers["means"] == finding.field)
    if audit["file"] in tables["sheets"].loc[tables["sheets"]["kind"] == "form", "file"].array:
        return _problem_in_form(code, audit["file"], headers[same_file], finding)
    header = headers[same_file & (headers["sheet"].fillna("") == sheet)]
    place = {"row": str(audit["row"])}
    if len(header):
        column = header["cell"].iloc[0].rstrip("0123456789")
        place |= {"cell": f"{column}{audit['row']}", "column": header["header"].iloc[0]}
    return problem(code, audit["file"], sheet, **place, **finding.details)


def _problem_in_form(code: str, file: str, answers: pd.DataFrame, finding: Finding) -> Problem:
    """The problem of a Word form, where a header stands for the answer beside it."""
    if answers.empty:
        return problem(code, file, **finding.details)
    answer = answers.iloc[0]
    place = {"cell": answer["cell"], "column": answer["header"], "row": answer["cell"].lstrip(ascii_uppercase)}
    return problem(code, file, answer["sheet"], **place, **finding.details)


def _not_looked_at(tables: dict[str, pd.DataFrame], framework: Framework) -> dict[str, str]:
    """Rules of reading that nothing could be asked of, with the reason."""
    kinds = set(tables["sheets"]["kind"])
    absent = {
        _NO_RETURN: not kinds & {"wide", "long", "form"},
        _NO_PUBLISHED: "published" not in kinds,
        _NO_EVENTS: "events" not in kinds,
        _NO_LINKS: "links" not in kinds,
        _NO_MODERATED: "moderated" not in kinds,
        _NO_MENDED: "mended" not in kinds,
    }
    reasons = {
        code: reason
        for subject, reason in _BEYOND_READING.items()
        if absent[reason]
        for code in RULES_BY_SUBJECT[subject]
    }
    fields = set(tables["headers"]["means"].dropna())
    if "themes" not in fields:
        reasons["theme_unknown"] = "no return has a column for themes"
    if not any(field.startswith("feedback_score") for field in fields):  # "feedback_score 2" too
        reasons["feedback_unclear"] = "no return has a column for feedback_score"
    if not framework.forms:
        reasons |= dict.fromkeys(("not_on_form", "prefilled"), "the framework names no forms")
    elif "audit_type" not in fields:
        reasons |= dict.fromkeys(("not_on_form", "prefilled"), "no return has a column for audit_type")
    return reasons


def _checks(counts: dict[str, int], could_not: dict[str, str]) -> pd.DataFrame:
    rows = []
    for subject, rules in RULES_BY_SUBJECT.items():
        for code, rule in rules.items():
            found = int(counts.get(code, 0))
            if rule.severity == "note":
                continue
            state = _FOUND if found else _COULD_NOT_RUN if code in could_not else _PASSED
            rows.append((code, subject, state, found, could_not.get(code, "") if state == _COULD_NOT_RUN else ""))
    return CHECKS.build(rows)
