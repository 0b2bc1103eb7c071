"""Raw audits are accepted or rejected, written grades matched, people replaced by pseudonyms.

An audit is accepted or rejected whole: it is rejected without an identity, with one seen before, without a readable
date, or on a torn row. A written grade is counted, not given, or a problem of its own, and never costs the audit.
People become pseudonyms here, so that no later floor ever holds a name. Every row is accounted for.
"""

import datetime as dt
from dataclasses import replace

import pandas as pd

from auditanalytics.frameworks import Framework
from auditanalytics.grades import UNKNOWN
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
        table, problems = recognise_returns(sheet, self.framework)
        self.problems += problems
        if not (table or problems) and (published := recognise_published(sheet)):
            self._read_published(published)
            return
        if table is None:
            self._leave(sheet, problems)
            return
        raw, problems = raw_audits(table, self.framework)
        self.problems += problems
        faults = self._faults(raw)
        kept = raw.row_of[~raw.row_of.isin(faults.index)]
        rejected, read = len(table.rows) - len(kept), len(sheet.cells) - 1
        self.accounting.append((sheet.file, sheet.sheet, read, len(kept), rejected, table.skipped))
        self.accepted.append(_without(raw, faults.index))

    def _leave(self, sheet: RawSheet, faults: list[Problem]) -> None:
        """Account for a sheet that is not read: the rows of one that looks like a return are lost, not skipped."""
        rows = len(sheet.cells)
        if faults:
            below = sheet.cells.loc[int(faults[0].row) + 1 :]
            lost = int((below.apply(lambda column: column.str.strip()) != "").any(axis=1).sum())
            self.rejected_audits += lost
            self.accounting.append((sheet.file, sheet.sheet, rows - 1, 0, lost, rows - 1 - lost))
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
        for row in table.torn:
            spoiled = row in table.sheet.spoiled
            self.problems.append(table.problem("quote" if spoiled else "width", row, outcome="audit rejected"))
        _, codes = parse_dates(audits[self.framework.period_date], latest=self.latest)
        in_identity = audits["identity_fault"] != ""
        codes = codes.mask(in_identity, audits["identity_fault"])
        # In a long return a torn row costs its whole audit; in a wide one it is its whole audit.
        torn = {key: row for row, key in raw.torn.items() if key} if table.is_long else {}
        codes = codes.mask((codes == "") & audits["key"].isin(list(torn)), "torn_row")
        for row, key in audits.loc[codes == "", "key"].items():
            place = f"{table.sheet.file} {table.sheet.sheet} row {row}".replace("  ", " ")
            if self.places.setdefault(key, place) != place:
                codes[row], in_identity[row] = "duplicate", True
        faults = codes[codes != ""]
        date_at, identity_at = table.position(self.framework.period_date), table.identity[0]
        for row, code in faults.items():
            key, at = audits.at[row, "key"], identity_at if in_identity[row] else date_at
            place = {"earlier": self.places.get(key, ""), "other": torn.get(key, "")}
            self.problems.append(table.problem(code, row, None if code == "torn_row" else at, **place))
        unread = len(set(torn) - set(audits["key"])) + int((raw.torn == "").sum()) if table.is_long else len(raw.torn)
        self.rejected_audits += len(faults) + unread
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
            "findings": self._findings(ids),
            "actions": self._actions(ids, key),
            "ledger": ledger,
            "accounting": ROW_ACCOUNTING.build(self.accounting),
            "published": PUBLISHED_SHARES.build(pd.concat(self.published) if self.published else []),
        }
        # Last, because making the other tables finds problems too.
        return tables | {"problems": PROBLEMS.build(self.problems)}

    def _audits(self, key: bytes) -> tuple[pd.DataFrame, list[pd.Series]]:
        """The audits table, and for each sheet the pseudonym of the audit on each row."""
        frames, ids = [], []
        for raw in self.accepted:
            given = raw.audits.where(raw.audits != "")
            frame = pd.DataFrame(index=raw.audits.index)
            frame["audit_id"] = pseudonymise(raw.audits["key"].astype(TEXT), "audit", key=key)
            ids.append(frame["audit_id"])
            for field, kind in _PEOPLE.items():
                frame[field] = pseudonymise(given[field], kind, key=key)
            for field in _COPIED:
                frame[field] = given[field]
            for field in _DATES:
                frame[field], codes = parse_dates(raw.audits[field])
                rows = codes.index.to_series()
                self._warn_of_dates(raw, codes, rows, rows * 0 + (raw.table.position(field) or 0))
            frame["period_date"] = frame[self.framework.period_date]
            frame["quarter"] = quarters_of(frame["period_date"], calendar=self.framework.quarters).map(quarter_name)
            frame["file"], frame["sheet"], frame["row"] = raw.table.sheet.file, raw.table.sheet.sheet, frame.index
            frames.append(AUDITS.build(frame))
        return pd.concat(frames, ignore_index=True) if frames else AUDITS.build([]), ids

    def _warn_of_dates(self, raw: RawAudits, codes: pd.Series, rows: pd.Series, positions: pd.Series) -> None:
        """A date beside the one that decides the quarter costs itself, not the audit."""
        details = {"severity": "warning", "outcome": "date left out"}
        for index, code in codes[~codes.isin(["", "date_missing"])].items():
            self.problems.append(raw.table.problem(code, rows[index], positions[index], **details))

    def _findings(self, ids: list[pd.Series]) -> pd.DataFrame:
        frames = [
            raw.comments.assign(audit_id=raw.comments["audit_row"].map(known))
            for raw, known in zip(self.accepted, ids, strict=True)
        ]
        return FINDINGS.build(_missing_for_blank(frames))

    def _actions(self, ids: list[pd.Series], key: bytes) -> pd.DataFrame:
        frames = []
        for raw, known in zip(self.accepted, ids, strict=True):
            actions = raw.actions.assign(audit_id=raw.actions["audit_row"].map(known)).reset_index(drop=True)
            for field in ("due_on", "completed_on"):
                actions[field], codes = parse_dates(actions[field])
                self._warn_of_dates(raw, codes, actions["row"], actions[f"{field}_position"])
            frames.append(actions)
        actions = _missing_for_blank(frames)
        return ACTIONS.build(actions.assign(person=pseudonymise(actions["person"], "worker", key=key)))

    def _judgements(self, ids: list[pd.Series]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Match every written grade, once for each distinct word of a scale."""
        frames, ledger = [JUDGEMENTS.build([])], [GRADE_LEDGER.build([])]
        for raw, known in zip(self.accepted, ids, strict=True):
            marks = self._once(raw)
            marks = marks.assign(audit_id=marks["audit_row"].map(known))
            marks["scale"] = marks["domain"].map({d: self.framework.scale_name(d) for d in marks["domain"].unique()})
            for name in ("", "moderated_"):
                matched = self._match(marks, f"{name}label")
                marks[f"{name}grade"], marks[f"{name}rule"] = matched["grade"], matched["rule"]
                self._grade_problems(raw, marks, name)
                # A blank where moderation might stand is no moderation; where a grade should stand it is "not graded".
                written = marks[marks[f"{name}label"].ne("") | (not name)]
                words = written[["scale", f"{name}label", f"{name}grade", f"{name}rule"]]
                ledger.append(words.set_axis(["scale", "label", "grade", "rule"], axis=1))
            marks["outcome"] = _outcome(marks)
            frames.append(JUDGEMENTS.build(marks))
        words = pd.concat(ledger[1:] or ledger, ignore_index=True)
        counted = words.groupby(["scale", "label", "rule"], as_index=False).agg(
            grade=("grade", "first"), n=("label", "size")
        )
        return pd.concat(frames[1:] or frames, ignore_index=True), GRADE_LEDGER.build(counted)

    def _once(self, raw: RawAudits) -> pd.DataFrame:
        """The marks, without a second one for the same category of the same audit."""
        # A grade counts before a blank one, so that a line left empty costs nothing.
        blank = (raw.marks["label"] == "") & (raw.marks["moderated_label"] == "")
        marks = raw.marks.reset_index(drop=True).iloc[blank.argsort(kind="stable")]
        repeated = marks.duplicated(["audit_row", "category"])
        written = (marks["label"] != "") | (marks["moderated_label"] != "")
        for mark in marks.loc[repeated & written, ["row", "position"]].sort_index().itertuples(index=False):
            self.problems.append(raw.table.problem("grade_repeated", mark.row, mark.position))
        return marks[~repeated].sort_index()

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
            details = {"outcome": f"{'moderated ' if name else ''}grade not counted", "grades": grades, "scale": scale}
            self.problems.append(raw.table.problem(code, row, at, **details))


def _missing_for_blank(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Frames under each other, with missing in place of blank text."""
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    together = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=["person"])
    return together.where(together != "")


def _outcome(marks: pd.DataFrame) -> pd.Series:
    """Graded where the auditor's or the moderated grade is known; otherwise not counted where either is a problem."""
    graded = marks["grade"].notna() | marks["moderated_grade"].notna()
    unknown = (marks["rule"] == UNKNOWN) | (marks["moderated_rule"] == UNKNOWN)
    outcome = pd.Series("not graded", index=marks.index)
    return outcome.mask(unknown, "not counted").mask(graded, "graded")


def _without(raw: RawAudits, rows: pd.Index) -> RawAudits:
    """The audits of a sheet without those on the given rows."""
    kept = {
        name: part[~part["audit_row"].isin(rows)]
        for name in ("marks", "comments", "actions")
        for part in [getattr(raw, name)]
    }
    return replace(raw, audits=raw.audits.drop(rows), row_of=raw.row_of[~raw.row_of.isin(rows)], **kept)
