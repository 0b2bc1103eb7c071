import datetime as dt
import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from conftest import SMALL_FRAMEWORK, WIDE_HEADER, write_rows

from auditanalytics.disclosure import Policy
from auditanalytics.errors import ArgumentError, ReturnsError
from auditanalytics.frameworks import load_framework
from auditanalytics.returns import AuditReturns, read_returns

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

Read = Callable[..., AuditReturns]
ROWS = [
    WIDE_HEADER,
    ["A1", "15/01/2025", "North", "Good", "Outstanding", "Inadequate"],
    ["A2", "15/02/2025", "South", "RI", "N/A", "Goood"],
    ["A3", "someday", "South", "RI", "Good", "Good"],
    ["A4", "16/02/2025", "North", "good", "Good", "Good"],
]


def with_counts(returns: AuditReturns, *, accepted: int, rejected: int, limit: float) -> AuditReturns:
    """The returns as if so many audits had been accepted and rejected under that limit."""
    checks = returns.framework.checks.model_copy(update={"reject_limit": limit})
    audits = pd.concat([returns.audits.iloc[:1]] * accepted) if accepted else returns.audits.iloc[:0]
    framework = returns.framework.model_copy(update={"checks": checks})
    return replace(returns, framework=framework, audits=audits, rejected_audits=rejected)


def test_rows_and_what_is_to_be_mended_are_counted(read_small: Read) -> None:
    returns = read_small(ROWS)
    assert returns.rows == {"rows_read": 4, "accepted": 3, "rejected": 1, "skipped": 0}
    assert returns.rejected_audits == 1
    for severities, to_mend in ((["error", "error"], 2), (["error", "warning"], 2), (["note", "warning"], 1)):
        assert replace(returns, problems=returns.problems.assign(severity=severities)).to_mend == to_mend


@pytest.mark.parametrize(
    ("accepted", "rejected", "limit", "refused"),
    [
        (71, 29, 0.29, False),  # 0.29 times 100 is a hair less than 29
        (71, 29, 0.28, True),
        (70, 30, 0.29, True),
        (1, 1, 0.5, False),
        (1, 0, 0.0, False),
        (999, 1, 0.0, True),
        (0, 0, 1.0, True),  # nothing was read
        (0, 5, 1.0, True),
    ],
)
def test_the_limit_is_of_all_that_were_handed_in_and_is_itself_allowed(
    read_small: Read, accepted: int, rejected: int, limit: float, refused: bool
) -> None:
    returns = with_counts(read_small(ROWS), accepted=accepted, rejected=rejected, limit=limit)
    if refused:
        says = f"{rejected} of {accepted + rejected} audits were rejected, more than the {limit:.0%}"
        with pytest.raises(ReturnsError, match=says if accepted else "no audit could be read"):
            returns.check()
    else:
        returns.check()


def test_the_first_error_says_why_nothing_could_be_read(read_small: Read) -> None:
    returns = read_small([ROWS[0], ROWS[3]])
    errors = returns.problems[returns.problems["severity"] == "error"]
    assert errors["code"].tolist() == ["date_format"]
    with pytest.raises(ReturnsError) as caught:
        returns.check()
    assert str(caught.value) == f"no audit could be read: {errors['message'].iloc[0]} (date_format)"
    with pytest.raises(ReturnsError, match=r"^no audit could be read$"):
        replace(returns, problems=returns.problems[returns.problems["severity"] != "error"]).check()


def test_published_shares_alone_are_something_to_report() -> None:
    returns = read_returns("data/example/published-shares-2019.csv", framework="south-gloucestershire")
    assert (len(returns.audits), returns.published.empty) == (0, False)
    returns.check()
    with pytest.raises(ReturnsError, match="no audit could be read"):
        replace(returns, published=returns.published.iloc[:0]).check()


