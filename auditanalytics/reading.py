"""Raw audits are accepted or rejected, written grades matched, people replaced by pseudonyms.

An audit is accepted or rejected whole: it is rejected without an identity, with one seen before, without a readable
date, or on a torn row. A written grade is counted, not given, or a problem of its own, and never costs the audit.
People become pseudonyms here, so that no later floor ever holds a name. Every row is accounted for.
"""

import datetime as dt
from dataclasses import replace

import pandas as pd

from auditanalytics.frameworks import Framework
from auditanalytics.grades import NOT_GRADED, UNKNOWN
from auditanalytics.intake import (
    PublishedTable,
    RawAudits,
    RawSheet,
    is_error_cell,
    is_uncalculated,
    parse_dates,
    raw_audits,
    read_published,
    recognise_published,
    recognise_returns,
)
from auditanalytics.privacy import pseudonymise
from auditanalytics.problems import Problem, Severity, problem
from auditanalytics.quarters import quarter_name, quarters_of
from auditanalytics.schema import (
    ACTIONS,
    AUDITS,
    FINDINGS,
    GRADE_LEDGER,
    JUDGEMENTS,
    PROBLEMS,
    PUBLISHED_SHARES,
    ROW_ACCOUNTING,
    TEXT,
)

_PEOPLE = {"child": "child", "worker": "worker", "auditor": "auditor", "moderator": "auditor", "re_audit_of": "audit"}
_DATES = [column.name for column in AUDITS.columns if column.kind == "date" and column.name != "period_date"]
_COPIED = ("team", "service", "case_type", "audit_type", "topic", "exempt")


