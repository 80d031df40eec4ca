"""One sentence for each verdict that is not plain agreement, in words that a student knows."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from string import digits

from gradcalc.answers.records import Row
from gradcalc.answers.verdicts import Reason, Verdict
from gradcalc.base.words import brief, first_of
from gradcalc.calculus.simplify import rational
from gradcalc.engines.records import Corner, Exactly, Line, Slope
from gradcalc.functions import CATALOGUE
from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.function import Function
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, free_names, postorder

MOST_LISTED = 4
MADE_OF = (CATALOGUE["div"], CATALOGUE["sqrt"])  # whose conditions a whole array may fail
OF_FULL_RANK = {  # what has a value elsewhere too, by its name in the text
    "pinv": "jumps where the rank changes, as it does at this matrix; its value is worked out at full rank alone",
}
WORD = re.compile(r"[^\W\d]\w*")
SHORT = 60  # characters of a part that is named beside the whole
XLOGY = "; where 0*log(0) is to count as 0, `x*log(y)` is written `xlogy(x, y)`, and `x*log(x/y)` `rel_entr(x, y)`"
CUBE_ROOT = "; the real cube root of a negative number is `cbrt(x)`"


def explain(row: Row, slope: Slope, problem: Problem) -> Row:
    """The row with its explanation, where it needs one."""
    sentence = EXPLANATIONS.get((row.verdict, row.reason)) or EXPLANATIONS.get((row.verdict, None))
    return row if sentence is None else dataclasses.replace(row, explanation=sentence(row, slope, problem))


def _cancellation(row: Row, slope: Slope, problem: Problem) -> str:
    return (
        f"two nearly equal numbers are subtracted on the way, and the digits in which they differ are beyond the "
        f"{problem.format.digits:.0f} digits that {problem.dtype} keeps: autograd's result has lost them"
    )


def _overflow(row: Row, slope: Slope, problem: Problem) -> str:
    return f"a number here is larger than the largest that {problem.dtype} holds, {problem.format.largest:.3g}"


def _underflow(row: Row, slope: Slope, problem: Problem) -> str:
    return (
        f"a number on the way is smaller than {problem.dtype} keeps in full, {problem.format.smallest_normal:.3g}: "
        f"it lost its digits or became 0"
    )


def _nan(row: Row, slope: Slope, problem: Problem) -> str:
    return (
        "autograd met a step without a value, such as 0 times infinity or infinity minus infinity, "
        "and nan spreads to everything after it; the derivative itself is an ordinary number"
    )


def _precision(row: Row, slope: Slope, problem: Problem) -> str:
    if slope.magnitude is None:  # the rules did not decide: a part is at a kink, a pole or an edge of its own
        return (
            f"a part of it has no slope of its own here, and autograd answers there by convention; the parts together "
            f"have one, {brief(row.symbolic)}, and autograd's conventions add up to {brief(row.autograd)}"
        )
    if row.ulps is None:
        return f"autograd is {brief(row.autograd)}: an operation divides by a number that was rounded to 0"
    return f"autograd is {row.ulps:g} units in the last place off: more than rounding alone should cost"


def _kink(row: Row, slope: Slope, problem: Problem) -> str:
    sides = f"its slope is {brief(row.left)} on the left and {brief(row.right)} on the right"
    if row.left == row.right and row.left is not None:
        shown = brief(row.left) if math.isfinite(row.left) else "numbers so large"
        sides = (
            f"its slopes on the left and on the right differ, though by less than {problem.dtype} shows beside {shown}"
        )
    return f"{_graph(problem)} has a corner here: {sides}, so there is no one derivative; {_convention(row)}"


def _graph(problem: Problem) -> str:
    """What the slopes are the slopes of."""
    return "the graph" if problem.order == 1 else f"the graph of the derivative of order {problem.order - 1}"


def _convention(row: Row) -> str:
    """What autograd answers at a kink, and what else a library might answer."""
    if row.autograd is None:
        return f"torch has no gradient of its own here{_between(row)}"
    if math.isnan(row.autograd):
        return f"autograd has no number there, nan{_between(row)}"
    return f"autograd answers {brief(row.autograd)} by convention{_between(row)}"


def _between(row: Row) -> str:
    """The slopes that a library might answer."""
    if row.subdifferential is None or row.left == row.right:
        return ""
    low, high = row.subdifferential
    return f", another library may pick any slope of the sub-differential [{brief(low)}, {brief(high)}]"


def _edge(row: Row, slope: Slope, problem: Problem) -> str:
    side = "right" if row.left is None else "left"
    return f"the domain ends here: only the {side} side exists, and its slope is the one compared"


def _infinite(row: Row, slope: Slope, problem: Problem) -> str:
    edge = f"; only the {'right' if row.left is None else 'left'} side exists" if row.reason is Reason.EDGE else ""
    tangent = "the tangent" if problem.order == 1 else f"the tangent of {_graph(problem)}"
    if row.left is not None and row.right is not None and row.left != row.right:
        sides = f"the slope goes to {row.left:g} on the left and {row.right:g} on the right"
        return f"{tangent} is vertical here, at a cusp: {sides}"
    return f"{tangent} is vertical here, the slope grows without bound{edge}"


def _undefined(row: Row, slope: Slope, problem: Problem) -> str:
    function = _asking(slope.blame, slope.why) if isinstance(slope.blame, Call) else None
    if not isinstance(slope.blame, Call) or function is None:
        return f"there is no derivative: {slope.why}"
    assert row.blame is not None
    if told := OF_FULL_RANK.get(row.blame.text.partition("(")[0]):
        return f"there is no derivative: `{row.blame.text}` {told}"
    missing = "" if row.limit is None else f"; it is a removable hole, the function's limit there is {brief(row.limit)}"
    names = free_names(postorder(slope.blame))
    stems = [one.rstrip(f"{digits}_") for one in names]
    component = stems != names and set(WORD.findall(row.blame.text)) >= set(stems)  # p3 and q3, for p and q
    part = to_text(slope.blame) if component else ""  # of whole arrays the part is no expression
    inner = f", in `{part}`" if 0 < len(part) <= SHORT else ""
    instead = _by_limit(slope.blame, problem)
    return f"`{row.blame.text}` has no real value here{inner}: {_needs(slope.blame, function)}{missing}{instead}"


def _by_limit(blame: Call, problem: Problem) -> str:
    """What to write for x*log(y) where x is 0, if 0*log(0) is to count as 0."""
    if blame.function != "log" or problem.point is None:
        return ""
    products = [one.arguments for one in postorder(problem.root) if isinstance(one, Call) and one.function == "mul"]
    beside = [one for pair in products if any(other is blame for other in pair) for one in pair if one is not blame]
    inside = free_names(postorder(blame))
    zeros = [one for one in beside if isinstance(one, Name) and problem.point.get(one.name) == 0.0]
    return XLOGY if any(one.name in inside for one in zeros) else ""


def _undecided(row: Row, slope: Slope, problem: Problem) -> str:
    assert slope.why is not None
    return slope.why


def no_value(node: Call, text: str) -> str:
    """Why a function has no value anywhere, because of a part that reads `text`."""
    return f"`{text}` has no real value: {_needs(node, CATALOGUE[node.function])}"


def _asking(node: Call, condition: str | None) -> Function | None:
    """The function that asks for a condition: the call's own, or one that a whole array is made of; None for others."""
    row = CATALOGUE[node.function]
    if row.domain == condition:
        return row
    return next((one for one in MADE_OF if one.domain == condition), None) if isinstance(row, ArrayFunction) else None


