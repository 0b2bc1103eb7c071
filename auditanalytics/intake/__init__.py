"""From files to raw cells that still know their address.

The order is the order of the data: find the files, read their cells as text, find the header and what each column
means, and bring wide and long returns to one shape. Nothing here decides what a grade or a person is; it only never
loses a row and never forgets where a cell stood.
"""

from auditanalytics.intake.events import gather_events, read_events, recognise_events
from auditanalytics.intake.forms import ReadForms, read_forms
from auditanalytics.intake.layout import ReturnTable, find_header, recognise_returns
from auditanalytics.intake.learning_links import gather_links, read_links, recognise_links
from auditanalytics.intake.matching import matching_framework
from auditanalytics.intake.mended import SENT_HEADERS, SUMMARY_SHEET, MendedRows, fingerprint
from auditanalytics.intake.moderated_tables import (
    MODERATED_HEADERS,
    WORKBOOK_SHEET,
    is_moderators_workbook,
    recognise_moderated,
)
from auditanalytics.intake.published import PublishedTable, check_year, read_published, recognise_published
from auditanalytics.intake.queries import DatabaseQuery, with_query
from auditanalytics.intake.raw import RawDocument, RawSheet, read_files, read_sheets
from auditanalytics.intake.records import IDENTITY_SEPARATOR, RawAudits, raw_audits
from auditanalytics.intake.sources import Given, Source, find_sources
from auditanalytics.intake.tables_beside import TableBeside
from auditanalytics.intake.values import is_error_cell, is_uncalculated, parse_dates, plain

__all__ = [
    "IDENTITY_SEPARATOR",
    "MODERATED_HEADERS",
    "SENT_HEADERS",
    "SUMMARY_SHEET",
    "WORKBOOK_SHEET",
    "DatabaseQuery",
    "Given",
    "MendedRows",
    "PublishedTable",
    "RawAudits",
    "RawDocument",
    "RawSheet",
    "ReadForms",
    "ReturnTable",
    "Source",
    "TableBeside",
    "check_year",
    "find_header",
    "find_sources",
    "fingerprint",
    "gather_events",
    "gather_links",
    "is_error_cell",
    "is_moderators_workbook",
    "is_uncalculated",
    "matching_framework",
    "parse_dates",
    "plain",
    "raw_audits",
    "read_events",
    "read_files",
    "read_forms",
    "read_links",
    "read_published",
    "read_sheets",
    "recognise_events",
    "recognise_links",
    "recognise_moderated",
    "recognise_published",
    "recognise_returns",
    "with_query",
]
