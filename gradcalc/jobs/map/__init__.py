"""Value and gradient at every row of a table."""
