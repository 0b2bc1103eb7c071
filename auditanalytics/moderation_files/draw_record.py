"""What a moderation workbook remembers of the draw that it was made for.

How an audit came to be drawn decides what its moderated grade may be counted for, so it travels with the workbook, for
every audit of the frame, drawn or not. It stands on a sheet that everybody sees, because hidden ones are not read. Who
grades blind must not read in passing that there was a reason to look at an audit, so in a blind workbook stratum and
probability are sealed: that is no secret, only nothing that a glance gives away.
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from auditanalytics.frameworks import Framework, fold_header
from auditanalytics.grades import fold_label
from auditanalytics.intake import MODERATED_HEADERS, RawSheet
from auditanalytics.intake.tables_beside import recognise_table
from auditanalytics.moderated_grades import CERTAINTY, RANDOM
from auditanalytics.schema import TEXT

QUARTER, FRAMEWORK, SHARE, SEED, BLIND = "Quarter", "Framework", "Share drawn at random", "Seed", "Blind"
SETTINGS = (QUARTER, FRAMEWORK, SHARE, SEED, BLIND)
"""What is remembered of the draw as a whole, each a row above the table."""

AUDIT, STRATUM, PROBABILITY = (MODERATED_HEADERS[name] for name in ("audit_id", "stratum", "probability"))
DRAWN, SEALED = "Drawn", "Sealed"

_HEADERS = {name: (name,) for name in (AUDIT, DRAWN, STRATUM, PROBABILITY, SEALED)}
_FRAME = ("audit", "drawn", "stratum", "probability")
_LAYOUT = struct.Struct(">?d")
_BYTES_OF_CHECK = 6
"""Bytes of a digest by which a seal that was altered is known; with the rest they fill whole groups of letters."""


@dataclass(frozen=True)
class DrawRecord:
    """What is remembered of a draw.

    Attributes
    ----------
    settings
        By each of `SETTINGS`, what was asked for, as text; what a damaged workbook has lost is not there.
    frame
        Every audit that could have been drawn: columns ``audit``, ``drawn`` (yes or no), ``stratum`` and
        ``probability``; the last two are missing where they cannot be read.
    """

    settings: Mapping[str, str]
    frame: pd.DataFrame

    @property
    def is_blind(self) -> bool:
        """Whether moderators do not see the auditors' grades."""
        return self.settings.get(BLIND) == "yes"

    @property
    def drawn(self) -> list[str]:
        """The audits that were drawn."""
        return self.frame.loc[self.frame["drawn"] == "yes", "audit"].tolist()


def draw_record(
    frame: pd.DataFrame, *, quarter: str, framework: str, share: float, seed: int, blind: bool
) -> DrawRecord:
    """Put on record how a draw was made.

    Parameters
    ----------
    frame
        Every audit that could have been drawn: columns ``audit``, ``drawn`` (yes or no), ``stratum`` and
        ``probability``, as `spot_checks.SpotChecks` has them.
    quarter, framework
        The quarter, and the id of the framework.
    share, seed
        The share that was to be drawn at random, and the seed of chance.
    blind
        Whether moderators do not see the auditors' grades.

    Returns
    -------
    DrawRecord
        The record, its audits in the order of their pseudonyms, which gives nothing away.

    Examples
    --------
    >>> frame = pd.DataFrame({"audit": ["b", "a"], "drawn": ["yes", "no"], "stratum": "random", "probability": 0.5})
    >>> record = draw_record(frame, quarter="2019-Q4", framework="x", share=0.125, seed=1, blind=True)
    >>> record.drawn, record.settings["Share drawn at random"]
    (['b'], '12.5%')
    """
    values = (quarter, framework, f"{share * 100:g}%", str(seed), "yes" if blind else "no")
    kept = frame[list(_FRAME)].sort_values("audit", ignore_index=True)
    return DrawRecord(dict(zip(SETTINGS, values, strict=True)), kept)


