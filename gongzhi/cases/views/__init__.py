"""Pages by who looks."""
