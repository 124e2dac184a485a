"""Rows that carry their own English beside their Chinese (categories, questions, wordings): which of the two this reader gets."""

from django.utils.translation import get_language


def pick(chinese: str, english: str) -> str:
    """The English where it is read in English and there is one, else the Chinese."""
    return english if english and (get_language() or "").startswith("en") else chinese
