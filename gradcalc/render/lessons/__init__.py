"""A page for each lesson."""
