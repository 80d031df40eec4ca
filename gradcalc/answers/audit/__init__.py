"""Audits: a function in several number formats, over a whole range of points, or as PyTorch code."""
