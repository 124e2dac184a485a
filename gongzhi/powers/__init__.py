"""Whose matter it is: versions of the power list, what was ruled before, and the gate for work pushed onto communities (mission.md 39).

It dispatches nothing and rules nothing by itself: cases and whistles ask it and add what was ruled. It serves dispatchers,
departments that say "not ours", adjudicators, and communities asked to take on what is not theirs.
"""