def _needs(node: Call, function: Function) -> str:
    """What a call needs to have a value, of which a function in it asks for something."""
    needs = function.needs or f"{function.name}({', '.join(function.parameters)}) needs {function.domain}"
    root = node.function == "pow" and rational(node.arguments[1]) == Fraction(1, 3)
    return needs + (CUBE_ROOT if root else "")


Sentence = Callable[[Row, Slope, Problem], str]
EXPLANATIONS: dict[tuple[Verdict | None, Reason | None], Sentence] = {
    (Verdict.AGREE, Reason.EDGE): _edge,
    (Verdict.DISAGREE, Reason.CANCELLATION): _cancellation,
    (Verdict.DISAGREE, Reason.OVERFLOW): _overflow,
    (Verdict.DISAGREE, Reason.UNDERFLOW): _underflow,
    (Verdict.DISAGREE, Reason.NAN): _nan,
    (Verdict.DISAGREE, Reason.PRECISION): _precision,
    (Verdict.KINK, None): _kink,
    (Verdict.INFINITE, None): _infinite,
    (Verdict.UNDEFINED, None): _undefined,
    (Verdict.UNDECIDED, None): _undecided,
}


def explain_rounding(found: Exactly, text: str, problem: Problem) -> str:
    """What the function does just where the point was meant; `text` is the part that does it."""
    used = set(free_names(postorder(problem.root)))
    pairs = [f"{name} was rounded from {to_text(node)}" for name, node in problem.meant.items() if name in used]
    there = f"{first_of(pairs, MOST_LISTED, MOST_LISTED)}; exactly there `{text}` has"
    if found.valueless:
        return f"{there} no real value: {_needs(found.node, CATALOGUE[found.node.function])}"
    row = CATALOGUE[found.node.function]
    return f"{there} {'a corner or a jump' if row.kink else 'a vertical tangent'}"


def explain_corner(corner: Corner) -> Corner:
    """The corner with its explanation: along which directions the function breaks."""
    breaking = [line for line in corner.lines if line.breaks]
    through = [line for line in corner.lines if not line.breaks]
    names = ", ".join(corner.lines[0].along)
    if corner.switch is not None:
        what = f"it breaks along every direction in which `{corner.switch}` changes{_kept(through)}"
    elif any(_is_axis(line) for line in breaking):
        rest = f", and not along {_listed(through)}" if through else ""
        what = f"of the directions tried, it breaks along {_listed(breaking)}{rest}"
    else:
        shown = breaking[0] if breaking else next(line for line in through if line.expected is not None)
        what = f"the partial derivatives exist, yet there is no gradient: along {_surprise(shown)}"
    return dataclasses.replace(corner, explanation=f"as ({names}) moves, {what}")


def _kept(lines: list[Line]) -> str:
    """What happens along a line that does not cross the corner."""
    return f", and along no other: along {_vector(lines[0])} its slope is {brief(lines[0].right)}" if lines else ""


def _is_axis(line: Line) -> bool:
    return sum(part != 0 for part in line.along.values()) == 1


def _surprise(line: Line) -> str:
    """What a line does that the partial derivatives do not tell."""
    if line.expected is not None:
        return f"{_vector(line)} its slope is {brief(line.right)}, where they add up to {brief(line.expected)}"
    if line.left is None or line.right is None:
        return f"{_vector(line)} its slope has no limit"
    return f"{_vector(line)} its slope is {brief(line.left)} on one side and {brief(line.right)} on the other"


def _listed(lines: Sequence[Line]) -> str:
    """The directions of a few lines, or of the first few of many."""
    return first_of([*map(_vector, lines)], MOST_LISTED, MOST_LISTED)


def _vector(line: Line) -> str:
    return f"({', '.join(map(brief, line.along.values()))})"
