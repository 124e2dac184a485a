"""Registrations of the room: notice texts, panels, periodic work."""

from __future__ import annotations


def register() -> None:
    """Called once, when the app registry is ready."""
