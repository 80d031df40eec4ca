"""Exercises in deriving, and their answers."""
