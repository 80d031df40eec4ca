"""The Hessian: the second derivatives of a scalar function, and what they say about a point where it is flat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from gradcalc.answers.gradient import derive
from gradcalc.answers.matrices.critical import with_definiteness
from gradcalc.answers.matrices.cured import cured
from gradcalc.answers.matrices.entries import UNNUMBERED, Source, bare_matrix, filled, true_row, verdict_of
from gradcalc.answers.matrices.forms import Block, proven
from gradcalc.answers.matrices.outputs import (
    Outputs,
    column_names,
    function_name,
    is_numbered,
    require_entries,
    rooted,
    split,
)
from gradcalc.answers.matrices.records import Hessian, Matrix
from gradcalc.answers.matrices.whole import filled_whole
from gradcalc.answers.records import Comparison, Row
from gradcalc.answers.remarks import remarks
from gradcalc.answers.trials.verify import verified
from gradcalc.answers.verdicts import Verdict, overall
from gradcalc.arrays.shape import named_sizes
from gradcalc.base.errors import LimitError
from gradcalc.calculus.matrix.closed import closed_form
from gradcalc.calculus.matrix.jacobian import jacobian_form
from gradcalc.calculus.reverse import LARGEST_TREE, gradient
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm, MatrixTruth, Slope, Smoothness, Truth
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem, reading
from gradcalc.problem.written_out import part_names, require_scalar, scalar_form, written_out
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, number, postorder, substitute

GRADIENT_SHARE = 0.35  # of the time
EXISTS = (Verdict.AGREE, Verdict.DISAGREE)  # of a first derivative
NO_FIRST = {
    Smoothness.KINK: "the first derivative by {name} jumps here",
    Smoothness.INFINITE: "the first derivative by {name} is infinite here",
}


def hessian(question: Question) -> Hessian:
    """The Hessian of a scalar function, compared entry by entry where there is a point.

    Raises ShapeError where the result is no scalar, LimitError where the matrix has too many entries.
    """
    problem = question.problem
    require_scalar(problem)
    numbered = is_numbered(problem, ())
    columns = column_names(problem) if numbered else ()
    require_entries("Hessian", len(columns) ** 2, question.limits)
    first = derive(question.part(GRADIENT_SHARE))
    if not numbered:
        return _answer(question, first, Matrix((), (), proven(Partials(), question), note=UNNUMBERED))
    autograd = None if problem.point is None else ask.autograd_hessian(problem)
    bare = bare_matrix(columns, columns, problem, autograd)
    source = Partials(tuple(first.rows))
    found = filled_whole(source, question, bare) or filled(source, question, bare)
    matrix = cured(found, source, question, ask.autograd_hessian)
    return with_definiteness(_answer(question, first, matrix), found.truths, found.outputs, question)


def _answer(question: Question, first: Comparison, matrix: Matrix) -> Hessian:
    problem = question.problem
    return Hessian(
        expression=problem.source,
        reading=reading(problem),
        function=function_name(problem),
        at=problem.point,
        dtype=problem.dtype,
        value=first.value,
        gradient=first.gradient,
        matrix=matrix,
        verdict=overall((verdict_of(matrix), first.forward.counted)),
        forward=first.forward,
        remarks=remarks(problem),
    )


@dataclass(frozen=True, slots=True)
class Partials(Source):
    """The rows of a Hessian: the first derivatives, as trees; `first` is what is known about their values."""

    first: tuple[Row, ...] = ()

    def outputs(self, question: Question) -> Outputs:
        """A problem for each first derivative."""
        problem = question.problem
        whole = (written_out(problem, question.limits) if problem.arrays else scalar_form(problem)).problem
        partials = gradient(whole.root, whole.wrt)
        roots = [partials[name] for name in whole.wrt]
        if len(postorder(*roots)) > LARGEST_TREE:
            raise LimitError(
                "the first derivatives are too large",
                hint="no option raises this limit: name fewer variables with --wrt",
            )
        parts = part_names(problem)
        return Outputs(split(problem, roots, parts), whole.wrt, whole.wrt, parts, whole)

    def truths(self, found: Outputs, question: Question) -> list[Truth]:
        """The truth about each first derivative; where there is none, there is no second one."""
        assert found.whole is not None
        flat = {row.name: row.exact == "0" for row in self.first}
        smooth = all(row.verdict in EXISTS for row in self.first)
        missing = {} if smooth else _missing(found.whole)
        return [
            missing.get(name) or _second(problem, found.whole, name, flat.get(name, False))
            for name, problem in zip(found.rows, found.problems, strict=True)
        ]

    def forms(self, found: Outputs, question: Question) -> Iterator[tuple[int, Mapping[str, ClosedForm]]]:
        """SymPy's second derivatives, each at both of its places."""
        places = {name: place for place, name in enumerate(found.rows)}
        assert found.whole is not None
        for one, other, form in ask.second_closed_forms(found.whole):
            (right,) = verified({(one, other): form}, found.whole, question.limits, by=tuple).values()
            yield places[one], {other: right}
            yield places[other], {one: right}

    def whole(self, problem: Problem) -> MatrixTruth | None:
        """The first derivatives and theirs."""
        return ask.array_hessian(problem)

    def blocks(self, problem: Problem) -> Iterator[tuple[str, Block]]:
        """The second derivatives by each pair of variables in array terms; a pair with itself has its name alone."""
        named = named_sizes(problem.shapes.values())
        sizes: dict[str, Node] = {size: Constant(size) for size in named if size not in problem.variables}
        for place, one in enumerate(problem.wrt):
            first = closed_form(problem.root, one, problem.shapes, problem.symmetric)
            if first is None or one in problem.symmetric:
                continue
            first = substitute(first, sizes)
            for other in problem.wrt[place:]:
                form = jacobian_form(first, other, problem.shapes, problem.symmetric)
                if form is not None:
                    yield one if one == other else f"{one},{other}", Block(form, other, one)


def _missing(whole: Problem) -> dict[str, Truth]:
    """What is true of the first derivatives that do not exist, by name."""
    first = true_row(whole)
    found = {}
    for name, slope in first.slopes.items():
        if slope.smoothness not in (Smoothness.SMOOTH, Smoothness.EDGE):
            why = NO_FIRST.get(slope.smoothness, slope.why or "").format(name=name)
            kind = Smoothness.UNDECIDED if slope.smoothness is Smoothness.UNDECIDED else Smoothness.UNDEFINED
            missing = Slope(kind, blame=slope.blame, why=why)
            found[name] = Truth(None, dict.fromkeys(whole.wrt, missing))
    return found


def _second(problem: Problem, whole: Problem, name: str, flat: bool) -> Truth:
    """The truth about a first derivative, whose tree is the problem's root; `flat` where its value is 0.

    By its own name the second derivative is asked of the function itself where the tree tells of none.
    """
    truth = true_row(problem)
    if truth.value is None and flat:
        truth = true_row(rooted(whole, _patched(problem.root, whole.numbers)))
    if truth.slopes[name].smoothness is Smoothness.SMOOTH:
        return truth
    own = ask.truth(replace(whole, wrt=(name,), order=2)).slopes[name]
    return Truth(truth.value, {**truth.slopes, name: own})


def _patched(root: Node, point: Mapping[str, float]) -> Node:
    """The tree with the value 0 at one point, where it has none by itself."""
    patched: Node = Number(Fraction(0))
    for name, value in point.items():
        patched = Call("where", (Call("eq", (Name(name), number(Fraction(value)))), patched, root))
    return patched
