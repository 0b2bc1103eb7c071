"""How much a file may ask of the machine, and the refusal of one that asks for more or is not what it says.

The limits of a workbook are far above any return of case audits: a council of forty auditors sends a few thousand rows
a year. Whoever has more sends CSV or Parquet, which carry it better.
"""

MEGABYTE = 1_000_000
MOST_ROWS, MOST_COLUMNS = 200_000, 300
"""Of one sheet of a workbook."""

MOST_RECORDS, MOST_CELLS = 500_000, 6_000_000
"""Rows of a text or Parquet file or of a query, and cells of any: what can be read and checked in two gigabytes."""

LARGEST_FILE = 500 * MEGABYTE
"""Bytes of a file, and of all that is packed into it."""

MOST_PARTS = 10_000
"""Files packed into one workbook."""

STEEPEST_PACKING, LARGEST_STEEP_PART = 200, 10 * MEGABYTE
"""A part packed more tightly than this many to one is written to exhaust whoever unpacks it, unless it is small."""

LONGEST_CELL = 32_767
"""Characters; what a spreadsheet cell can hold. A longer one in a text file has swallowed something."""

MEMORY = 1_900 * MEGABYTE
"""Bytes of address space that parsing may take."""

SECONDS = 120
"""That parsing one file may take."""


class RefusedError(Exception):
    """A file is not read.

    Parameters
    ----------
    code
        The code of the problem.
    **details
        What the problem's message names; never a value of a cell.
    """

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code, self.details = code, details
