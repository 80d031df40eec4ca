"""The one door to the engines: what can be asked, typed, first of the exact one; each is loaded when first asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from gradcalc.engines.door import answered_by

if TYPE_CHECKING:
    from gradcalc.arrays.array import Value
    from gradcalc.base.floating import Format
    from gradcalc.base.real import Real
    from gradcalc.engines.exact.domain import Shortfall
    from gradcalc.engines.exact.replay import Replay
    from gradcalc.engines.exact.spectrum import Matrix, Spectrum
    from gradcalc.engines.records import (
        ArrayTruth,
        Autograd,
        AutogradMatrix,
        Claim,
        ClosedForm,
        Corner,
        Exactly,
        MatrixTruth,
        Missing,
        Slope,
        Stress,
        Trial,
        Truth,
    )
    from gradcalc.engines.torch.kernel.kernel import Kernel
    from gradcalc.problem.problem import Problem
    from gradcalc.syntax.tree import Call, Node

Point = Mapping[str, float] | Mapping[str, Fraction]


@answered_by("gradcalc.engines.exact.truth:differentiate")
def truth(problem: Problem) -> Truth:
    """The function's value and its true derivatives at the problem's point."""


@answered_by("gradcalc.engines.exact.truth:regular")
def regular(problem: Problem) -> dict[str, Slope] | None:
    """The true derivatives at the problem's point, where the rules decide every one; None where one is special."""


@answered_by("gradcalc.engines.exact.at_point:value")
def value(root: Node, point: Point) -> Real | None:
    """The value of a tree at a point of floats; None where it has no real one."""


@answered_by("gradcalc.engines.exact.at_point:values")
def values(roots: Sequence[Node], point: Point) -> list[Real | None]:
    """The values of several trees at a point of floats, what they share computed once; None where one has none."""


@answered_by("gradcalc.engines.exact.at_point:valueless")
def valueless(root: Node, point: Point) -> Node | None:
    """The part of a tree that has no real value at a point; None where the whole has one."""


@answered_by("gradcalc.engines.exact.arrays.truth:differentiate")
def array_truth(problem: Problem, *, plainly: bool = False) -> ArrayTruth | None:
    """The value of a number made of arrays and every slope, in one pass; `plainly`: None where one takes proofs."""


@answered_by("gradcalc.engines.exact.arrays.truth:nearly")
def nearly(problem: Problem) -> tuple[Real | None, Mapping[str, Sequence[Real | None]]]:
    """The value of a number made of arrays and its slopes, known beside the largest: nothing is proven of what is 0."""


@answered_by("gradcalc.engines.exact.arrays.matrix_truth:jacobian")
def array_jacobian(problem: Problem) -> MatrixTruth | None:
    """The components of a function of arrays and their slopes, in one pass; None where one is special."""


@answered_by("gradcalc.engines.exact.arrays.matrix_truth:hessian")
def array_hessian(problem: Problem) -> MatrixTruth | None:
    """The gradient of a number made of arrays and its slopes, forward over reverse; None where one is special."""


@answered_by("gradcalc.engines.exact.arrays.truth:along")
def truth_along(problem: Problem, direction: Mapping[str, Mapping[int, Fraction]]) -> Truth:
    """The value of a number made of arrays, and its slope along a direction, by the name `t`."""


@answered_by("gradcalc.engines.exact.arrays.truth:borne_out")
def borne_out(problem: Problem, direction: Mapping[str, Mapping[int, Fraction]], slope: Fraction) -> bool | None:
    """Is a slope along a direction that of the function's own values? None where these do not tell."""


@answered_by("gradcalc.engines.exact.arrays.stress:stress")
def array_stress(problem: Problem) -> Stress:
    """The dangers on the way to the gradient by whole arrays."""


@answered_by("gradcalc.engines.exact.arrays.climb:values")
def elements(root: Node, point: Mapping[str, Value], *, together: bool = False) -> list[Real | None]:
    """The value of every element, row-major; None where one has no real one; `together`: beside the largest."""


@answered_by("gradcalc.engines.exact.quotients:tried")
def tried(claim: Claim, point: Mapping[str, float]) -> Trial:
    """Do the functions' own values about a point bear out what is claimed of their derivatives there?"""


@answered_by("gradcalc.engines.exact.meant:exactly")
def exactly(problem: Problem) -> Exactly | None:
    """The part without a value, or at a kink or a pole, where the point was meant to be; None where there is none."""


@answered_by("gradcalc.engines.exact.corner:corner")
def corner(problem: Problem, slopes: Mapping[str, Slope]) -> Corner | None:
    """How the problem's function breaks at its point, seen along lines through it."""


@answered_by("gradcalc.engines.exact.domain:nowhere")
def nowhere(root: Node) -> Call | None:
    """A part that has no real value whatever the variables are, `log(-x**2 - 1)`: no point is in the domain."""


@answered_by("gradcalc.engines.exact.domain:shortfall")
def shortfall(root: Node, point: Mapping[str, float]) -> Shortfall:
    """How far `point` is from where `root` has a value."""