class Reading:
    """One reading of several sheets: the tables as they grow.

    Parameters
    ----------
    framework
        The framework that names the columns and the grades.
    problems
        What was wrong with the files so far; what is found now is added.
    latest
        The day after which no audit can have been done.
    year
        The year of a published table that does not say it.
    """

    def __init__(self, framework: Framework, problems: list[Problem], *, latest: dt.date, year: str | None) -> None:
        self.framework, self.problems, self.latest, self.year = framework, problems, latest, year
        self.accepted: list[RawAudits] = []
        self.published: list[pd.DataFrame] = []
        self.accounting: list[tuple[str, str, int, int, int, int]] = []
        self.places: dict[str, str] = {}
        self.rejected_audits = 0

    def read(self, sheet: RawSheet) -> None:
        """Read a sheet and account for every row of it."""
        published = recognise_published(sheet)
        if published:
            return self._read_published(published)
        table, problems = recognise_returns(sheet, self.framework)
        self.problems += problems
        rows = len(sheet.cells)
        if table is None:
            self._leave(sheet, looks_like_a_return=bool(problems))
            return None
        raw, problems = raw_audits(table, self.framework)
        self.problems += problems
        faults = self._faults(raw)
        kept = raw.row_of[~raw.row_of.isin(faults.index)]
        self.rejected_audits += len(faults) + len(table.torn)
        self.accounting.append(
            (sheet.file, sheet.sheet, rows - 1, len(kept), len(table.rows) - len(kept), table.skipped)
        )
        self.accepted.append(_without(raw, faults.index))
        return None

    def _leave(self, sheet: RawSheet, *, looks_like_a_return: bool) -> None:
        """Account for a sheet that is not read: the rows of one that looks like a return are lost, not skipped."""
        rows = len(sheet.cells)
        if looks_like_a_return:
            self.rejected_audits += rows - 1
            self.accounting.append((sheet.file, sheet.sheet, rows - 1, 0, rows - 1, 0))
        else:
            severity: Severity = "note" if sheet.sheet else "error"
            self.problems.append(problem("header_not_found", sheet.file, sheet.sheet, severity=severity))
            self.accounting.append((sheet.file, sheet.sheet, rows, 0, 0, rows))

    def _read_published(self, table: PublishedTable) -> None:
        shares, problems = read_published(table, self.framework, year=self.year)
        self.published.append(shares)
        self.problems += problems
        sheet, rows = table.sheet, len(table.sheet.cells) - 1
        self.accounting.append((sheet.file, sheet.sheet, rows, 0, 0, rows))
        self.problems.append(problem("published_table", sheet.file, sheet.sheet))

    def _faults(self, raw: RawAudits) -> pd.Series:
        """The code of what is wrong with each rejected audit, by its row; each becomes a problem."""
        table, audits = raw.table, raw.audits
        self.problems += [table.problem("width", row) for row in table.torn]
        date_at, id_at = table.position(self.framework.period_date), table.identity[0]
        _, codes = parse_dates(audits[self.framework.period_date], latest=self.latest)
        at = pd.Series(date_at, index=audits.index)
        for code, faulty in (
            ("cell_error", audits["identity"].map(is_error_cell)),
            ("formula_not_calculated", audits["identity"].map(is_uncalculated)),
            ("id_missing", audits["key"] == ""),
        ):
            codes, at = codes.mask(faulty, code), at.mask(faulty, id_at)
        for row, key in audits.loc[codes == "", "key"].items():
            place = f"{table.sheet.file} {table.sheet.sheet} row {row}".replace("  ", " ")
            if self.places.setdefault(key, place) != place:
                codes[row], at[row] = "duplicate", id_at
        faults = codes[codes != ""]
        for row, code in faults.items():
            earlier = self.places.get(audits.at[row, "key"], "")
            self.problems.append(table.problem(code, int(str(row)), at[row], earlier=earlier))
        return faults

    def tables(self, key: bytes) -> dict[str, pd.DataFrame]:
        """Make the tidy tables of all that was read.

        Parameters
        ----------
        key
            The key of the pseudonyms.

        Returns
        -------
        dict of pandas.DataFrame
            The tables of `returns.AuditReturns`, by name.
        """
        audits, ids = self._audits(key)
        judgements, ledger = self._judgements(ids)
        tables = {
            "audits": AUDITS.build(audits),
            "judgements": JUDGEMENTS.build(judgements),
            "findings": FINDINGS.build(self._gather("comments", ids)),
            "actions": self._actions(ids, key),
            "ledger": ledger,
            "accounting": ROW_ACCOUNTING.build(self.accounting),
            "published": PUBLISHED_SHARES.build(pd.concat(self.published) if self.published else []),
        }
        # Last, because making the other tables finds problems too.
        return tables | {"problems": PROBLEMS.build(self.problems)}

    def _audits(self, key: bytes) -> tuple[pd.DataFrame, dict[int, pd.Series]]:
        """The audits table, and for each sheet the pseudonym of the audit on each row."""
        frames, ids = [], {}
        for number, raw in enumerate(self.accepted):
            given = raw.audits.where(raw.audits != "")
            frame = pd.DataFrame(index=raw.audits.index)
            frame["audit_id"] = ids[number] = pseudonymise(raw.audits["key"].astype(TEXT), "audit", key=key)
            for field, kind in _PEOPLE.items():
                frame[field] = pseudonymise(given[field], kind, key=key)  # type: ignore[arg-type]
            for field in _COPIED:
                frame[field] = given[field]
            for field in _DATES:
                frame[field], codes = parse_dates(raw.audits[field])
                self._warn_of_dates(raw, field, codes)
            frame["period_date"] = frame[self.framework.period_date]
            frame["quarter"] = quarters_of(frame["period_date"], calendar=self.framework.quarters).map(quarter_name)
            frame["file"], frame["sheet"], frame["row"] = raw.table.sheet.file, raw.table.sheet.sheet, frame.index
            frames.append(AUDITS.build(frame))
        return pd.concat(frames, ignore_index=True) if frames else AUDITS.build([]), ids

    def _warn_of_dates(self, raw: RawAudits, field: str, codes: pd.Series) -> None:
        at = raw.table.position(field)
        for row, code in codes[~codes.isin(["", "date_missing"])].items():
            details = {"severity": "warning", "outcome": "date left out"}
            self.problems.append(raw.table.problem(code, int(str(row)), at, **details))

    def _gather(self, part: str, ids: dict[int, pd.Series]) -> pd.DataFrame:
        """One part of every sheet, with pseudonyms in place of rows and missing in place of blank."""
        frames = []
        for number, raw in enumerate(self.accepted):
            frame = getattr(raw, part)
            frames.append(frame.where(frame != "").assign(audit_id=frame["audit_row"].map(ids[number])))
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def _actions(self, ids: dict[int, pd.Series], key: bytes) -> pd.DataFrame:
        actions = self._gather("actions", ids)
        if actions.empty:
            return ACTIONS.build([])
        actions["person"] = pseudonymise(actions["person"], "worker", key=key)
        for field in ("due_on", "completed_on"):
            actions[field], _ = parse_dates(actions[field].fillna(""))
        return ACTIONS.build(actions)

    def _judgements(self, ids: dict[int, pd.Series]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Match every written grade, once for each distinct word of a scale."""
        frames, ledger = [], []
        for number, raw in enumerate(self.accepted):
            marks = self._once(raw).assign(audit_id=lambda m, n=number: m["audit_row"].map(ids[n]))
            marks["scale"] = marks["domain"].map({d: self.framework.scale_name(d) for d in marks["domain"].unique()})
            for name in ("", "moderated_"):
                matched = self._match(marks, f"{name}label")
                marks[f"{name}grade"], marks[f"{name}rule"] = matched["grade"], matched["rule"]
                self._grade_problems(raw, marks, name)
            marks["outcome"] = marks["rule"].map({NOT_GRADED: "not graded", UNKNOWN: "not counted"}).fillna("graded")
            frames.append(marks)
            for name in ("", "moderated_"):
                words = marks.loc[
                    (marks[f"{name}position"] >= 0), ["scale", f"{name}label", f"{name}grade", f"{name}rule"]
                ]
                ledger.append(words[words[f"{name}label"] != ""] if name else words)
                ledger[-1].columns = ["scale", "label", "grade", "rule"]
        if not frames:
            return JUDGEMENTS.build([]), GRADE_LEDGER.build([])
        counted = (
            pd.concat(ledger)
            .groupby(["scale", "label", "rule"], as_index=False)
            .agg(grade=("grade", "first"), n=("label", "size"))
        )
        return pd.concat(frames, ignore_index=True), GRADE_LEDGER.build(counted)

    def _once(self, raw: RawAudits) -> pd.DataFrame:
        """The marks, without a second one for the same category of the same audit."""
        repeated = raw.marks.duplicated(["audit_row", "category"])
        for mark in raw.marks.loc[repeated, ["row", "position"]].itertuples(index=False):
            self.problems.append(raw.table.problem("grade_repeated", int(mark.row), int(mark.position)))
        return raw.marks[~repeated]

    def _match(self, marks: pd.DataFrame, column: str) -> pd.DataFrame:
        distinct = marks[["scale", column]].drop_duplicates()
        matches = {
            (scale, label): self.framework.scales[scale].match(label)
            for scale, label in distinct.itertuples(index=False)
        }
        found = [matches[pair] for pair in zip(marks["scale"], marks[column], strict=True)]
        return pd.DataFrame(found, columns=["grade", "rule"], index=marks.index, dtype=object)

    def _grade_problems(self, raw: RawAudits, marks: pd.DataFrame, name: str) -> None:
        unknown = marks.loc[marks[f"{name}rule"] == UNKNOWN, ["row", f"{name}position", f"{name}label", "scale"]]
        for row, at, label, scale in unknown.itertuples(index=False):
            code = "cell_error" if is_error_cell(label) else "grade_unknown"
            code = "formula_not_calculated" if is_uncalculated(label) else code
            grades = ", ".join(self.framework.scales[scale].grades)
            details = {"outcome": "grade not counted", "grades": grades, "scale": scale}
            self.problems.append(raw.table.problem(code, int(row), int(at), **details))


def _without(raw: RawAudits, rows: pd.Index) -> RawAudits:
    """The audits of a sheet without those on the given rows."""
    if rows.empty:
        return raw
    parts = {
        name: part[~part["audit_row"].isin(rows)]
        for name in ("marks", "comments", "actions")
        if (part := getattr(raw, name)) is not None
    }
    return replace(raw, audits=raw.audits.drop(rows), row_of=raw.row_of[~raw.row_of.isin(rows)], **parts)
