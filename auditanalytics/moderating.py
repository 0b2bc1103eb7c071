"""Moderation as commands: drawing the audits of a quarter, reading what moderators gave, and the pack to discuss it.

What is written passes the gate first and is its owner's alone. A workbook or a pack that stands in its place may have
been filled in for hours, so it is kept beside the new one. What the terminal shows is counts and places, never a grade,
a name or a word that somebody wrote.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from auditanalytics.assignments import assign_moderators, describe_assignments, describe_linkage
from auditanalytics.csv_files import read_rows, write_rows
from auditanalytics.english import as_part, counted
from auditanalytics.errors import ArgumentError, ReturnsError
from auditanalytics.form_names import number_telling_forms
from auditanalytics.frameworks import Framework
from auditanalytics.intake import DatabaseQuery, Given
from auditanalytics.intake.values import DAY_ZERO
from auditanalytics.moderation_files.draw_record import AUDIT, draw_record, read_draw
from auditanalytics.moderation_files.filled import FilledWorkbook, read_book, read_workbook
from auditanalytics.moderation_files.moderated_table import moderated_table
from auditanalytics.moderation_files.moderators import read_moderators
from auditanalytics.moderation_files.pack import DiscussionPack, discussion_pack
from auditanalytics.moderation_files.pack_document import web_pack, word_pack
from auditanalytics.moderation_files.sheets import CATEGORY, MODERATOR
from auditanalytics.moderation_files.summary_of_reading import describe_filled, describe_problems
from auditanalytics.moderation_files.workbook import moderation_workbook
from auditanalytics.periods import LATEST, resolve_quarter
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.run_record import pass_gate
from auditanalytics.scratch import scratch_folder
from auditanalytics.spot_checks import SpotChecks, draw_spot_checks
from auditanalytics.target_files import check_targets, keep_earlier, write_whole

_EDITED, _READ = (".xlsx", ".docx"), (".xlsx", ".csv")
"""By their endings, the files that somebody fills in, and those that may be returns."""


@dataclass(frozen=True)
class ModerationDraw:
    """What a draw came to.

    Attributes
    ----------
    checks
        The audits that were drawn, and those that might have been.
    is_blind
        Whether the workbook leaves the auditors' grades out.
    sentences
        What is to be said of who moderates.
    """

    checks: SpotChecks
    is_blind: bool
    sentences: tuple[str, ...]

    def __str__(self) -> str:
        """What the terminal shows."""
        checks = self.checks
        drawn = f"Drawn for {checks.quarter} with the seed {checks.seed}: {counted(len(checks.drawn), 'audit')}."
        blind = ["Blind: the workbook holds no first grade, and no reason for the draw."] if self.is_blind else []
        return "\n".join([drawn, *checks.sentences, *self.sentences, *blind])


def draw_moderation(
    paths: Iterable[Given],
    *,
    out: str | Path,
    quarter: str = LATEST,
    share: float | None = None,
    seed: int = 0,
    moderators: str | Path | None = None,
    blind: bool = False,
    earlier: Iterable[str | Path] = (),
    framework: str | Path | None = None,
    year: str | None = None,
) -> ModerationDraw:
    """Draw the audits of a quarter to be moderated, and write the workbook for their moderators.

    Parameters
    ----------
    paths
        Files and folders of returns, and a query of a database.
    out
        The workbook to write (.xlsx). One that stands there and is another is kept as ``<name>.earlier.xlsx``.
    quarter
        A quarter, or ``latest``.
    share
        The share that is drawn at random, from 0 to 1; that of the framework, or a tenth, if None.
    seed
        What the lot is drawn with; the same seed draws the same audits.
    moderators
        A table with the columns Moderator, Service and where there are any Team and Most; nobody is named if None.
    blind
        Whether the auditors' grades, and what could give them away, are left out.
    earlier
        Workbooks of earlier draws: what was drawn then is not drawn again.
    framework
        The name of a shipped framework or the path of a framework file; if None, the shipped one whose headers match.
    year
        The year of a published table that does not say it.

    Returns
    -------
    ModerationDraw
        Counts.

    Raises
    ------
    ArgumentError
        If an argument or a table is wrong; nothing was written.
    ReturnsError
        If the returns did not pass the checks, or no audit is left to draw.
    PrivacyError
        If the workbook would identify somebody; nothing was written.
    """
    target, inputs, before = Path(out), list(paths), [Path(path) for path in earlier]
    _check_target(
        target, (".xlsx",), [*_on_disk(inputs), *before, *([Path(moderators)] if moderators is not None else [])]
    )
    returns = _read(inputs, target, framework=framework, year=year)
    people = read_moderators(Path(moderators), returns.framework) if moderators is not None else None
    drawn_before = _earlier_frames(before, returns.framework)
    checks = draw_spot_checks(returns, quarter=quarter, share=share, seed=seed, earlier=drawn_before)
    if checks.drawn.empty:
        raise ReturnsError(f"no audit of {checks.quarter} is left to draw: {' '.join(checks.sentences)}")
    names, sentences = _assign(checks, returns, people)
    framework_id = returns.framework.id
    how = {"quarter": checks.quarter, "framework": framework_id, "share": checks.share, "seed": checks.seed}
    record = draw_record(checks.frame, **how, blind=blind)
    content = moderation_workbook(returns, checks.drawn, record, moderators=names)
    _publish(target, content, returns, _meant(returns, checks.drawn["audit"]) | {"moderator": names.values()})
    return ModerationDraw(checks, blind, sentences)


def _earlier_frames(paths: list[Path], framework: Framework) -> pd.DataFrame | None:
    """The audits of earlier draws, one draw below the other."""
    frames = []
    for path in paths:
        record = read_draw(read_book(path), framework)
        if record is None or not record.frame["drawn"].isin(["yes", "no"]).all():
            raise ArgumentError(
                f"'{path.name}' does not say which audits were drawn; give a workbook of 'moderate draw'"
            )
        frames.append(record.frame)
    return pd.concat(frames, ignore_index=True) if frames else None


def _assign(
    checks: SpotChecks, returns: AuditReturns, people: pd.DataFrame | None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The name of the moderator of each audit, and what is to be said of who moderates what."""
    if people is None:
        return {}, ("No moderators were given; their names are to be written on the sheet Cases.",)
    assigned = assign_moderators(checks.drawn, returns.audits, people, seed=checks.seed)
    given = assigned.dropna(subset="moderator")
    names = given["moderator"].map(people.set_index("moderator")["name"])
    without = assigned.loc[assigned["moderator"].isna(), "reason"].value_counts()
    said = [f"{counted(number, 'audit')} without a moderator: {as_part(str(why))}." for why, number in without.items()]
    checked = describe_assignments(assigned, returns.audits, people)
    return dict(zip(given["audit"], names, strict=True)), (
        checked,
        *said,
        describe_linkage(assigned, returns.audits),
    )


