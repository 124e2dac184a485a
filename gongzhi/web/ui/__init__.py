"""What the template tags of ``ui`` compute, kept apart from Django's tag machinery so that it can be tested alone."""
