"""A proposed gradient by arrays: checked component by component, told of as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gradcalc.answers.check.everywhere import counterexample
from gradcalc.answers.check.evidence import value
from gradcalc.answers.check.hints import times
from gradcalc.answers.check.proposal import Proposal
from gradcalc.answers.check.records import SEVERITY, CounterExample, Finding, Judgement
from gradcalc.answers.check.scalars import SHARE, findings
from gradcalc.answers.check.special import shares_hint, symmetric_hint
from gradcalc.answers.check.whole import whole_findings
from gradcalc.answers.gradient import derive
from gradcalc.arrays.array import nested
from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import named_sizes, size, text
from gradcalc.arrays.writer import Unwritable
from gradcalc.base.errors import GradcalcError, LimitError, ShapeError
from gradcalc.base.limits import Limits
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm
from gradcalc.functions.printer import to_text
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import Written, expanded, part_names, written_out
from gradcalc.syntax.tree import Call, Node, number, postorder, substitute

SIZES = (3, 2, 4, 5)  # for the dimensions that have names, in their order
MOST_COMPONENTS = 100


@dataclass(frozen=True, slots=True)
class Spelled:
    """A check written out: the problem with its sizes, the same in components, and the proposal for each component."""

    problem: Problem
    written: Written
    proposals: Mapping[str, Proposal]


def array_findings(question: Question, proposals: Mapping[str, Proposal]) -> tuple[dict[str, Finding], dict[str, int]]:
    """The finding about each partial, and the sizes that were put for dimensions with names.

    Raises ShapeError where a partial has not the shape of its variable, LimitError where the arrays are too large.
    """
    problem = question.problem
    formulas = _formulas(question)
    sizes = _sizes(problem)
    try:
        spelled = _spelled(problem, sizes, proposals, question.limits)
    except Unwritable:
        return whole_findings(*_sized(problem, sizes, proposals), formulas), sizes
    forms = dict.fromkeys(spelled.proposals, ClosedForm(None))
    prove = not sizes  # a proof for one size is none for the others
    found = findings(question.about(spelled.written.problem), spelled.proposals, forms, prove=prove)
    parts = spelled.written.parts
    joined = {
        name: _joined(one, formulas[name], [found[part] for part in parts[name]], spelled)
        for name, one in proposals.items()
    }
    return joined, sizes


def _sized(
    problem: Problem, sizes: Mapping[str, int], proposals: Mapping[str, Proposal]
) -> tuple[Problem, dict[str, Proposal]]:
    """The problem and the proposals with numbers for their dimensions."""
    shapes = {name: tuple(sizes.get(str(size), size) for size in shape) for name, shape in problem.shapes.items()}
    numbers: dict[str, Node] = {name: number(size) for name, size in sizes.items() if name not in problem.variables}
    sized = replace(problem, shapes=shapes, root=substitute(problem.root, numbers))
    return sized, {name: replace(one, root=substitute(one.root, numbers)) for name, one in proposals.items()}


def _spelled(problem: Problem, sizes: Mapping[str, int], proposals: Mapping[str, Proposal], limits: Limits) -> Spelled:
    sized, proposals = _sized(problem, sizes, proposals)
    written = written_out(sized, limits)
    if (count := len(written.problem.wrt)) > MOST_COMPONENTS:
        raise LimitError(
            f"the gradient has {count:,} components, over the {MOST_COMPONENTS} that are checked",
            hint="no option raises this limit: check it for smaller arrays",
        )
    parts = part_names(sized)
    trees = {name: _components(one, sized, parts, limits) for name, one in proposals.items()}
    scalar = {
        part: replace(proposals[name], name=part, text=to_text(tree), root=tree)
        for name in problem.wrt
        for part, tree in zip(written.parts[name], trees[name], strict=True)
    }
    return Spelled(sized, written, scalar)


def _formulas(question: Question) -> dict[str, ClosedForm]:
    """The closed form by each variable, in array terms."""
    answer = derive(question.part(SHARE).about(replace(question.problem, point=None)))
    return {name: ClosedForm(row.formula, row.note) for name, row in answer.gradient.items()}


def _sizes(problem: Problem) -> dict[str, int]:
    """A number for each dimension that has a name."""
    return {name: SIZES[index % len(SIZES)] for index, name in enumerate(named_sizes(problem.shapes.values()))}


def _components(
    proposal: Proposal, problem: Problem, parts: Mapping[str, tuple[str, ...]], limits: Limits
) -> tuple[Node, ...]:
    """The components of a proposed partial. Raises ShapeError, LimitError."""
    try:
        components = expanded(proposal.root, problem, parts, limits)
    except GradcalcError as error:
        raise error.located(proposal.source) from None
    shape = problem.shapes.get(proposal.name, ())
    if components.shape != shape:
        raise ShapeError(
            f"the gradient by `{proposal.name}` has shape {text(components.shape)}, expected {text(shape)}",
            span=proposal.span,
            source=proposal.source,
            hint="a gradient has the shape of its variable",
        )
    return components.nodes


def _joined(proposal: Proposal, form: ClosedForm, found: Sequence[Finding], spelled: Spelled) -> Finding:
    """The findings about the components as one."""
    verdict = max((one.verdict for one in found), key=SEVERITY.index)
    worst = [one for one in found if one.verdict is verdict]
    hints = {one.hint for one in worst}
    example = next((one.counterexample for one in worst if one.counterexample is not None), None)
    hint = hints.pop() if len(hints) == 1 and verdict is not Judgement.RIGHT else None
    return Finding(
        proposal.name,
        proposal.text,
        form.text,
        verdict,
        proved=all(one.proved for one in found),
        points=min(one.points for one in found),
        counterexample=None if example is None else _whole(proposal.name, example, spelled),
        hint=_special(proposal.name, form, verdict, spelled) or _mean(hint, spelled.problem) or hint,
        note=form.note,
    )


def _mean(hint: str | None, problem: Problem) -> str | None:
    """What a factor that is missing everywhere is, where the function takes a mean of so many numbers."""
    means = [node for node in postorder(problem.root) if isinstance(node, Call) and node.function == "mean"]
    shapes = infer(problem.root, problem.shapes) if means and hint is not None else {}
    counts = {size(shapes[id(node.arguments[0])]) for node in means if id(node.arguments[0]) in shapes}
    return "the 1/n of the mean is missing" if any(hint == times(Fraction(count)) for count in counts) else None


def _special(name: str, form: ClosedForm, verdict: Judgement, spelled: Spelled) -> str | None:
    """What the proposal owes to special arrays, where it is wrong, or is looked at in one point alone."""
    right = verdict is Judgement.RIGHT
    if verdict is Judgement.UNDEFINED or (right and spelled.problem.point is None):
        return None
    parts = [spelled.proposals[part] for part in spelled.written.parts[name]]
    for hint in (symmetric_hint, shares_hint):
        found = hint(spelled.problem, spelled.written, parts, form.text, right=right)
        if found is not None:
            return found
    return None


def _whole(name: str, example: CounterExample, spelled: Spelled) -> CounterExample:
    """A counter-example of one component as one of the whole array."""
    point: Mapping[str, float] = example.at
    slopes = ask.truth(replace(spelled.written.problem, point=point)).slopes
    shapes = spelled.problem.shapes
    values = [
        counterexample(point, value(spelled.proposals[part].root, point), slopes[part].finite)
        for part in spelled.written.parts[name]
    ]
    at = {
        one: nested([point[part] for part in parts], shapes.get(one, ()))
        for one, parts in part_names(spelled.problem).items()
    }
    columns = zip(*((one.proposed, one.true, one.difference) for one in values), strict=True)
    return CounterExample(at, *(nested(column, shapes.get(name, ())) for column in columns))
