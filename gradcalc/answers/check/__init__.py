"""Checking a gradient worked out by hand: read it, compare it, tell what went wrong."""