@answered_by("gradcalc.engines.exact.sensitivity:sensitivity")
def sensitivity(problem: Problem, name: str | None) -> Real | None:
    """The size that rounding the leaves can give the derivative by `name`, or the value; None where it has none."""


@answered_by("gradcalc.engines.exact.replay:Replay")
def replay(problem: Problem, native: frozenset[str]) -> Replay:
    """The floating-point computation of a derivative, to be redone with exact parts; `native` are steps of torch's."""


@answered_by("gradcalc.engines.exact.kernels:factored")
def factored(root: Node) -> Node | None:
    """The tree with its polynomials in factors; None where none has any."""


@answered_by("gradcalc.engines.exact.expansion:expansion")
def expansion(root: Node, name: str, place: Fraction, count: int) -> list[Node] | None:
    """The first coefficients of the Taylor series about a place that have a closed form; None without a series."""


@answered_by("gradcalc.engines.exact.spectrum:spectrum")
def spectrum(entries: Sequence[Sequence[Real]]) -> Spectrum | None:
    """Eigenvalues and definiteness of a square matrix; None where it is not symmetric, or too large."""


@answered_by("gradcalc.engines.exact.spectrum:solve")
def solve(matrix: Matrix, right: Sequence[Fraction]) -> list[Fraction] | None:
    """The x of A @ x = b, by elimination without rounding; None where A is singular."""


# -- SymPy


@answered_by("gradcalc.engines.sympy.closed_form:differentiate")
def closed_forms(problem: Problem) -> dict[str, ClosedForm]:
    """The closed form of each derivative, or why it is left out."""


@answered_by("gradcalc.engines.sympy.closed_form:second_derivatives")
def second_closed_forms(problem: Problem) -> Iterator[tuple[str, str, ClosedForm]]:
    """The closed form of each second derivative as it is found; of two mixed ones, that by the first name first."""


@answered_by("gradcalc.engines.sympy.implicit:differentiate")
def implicit_forms(problem: Problem) -> dict[str, tuple[ClosedForm, ...]]:
    """Closed forms of each implicit derivative; a second one where the first holds on the curve alone."""


@answered_by("gradcalc.engines.sympy.closed_form:at_zero")
def closed_form_at_zero(problem: Problem, name: str) -> ClosedForm:
    """The closed form of the derivative by a variable, with 0 put in for that variable."""


@answered_by("gradcalc.engines.sympy.roots:roots")
def roots(equations: Sequence[Node], names: Sequence[str]) -> list[Mapping[str, str]]:
    """Closed forms of points at which all equations are 0, each coordinate as text; not proven, and perhaps none."""


@answered_by("gradcalc.engines.sympy.proof:prove")
def proof(problem: Problem, proposals: Mapping[str, Node], steps: float) -> frozenset[str]:
    """The names whose proposed derivative is the true one, apart from single points."""


# -- torch


@answered_by("gradcalc.engines.torch.autograd:differentiate")
def autograd(problem: Problem) -> Autograd:
    """Value and gradient of the problem at its point by torch, in its dtype; for order N, the N-th derivatives."""


@answered_by("gradcalc.engines.torch.autograd:differentiate_all")
def autograds(problem: Problem, points: Sequence[Mapping[str, float]]) -> list[Autograd]:
    """The same for a function of numbers at several points."""


@answered_by("gradcalc.engines.torch.implicit:differentiate")
def implicit_autograd(problem: Problem) -> Autograd:
    """The derivatives of an implicit function from torch's partial derivatives of the equation, in its dtype."""


@answered_by("gradcalc.engines.torch.missing:missing_names")
def without_autograd(root: Node) -> dict[str, Missing]:
    """The names by which torch has no derivative of a tree."""


@answered_by("gradcalc.engines.torch.missing:own_functions")
def own_functions() -> frozenset[str]:
    """The functions that torch computes as a whole."""


@answered_by("gradcalc.engines.torch.autograd:traced")
def traced(problem: Problem) -> dict[int, tuple[float, float | None]]:
    """The value of every node of a scalar problem, and the gradient that reached it; None where none did."""


@answered_by("gradcalc.engines.torch.autograd:held")
def held(problem: Problem) -> dict[int, Value]:
    """torch's value of every node of a problem with arrays, but for those of comparisons."""


@answered_by("gradcalc.engines.torch.direction:along")
def autograd_along(problem: Problem, direction: Mapping[str, Value]) -> float | Missing:
    """The derivative along a direction, every number in the dtype of the problem."""


@answered_by("gradcalc.engines.torch.matrices:jacobian")
def autograd_jacobian(problem: Problem) -> AutogradMatrix:
    """The components of the result, and the derivative of each of them by each component of `wrt`."""


@answered_by("gradcalc.engines.torch.matrices:hessian")
def autograd_hessian(problem: Problem) -> AutogradMatrix:
    """The value of a scalar, and the derivative of each component of its gradient by each component of `wrt`."""


@answered_by("gradcalc.engines.torch.kernel.kernel:Kernel")
def kernel(
    results: Sequence[Node], inputs: Sequence[str], wrt: Sequence[str], form: Format, device: str, threads: int
) -> Kernel:
    """What computes values and derivatives of functions of numbers at as many points as there are."""
