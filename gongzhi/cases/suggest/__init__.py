"""Suggests a category for what somebody wrote, and finds cases that say the same, from words alone.

It never decides: it offers, says why, and keeps silent when unsure. It knows nothing of who wrote.
It serves the resident who types, the desk that sorts, and any sheet of messages.
"""

from gongzhi.cases.suggest.duplicates import Candidate, Match, similar
from gongzhi.cases.suggest.model import Guess, Model

__all__ = ["Candidate", "Guess", "Match", "Model", "similar"]