@pytest.mark.parametrize(
    ("written", "policy"),
    [
        ("", Policy()),
        ("[disclosure]\nthreshold = 7\n", Policy(threshold=7)),
        ("[disclosure]\nround_to = 5\n", Policy(round_to=5)),
        ("[disclosure]\nthreshold = 10\nround_to = 10\n", Policy(threshold=10, round_to=10)),
    ],
)
def test_what_the_framework_says_of_small_counts_is_the_policy(
    read_small: Read, tmp_path: Path, written: str, policy: Policy
) -> None:
    path = tmp_path / "of-its-own.toml"
    path.write_text(SMALL_FRAMEWORK + written, encoding="utf-8")
    assert replace(read_small(ROWS), framework=load_framework(path)).disclosure_policy == policy


def test_what_is_kept_is_opened_as_it_was(read_small: Read, tmp_path: Path) -> None:
    returns = replace(read_small(ROWS), audience="shared")
    folder = tmp_path / "kept"
    returns.save(folder)
    opened = read_returns([folder])
    assert (opened.rejected_audits, opened.audience, opened.is_shared) == (1, "shared", True)
    assert opened.sources == {"returns.csv": hashlib.sha256((tmp_path / "in" / "returns.csv").read_bytes()).hexdigest()}
    assert opened.framework == returns.framework
    for name in ("judgements", "accounting", "sheets", "checks", "published", "events", "hidden"):
        pd.testing.assert_frame_equal(getattr(opened, name), getattr(returns, name))
    assert not read_small(ROWS).is_shared


def test_what_names_anybody_is_not_kept(read_small: Read, tmp_path: Path) -> None:
    returns = read_small(ROWS)
    returns.save(tmp_path / "kept")
    kept = {path.stem for path in (tmp_path / "kept").glob("*.parquet")}
    assert kept == {
        "audits", "judgements", "problems", "ledger", "accounting", "sheets", "checks", "senders", "published", "events",
        "hidden", "hidden_themes", "coded", "quotes", "actions", "feedback", "links", "flags", "moderations",
    }  # fmt: skip
    opened = read_returns(tmp_path / "kept")
    for name in ("findings", "identifiers", "headers"):
        assert getattr(opened, name).empty
    labels = {rule: set(words) for rule, words in opened.ledger.fillna("").groupby("rule")["label"]}
    assert labels == {
        "exact": {"Outstanding", "Good", "Inadequate"}, "folded": {"good"}, "synonym": {"RI"}, "not graded": {"N/A"},
        "unknown": {""},  # whoever wrote "Goood" may have written a name
    }  # fmt: skip


def test_of_next_steps_and_feedback_what_was_written_is_not_kept(example: AuditReturns, tmp_path: Path) -> None:
    example.save(tmp_path / "kept")
    opened = read_returns(tmp_path / "kept")
    columns = {path.stem: pd.read_parquet(path).columns.tolist() for path in (tmp_path / "kept").glob("*.parquet")}
    assert columns["actions"] == ["audit_id", "action_number", "due_on", "completed_on"]
    assert columns["feedback"] == ["audit_id", "who", "score", "scale"]
    for name in ("actions", "feedback"):
        assert len(getattr(opened, name)) == len(getattr(example, name)) > 40
        kept, whole = getattr(opened, name), getattr(example, name)
        pd.testing.assert_frame_equal(kept[columns[name]], whole[columns[name]])
        assert kept.drop(columns=columns[name]).isna().all(axis=None)
        assert kept.columns.tolist() == whole.columns.tolist()


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_what_is_kept_is_for_its_owner_and_in_a_new_folder(read_small: Read, tmp_path: Path) -> None:
    read_small(ROWS).save(tmp_path / "kept")
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700
    with pytest.raises(FileExistsError):
        read_small(ROWS).save(tmp_path / "kept")


