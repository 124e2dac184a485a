"""Mechanisms without a domain: clock, events, audit, notices, files, codes, search, keys, sheets, jobs.

The kernel knows nothing of cases, places or persons; it names an object by its label and id only.
It serves every room above, through the contracts of docs/house.md; a new module here needs a decision record.
"""
