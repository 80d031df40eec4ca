"""Differentiation on trees: the rules of the catalogue, applied to expressions instead of numbers."""
