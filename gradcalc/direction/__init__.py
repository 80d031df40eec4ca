"""Directional derivatives: how a function changes along a line through a point."""
