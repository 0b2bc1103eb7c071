"""Returns made ready for a report that is sent round: which of their counts are hidden, decided once.

Every count of a domain, quarter and grade is a cell; the graded judgements and the two tails are sums of such cells. A
cell is small when few children stand behind it, however many judgements they make. What is hidden is decided here for
all cells together; `summary.count_grades` then gives what is left, and as every table, chart and sentence is made from
that, none can tell more. Whatever is reckoned from single audits has no place in such a report.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from auditanalytics.disclosure import LinkedCounts, Policy, difference_attack, pooled_attack, suppress
from auditanalytics.disclosure.linked import Sum
from auditanalytics.errors import ArgumentError, PrivacyError
from auditanalytics.grades import TAILS
from auditanalytics.moderation import grade_of_record
from auditanalytics.returns import INTERNAL, SHARED, AuditReturns
from auditanalytics.schema import HIDDEN_COUNTS, HIDDEN_THEMES, QUARTERLY_GRADES, QUOTES, THEMES
from auditanalytics.summary import count_grades, quarterly_grades
from auditanalytics.theme_measures import count_themes

SMALL, PROTECTING = "small", "to protect a small one"

_BASE = ""
"""Stands in place of a grade for the number of graded judgements."""

_WORTH_OF_A_TAIL, _WORTH_OF_A_BASE = 10.0, 100.0
"""How much dearer it is to hide a tail, which the charts show, or a denominator, than a grade."""


def prepare_for_sharing(returns: AuditReturns, *, through: str) -> AuditReturns:
    """Decide which counts a report for sharing hides.

    Parameters
    ----------
    returns
        Audit returns, for internal use.
    through
        The quarter that is reported, the last one counted.

    Returns
    -------
    AuditReturns
        The returns for sharing: with what is hidden, and without the published shares that would tell it.

    Raises
    ------
    ChoiceError
        If there is no such quarter.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> shared = prepare_for_sharing(read_returns("data/example"), through="2019-Q4")
    >>> int(count_grades(shared)["n"].between(1, 4).sum())
    0
    """
    themes = {"hidden_themes": _small_themes(returns, through), "quotes": QUOTES.build([])}
    counts = count_grades(returns, through=through)
    if counts.empty:
        return replace(returns, audience=SHARED, **themes)
    linked = link_counts(returns, counts)
    found = suppress(linked, returns.disclosure_policy)
    cells = linked.counts.index.to_frame(index=False)
    reason = found.primary.map({True: SMALL, False: PROTECTING}).to_numpy()
    hidden = cells.assign(grade=cells["grade"].replace(_BASE, None), reason=reason)[found.hidden.to_numpy()]
    published = returns.published.merge(hidden[["domain", "quarter", "grade"]], how="left", indicator=True)
    return replace(
        returns,
        audience=SHARED,
        hidden=HIDDEN_COUNTS.build(hidden),
        **themes,
        published=published[published["_merge"] == "left_only"].drop(columns="_merge").reset_index(drop=True),
    )


_THEME_CELL = ["domain", "kind", "theme", "quarter"]


def _small_themes(returns: AuditReturns, through: str) -> pd.DataFrame:
    """The theme counts that few children stand behind, or that few stand outside of, or that are of few at all.

    An audit may speak of several themes, of some as a strength and as a worry, so that no sum links one count to
    another. Only this is known: every audit with a comment is in some count, so that what the others leave may give a
    single hidden one away, and another is hidden with it.
    """
    counts = count_themes(returns, through=through)
    who = _who(returns)
    spoken = returns.coded.merge(returns.audits[["audit_id", "quarter"]].assign(who=who), on="audit_id")
    policy = returns.disclosure_policy
    base = spoken.groupby(["domain", "quarter"])["who"].nunique()
    named = spoken.groupby(_THEME_CELL)["who"].nunique()
    of = counts.join(base.rename("of"), on=["domain", "quarter"])["of"].fillna(0)
    n = counts.join(named.rename("named"), on=_THEME_CELL)["named"].fillna(0)
    hidden = policy.is_small(of) | policy.is_small(n) | policy.is_small(of - n)
    for _, rows in counts.groupby(["domain", "quarter"]):
        hidden |= _given_away(rows, hidden[rows.index], policy).reindex(hidden.index, fill_value=False)
    bases = counts.loc[policy.is_small(of), ["domain", "quarter"]].drop_duplicates()
    return HIDDEN_THEMES.build(pd.concat([counts.loc[hidden, _THEME_CELL], bases]))


def _given_away(rows: pd.DataFrame, hidden: pd.Series, policy: Policy) -> pd.Series:
    """Which counts of a domain and quarter have to be hidden besides, so that what is left gives no small one away."""
    more = pd.Series(False, index=rows.index)
    most, of = policy.threshold - 1, int(rows["of_audits"].max())
    while number := int((hidden | more).sum()):
        shown = rows.loc[~(hidden | more), "audits"]
        least = of - int(shown.sum()) - most * (number - 1)
        # Beyond what is small, it is hidden for being nearly all, and may be any of as many numbers as a small one.
        if not most - policy.narrowest < least <= most or not (shown > 0).any():
            break
        more[shown[shown > 0].idxmin()] = True
    return more


def hide_changed_themes(returns: AuditReturns, out: Path, *, through: str) -> AuditReturns:
    """Hide the themes of a quarter that, beside a report shared before, would tell what few audits say.

    Parameters
    ----------
    returns
        Audit returns for sharing, from `prepare_for_sharing`.
    out
        The folder that holds reports.
    through
        The quarter that is reported.

    Returns
    -------
    AuditReturns
        The returns. Where one theme of a domain and quarter changed by little, or was coded by another codebook, all of
        that domain and quarter are hidden: to hide the one alone would tell which it is.
    """
    now = count_themes(returns, through=through).set_index(_THEME_CELL)[_SHARED_OF_THEMES].astype(float)
    places = ["domain", "quarter"]
    changed: set[tuple[str, str]] = set()
    for place, _, _ in _shared_before(returns, out):
        written = place / "tables" / f"{THEMES.name}.csv"
        if not written.is_file():
            continue
        table = pd.read_csv(written, dtype=str, encoding="utf-8-sig", keep_default_na=False).set_index(_THEME_CELL)
        if _codebook_of(place) != returns.codebook["sha256"]:
            changed |= set(table.index.to_frame()[places].itertuples(index=False, name=None))
            continue
        before = table[_SHARED_OF_THEMES].apply(pd.to_numeric, errors="coerce").reindex(now.index)
        differences = (now - before).assign(rest=lambda each: each["of_audits"] - each["audits"]).abs()
        is_small = returns.disclosure_policy.is_small(differences[["n", "audits", "rest"]]).any(axis=1)
        changed |= set(now.index[is_small].to_frame()[places].itertuples(index=False, name=None))
    cells = now.index.to_frame(index=False)
    more = cells[pd.MultiIndex.from_frame(cells[places]).isin(list(changed))] if changed else cells.head(0)
    hidden = pd.concat([returns.hidden_themes, more]).drop_duplicates()
    return replace(returns, hidden_themes=HIDDEN_THEMES.build(hidden))


_SHARED_OF_THEMES = ["n", "audits", "of_audits"]


def _codebook_of(place: Path) -> str:
    """The SHA-256 of the codebook of a report, "" where none is named."""
    about = json.loads((place / "run.json").read_text(encoding="utf-8"))
    return str(about.get("codebook", {}).get("sha256", ""))


def _who(returns: AuditReturns) -> pd.Series:
    """The child of each audit; where a return names none, the audit stands for one."""
    audits = returns.audits
    return audits["child"].astype(object).where(audits["child"].notna(), audits["audit_id"])


def link_counts(returns: AuditReturns, counts: pd.DataFrame) -> LinkedCounts:
    """Put counts together with the sums that link them and the children behind them.

    Parameters
    ----------
    returns
        Audit returns.
    counts
        Counts by quarter, from `summary.count_grades`.

    Returns
    -------
    LinkedCounts
        A cell for every domain, quarter and grade or tail, and one for the graded judgements of each domain and
        quarter. Where few children were audited at all, every cell is small, those that nobody received too: "none
        Good" of three says what the three were.
    """
    keys = ["domain", "quarter", "grade"]
    counts = counts.rename(columns={"period": "quarter"})
    bases = counts.drop_duplicates(["domain", "quarter"]).assign(grade=_BASE, n=lambda rows: rows["of"])
    cells = pd.concat([counts, bases])[[*keys, "n"]].set_index(keys)["n"].astype(int)
    people = _people(returns, cells.index)
    small = people.xs(_BASE, level="grade").map(len).map(returns.disclosure_policy.is_small)
    few = cells.index[cells.index.droplevel("grade").isin(small.index[small])]
    sums = _sums(returns, cells.index)
    dear = {_BASE: _WORTH_OF_A_BASE} | dict.fromkeys(TAILS, _WORTH_OF_A_TAIL)
    worth = pd.Series([dear.get(grade, 1.0) for grade in cells.index.get_level_values("grade")], index=cells.index)
    return LinkedCounts(cells, sums, people=people, also_small=few, worth=worth)


def _sums(returns: AuditReturns, cells: pd.MultiIndex) -> list[Sum]:
    """The graded judgements of each domain and quarter, and each tail, as sums of grades; some scales have one tail."""
    sums: list[Sum] = []
    for domain, quarter in cells.droplevel("grade").unique():
        scale = returns.framework.scale(domain)
        for total, grades in ({_BASE: scale.grades} | scale.tails).items():
            if grades:
                sums.append(((domain, quarter, total), [(domain, quarter, grade) for grade in grades]))
    return sums


def _people(returns: AuditReturns, cells: pd.MultiIndex) -> pd.Series:
    """The children behind every cell; where a return names none, an audit stands for one."""
    audits, who = returns.audits, _who(returns)
    judged = returns.judgements.assign(grade=grade_of_record(returns.judgements)).dropna(subset="grade")
    judged = judged.merge(audits[["audit_id", "quarter"]].assign(who=who), on="audit_id")
    parts = [judged, judged.assign(grade=_BASE)]
    for domain in returns.framework.domain_titles:
        of_domain = judged[judged["domain"] == domain]
        for tail, grades in returns.framework.scale(domain).tails.items():
            parts.append(of_domain[of_domain["grade"].isin(grades)].assign(grade=tail))
    behind = pd.concat(parts).groupby(["domain", "quarter", "grade"])["who"].agg(frozenset)
    return behind.reindex(cells).map(lambda found: found if isinstance(found, frozenset) else frozenset())


def check_earlier_reports(returns: AuditReturns, out: Path, *, through: str) -> None:
    """Refuse a report that, beside one shared before, would show what few children were graded.

    Parameters
    ----------
    returns
        Audit returns for sharing, from `prepare_for_sharing`.
    out
        The folder that holds reports. Those for sharing of the same framework are compared, whatever their quarter.
    through
        The quarter that is reported.

    Raises
    ------
    PrivacyError
        If a few late, corrected or withdrawn judgements could be told by comparing the two, or what both hide by adding
        up what they show.
    """
    later = _published_counts(quarterly_grades(returns, through=through))
    shared = list(_shared_before(returns, out))
    for place, earlier, policy in shared:
        if len(exposed := _changes_told(returns, earlier, later, policy, place)):
            raise PrivacyError(_refusal(returns, exposed["cells"].iloc[0][0], place))
    if not shared or later.empty:
        return
    linked = link_counts(returns, count_grades(replace(returns, audience=INTERNAL), through=through))
    exposed = pooled_attack(
        linked,
        later.reindex(linked.counts.index).isna(),
        returns.disclosure_policy,
        [(earlier, policy) for _, earlier, policy in shared],
    )
    if len(exposed):
        raise PrivacyError(_refusal_of_other_limits(returns, exposed["cells"].iloc[0][0], out))


def _changes_told(
    returns: AuditReturns, earlier: pd.Series, later: pd.Series, policy: Policy, place: Path
) -> pd.DataFrame:
    """The changes that an earlier report and this one tell side by side."""
    sums = _sums(returns, later.index[later.index.get_level_values("grade") != _AUDITS])
    try:
        return difference_attack(earlier, later, returns.disclosure_policy, policy_of_earlier=policy, sums=sums)
    except ArgumentError:
        raise PrivacyError(
            f"what counts as good or inadequate is not what it was in the report for sharing in {place}, so that this "
            "one cannot be held against it; nothing was published. Give the framework file another name, and share "
            "under it only quarters that were not shared before"
        ) from None


def returned_may_be_shown(returns: AuditReturns, quarter: str) -> bool:
    """Tell whether a report for sharing may say how many audits came back in a quarter.

    Parameters
    ----------
    returns
        Audit returns for sharing.
    quarter
        A quarter.

    Returns
    -------
    bool
        False where few audits or children are behind it, or numbers are rounded.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> returned_may_be_shown(read_returns("data/example"), "2019-Q4")
    True
    """
    return not (returns.disclosure_policy.round_to or few_children(returns, quarter))


def few_children(returns: AuditReturns, quarter: str) -> bool:
    """Tell whether few children are behind the audits of a quarter; none are not few.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        A quarter.

    Returns
    -------
    bool
        True if there are fewer than the framework's threshold.
    """
    children = _who(returns)[returns.audits["quarter"] == quarter].nunique()
    return bool(returns.disclosure_policy.is_small(children))


_REMEMBERED = ".shared"
"""The folder, beside the reports, that keeps the counts of every report for sharing, also of those replaced since."""


def remember_shared(out: Path, report: Path) -> None:
    """Keep the counts of a report for sharing, so that later ones are held against it when it has been replaced.

    Parameters
    ----------
    out
        The folder that holds reports.
    report
        The folder of the report.
    """
    wanted = [Path("tables") / f"{table.name}.csv" for table in (QUARTERLY_GRADES, THEMES)]
    tables = [name for name in wanted if (report / name).is_file()]
    content = b"".join((report / name).read_bytes() for name in tables)
    place = out / _REMEMBERED / hashlib.sha256(content).hexdigest()[:16]
    for folder in (place.parent, place, place / "tables"):
        folder.mkdir(mode=0o700, exist_ok=True)
    for name in (*tables, Path("run.json")):
        shutil.copy2(report / name, place / name)


def _shared_before(returns: AuditReturns, out: Path) -> Iterator[tuple[Path, pd.Series, Policy]]:
    """The folder, the counts and the policy of every report for sharing of the same framework."""
    for place in sorted([*Path(out).glob("*/run.json"), *Path(out).glob(f"{_REMEMBERED}/*/run.json")]):
        try:
            about = json.loads(place.read_text(encoding="utf-8"))
            comparable = about["audience"] == SHARED and about["framework"]["id"] == returns.framework.id
        except (OSError, ValueError, KeyError, TypeError):
            continue  # no report of ours
        if not comparable:
            continue
        try:
            written = place.parent / "tables" / f"{QUARTERLY_GRADES.name}.csv"
            table = pd.read_csv(written, dtype=str, encoding="utf-8-sig")
            numbers = table.assign(**{name: pd.to_numeric(table[name], "coerce") for name in _COUNTS})
            found = place.parent, _published_counts(numbers), Policy(**about["disclosure"])
        except (OSError, ValueError, KeyError, TypeError, ArgumentError):
            raise PrivacyError(
                f"the report for sharing in {place.parent} is not as it was published, so that this one cannot be held "
                "against it; nothing was published. Put it back, or move its folder away"
            ) from None
        yield found


_COUNTS, _AUDITS = ["n", "of", "audits"], "\x1faudits"


def _published_counts(grades: pd.DataFrame) -> pd.Series:
    """Every count of a published table by its cell, missing where hidden: those at a grade, of all, and of audits."""
    bases = grades.drop_duplicates(["domain", "quarter"])
    parts = [grades, bases.assign(grade=_BASE, n=bases["of"]), bases.assign(grade=_AUDITS, n=bases["audits"])]
    cells = pd.concat(parts).set_index(["domain", "quarter", "grade"])["n"]
    return cells.astype(float)


def _refusal(returns: AuditReturns, cell: tuple[str, str, str], place: Path) -> str:
    domain, quarter, _ = cell
    return (
        f"so little changed in {returns.framework.domain_titles[domain]}, {quarter}, since the report for sharing in "
        f"{place} that the two side by side would show what few children were graded; nothing was published. Share it "
        "again when more returns have come, or remove that folder if its report was never sent; rounded counts "
        "(round_to under [disclosure] in the framework file) seldom change by so little"
    )


def _refusal_of_other_limits(returns: AuditReturns, cell: tuple[str, str, str], out: Path) -> str:
    domain, quarter, _ = cell
    return (
        f"a report for sharing in {out} hid other numbers of {returns.framework.domain_titles[domain]}, {quarter}, and "
        "the two side by side would show what few children were graded; nothing was published. Keep to the limits "
        "([disclosure] in the framework file) under which that quarter was first shared"
    )
