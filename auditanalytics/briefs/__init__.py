"""Learning briefs: what a month, a theme, a quarter or a year of audits taught, as a document somebody edits and sends.

A brief is one value (`model.LearningBrief`) that is made from the returns and from nothing else, and written three
times: as a Word file, as a tagged PDF and as a web page. Whatever a renderer shows stands in that value, so that the
three can only say the same.
"""
