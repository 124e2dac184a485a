"""The room's addresses, a file per who looks."""
