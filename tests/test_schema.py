import pandas as pd
from conftest import ROOT

from auditanalytics.schema import GRADE_LEDGER, QUARTERLY_GRADES, TABLES, data_dictionary


def test_the_data_dictionary_is_that_of_the_schema() -> None:
    assert (ROOT / "data" / "README.md").read_text(encoding="utf-8") == data_dictionary(), "run: make dictionary"


def test_every_table_and_column_is_named_once() -> None:
    assert len({table.name for table in TABLES}) == len(TABLES)
    for table in TABLES:
        assert len(set(table.names)) == len(table.names)


def test_the_columns_of_quarterly_grades_are_those_people_script_against() -> None:
    assert QUARTERLY_GRADES.names == ["domain", "quarter", "grade", "n", "of", "share", "low", "high", "audits"]


def test_columns_keep_their_kind_whatever_is_in_them() -> None:
    full = GRADE_LEDGER.build([("ofsted", "RI", "Requires improvement", "synonym", 3)])
    empty = GRADE_LEDGER.build([])
    absent = GRADE_LEDGER.build(pd.DataFrame({"scale": ["ofsted"], "n": [1]}))
    assert full.dtypes.equals(empty.dtypes)
    assert full.dtypes.equals(absent.dtypes)
    assert absent["label"].isna().all()
