"""The cause of a wrong derivative in one sentence."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from gradcalc.answers.compare import blamed
from gradcalc.answers.diagnosis.cause import Cause, Rounded, Stage
from gradcalc.answers.diagnosis.decisions import COMPARED
from gradcalc.answers.diagnosis.digits import MOST, both, digits
from gradcalc.answers.verdicts import Reason
from gradcalc.base.floating import FORMATS
from gradcalc.base.words import joined
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, postorder

SINGLE = FORMATS["float32"]
FULL = 20  # digits that show how far a written number is from the nearest float
JUST_BEYOND = Fraction(101, 100)  # times the largest number: so near that a few digits do not tell the two apart
TRUTH = {"1": "true", "0": "false"}
FROM_RESULT = frozenset({"exp", "expm1", "sigmoid", "sqrt", "tan", "tanh"})  # torch derives them from their own value


def sentence(cause: Cause, problem: Problem) -> str:
    """What happened at the node, with the true number and torch's; and what else is to blame."""
    same = [other for other in cause.others if (other.stage, other.kind) == (cause.stage, cause.kind)]
    rest = [_alone(other, problem) for other in cause.others if other not in same]
    pieces = dict.fromkeys(_piece(other.node, problem) for other in same)
    too = ", ".join(piece for piece in pieces if piece != _piece(cause.node, problem))
    return "; besides, ".join([_alone(cause, problem) + (f"; the same goes for {too}" if too else ""), *rest])


def _alone(cause: Cause, problem: Problem) -> str:
    """What happened at one node."""
    told = SENTENCES.get((cause.stage, cause.kind)) or SENTENCES[cause.stage, Reason.PRECISION]
    special = (
        (cause.order > 1, _own_derivative), (bool(cause.decided), _decided), (cause.size is not None, _cancelling_ways),
        (cause.absorbed is not None, _absorbed), (cause.stage is Stage.FORWARD and not _shows(cause), _rounded),
    )  # fmt: skip
    told = next((one for holds, one in special if holds), told)
    steps = "worked out step by step, " if _inside(cause.node, problem) else ""
    return steps + told(cause, _piece(cause.node, problem), problem)


def _shows(cause: Cause) -> bool:
    """Is torch's number itself wrong?"""
    return cause.lost_digits > 1 or cause.kind not in (Reason.CANCELLATION, Reason.PRECISION)


def _piece(node: Node, problem: Problem) -> str:
    """A node as the user wrote it; a step inside an operation on arrays also as what it is."""
    text = blamed(node, problem.source).text
    return f"`{to_text(node)}` in `{text}`" if _inside(node, problem) else f"`{text}`"


def _inside(node: Node, problem: Problem) -> bool:
    """Is this a step of something larger that was written as one piece, such as a norm?"""
    around = [each for each in postorder(problem.root) if each.span == node.span and each is not node]
    return node.span is not None and any(one is node for each in around for one in postorder(each))


def _cancelled(cause: Cause, text: str, problem: Problem) -> str:
    true, found = both(cause)
    condition = "" if cause.condition is None else f" (condition number {cause.condition:.2g})"
    lost = "all their digits" if math.isinf(cause.lost_digits) else f"{cause.lost_digits:g} digits"
    return (
        f"{text} is {true}, but {problem.dtype} gets {found}: "
        f"its terms are so nearly equal that {lost} cancel{condition}"
    )


def _absorbed(cause: Cause, text: str, problem: Problem) -> str:
    assert cause.absorbed is not None
    total, term = (_piece(node, problem) for node in cause.absorbed)
    true, found = both(cause)
    return (
        f"{text} is {true}, but {problem.dtype} gets {found}: {total} absorbs {term}, which lies beyond the "
        f"{problem.format.digits:.0f} digits that {problem.dtype} keeps"
    )


def _decided(cause: Cause, text: str, problem: Problem) -> str:
    """What was decided otherwise, and the rounding that made it so."""
    true, found = both(cause)
    assert isinstance(cause.node, Call)
    if cause.stage is Stage.BACKWARD:
        start = f"{_but(cause)}on the way back {text} passes on {found} instead of {true}"
    elif cause.node.function in COMPARED:
        start = f"{text} is {TRUTH[true]}, but {problem.dtype} finds it {TRUTH[found]}"
    else:
        start = f"{text} is {true}, but {problem.dtype} gets {found}"
    return f"{start}: {problem.dtype} rounds {joined([_rounding(one, problem) for one in cause.decided])}"


def _rounding(one: Rounded, problem: Problem) -> str:
    """An argument, and what it is rounded to."""
    piece = _piece(one.node, problem)
    shown = repr(one.found)
    if one.twin is not None:
        shown = f"the very number that {_piece(one.twin, problem)} is"
    elif piece == f"`{shown}`":  # a decimal that floats have no number for
        shown = f"{Decimal(one.found):.{FULL}g}"
    return f"{piece} to {shown}"


def _overflowed(cause: Cause, text: str, problem: Problem) -> str:
    return f"{text} is {_told_once(text, _too_large(cause, problem))}: what follows has no number to work with"


def _told_once(text: str, told: str) -> str:
    """What is told of a number, which need not be repeated where it stands there."""
    return told.removeprefix(text.strip("`") + ", ")


