"""Pages of the web room itself, by what they are for."""
