"""What changed since the last report: audits, what written words became, and the figures that are restated.

A quarter that was published is read again whenever a return comes late or is put right, and its shares move. So every
report leaves, for each audit it counted, a pseudonym and keyed fingerprints; the next one compares, and says which
audits are new in a quarter that had been reported, which were re-graded or corrected, and which are gone. What a word
became, and every count, is compared with the tables that were published.

A report that was only made again is no earlier one: compared with it, everything that changed before would be gone.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from auditanalytics.errors import ArgumentError
from auditanalytics.grades import UNKNOWN
from auditanalytics.periods import LATEST, quarters_held, resolve_quarter
from auditanalytics.privacy import fingerprints, pseudonym_key
from auditanalytics.quarters import parse_quarter
from auditanalytics.returns import SHARED, AuditReturns
from auditanalytics.run_settings import EARLIER
from auditanalytics.schema import (
    CHANGES,
    CHANGES_COUNTED,
    GRADE_LEDGER,
    MAPPING_CHANGES,
    QUARTERLY_GRADES,
    RECEIVED,
    RESTATED,
    Table,
)
from auditanalytics.summary import quarterly_grades

LATE, REGRADED, CORRECTED, WITHDRAWN = KINDS = ("late", "re-graded", "corrected", "withdrawn")
"""What may have become of an audit since the last report."""

_SAVED = "changes.json"
_COMPARED = {"rows": CHANGES, "mapping": MAPPING_CHANGES, "restated": RESTATED}
_PLACES = ("file", "sheet", "row")
_UNSEEN = "\x1f"


@dataclass(frozen=True)
class Changes:
    """What is not as the last report had it.

    Attributes
    ----------
    since
        The quarter of the last report; "" where there is none to compare with.
    rows
        The audits concerned (`schema.CHANGES`).
    mapping
        The written words that became something else (`schema.MAPPING_CHANGES`).
    restated
        The published figures that are others now (`schema.RESTATED`).
    framework_changed, codebook_changed
        Whether the file is another than the one the last report was made with.
    """

    since: str = ""
    rows: pd.DataFrame = field(default_factory=lambda: CHANGES.build([]))
    mapping: pd.DataFrame = field(default_factory=lambda: MAPPING_CHANGES.build([]))
    restated: pd.DataFrame = field(default_factory=lambda: RESTATED.build([]))
    framework_changed: bool = False
    codebook_changed: bool = False

    @property
    def counted(self) -> pd.DataFrame:
        """How often each kind of change is met (`schema.CHANGES_COUNTED`)."""
        audits = self.rows["change"].value_counts().reindex(KINDS, fill_value=0)
        others = [("mapping", len(self.mapping)), ("restated", len(self.restated))]
        return CHANGES_COUNTED.build([*audits.items(), *others])

    @property
    def are_none(self) -> bool:
        """Whether all is as the last report had it, as far as there is one."""
        return not (self.counted["n"].any() or self.framework_changed or self.codebook_changed)

    def tables(self) -> list[tuple[Table, pd.DataFrame]]:
        """Give the schema and the rows of each table to publish; for internal reports only."""
        compared = [(table, getattr(self, name)) for name, table in _COMPARED.items()]
        return [*compared, (CHANGES_COUNTED, self.counted)]

    def save(self, folder: Path) -> None:
        """Keep the changes in a folder, for `changes_since_last_report` to open again.

        Parameters
        ----------
        folder
            A folder.
        """
        for name, table in _COMPARED.items():
            getattr(self, name).to_parquet(folder / f"{table.name}.parquet", index=False)
        about = {name: getattr(self, name) for name in ("since", "framework_changed", "codebook_changed")}
        (folder / _SAVED).write_text(json.dumps(about), encoding="utf-8")


def _open_saved(folder: Path) -> Changes:
    tables = {name: table.build(pd.read_parquet(folder / f"{table.name}.parquet")) for name, table in _COMPARED.items()}
    return Changes(**tables, **json.loads((folder / _SAVED).read_text(encoding="utf-8")))


def received(returns: AuditReturns) -> pd.DataFrame:
    """Note the audits of a reading so that the next can be compared with it.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    pandas.DataFrame
        `schema.RECEIVED`. Comments and actions are in no fingerprint, because they go on being written after the
        audit; nor are child and worker, because a name that is put right changes nothing in a report.
    """
    if returns.audits.empty:
        return RECEIVED.build([])
    judgements = returns.judgements.sort_values(["audit_id", "domain", "category"])
    marks = _joined(judgements[["category", "grade", "moderated_grade"]])
    of_audit = marks.groupby(judgements["audit_id"].to_numpy()).agg(_UNSEEN.join)
    marks = returns.audits["audit_id"].map(lambda audit: of_audit.get(audit, ""))
    said = _joined(returns.audits.drop(columns=[*_PLACES, "child", "worker"])) + _UNSEEN + marks
    # With the audit's name, so that nobody sees which audits were graded alike.
    graded = returns.audits["audit_id"] + _UNSEEN + marks
    rows = returns.audits[["audit_id", "quarter"]].rename(columns={"audit_id": "audit"})
    key = pseudonym_key()
    return RECEIVED.build(rows.assign(fingerprint=fingerprints(said, key=key), grades=fingerprints(graded, key=key)))


def _joined(table: pd.DataFrame) -> pd.Series:
    """Each row as one text, missing as nothing."""
    texts = table.astype(object).where(table.notna(), "")
    return texts.astype(str).agg(_UNSEEN.join, axis=1)


def changes_since_last_report(returns: AuditReturns, out: str | Path, *, quarter: str = LATEST) -> Changes:
    """Compare returns with the last report in a folder.

    Parameters
    ----------
    returns
        Audit returns.
    out
        The folder that holds reports, or one written by `Changes.save`.
    quarter
        The quarter that is reported, so that the same report, made before, is not taken for an earlier one.

    Returns
    -------
    Changes
        The audits, words and figures concerned. Audits of quarters after the last report, or before the first that it
        counted, are news, not changes. The last report is the last of the same quarter, otherwise the one made last,
        standing or replaced, that was not made of the same quarter from the same files with the same framework and
        codebook. Nothing is compared with a report of another framework, or one made under another key.
    """
    out = Path(out)
    if (out / _SAVED).is_file():
        return _open_saved(out)
    last = _last_report(returns, out, resolve_quarter(returns, quarter))
    if last is None:
        return Changes()
    return Changes(
        last.quarter,
        _compare_audits(returns, last),
        _compare_words(returns, last),
        _compare_figures(returns, last),
        framework_changed=last.is_of_another("framework", returns.framework.sha256),
        codebook_changed=last.is_of_another("codebook", returns.codebook["sha256"]),
    )


@dataclass(frozen=True)
class _Report:
    """A report that was published: where it is, what it says of itself, and the audits it counted."""

    folder: Path
    about: dict[str, Any]
    received: pd.DataFrame

    @property
    def quarter(self) -> str:
        return str(self.about["quarter"])

    def table(self, table: Table) -> pd.DataFrame:
        """Read one of its tables; without rows where it cannot be read."""
        rows = _read_table(self.folder, table)
        return rows if rows is not None and set(table.names) <= set(rows.columns) else pd.DataFrame(columns=table.names)

    def is_of_another(self, file: str, sha256: str) -> bool:
        """Whether its framework or codebook was another; what an earlier version did not note is not known to be."""
        return bool(self.about.get(file, {}).get("sha256", sha256) != sha256)

    def is_the_same(self, returns: AuditReturns, quarter: str) -> bool:
        """Whether making the report of the quarter from these returns makes it again."""
        files = sorted(each["sha256"] for each in self.about.get("inputs", []))
        return (
            self.quarter == quarter
            and files == sorted(returns.sources.values())
            and not self.is_of_another("framework", returns.framework.sha256)
            and not self.is_of_another("codebook", returns.codebook["sha256"])
        )


def _last_report(returns: AuditReturns, out: Path, quarter: str) -> _Report | None:
    """The report that whoever reads this one may hold: the last of the same quarter, otherwise the one made last.

    It is of this framework and key, and not the same made again.
    """
    standing = [path for path in out.glob("*/run.json") if not path.parent.name.startswith(".")]
    replaced = out.glob(f"{EARLIER}/*/*/run.json")
    newest_first = sorted([*standing, *replaced], key=lambda path: path.stat().st_mtime_ns, reverse=True)
    found = [report for path in newest_first if (report := _open_report(path, returns)) is not None]
    others = [report for report in found if not report.is_the_same(returns, quarter)]
    return next((report for report in others if report.quarter == quarter), others[0] if others else None)


def _open_report(path: Path, returns: AuditReturns) -> _Report | None:
    """A report that can be compared; None for one of another version, framework or key, or that somebody altered."""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        is_ours = about["framework"]["id"] == returns.framework.id and about["key"] == key_name()
        parse_quarter(about["quarter"], calendar=returns.framework.quarters)
    except (OSError, ValueError, LookupError, TypeError, ArgumentError):
        return None
    before = _read_table(path.parent, RECEIVED)
    if not is_ours or before is None or not {"audit", "quarter", "fingerprint"} <= set(before.columns):
        return None
    return _Report(path.parent, about, RECEIVED.build(before))


def _read_table(report: Path, table: Table) -> pd.DataFrame | None:
    """A published table, each cell as it was before it was made plain text; None where there is none."""
    path = report / "tables" / f"{table.name}.csv"
    try:
        # "N/A" is a word like another.
        rows = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    except (OSError, ValueError):
        return None
    return rows.apply(lambda column: column.str.replace(r"^'(?=[=+\-@\t\r])", "", regex=True))


def _compare_audits(returns: AuditReturns, last: _Report) -> pd.DataFrame:
    now = received(returns).merge(returns.audits[["audit_id", *_PLACES]], left_on="audit", right_on="audit_id")
    both = now.merge(last.received, on="audit", how="outer", suffixes=("", "_before"), indicator="where")
    in_both = both["where"] == "both"
    change = pd.Series(None, index=both.index, dtype=object)
    change[both["where"] == "right_only"] = WITHDRAWN
    # Returns of times before the first that it counted are a history that was added, not late.
    was_reported = both["quarter"].between(last.received["quarter"].min(), last.quarter)
    change[(both["where"] == "left_only") & was_reported] = LATE
    change[in_both & (both["fingerprint"] != both["fingerprint_before"])] = CORRECTED
    change[in_both & both["grades_before"].notna() & (both["grades"] != both["grades_before"])] = REGRADED
    rows = both.assign(change=change, quarter=both["quarter"].fillna(both["quarter_before"])).dropna(subset=["change"])
    return CHANGES.build(rows.sort_values(["quarter", "change", "audit"]))


def _compare_words(returns: AuditReturns, last: _Report) -> pd.DataFrame:
    """The words that became another grade; those that were no grade had been masked, and cannot be compared."""
    key = ["scale", "label"]
    before = last.table(GRADE_LEDGER)
    before = before[before["rule"] != UNKNOWN].drop_duplicates(key)
    now = returns.ledger.astype({"label": object, "grade": object}).fillna({"label": "", "grade": ""})
    both = now.merge(before[[*key, "grade"]].astype(object), on=key, suffixes=("", "_before"))
    changed = both[both["grade"] != both["grade_before"]]
    grades = ["grade", "grade_before"]
    return MAPPING_CHANGES.build(changed.assign(**{name: changed[name].mask(changed[name] == "") for name in grades}))


def _compare_figures(returns: AuditReturns, last: _Report) -> pd.DataFrame:
    """The counts of both reports that are not the same; those of a report for sharing are hidden or rounded."""
    held = [quarter for quarter in quarters_held(returns) if quarter <= last.quarter]
    if not held or returns.is_shared or last.about.get("audience") == SHARED:
        return RESTATED.build([])
    key, counts = ["domain", "quarter", "grade"], ["n", "of"]
    before = last.table(QUARTERLY_GRADES)
    before = before[key].assign(**{name: pd.to_numeric(before[name], errors="coerce") for name in counts}).dropna()
    now = quarterly_grades(returns, through=held[-1])[[*key, *counts]]
    both = now.merge(before, on=key, suffixes=("", "_before"))
    return RESTATED.build(both[(both["n"] != both["n_before"]) | (both["of"] != both["of_before"])])


def key_name() -> str:
    """Name the pseudonym key without telling it, so that reports made under different keys are not compared.

    Returns
    -------
    str
        Sixteen letters and digits.
    """
    return str(fingerprints(pd.Series(["the key itself"]), key=pseudonym_key()).iloc[0])
