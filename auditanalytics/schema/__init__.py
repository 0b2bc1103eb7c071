"""The tidy tables, column by column: the single place where a column gets its name, kind and meaning.

The data dictionary in ``data/README.md`` is generated from here, and so are the headers of the published tables.
"""

from auditanalytics.schema.counted import (
    CASE_MIX,
    CHARTED_POINTS,
    COMPARISONS,
    GRADE_COUNTS,
    HIDDEN_COUNTS,
    MONTHLY_GRADES,
    QUARTERLY_GRADES,
    UNGRADED_COUNTS,
    UNGRADED_JUDGEMENTS,
)
from auditanalytics.schema.dictionary import TABLES, data_dictionary, write_data_dictionary
from auditanalytics.schema.received import (
    ACTIONS,
    AUDITS,
    CHANGES,
    CHECKS,
    EVENTS,
    FINDINGS,
    GRADE_LEDGER,
    HEADERS,
    IDENTIFIERS,
    JUDGEMENTS,
    PROBLEMS,
    PUBLISHED_SHARES,
    RECEIVED,
    ROW_ACCOUNTING,
    SENDERS,
    SHEETS,
)
from auditanalytics.schema.table import TEXT, Column, Table

__all__ = [
    "ACTIONS",
    "AUDITS",
    "CASE_MIX",
    "CHANGES",
    "CHARTED_POINTS",
    "CHECKS",
    "COMPARISONS",
    "EVENTS",
    "FINDINGS",
    "GRADE_COUNTS",
    "GRADE_LEDGER",
    "HEADERS",
    "HIDDEN_COUNTS",
    "IDENTIFIERS",
    "JUDGEMENTS",
    "MONTHLY_GRADES",
    "PROBLEMS",
    "PUBLISHED_SHARES",
    "QUARTERLY_GRADES",
    "RECEIVED",
    "ROW_ACCOUNTING",
    "SENDERS",
    "SHEETS",
    "TABLES",
    "TEXT",
    "UNGRADED_COUNTS",
    "UNGRADED_JUDGEMENTS",
    "Column",
    "Table",
    "data_dictionary",
    "write_data_dictionary",
]
