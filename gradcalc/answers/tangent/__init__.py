"""Tangents: what a function is like near a point, to first order."""
