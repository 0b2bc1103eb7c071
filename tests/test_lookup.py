from pathlib import Path

import pytest
from conftest import run_command

from auditanalytics.errors import ArgumentError
from auditanalytics.lookup import describe_record, find_record
from auditanalytics.returns import AuditReturns, read_returns

HEADERS = [
    "Audit ID",
    "Date of audit",
    "Child",
    "Social worker",
    "Auditor",
    "Action 1",
    "Action person",
    "Identification of risk",
]
ROWS = [
    HEADERS,
    ["A 17", "2019-05-02", "Quill Fenwick", "Odo Tarn", "Bryn Askew", "write the plan", "Odo Tarn", "Good"],
    ["A 18", "2019-05-03", "QUILL  FENWICK", "Ines Marl", "bryn askew", "", "", "Inadequate"],
    ["", "2019-05-03", "Petra Lowe", "Ines Marl", "Cass Dunn", "", "", "Good"],
]  # fmt: skip


@pytest.fixture
def returns_file(tmp_path: Path) -> Path:
    path = tmp_path / "returns.csv"
    path.write_text("\n".join(",".join(row) for row in ROWS) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def returns(returns_file: Path) -> AuditReturns:
    return read_returns(returns_file, framework="south-gloucestershire")


def test_every_spelling_and_every_place_of_a_child(returns_file: Path, returns: AuditReturns) -> None:
    record = find_record(returns.audits["child"].iloc[0], returns_file, framework="south-gloucestershire")
    assert record.written == ["Quill Fenwick", "QUILL  FENWICK"]
    assert record.places["row"].tolist() == ["2", "3"]
    assert describe_record(record).splitlines()[2:] == ["  returns.csv row 2", "  returns.csv row 3"]


@pytest.mark.parametrize(
    ("column", "written", "rows"),
    [
        ("audit_id", ["A 17"], ["2"]),
        ("worker", ["Odo Tarn"], ["2"]),
        ("auditor", ["Bryn Askew", "bryn askew"], ["2", "3"]),
    ],
)
def test_every_kind(
    returns_file: Path, returns: AuditReturns, column: str, written: list[str], rows: list[str]
) -> None:
    record = find_record(returns.audits[column].iloc[0], returns_file, framework="south-gloucestershire")
    assert record.written == written
    assert record.places["row"].tolist() == rows


def test_an_auditor_of_a_rejected_row_only(returns_file: Path, returns: AuditReturns) -> None:
    whose = returns.senders["auditor"].dropna()
    auditor = whose[~whose.isin(returns.audits["auditor"])].iloc[0]
    record = find_record(auditor, returns_file, framework="south-gloucestershire")
    assert (record.written, record.places["row"].tolist()) == (["Cass Dunn"], ["4"])


@pytest.mark.parametrize("text", ["", "Quill Fenwick", "audit-", "audit-k3jq5a7rm2xw0", "team-k3jq5a7rm2xw"])
def test_what_is_no_pseudonym_is_refused_without_being_repeated(returns_file: Path, text: str) -> None:
    with pytest.raises(ArgumentError, match="written like audit-") as refused:
        find_record(text, returns_file)
    assert "Quill" not in str(refused.value)


def test_another_key_finds_nothing(
    returns_file: Path, returns: AuditReturns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.key"
    other.write_text("another example key, which is not a real one")
    other.chmod(0o600)
    monkeypatch.setenv("AUDITANALYTICS_KEY_FILE", str(other))
    with pytest.raises(ArgumentError, match="under this key"):
        find_record(returns.audits["child"].iloc[0], returns_file, framework="south-gloucestershire")


def test_an_identity_of_two_columns(tmp_path: Path) -> None:
    framework = tmp_path / "two.toml"
    framework.write_text(
        'name = "Two"\naudit_id_from = ["Place", "Number"]\n[scales.four]\ngrades = ["Good", "Inadequate"]\n'
        'good = ["Good"]\ninadequate = ["Inadequate"]\n[columns]\naudited_on = ["Date"]\n[[domains]]\nid = "risk"\n'
        'title = "Risk"\nscale = "four"\ncategories = [{ id = "a", headers = ["A"] }, { id = "b", headers = ["B"] }]\n',
        encoding="utf-8",
    )
    path = tmp_path / "returns.csv"
    path.write_text("Place,Number,Date,A,B\nNorth , 7,2019-05-02,Good,Good\n", encoding="utf-8")
    audit = read_returns(path, framework=framework).audits["audit_id"].iloc[0]
    assert describe_record(find_record(audit, path, framework=framework)).splitlines() == [
        "North / 7",
        "  returns.csv row 2",
    ]


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "returns.csv"
    path.write_text(
        "Audit ID,Date of audit,Identification of risk,Response to risk\nA\x1b[2J7,2019-05-02,Good,Good\n",
        encoding="utf-8",
    )
    audit = read_returns(path, framework="south-gloucestershire").audits["audit_id"].iloc[0]
    assert "\x1b" not in describe_record(find_record(audit, path, framework="south-gloucestershire"))


@pytest.mark.slow
def test_the_command_shows_the_record_and_nothing_else(returns_file: Path, returns: AuditReturns) -> None:
    audit = returns.audits["audit_id"].iloc[1]
    ended = run_command("lookup", audit, returns_file, "--framework", "south-gloucestershire")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "A 18\n  returns.csv row 3\n", "")
    assert run_command("lookup", "audit-22222", returns_file).returncode == 2