@dataclass(frozen=True)
class WrittenPack:
    """A discussion pack that was written."""

    pack: DiscussionPack

    def __str__(self) -> str:
        """What the terminal shows."""
        pack = self.pack
        lines = [
            f"Discussion pack for {pack.quarter}: {pack.moderated} of {counted(pack.audits, 'audit')} moderated.",
            f"Cases with grades that differ: {len(pack.cases)}, {len(pack.far)} of them by two steps or more.",
            f"Not moderated, with a reason to look: {len(pack.waiting)}.",
        ]
        if pack.quoted:
            lines.append("It quotes comments, redacted by a program: read them before you hand it on.")
        return "\n".join(lines)


def write_pack(
    paths: Iterable[Given],
    *,
    out: str | Path,
    quarter: str = LATEST,
    framework: str | Path | None = None,
    year: str | None = None,
) -> WrittenPack:
    """Write the discussion pack of a quarter.

    Parameters
    ----------
    paths
        Files and folders of returns, or a query of a database, and tables of moderated grades beside them.
    out
        The file to write (.docx or .html). A Word file that stands there and is another is kept as
        ``<name>.earlier.docx``.
    quarter
        A quarter, or ``latest``.
    framework
        The name of a shipped framework or the path of a framework file; if None, the shipped one whose headers match.
    year
        The year of a published table that does not say it.

    Returns
    -------
    WrittenPack
        Counts.

    Raises
    ------
    ArgumentError
        If an argument is wrong; nothing was written.
    ReturnsError
        If the returns did not pass the checks, or the quarter has no audit.
    PrivacyError
        If the pack would identify somebody; nothing was written.
    """
    target, inputs = Path(out), list(paths)
    _check_target(target, (".docx", ".html"), _on_disk(inputs))
    returns = _read(inputs, target, framework=framework, year=year)
    pack = discussion_pack(returns, quarter=resolve_quarter(returns, quarter))
    if not pack.audits:
        raise ReturnsError(f"no audit was read of {pack.quarter}, so that there is nothing to discuss")
    content = word_pack(pack) if target.suffix.lower() == ".docx" else web_pack(pack).encode("utf-8")
    shown = [each.audit for each in (*pack.cases, *pack.waiting)]
    _publish(target, content, returns, _meant(returns, shown) | {"quote": pack.quoted})
    return WrittenPack(pack)


@dataclass(frozen=True)
class ReadModeration:
    """What a moderation workbook that came back holds.

    Attributes
    ----------
    filled
        The workbook.
    sentences
        Counts, how its grades meet the draw and the returns, and what could not be understood.
    """

    filled: FilledWorkbook
    sentences: tuple[str, ...]

    def __str__(self) -> str:
        """What the terminal shows."""
        return "\n".join(self.sentences)


