"""Raw audits are accepted or rejected, written grades matched, people replaced by pseudonyms.

An audit is accepted or rejected whole, by the rules of `rejection`. A written grade is counted, not given, or a problem
of its own, by those of `grading`, and never costs the audit. People become pseudonyms here, so that no later floor ever
holds a name. Every row is accounted for, and what every sheet and header was taken for is noted.
"""

import datetime as dt

import pandas as pd

from auditanalytics.challenges import read_challenges
from auditanalytics.feedback import read_feedback
from auditanalytics.frameworks import Framework
from auditanalytics.grading import Grading
from auditanalytics.intake import (
    IDENTITY_SEPARATOR,
    MendedRows,
    PublishedTable,
    RawAudits,
    RawDocument,
    RawSheet,
    ReturnTable,
    TableBeside,
    gather_events,
    gather_links,
    is_moderators_workbook,
    parse_dates,
    raw_audits,
    read_events,
    read_forms,
    read_links,
    read_published,
    recognise_events,
    recognise_links,
    recognise_moderated,
    recognise_published,
    recognise_returns,
)
from auditanalytics.moderated_grades import (
    differing_draws,
    join_moderations,
    read_moderations,
    with_moderators,
    written_identifiers,
)
from auditanalytics.privacy import pseudonymise
from auditanalytics.problems import Problem, problem
from auditanalytics.quarters import quarter_name, quarters_of
from auditanalytics.rejection import Register, reject
from auditanalytics.rules import Severity
from auditanalytics.schema import (
    ACTIONS,
    AUDITS,
    FEEDBACK,
    FINDINGS,
    HEADERS,
    IDENTIFIERS,
    MODERATIONS,
    PROBLEMS,
    PUBLISHED_SHARES,
    ROW_ACCOUNTING,
    SENDERS,
    SHEETS,
)
from auditanalytics.themes import NO_THEME, Codebook
from auditanalytics.themes.by_hand import read_codes

