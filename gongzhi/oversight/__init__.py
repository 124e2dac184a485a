"""Supervision apart from dispatch: remind, urge, supervise with a reply owed, criticism decided by a leader, sampled checks on site.

It gives no orders on how to do the work and cannot be closed by the one it watches. It serves supervisors and leaders, and
residents who were promised a day.
"""
