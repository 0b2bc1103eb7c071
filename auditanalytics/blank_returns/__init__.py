"""Blank returns: a workbook with a row for each audit, or a form for one audit, made from a framework.

A return that was filled in here is read back without a question: every header is one by which the framework knows its
column, and every grade is chosen from its scale. What the two kinds of file have in common is planned once, as columns.
"""
