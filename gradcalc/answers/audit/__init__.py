"""Audits: the same function in several number formats, and over a whole range of points."""
