"""Matrices: products, inverses, determinants, solutions."""

from __future__ import annotations

from typing import Any

from gradcalc.tracing.lowering.indexing import triangle
from gradcalc.tracing.lowering.pointwise import Lowering
from gradcalc.tracing.terms import Term, constant


def addmm(x: Term, a: Term, b: Term, beta: float = 1, alpha: float = 1) -> Term:
    """beta x + alpha a @ b."""
    whole = a.matmul(b) if alpha == 1 else a.matmul(b) * alpha
    return whole if beta == 0 else whole + (x if beta == 1 else x * beta)


def vector(a: Term, b: Term) -> Term:
    """A matrix times a vector."""
    return a.matmul(b.unsqueeze(-1)).reshape(*a.shape[:-1])


def solve(a: Term, b: Term, left: bool = True, **_: Any) -> tuple[Term, None, None, None]:
    """a^-1 @ b, where b may be vectors."""
    vectors = b.rank == 1 or (b.rank == a.rank - 1 and b.shape == a.shape[:-1])
    columns = b.unsqueeze(-1) if vectors else b
    found = a.inverse().matmul(columns) if left else columns.matmul(a.inverse())
    return (found.reshape(*b.shape) if vectors else found), None, None, None


def slogdet(a: Term) -> tuple[Term, Term, None, None]:
    """The sign, and the logarithm of the size, of the determinant."""
    whole = a.determinant()
    return whole.apply("sign"), whole.abs().log(), None, None


def triangular(a: Term, b: Term, upper: bool, left: bool = True, unitriangular: bool = False, **_: Any) -> Term:
    """The solution with the triangle alone."""
    part = triangle(a, 0, upper)
    if unitriangular:
        n = a.shape[-1]
        eye = constant(a.tape, [float(i == j) for i in range(n) for j in range(n)], (n, n))
        part = triangle(a, 1 if upper else -1, upper) + eye
    return part.inverse().matmul(b) if left else b.matmul(part.inverse())


def cholesky_solve(b: Term, factor: Term, upper: bool = False) -> Term:
    """The solution by a Cholesky factor."""
    whole = factor.transpose().matmul(factor) if upper else factor.matmul(factor.transpose())
    return whole.inverse().matmul(b)


def trace(x: Term) -> Term:
    """The sum of the diagonal."""
    return x.at(range(0, min(x.shape) * (x.shape[1] + 1), x.shape[1] + 1), (min(x.shape),)).sum()


ROWS: dict[str, Lowering] = {
    "mm": Term.matmul,
    "bmm": Term.matmul,
    "mv": vector,
    "dot": lambda a, b: (a * b).sum(),
    "vdot": lambda a, b: (a * b).sum(),
    "addmm": addmm,
    "baddbmm": addmm,
    "addmv": lambda x, a, b, beta=1, alpha=1: x * beta + vector(a, b) * alpha,
    "addr": lambda x, a, b, beta=1, alpha=1: x * beta + a.unsqueeze(1) * b * alpha,
    "trace": trace,
    "_linalg_det": lambda a: (a.determinant(), None, None),
    "_linalg_slogdet": slogdet,
    "linalg_inv_ex": lambda a, **_: (a.inverse(), None),
    "linalg_cholesky_ex": lambda a, upper=False, **_: (a.cholesky().transpose() if upper else a.cholesky(), None),
    "cholesky": lambda a, upper=False: a.cholesky().transpose() if upper else a.cholesky(),
    "_linalg_solve_ex": solve,
    "linalg_solve_triangular": triangular,
    "cholesky_solve": cholesky_solve,
}
