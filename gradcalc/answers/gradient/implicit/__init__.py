"""Derivatives of a function that an equation defines."""
