"""Matrices of derivatives: the Jacobian and the Hessian, compared entry by entry."""