def read_moderation(
    workbook: str | Path,
    paths: Iterable[Given],
    *,
    out: str | Path,
    framework: str | Path | None = None,
    year: str | None = None,
) -> ReadModeration:
    """Read a moderation workbook that came back, and write its grades as a table to be kept beside the returns.

    Parameters
    ----------
    workbook
        The workbook, saved by whatever program.
    paths
        Files and folders of the returns that it was drawn from, or the query.
    out
        The table to write (.csv), for its owner alone; one that stands there is replaced.
    framework
        The name of a shipped framework or the path of a framework file; if None, the shipped one whose headers match.
    year
        The year of a published table that does not say it.

    Returns
    -------
    ReadModeration
        Counts, and what could not be understood.

    Raises
    ------
    ArgumentError
        If an argument is wrong; nothing was written.
    ReturnsError
        If the returns did not pass the checks, or the workbook has no grade that can be taken.
    """
    source, target, inputs = Path(workbook), Path(out), list(paths)
    _check_target(target, (".csv",), [source, *_on_disk(inputs)])
    returns = _read(inputs, target, framework=framework, year=year)
    filled = read_workbook(source, returns)
    if filled.grades.empty:
        first = describe_problems(filled.problems[:1])
        why = f"; {first[0].strip()}" if first else ""
        raise ReturnsError(
            f"'{source.name}' has no grade to take: of {counted(filled.rows, 'row')} {filled.blank:,} are blank, "
            f"{filled.not_judged:,} not judged and {filled.not_understood:,} not understood{why}"
        )
    sentences = tuple(describe_filled(filled, returns))
    rows = moderated_table(filled)
    _refuse_to_lose(target, rows)
    write_rows(target, rows)
    return ReadModeration(filled, sentences)


def _on_disk(inputs: list[Given]) -> list[Path]:
    """The files and folders that are read; of a query, the file of its database if that is one."""
    places = [given.file if isinstance(given, DatabaseQuery) else Path(given) for given in inputs]
    return [place for place in places if place]


def _read(inputs: list[Given], target: Path, *, framework: str | Path | None, year: str | None) -> AuditReturns:
    """The returns, if they may be used, and the file to write stands in the place of none of them."""
    if not inputs:
        raise ArgumentError("give the path of a return or of a folder of returns")
    returns = number_telling_forms(read_returns(inputs, framework=framework, year=year))
    if any(_is_among(target, given, returns) for given in _on_disk(inputs) if given.is_dir()):
        raise ArgumentError("a file among the returns would be overwritten; give another name for what is written")
    returns.check()
    return returns


def _is_among(target: Path, folder: Path, returns: AuditReturns) -> bool:
    """Whether a file is one of the returns; a table of moderated grades may be written anew among them."""
    if target.suffix.lower() not in _READ or not target.exists():
        return False
    if not target.resolve().is_relative_to(folder.resolve()):
        return False
    name = target.resolve().relative_to(folder.resolve()).as_posix()
    kinds = set(returns.sheets.loc[returns.sheets["file"] == name, "kind"])
    return "moderated" not in kinds or not kinds <= {"moderated", "not read"}


def _check_target(target: Path, endings: tuple[str, ...], inputs: list[Path]) -> None:
    if target.suffix.lower() not in endings:
        raise ArgumentError(f"--out must end in {' or '.join(endings)}")
    check_targets(None, [target])
    for given in inputs:
        if given.is_file():
            check_targets(given, [target])


def _meant(returns: AuditReturns, audits: Iterable[str]) -> dict[str, Iterable[str]]:
    """The numbers that say where audits stand and on which day they were done; they may look like those of cases."""
    shown = returns.audits[returns.audits["audit_id"].isin(list(audits))]
    days = (shown["period_date"] - pd.Timestamp(DAY_ZERO)).dt.days
    return {"number": [*map(str, shown["row"]), *map(str, days)]}


def _publish(target: Path, content: bytes, returns: AuditReturns, meant: Mapping[str, Iterable[str]]) -> None:
    """Put a file in its place once the gate has found nothing in it."""
    with scratch_folder() as folder:
        (folder / f"moderation{target.suffix.lower()}").write_bytes(content)
        pass_gate(folder, returns, meant=meant)
    if target.suffix.lower() in _EDITED:
        keep_earlier(target, content)
    write_whole(target, content)


def _refuse_to_lose(target: Path, rows: list[list[str]]) -> None:
    """Refuse to write over a table with grades that the new one lacks, such as what moderators agreed on."""
    if not target.is_file():
        return
    of = [rows[0].index(name) for name in (AUDIT, CATEGORY, MODERATOR)]
    header, before = read_rows(target, AUDIT)
    new = {tuple(row[at] for at in of) for row in rows}
    lost = [row for row in before if row and tuple(row[at] for at in of) not in new] if header == rows[0] else before
    if lost or header != rows[0]:
        raise ArgumentError(
            f"'{target.name}' holds {counted(len(before), 'row')}, of which {len(lost):,} would be lost; give another "
            "name, such as one with the quarter, and keep both with the returns"
        )
