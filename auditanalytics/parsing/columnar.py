"""Parquet files: columns that already have a kind, written out as the text that a person would see.

What a data platform exports carries dates as dates and missing as missing; the rest of the library reads text with
an address, so the header is row 1 and the first record row 2, as in any sheet.
"""

import io

from auditanalytics.parsing.cells import ParsedSheet, as_stored
from auditanalytics.parsing.limits import LARGEST_FILE, RefusedError


def parse_parquet(data: bytes) -> list[ParsedSheet]:
    """Read a Parquet file.

    Parameters
    ----------
    data
        The bytes of a .parquet file.

    Returns
    -------
    list of ParsedSheet
        One sheet without a name.

    Raises
    ------
    RefusedError
        If it is not to be read.
    """
    # Loaded here because starting it costs more than reading most files of the other kinds.
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not (data.startswith(b"PAR1") and data.endswith(b"PAR1")):
        raise RefusedError("damaged" if data.startswith(b"PAR1") else "not_a_workbook")
    pa.set_cpu_count(1)
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
        if sum(group.total_byte_size for group in groups) > LARGEST_FILE:
            raise RefusedError("too_large")
        table = file.read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError):
        raise RefusedError("damaged") from None
    columns = [[as_stored(value) for value in column.to_pylist()] for column in table.columns]
    return [ParsedSheet("", [list(table.column_names), *map(list, zip(*columns, strict=True))])]
