"""Background work of sheet imports."""