def _too_large(cause: Cause, problem: Problem) -> str:
    assert cause.true is not None
    largest, size = problem.format.largest, cause.true.fraction()
    near = size is not None and abs(size) < JUST_BEYOND * Fraction(largest)
    true, limit = (digits(cause.true, MOST), f"{largest:.{MOST}g}") if near else (digits(cause.true), f"{largest:.3g}")
    return f"{true}, more than the {limit} that {problem.dtype} holds, and becomes {cause.autograd:g}"


def _underflowed(cause: Cause, text: str, problem: Problem) -> str:
    return f"{text} is {_told_once(text, _too_small(cause, problem))}"


def _too_small(cause: Cause, problem: Problem) -> str:
    true, found = both(cause)
    return f"{true}, less than {problem.dtype} can hold in full, and becomes {found}"


def _without_value(cause: Cause, text: str, problem: Problem) -> str:
    assert cause.true is not None
    return f"{text} is {digits(cause.true)}, but torch gets nan"


def _imprecise(cause: Cause, text: str, problem: Problem) -> str:
    true, found = both(cause)
    if cause.magnified:
        return f"{text} is {true}, but {problem.dtype} gets {found}: it magnifies the rounding of what it is applied to"
    return f"torch's own {text} is {found} in {problem.dtype}, where {true} is right"


def _poisoned(cause: Cause, text: str, problem: Problem) -> str:
    where = "" if cause.taken else "; its branch is not taken, but where() only multiplies it by 0"
    return (
        f"on the way back through {text} torch multiplies by a local derivative that is no number and gets nan{where}"
    )


def _too_steep(cause: Cause, text: str, problem: Problem) -> str:
    return f"{_but(cause)}the gradient that {text} passes back is {_too_large(cause, problem)}"


def _too_flat(cause: Cause, text: str, problem: Problem) -> str:
    return f"{_but(cause)}the gradient that {text} passes back is {_too_small(cause, problem)}"


def _cancelling_ways(cause: Cause, text: str, problem: Problem) -> str:
    assert cause.true is not None
    assert cause.size is not None
    return (
        f"{text} enters in several ways, whose derivatives are as large as {digits(cause.size)} and add up to "
        f"{digits(cause.true)}: {cause.lost_digits:.0f} digits cancel"
    )


def _rounded(cause: Cause, text: str, problem: Problem) -> str:
    start = f"{text} is rounded to {problem.format.digits:.0f} digits, and"
    if cause.magnifier is None:
        return f"{start} what follows magnifies the rounding"
    true, found = both(cause.magnifier)
    above = _piece(cause.magnifier.node, problem)
    return f"{start} {above} magnifies the rounding: it is {true}, but {problem.dtype} gets {found}"


def _own_derivative(cause: Cause, text: str, problem: Problem) -> str:
    true, found = both(cause)
    return (
        f"torch's own derivative of order {cause.order} of {text} is wrong, though all is smooth here: it is {found}, "
        f"where {true} is right"
    )


def _passed_on(cause: Cause, text: str, problem: Problem) -> str:
    if cause.true is None:  # where only infinite numbers count as wrong
        return (
            f"on the way back through {text} torch multiplies by a local derivative that is infinite and gets "
            f"{cause.autograd:g}: what follows has no number to work with"
        )
    true, found = both(cause)
    node = cause.node
    rounded = isinstance(node, Call) and (
        node.function in FROM_RESULT or any(isinstance(each, Call) for each in node.arguments)
    )
    why = f"torch's formula for its local derivative fails here in {problem.dtype}"
    if _in_single(cause, problem):
        why = "torch works with a constant there that it has rounded to float32"
    elif rounded:
        why = "torch works its local derivative out from a rounded value"
    return f"{_but(cause)}on the way back {text} passes on {found} instead of {true}: {why}"


def _in_single(cause: Cause, problem: Problem) -> bool:
    """Is the number just the one that float32 has for the true one, where the format keeps more?"""
    wide = problem.format.precision > SINGLE.precision and cause.autograd != 0
    return wide and cause.true is not None and cause.true.nearest(SINGLE) == cause.autograd


def _but(cause: Cause) -> str:
    return "every value is right, but " if cause.healthy else ""


Sentence = Callable[[Cause, str, Problem], str]
SENTENCES: dict[tuple[Stage, Reason], Sentence] = {
    (Stage.FORWARD, Reason.CANCELLATION): _cancelled,
    (Stage.FORWARD, Reason.OVERFLOW): _overflowed,
    (Stage.FORWARD, Reason.UNDERFLOW): _underflowed,
    (Stage.FORWARD, Reason.NAN): _without_value,
    (Stage.FORWARD, Reason.PRECISION): _imprecise,
    (Stage.BACKWARD, Reason.NAN): _poisoned,
    (Stage.BACKWARD, Reason.CANCELLATION): _cancelling_ways,
    (Stage.BACKWARD, Reason.OVERFLOW): _too_steep,
    (Stage.BACKWARD, Reason.UNDERFLOW): _too_flat,
    (Stage.BACKWARD, Reason.PRECISION): _passed_on,
}