def draw_rows(record: DrawRecord) -> list[list[str | float]]:
    """Write a record as the rows of a sheet.

    Parameters
    ----------
    record
        The record of a draw.

    Returns
    -------
    list of list
        A header and a row for every audit; stratum and probability are sealed where the draw is blind.
    """
    if record.is_blind:
        seals = [seal(each.audit, each.stratum, each.probability) for each in record.frame.itertuples()]
        rows = zip(record.frame["audit"], record.frame["drawn"], seals, strict=True)
        return [[AUDIT, DRAWN, SEALED], *map(list, rows)]
    return [[AUDIT, DRAWN, STRATUM, PROBABILITY], *record.frame.to_numpy(dtype=object).tolist()]


def read_draw(sheets: Iterable[RawSheet], framework: Framework) -> DrawRecord | None:
    """Read the record of a draw from a workbook.

    Parameters
    ----------
    sheets
        The sheets of the workbook.
    framework
        The framework.

    Returns
    -------
    DrawRecord or None
        The record; None where no sheet holds one.
    """
    for sheet in sheets:
        table = recognise_table(sheet, framework, _HEADERS, needed={AUDIT, DRAWN}, may_name_audits=True)
        if table is None:
            continue
        above = sheet.cells[sheet.cells.index < table.header_row]
        written = {fold_header(row.iloc[0]): row.iloc[1] for _, row in above.iterrows() if len(row) > 1}
        settings = {name: written[fold_header(name)] for name in SETTINGS if written.get(fold_header(name))}
        at = table.positions
        read = pd.DataFrame({name: table.data[at[name]] if name in at else "" for name in _HEADERS})
        return DrawRecord(settings, _frame(read))
    return None


def _frame(read: pd.DataFrame) -> pd.DataFrame:
    audits = read[AUDIT].map(fold_label)
    unsealed = [unseal(audit, text) for audit, text in zip(audits, read[SEALED], strict=True)]
    strata = [
        sealed[0] or (word if word in (CERTAINTY, RANDOM) else None)
        for sealed, word in zip(unsealed, read[STRATUM].map(fold_label), strict=True)
    ]
    written = pd.to_numeric(read[PROBABILITY], errors="coerce").astype(float)
    opened = pd.Series([sealed[1] for sealed in unsealed], index=read.index, dtype=float)
    frame = pd.DataFrame({"audit": audits, "drawn": read[DRAWN].map(fold_label)})
    frame["stratum"] = pd.Series(strata, index=read.index, dtype=TEXT)
    frame["probability"] = opened.fillna(written)
    return frame[frame["audit"] != ""].drop_duplicates("audit", ignore_index=True)


def seal(audit: str, stratum: str, probability: float) -> str:
    """Write stratum and probability so that nobody reads them in passing.

    Parameters
    ----------
    audit
        The pseudonym of the audit, so that two audits of one stratum look different.
    stratum
        ``certainty`` or ``random``.
    probability
        From 0 to 1.

    Returns
    -------
    str
        Letters and digits, as many for each.

    Examples
    --------
    >>> len(seal("a", "random", 0.1)), unseal("a", seal("a", "random", 0.1))
    (24, ('random', 0.1))
    """
    plain = _LAYOUT.pack(stratum == CERTAINTY, probability)
    return base64.b32encode(_masked(plain + _check(plain), audit)).decode().lower()


def unseal(audit: str, text: str) -> tuple[str | None, float | None]:
    """Read what `seal` wrote.

    Parameters
    ----------
    audit
        The pseudonym of the audit.
    text
        What stands beside it.

    Returns
    -------
    tuple
        Stratum and probability; None for both where it is no seal of this audit.

    Examples
    --------
    >>> unseal("b", seal("a", "random", 0.1))
    (None, None)
    """
    try:
        found = _masked(base64.b32decode(text.strip().upper()), audit)
    except (binascii.Error, ValueError):
        return None, None
    plain = found[: _LAYOUT.size]
    if len(found) != _LAYOUT.size + _BYTES_OF_CHECK or found[_LAYOUT.size :] != _check(plain):
        return None, None
    is_certain, probability = _LAYOUT.unpack(plain)
    return CERTAINTY if is_certain else RANDOM, probability


def _check(plain: bytes) -> bytes:
    return hashlib.sha256(plain).digest()[:_BYTES_OF_CHECK]


def _masked(content: bytes, audit: str) -> bytes:
    mask = hashlib.shake_256(audit.encode()).digest(len(content))
    return bytes(one ^ other for one, other in zip(content, mask, strict=True))
