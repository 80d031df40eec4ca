"""A tree as source code that runs."""
