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
    parse_dates,
    raw_audits,
    read_published,
    recognise_published,
    recognise_returns,
)
from auditanalytics.privacy import pseudonymise
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
    Problem,
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
            if problems:  # it looks like a return, so its rows are lost, not skipped
                self.rejected_audits += rows - 1
                self.accounting.append((sheet.file, sheet.sheet, rows - 1, 0, rows - 1, 0))
            else:
                severity = "note" if sheet.sheet else "error"
                self.problems.append(
                    Problem(
                        "header_not_found",
                        severity,
                        "no row has the headers of a return",
                        sheet.file,
                        sheet.sheet,
                        outcome=f"{rows} rows skipped",
                        remedy="if it is a return, name its headers in the framework file",
                    )
                )
                self.accounting.append((sheet.file, sheet.sheet, rows, 0, 0, rows))
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

    def _read_published(self, table: PublishedTable) -> None:
        shares, problems = read_published(table, self.framework, year=self.year)
        self.published.append(shares)
        self.problems += problems
        sheet, rows = table.sheet, len(table.sheet.cells) - 1
        self.accounting.append((sheet.file, sheet.sheet, rows, 0, 0, rows))
        self.problems.append(
            Problem(
                "published_table",
                "note",
                "shares without audits, charted apart from the returns",
                sheet.file,
                sheet.sheet,
                outcome=f"{rows} rows skipped",
            )
        )

    def _faults(self, raw: RawAudits) -> pd.Series:
        """The code of what is wrong with each rejected audit, by its row; each becomes a problem."""
        table, sheet = raw.table, raw.table.sheet
        for row in table.torn:
            self.problems.append(
                Problem(
                    "width",
                    "error",
                    "the row has more or fewer fields than the header",
                    sheet.file,
                    sheet.sheet,
                    row=str(row),
                    outcome="audit rejected",
                    remedy="mend the row: a stray or missing delimiter",
                )
            )
        field = self.framework.period_date
        _, codes = parse_dates(raw.audits[field], latest=self.latest)
        codes = codes.where(~raw.audits["identity"].map(is_error_cell), "cell_error_in_id")
        codes = codes.where(raw.audits["key"] != "", "id_missing")
        for row, key in raw.audits.loc[codes == "", "key"].items():
            place = f"{sheet.file} {sheet.sheet} row {row}".replace("  ", " ")
            if self.places.setdefault(key, place) != place:
                codes[row] = "duplicate"
        faults = codes[codes != ""]
        for row, code in faults.items():
            self.problems.append(self._rejection(raw, int(str(row)), code, table.position(field)))
        return faults

    def _rejection(self, raw: RawAudits, row: int, code: str, date_at: int | None) -> Problem:
        sheet = raw.table.sheet
        in_id = code in ("id_missing", "cell_error_in_id", "duplicate")
        at = raw.table.identity[0] if in_id or date_at is None else date_at
        message, remedy = _REJECTIONS[code]
        if code == "duplicate":
            message = f"{message} {self.places[raw.audits.at[row, 'key']]}"
        value = raw.audits.at[row, "identity" if in_id else self.framework.period_date]
        return Problem(
            code.removesuffix("_in_id"),
            "error",
            message,
            sheet.file,
            sheet.sheet,
            sheet.cell(row, at),
            str(row),
            raw.table.header(at),
            value,
            "audit rejected",
            remedy,
        )

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
        sheet, at = raw.table.sheet, raw.table.position(field)
        for row, code in codes[~codes.isin(["", "date_missing"])].items():
            message, remedy = _REJECTIONS[code]
            self.problems.append(
                Problem(
                    code,
                    "warning",
                    message,
                    sheet.file,
                    sheet.sheet,
                    sheet.cell(int(str(row)), at or 0),
                    str(row),
                    raw.table.header(at or 0),
                    raw.audits.at[row, field],
                    "date left out",
                    remedy,
                )
            )

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
        sheet = raw.table.sheet
        for row in raw.marks.loc[repeated, "row"]:
            self.problems.append(
                Problem(
                    "duplicate",
                    "error",
                    "the audit has an earlier grade for this category",
                    sheet.file,
                    sheet.sheet,
                    row=str(row),
                    outcome="grade not counted",
                    remedy="remove one of the two",
                )
            )
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
        sheet = raw.table.sheet
        unknown = marks[marks[f"{name}rule"] == UNKNOWN]
        for mark in unknown[["row", f"{name}position", f"{name}label", "scale"]].itertuples(index=False):
            row, at, label, scale = int(mark[0]), int(mark[1]), mark[2], mark[3]
            if is_error_cell(label):
                code, message = "cell_error", "the spreadsheet put an error in place of a grade"
                remedy = "mend the formula, or write the grade"
            else:
                code, message = "grade_unknown", f"expected {', '.join(self.framework.scales[scale].grades)}"
                remedy = f"correct the grade, or add the word under [scales.{scale}.labels] in the framework file"
            self.problems.append(
                Problem(
                    code,
                    "error",
                    message,
                    sheet.file,
                    sheet.sheet,
                    sheet.cell(row, at),
                    str(row),
                    raw.table.header(at),
                    label,
                    "grade not counted",
                    remedy,
                )
            )


_REJECTIONS = {
    "id_missing": ("the audit has no identifier", "write the audit's reference"),
    "cell_error_in_id": ("the spreadsheet put an error in place of the identifier", "write the audit's reference"),
    "cell_error": ("the spreadsheet put an error in place of a date", "write the date"),
    "duplicate": (
        "an audit with this identifier was read before, in",
        "remove one of the two, or correct its reference",
    ),
    "date_missing": ("the audit has no date", "write the date as dd/mm/yyyy"),
    "date_format": ("expected a date such as 31/01/2019", "write the date as dd/mm/yyyy"),
    "date_order": ("expected the day before the month", "write the date as dd/mm/yyyy"),
    "date_range": ("the date is in the future or before 1990", "correct the date"),
}


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