_PEOPLE = {"child": "child", "worker": "worker", "auditor": "auditor", "moderator": "auditor", "re_audit_of": "audit"}
_DATES = [column.name for column in AUDITS.columns if column.kind == "date" and column.name != "period_date"]
_COPIED = ("auditor_team", "team", "service", "case_type", "audit_type", "topic", "exempt")


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
    codebook
        The codebook whose themes somebody may have coded by hand.
    """

    def __init__(
        self, framework: Framework, problems: list[Problem], *, latest: dt.date, year: str | None, codebook: Codebook
    ) -> None:
        self.framework, self.problems, self.latest, self.year = framework, problems, latest, year
        self.codebook = codebook
        self.accepted: list[RawAudits] = []
        self.published: list[pd.DataFrame] = []
        self.events: list[pd.DataFrame] = []
        self.links: list[pd.DataFrame] = []
        self.moderated: list[TableBeside] = []
        self.accounting: list[tuple[str, str, int, int, int, int]] = []
        self.sheets: list[tuple[str, str, str, int, int, str]] = []
        self.headers: list[pd.DataFrame] = []
        self.read_audits: list[RawAudits] = []
        self.register = Register()

    @property
    def rejected_audits(self) -> int:
        """How many audits were rejected."""
        return self.register.rejected

    def read(self, sheet: RawSheet) -> None:
        """Read a sheet and account for every row of it."""
        table, problems = recognise_returns(sheet, self.framework)
        self.problems += problems
        if not (table or problems) and (moderated := recognise_moderated(sheet, self.framework)):
            self.moderated.append(moderated)
            if is_moderators_workbook(sheet):
                self.problems.append(problem("moderation_workbook", sheet.file, sheet.sheet))
            self._account_beside(moderated, "moderated")
            return
        if not (table or problems) and (published := recognise_published(sheet)):
            self._read_published(published)
            return
        if not (table or problems) and (events := recognise_events(sheet, self.framework)):
            self._read_beside(events, "events", *read_events(events))
            return
        if not (table or problems) and (links := recognise_links(sheet, self.framework)):
            themes = {name: theme for name, theme in self.codebook.ids.items() if theme != NO_THEME}
            self._read_beside(links, "links", *read_links(links, themes))
            return
        if table is None:
            self._leave(sheet, problems)
            return
        kept = self._read_return(table)
        self._note_sheet(sheet, "long" if table.is_long else "wide", table.header_row)
        self._account(sheet, accepted=len(kept), rejected=len(table.rows) - len(kept), skipped=table.skipped)

    def _read_return(self, table: ReturnTable) -> pd.Index:
        """Read a return; the rows of the audits that were accepted."""
        self.headers.append(table.describe_headers(self.framework))
        raw, problems = raw_audits(table, self.framework)
        self.problems += problems
        self.read_audits.append(raw)
        rejected, problems = reject(raw, self.framework, self.register, latest=self.latest)
        self.problems += problems
        self.accepted.append(raw.without(rejected))
        return raw.row_of.index[~raw.row_of.isin(rejected)]

    def account_for_mended(self, mended: MendedRows) -> None:
        """Account for workbooks of mended rows, once all that they may belong to was read."""
        self.problems += mended.problems
        for sheet, header_row in mended.sheets:
            self._note_sheet(sheet, "mended", header_row)
            self._account(sheet, accepted=0, rejected=0, skipped=len(sheet.cells) - (header_row is not None))

    def read_documents(self, documents: list[RawDocument], mended: MendedRows) -> None:
        """Read Word documents as forms, each of which is one row."""
        forms = read_forms(documents, self.framework)
        self.problems += forms.problems
        self.register.rejected += len(forms.refused)
        fates = dict.fromkeys(forms.refused, "rejected") | dict.fromkeys([*forms.foreign, *forms.blank], "skipped")
        for sheet in forms.tables:
            table, problems = recognise_returns(mended.apply(sheet), self.framework)
            self.problems += problems
            kept = pd.Index([]) if table is None else self._read_return(table)
            data = sheet.cells.index if table is None else table.rows  # without a form that came back blank
            self.register.rejected += len(sheet.forms) if table is None else 0
            for row, form in enumerate(sheet.forms, 2):
                fates[form.file] = "accepted" if row in kept else "rejected" if row in data else "skipped"
        read = {form.file for sheet in forms.tables for form in sheet.forms} | set(forms.blank)
        for document in documents:
            self.sheets.append((document.file, "", "form" if document.file in read else "not read", None, 0, ""))
            counts = [int(fates[document.file] == each) for each in ("accepted", "rejected", "skipped")]
            self.accounting.append((document.file, "", 1, *counts))

    def _note_sheet(self, sheet: RawSheet, kind: str, header_row: int | None = None) -> None:
        self.sheets.append((sheet.file, sheet.sheet, kind, header_row, sheet.hidden_rows, sheet.encoding))
        if sheet.hidden_rows and kind != "not read":
            self.problems.append(problem("hidden_rows", sheet.file, sheet.sheet, count=sheet.hidden_rows))

    def _account(self, sheet: RawSheet, *, accepted: int, rejected: int, skipped: int) -> None:
        read = accepted + rejected + skipped
        self.accounting.append((sheet.file, sheet.sheet, read, accepted, rejected, skipped))

    def _leave(self, sheet: RawSheet, faults: list[Problem]) -> None:
        """Account for a sheet that is not read: the rows of one that looks like a return are lost, not skipped."""
        if faults:
            header_row = int(faults[0].row)
            lost = int((sheet.cells.loc[header_row + 1 :] != "").any(axis=1).sum())
            self.register.rejected += lost
            self._note_sheet(sheet, "not read", header_row)
            self._account(sheet, accepted=0, rejected=lost, skipped=len(sheet.cells) - 1 - lost)
        else:
            severity: Severity = "note" if sheet.sheet else "error"
            self.problems.append(problem("header_not_found", sheet.file, sheet.sheet, severity=severity))
            self._note_sheet(sheet, "not read")
            self._account(sheet, accepted=0, rejected=0, skipped=len(sheet.cells))

    def _read_published(self, table: PublishedTable) -> None:
        shares, problems = read_published(table, self.framework, year=self.year)
        self.published.append(shares)
        self.problems += problems
        sheet = table.sheet
        self._note_sheet(sheet, "published", table.header_row)
        self._account(sheet, accepted=0, rejected=0, skipped=len(sheet.cells) - 1)
        self.problems.append(problem("published_table", sheet.file, sheet.sheet))

    def _read_beside(self, table: TableBeside, kind: str, rows: pd.DataFrame, problems: list[Problem]) -> None:
        {"events": self.events, "links": self.links}[kind].append(rows)
        self.problems += problems
        self._account_beside(table, kind)

    def _account_beside(self, table: TableBeside, kind: str) -> None:
        sheet = table.sheet
        self._note_sheet(sheet, kind, table.header_row)
        self._account(sheet, accepted=0, rejected=0, skipped=len(sheet.cells) - 1)
        self.problems.append(problem(f"{kind}_table", sheet.file, sheet.sheet))

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
        grading = Grading(self.framework)
        for raw, known in zip(self.accepted, ids, strict=True):
            self.problems += grading.grade(raw, known)
            self._warn_of_themes(raw)
        moderations, judgements = self._moderated(grading.judgements(), audits, key)
        tables = {
            "audits": with_moderators(AUDITS.build(audits), moderations),
            "judgements": judgements,
            "moderations": moderations,
            "findings": self._findings(ids),
            "actions": self._actions(ids, key),
            "feedback": self._feedback(ids),
            "ledger": grading.ledger(),
            "identifiers": self._identifiers(),
            "sheets": SHEETS.build(self.sheets),
            "headers": HEADERS.build(pd.concat(self.headers) if self.headers else []),
            "accounting": ROW_ACCOUNTING.build(self.accounting),
            "published": PUBLISHED_SHARES.build(pd.concat(self.published) if self.published else []),
            "events": gather_events(self.events),
            "links": gather_links(self.links),
        }
        # Last, because making the other tables finds problems too.
        return tables | {"problems": PROBLEMS.build(self.problems)}

    def _moderated(
        self, judgements: pd.DataFrame, audits: pd.DataFrame, key: bytes
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The grades of tables of moderated grades, and the judgements with them."""
        known, read = dict(zip(audits["audit_id"], audits["auditor"], strict=True)), []
        for table in self.moderated:
            rows, problems = read_moderations(table, self.framework, known, key=key, latest=self.latest)
            read.append(rows)
            self.problems += problems
        if not read:
            return MODERATIONS.build([]), judgements
        moderations = MODERATIONS.build(pd.concat(read))
        judgements, unchanged = join_moderations(judgements, moderations)
        differ = differing_draws(moderations)
        for table, rows in zip(self.moderated, read, strict=True):
            met = rows.reset_index(names="row").merge(unchanged, on=["audit_id", "category"])
            at = table.positions["moderated_grade"]
            self.problems += [
                table.problem(each.code, each.row, at) for each in met.drop_duplicates("row").itertuples()
            ]
            first = rows[rows["audit_id"].isin(differ)].drop_duplicates("audit_id").index
            self.problems += [
                table.problem("moderated_draw_differs", row, table.positions["audit_id"]) for row in first
            ]
        return moderations, judgements

    def _identifiers(self) -> pd.DataFrame:
        """Every value that names somebody or is in their own words, of rejected audits too: what may not come out."""
        parts = []
        for raw in self.read_audits:
            identity = raw.table.data[list(raw.table.identity)].to_numpy()
            identity = pd.Series([IDENTITY_SEPARATOR.join(part) for part in identity], dtype=object)
            found = [("audit", identity), ("worker", raw.actions["person"])]
            found += [(kind, raw.audits[field]) for field, kind in _PEOPLE.items()]
            spoken = raw.comments.loc[raw.comments["text"] != raw.comments["themes"], "text"]
            seen = raw.table.position("professionals_seen")
            spoken_of = [] if seen is None else [raw.table.data[seen]]
            said = (spoken, raw.actions["action"], raw.feedback["who"], raw.feedback["text"], *spoken_of)
            found += [("comment", texts) for texts in said]
            parts += [pd.DataFrame({"kind": kind, "text": pd.Series(texts.unique())}) for kind, texts in found]
        parts += [written_identifiers(table) for table in self.moderated]
        identifiers = IDENTIFIERS.build(pd.concat(parts) if parts else [])
        return identifiers[identifiers["text"] != ""].drop_duplicates(ignore_index=True)

    def senders(self, problems: list[Problem], *, key: bytes) -> pd.DataFrame:
        """Say whose the rows with problems are.

        Parameters
        ----------
        problems
            Problems.
        key
            The key of the pseudonyms.

        Returns
        -------
        pandas.DataFrame
            `schema.SENDERS`; rows that are torn are nobody's, since their cells are not to be trusted.
        """
        rows = []
        for raw in self.read_audits:
            row_of = raw.table.sheet.row_of
            places = {(found.file, found.sheet, found.row): row for found in problems if (row := row_of(found))}
            audits = raw.row_of.reindex(list(places.values())).set_axis(pd.Index(places)).dropna().astype(int)
            whose = raw.audits.loc[audits, ["team", "auditor"]].replace("", None).itertuples(index=False)
            rows += [(*place, *who) for place, who in zip(audits.index, whose, strict=True)]
        senders = SENDERS.build(rows)
        return senders.assign(auditor=pseudonymise(senders["auditor"], "auditor", key=key))

    def _audits(self, key: bytes) -> tuple[pd.DataFrame, list[pd.Series]]:
        """The audits table, and for each sheet the pseudonym of the audit on each row."""
        frames, ids = [], []
        for raw in self.accepted:
            given = raw.audits[[*_PEOPLE, *_COPIED]]
            given = given.where(given != "")
            frame = pd.DataFrame(index=raw.audits.index)
            frame["audit_id"] = pseudonymise(raw.audits["key"], "audit", key=key)
            ids.append(frame["audit_id"])
            for field, kind in _PEOPLE.items():
                frame[field] = pseudonymise(given[field], kind, key=key)
            for field in _COPIED:
                frame[field] = given[field]
            frame[["challenge", "challenge_outcome"]] = read_challenges(raw.audits)
            for field in _DATES:
                frame[field], codes = parse_dates(raw.audits[field], day_zero=raw.table.sheet.day_zero)
                rows = codes.index.to_series()
                self._warn_of_dates(raw, codes, rows, rows * 0 + (raw.table.position(field) or 0))
            frame["period_date"] = frame[self.framework.period_date]
            days = pd.Series(frame["period_date"].unique())
            names = quarters_of(days, calendar=self.framework.quarters).map(quarter_name)
            frame["quarter"] = frame["period_date"].map(dict(zip(days, names, strict=True)))
            frame[["file", "sheet", "row"]] = raw.table.sheet.places(frame.index)
            frames.append(AUDITS.build(frame))
        return pd.concat(frames, ignore_index=True) if frames else AUDITS.build([]), ids

    def _warn_of_dates(self, raw: RawAudits, codes: pd.Series, rows: pd.Series, positions: pd.Series) -> None:
        """A date beside the one that decides the quarter costs itself, not the audit."""
        details = {"severity": "warning", "outcome": "date left out"}
        for index, code in codes[~codes.isin(["", "date_missing"])].items():
            self.problems.append(raw.table.problem(code, rows[index], positions[index], **details))

    def _warn_of_themes(self, raw: RawAudits) -> None:
        """A theme that somebody coded by hand and the codebook does not have."""
        at = raw.table.position("themes")
        if at is None:
            return
        written = raw.table.data.loc[raw.row_of.index, at]
        understood = {text: read_codes(text, self.codebook)[1] for text in written.unique()}
        for row in written.index[~written.map(understood).astype(bool)]:
            self.problems.append(raw.table.problem("theme_unknown", row, at))

    def _findings(self, ids: list[pd.Series]) -> pd.DataFrame:
        frames = [
            raw.comments.assign(audit_id=raw.comments["audit_row"].map(known))
            for raw, known in zip(self.accepted, ids, strict=True)
        ]
        return FINDINGS.build(_missing_for_blank(frames))

    def _feedback(self, ids: list[pd.Series]) -> pd.DataFrame:
        frames = [FEEDBACK.build([])]
        for raw, known in zip(self.accepted, ids, strict=True):
            feedback, problems = read_feedback(raw, known)
            frames.append(feedback)
            self.problems += problems
        return pd.concat(frames, ignore_index=True)

    def _actions(self, ids: list[pd.Series], key: bytes) -> pd.DataFrame:
        frames = []
        for raw, known in zip(self.accepted, ids, strict=True):
            actions = raw.actions.assign(audit_id=raw.actions["audit_row"].map(known)).reset_index(drop=True)
            for field in ("due_on", "completed_on"):
                actions[field], codes = parse_dates(actions[field], day_zero=raw.table.sheet.day_zero)
                self._warn_of_dates(raw, codes, actions["row"], actions[f"{field}_position"])
            frames.append(actions)
        actions = _missing_for_blank(frames)
        return ACTIONS.build(actions.assign(person=pseudonymise(actions["person"], "worker", key=key)))


def _missing_for_blank(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Frames under each other, with missing in place of blank text."""
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    together = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=["person"])
    return together.where(together != "")
