"""A first framework file from a spreadsheet that a council already has.

The order is the order of the question: which row is the header, what each column holds, which field each header is,
what is judged and on which scale, and how all of it is written down. Nothing is guessed: what is certain is proposed,
what is not is asked, and no cell is written but a grade word.
"""

from auditanalytics.first_framework.making import FirstFrameworkFile, write_first_framework

__all__ = ["FirstFrameworkFile", "write_first_framework"]
