"""Autograd, on the user's own operations."""
