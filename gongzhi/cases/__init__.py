"""The life of a case: found, placed in a grid, dispatched to who must act, worked, checked, closed and rated.

It is not a ticket queue without a law behind it, and it holds no picture of who complained (privacy.md 5).
It serves the resident who reports, the lowest level that can solve, and everyone who must answer for a promised time.
"""
