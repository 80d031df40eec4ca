"""Formulas as LaTeX."""
