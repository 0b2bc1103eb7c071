"""How long reading and checking 20,000 audits from XLSX takes, beside pandas loading the same file as strings.

pandas with the calamine engine is the quickest way most people know, and it checks nothing: no container, no date, no
grade, no row. The workbook is the example's, row after row with identifiers of its own, until there are enough.
"""

import datetime as dt
import gc
import platform
import statistics
import tempfile
import time
from importlib import metadata
from itertools import cycle, islice
from pathlib import Path

import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from auditanalytics.returns import read_returns

EXAMPLE = Path(__file__).parent.parent / "data" / "example"
AUDITS, ROUNDS = 20_000, 5
HEADER_ROW = 2


def write_workbook(path: Path) -> None:
    workbooks = [CalamineWorkbook.from_path(str(file)) for file in sorted(EXAMPLE.glob("*.xlsx"))]
    sheets = [workbook.get_sheet_by_name("Returns").to_python(skip_empty_area=False) for workbook in workbooks]
    audits = islice(cycle([row for sheet in sheets for row in sheet[HEADER_ROW + 1 :]]), AUDITS)
    with xlsxwriter.Workbook(path) as book:
        sheet, date = book.add_worksheet("Returns"), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, sheets[0][HEADER_ROW])
        for number, audit in enumerate(audits, 1):
            cells = [f"DD-{number:06}", f"{300_000 + number}", *audit[2:]]
            for column, value in enumerate(cells):
                sheet.write(number, column, value, date if isinstance(value, dt.date) else None)


def seconds_of_reading(path: Path) -> float:
    start = time.perf_counter()
    assert len(read_returns(path, framework="south-gloucestershire").audits) == AUDITS
    return time.perf_counter() - start


def seconds_of_loading(path: Path) -> float:
    start = time.perf_counter()
    assert len(pd.read_excel(path, engine="calamine", dtype=str, keep_default_na=False)) == AUDITS
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="auditanalytics-") as folder:
        path = Path(folder) / "returns.xlsx"
        write_workbook(path)
        time.sleep(3)  # a file written a moment ago would be given time to settle
        ours, plain = [], []
        for _ in range(ROUNDS + 1):  # the first round warms the disk and the byte code, and is not counted
            ours.append(seconds_of_reading(path))
            gc.collect()
            plain.append(seconds_of_loading(path))
            gc.collect()
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("pandas", "python-calamine"))
    print(f"Python {platform.python_version()}, {versions}; medians of {ROUNDS} rounds side by side, {AUDITS:,} audits")
    reading, loading = statistics.median(ours[1:]), statistics.median(plain[1:])
    print(f"auditanalytics, read and checked: {reading:5.2f} s")
    print(f"pandas, loaded as strings:        {loading:5.2f} s")
    print(f"ratio:                            {reading / loading:5.2f}")


if __name__ == "__main__":
    main()
