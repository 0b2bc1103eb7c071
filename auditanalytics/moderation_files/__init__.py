"""The files that moderators work with: the workbook of a draw, what came back of it, and the pack for the discussion.

A workbook goes to several people and comes back sorted, filtered and saved by another program, so it is read by what
its cells say and never by where they stand. Nothing in these files names a child, a worker or an auditor; only the
moderators are named, because they have to know which audits are theirs.
"""
