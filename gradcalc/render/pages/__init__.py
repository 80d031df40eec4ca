"""A page for each kind of result."""
