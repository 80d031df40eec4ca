"""Gradients of scalar array expressions in closed form, in array terms: `(A + A.T) @ x` for `x.T @ A @ x`."""

from gradcalc.calculus.matrix.closed import closed_form

__all__ = ["closed_form"]
