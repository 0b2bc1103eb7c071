"""Returns to the teams that sent them: the rows that somebody has to mend, in a workbook for each team."""

from auditanalytics.to_mend.writing import write_to_mend

__all__ = ["write_to_mend"]
