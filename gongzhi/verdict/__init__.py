"""Judged by those it was done for: callbacks, the three rates with honest intervals, objections, and leaving a case out of the scores.

It scores no person, neither resident nor worker. It serves residents whose word counts, bodies that may object, and everyone
who asks which cases stand behind a figure.
"""
