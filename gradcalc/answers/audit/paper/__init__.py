"""Formulas read off recorded runs: a row for each operation, and what it does with axes."""
