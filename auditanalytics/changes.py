"""What changed since the last report: late, corrected and withdrawn returns.

A quarter that was published is read again whenever a return comes late or is put right, and its shares move. So every
report leaves, for each audit it counted, a pseudonym and a keyed fingerprint; the next one compares, and says which
audits are new in a quarter that had been reported, which are not what they were, and which are gone.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from auditanalytics.privacy import fingerprints, pseudonym_key
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import CHANGES, RECEIVED

_SAVED = "changes.json"
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
    """

    since: str = ""
    rows: pd.DataFrame = field(default_factory=lambda: CHANGES.build([]))

    def save(self, folder: Path) -> None:
        """Keep the changes in a folder, for `changes_since_last_report` to open again.

        Parameters
        ----------
        folder
            A folder.
        """
        self.rows.to_parquet(folder / f"{CHANGES.name}.parquet", index=False)
        (folder / _SAVED).write_text(json.dumps({"since": self.since}), encoding="utf-8")


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
    said = _joined(returns.audits.drop(columns=[*_PLACES, "child", "worker"]))
    texts = said + _UNSEEN + returns.audits["audit_id"].map(lambda audit: of_audit.get(audit, ""))
    rows = returns.audits[["audit_id", "quarter"]].rename(columns={"audit_id": "audit"})
    return RECEIVED.build(rows.assign(fingerprint=fingerprints(texts, key=pseudonym_key())))


def _joined(table: pd.DataFrame) -> pd.Series:
    """Each row as one text, missing as nothing."""
    texts = table.astype(object).where(table.notna(), "")
    return texts.astype(str).agg(_UNSEEN.join, axis=1)


def changes_since_last_report(returns: AuditReturns, out: str | Path) -> Changes:
    """Compare returns with what the last report in a folder counted.

    Parameters
    ----------
    returns
        Audit returns.
    out
        The folder that holds reports, or one written by `Changes.save`.

    Returns
    -------
    Changes
        The audits concerned. Audits of quarters after the last report are news, not changes. Nothing is compared
        with a report of another framework, or one made under another key.
    """
    out = Path(out)
    if (out / _SAVED).is_file():
        rows = CHANGES.build(pd.read_parquet(out / f"{CHANGES.name}.parquet"))
        return Changes(json.loads((out / _SAVED).read_text(encoding="utf-8"))["since"], rows)
    last = _last_report(returns, out)
    if last is None:
        return Changes()
    since, before = last
    now = received(returns).merge(returns.audits[["audit_id", *_PLACES]], left_on="audit", right_on="audit_id")
    both = now.merge(before, on="audit", how="outer", suffixes=("", "_before"), indicator="where")
    is_late = (both["where"] == "left_only") & (both["quarter"] <= since)
    is_corrected = (both["where"] == "both") & (both["fingerprint"] != both["fingerprint_before"])
    change = pd.Series(None, index=both.index, dtype=object)
    change[both["where"] == "right_only"] = "withdrawn"
    change[is_late], change[is_corrected] = "late", "corrected"
    rows = both.assign(change=change, quarter=both["quarter"].fillna(both["quarter_before"])).dropna(subset=["change"])
    return Changes(since, CHANGES.build(rows.sort_values(["quarter", "change", "audit"])))


def _last_report(returns: AuditReturns, out: Path) -> tuple[str, pd.DataFrame] | None:
    """The quarter and the audits of the report made last under this framework and key."""
    made = sorted(out.glob("*/run.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in made:
        try:
            about = json.loads(path.read_text(encoding="utf-8"))
            before = pd.read_csv(path.parent / "tables" / f"{RECEIVED.name}.csv", dtype=str, encoding="utf-8-sig")
        except (OSError, ValueError):
            continue  # a report of another version of this program, or one that somebody altered
        same = about.get("framework", {}).get("id") == returns.framework.id
        if same and about.get("key") == key_name() and set(RECEIVED.names) <= set(before.columns):
            return str(about["quarter"]), RECEIVED.build(before)
    return None


def key_name() -> str:
    """Name the pseudonym key without telling it, so that reports made under different keys are not compared.

    Returns
    -------
    str
        Sixteen letters and digits.
    """
    return str(fingerprints(pd.Series(["the key itself"]), key=pseudonym_key()).iloc[0])