def test_a_rarely_written_team_has_one_number_wherever_it_is_written(read_small: Read, tmp_path: Path) -> None:
    teams = ["Often", "Wren", "Often", "Owl", "often", "Twice", "twice."]
    rows = [[f"A{at}", "15/01/2025", team, "Good", "Good", "Good"] for at, team in enumerate(teams)]
    rows.append(["A9", "someday", "Owl", "Good", "Good", "Good"])
    returns = read_small([WIDE_HEADER, *rows])
    assert returns.senders["team"].dropna().unique().tolist() == ["Owl"]
    returns.save(tmp_path / "kept")
    opened = read_returns(tmp_path / "kept")
    first, second, third = (f"rarely written team {number}" for number in (1, 2, 3))
    assert opened.audits["team"].tolist() == ["Often", first, "Often", second, "often", third, third]
    assert opened.senders["team"].dropna().unique().tolist() == [second]


def test_case_types_are_numbered_as_they_come_and_rare_audit_types_are_one(
    example: AuditReturns, tmp_path: Path
) -> None:
    audits = example.audits.iloc[:7].assign(
        case_type=pd.Series(["CP", "CLA", "cp ", None, "CiN", "CLA.", "CP"], index=example.audits.index[:7]),
        audit_type=pd.Series(["Dip", "Deep", "dip", "Deep", "Dip.", None, "Themed"], index=example.audits.index[:7]),
    )
    replace(example, audits=audits).save(tmp_path / "kept")
    opened = read_returns(tmp_path / "kept").audits
    numbers = [f"case type {number}" if number else None for number in (1, 2, 1, None, 3, 2, 1)]
    assert opened["case_type"].astype(object).where(opened["case_type"].notna(), None).tolist() == numbers
    types = opened["audit_type"].astype(object).where(opened["audit_type"].notna(), None)
    assert types.tolist() == ["Dip", "other types", "dip", "other types", "Dip.", None, "other types"]


def test_paths_may_be_one_or_several_of_any_kind(tmp_path: Path, small_framework: Path) -> None:
    first = write_rows(tmp_path / "first.csv", ROWS[:2])
    second = write_rows(tmp_path / "second.csv", [ROWS[0], ROWS[2]])
    for paths, files in (
        (str(first), ["first.csv"]),
        (first, ["first.csv"]),
        ((path for path in (first, str(second))), ["first.csv", "second.csv"]),
    ):
        returns = read_returns(paths, framework=small_framework)
        assert sorted(returns.sources) == files
        assert len(returns.audits) == len(files)


def test_no_audit_is_later_than_the_day_that_is_given(tmp_path: Path, small_framework: Path) -> None:
    path = write_rows(tmp_path / "a.csv", ROWS[:3])
    for today, accepted in (("2025-02-15", 2), ("2025-02-14", 1), ("2025-01-14", 0)):
        returns = read_returns(path, framework=small_framework, today=dt.date.fromisoformat(today))
        assert (len(returns.audits), returns.rejected_audits) == (accepted, 2 - accepted)
        assert returns.problems["code"].tolist().count("date_range") == 2 - accepted


def test_a_year_that_is_none_is_refused_before_anything_is_read(tmp_path: Path, small_framework: Path) -> None:
    with pytest.raises(ArgumentError, match="year"):
        read_returns(write_rows(tmp_path / "a.csv", ROWS), framework=small_framework, year="soon")


def test_the_choice_of_a_framework_is_the_users_where_none_fits_or_several_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_rows(tmp_path / "a.csv", [["a", "b"], ["1", "2"]])
    shipped = "hull, south-gloucestershire, telford-and-wrekin, or the path of your own"
    with pytest.raises(ArgumentError) as caught:
        read_returns(path)
    assert str(caught.value) == f"no shipped framework fits these headers; name one with --framework ({shipped})"
    both = [load_framework(name) for name in ("hull", "south-gloucestershire")]
    monkeypatch.setattr("auditanalytics.intake.matching.matching_frameworks", lambda *_: both)
    with pytest.raises(ArgumentError) as caught:
        read_returns(path)
    assert str(caught.value) == (
        "several frameworks fit these headers; name one with --framework "
        "(hull, south-gloucestershire, or the path of your own)"
    )
