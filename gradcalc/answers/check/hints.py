"""What probably went wrong with a gradient: told only where it fits exactly, at every point that was tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from gradcalc.answers.check.evidence import Evidence, Pair, is_value, value
from gradcalc.answers.check.slips import slips, told
from gradcalc.answers.check.terms import not_held, one_term
from gradcalc.base.effort import Exhausted
from gradcalc.base.errors import LimitError
from gradcalc.base.real import EXACT, fraction
from gradcalc.calculus.reverse import derivative, gradient
from gradcalc.functions.function import rule
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Node, Number, free_names, number, postorder

FEWEST = 2  # points that a hint may rest on
SMALL = 1_000  # the largest denominator of a factor that is recognised
ROUNDED = range(29, 1, -1)  # digits that a gradient with rounded numbers may be right to
SLACK = Fraction(101, 100)  # 0.333 for 1/3 is off by a thousandth and counts as three digits
PI = Fraction(3141592653589793238462643383279502884197, 10**39)
DEGREES = {
    PI / 180: "pi/180 belongs to degrees: angles are in radians here",
    180 / PI: "180/pi belongs to degrees: angles are in radians here",
}
CONSTANTS = ("pi", "exp(1)", "sqrt(2)", "sqrt(pi)", "log(2)", "log(10)")


def hint(evidence: Evidence) -> str | None:
    """A sentence about the slip, where one is recognised."""
    if len(evidence.pairs) < FEWEST:
        return None
    return next((sentence for find in RECOGNISED if (sentence := find(evidence)) is not None), None)


# -- one recogniser each


def _rounded(evidence: Evidence) -> str | None:
    errors = [_relative_error(pair) for pair in evidence.pairs]
    if any(error is None for error in errors):
        return None
    worst = max(error for error in errors if error is not None)
    digits = next((k for k in ROUNDED if worst <= SLACK / 10**k), None)
    return (
        None if digits is None else f"it is right to {digits} digits only: write its numbers exactly, as 1/3 for 0.333"
    )


def _relative_error(pair: Pair) -> Fraction | None:
    proposed, true = _fractions(pair)
    if proposed is None or true is None or (true == 0 and proposed != 0):
        return None
    return abs(proposed / true - 1) if true else Fraction(0)


def slip(evidence: Evidence) -> str | None:
    """The sentence about the known slip that explains the proposed derivative; of several the rule that they break."""
    if len(evidence.pairs) < FEWEST:
        return None
    found: dict[str, None] = {}
    try:
        for tree, sentence in slips(evidence.function, evidence.name):
            if sentence not in found and evidence.is_tree(tree):
                found[sentence] = None
    except Exhausted:  # what was found so far has to do
        if not found:
            raise
    if len(found) > 1:  # several explain it: then what it is says more
        return _turned(evidence) or told(list(found)) or one_term(evidence)
    return told(list(found))


def _turned(evidence: Evidence) -> str | None:
    return times(Fraction(-1)) if _constant(_ratios(evidence)) == -1 else None


def _other_variable(evidence: Evidence) -> str | None:
    known = {name: evidence.is_slope(name) for name in free_names(postorder(evidence.function))}
    partials = gradient(evidence.function, [name for name, is_it in known.items() if is_it is None])
    others = (name for name in known if name != evidence.name)
    found = (name for name in others if known[name] or (name in partials and evidence.is_tree(partials[name])))
    turned = _turned(evidence)
    return next((f"{f'{turned}: ' if turned else ''}this is the derivative by `{name}`" for name in found), None)


def _itself(evidence: Evidence) -> str | None:
    return "this is the expression itself, not its derivative" if evidence.is_tree(evidence.function) else None


def _antiderivative(evidence: Evidence) -> str | None:
    back = gradient(evidence.proposed, [evidence.name])[evidence.name]
    if all(_agree(back, evidence.function, pair.point) for pair in evidence.pairs):
        return "this is an integral: its derivative is the expression"
    return None


def _agree(one: Node, other: Node, point: Mapping[str, float]) -> bool:
    number = value(other, point)
    return number is not None and is_value(one, point, number)


def _factor(evidence: Evidence) -> str | None:
    factor = _constant(_ratios(evidence))
    if factor is None:
        return None
    if (plain := _small(factor)) is not None:
        return times(plain)
    for degrees, sentence in DEGREES.items():
        if _small(factor / degrees) == 1:
            return sentence
    for text, constant in _constants(evidence):
        for power, shown in ((constant, text), (1 / constant, f"1/{text}")):
            if (rest := _small(factor / power)) is not None:
                return f"yours is {'' if rest == 1 else f'{rest}·'}{shown} times the true gradient"
    return None


def times(factor: Fraction) -> str:
    """What is said of a factor between a gradient and the true one."""
    if factor == -1:
        return "the sign is wrong"
    if 0 < factor < 1 and factor.numerator == 1:
        return f"a factor of {factor.denominator} is missing"
    return f"yours is {factor} times the true gradient"


def _constants(evidence: Evidence) -> Iterator[tuple[str, Fraction]]:
    """Constants that are easily lost, and the logarithms of the numbers in the expression."""
    bases = {node.value for node in postorder(evidence.function) if isinstance(node, Number) and node.value > 1}
    trees = [*map(rule, CONSTANTS), *(Call("log", (number(base),)) for base in sorted(bases))]
    for tree in trees:
        constant = value(tree, {})
        if constant is not None and (exact := constant.fraction()) is not None:
            yield to_text(tree).replace("exp(1)", "e"), exact


def _summand(evidence: Evidence) -> str | None:
    differences = [_difference(pair) for pair in evidence.pairs]
    summand = _small(_constant(differences))
    if summand is None:
        return None
    return f"yours is the true gradient {'+' if summand > 0 else '-'} {abs(summand)}"


def _second(evidence: Evidence) -> str | None:
    try:
        second = derivative(evidence.function, evidence.name, 2)
    except LimitError:
        return None
    return "this is the second derivative" if evidence.is_tree(second) else None


def _power(evidence: Evidence) -> str | None:
    """Times a variable, or divided by it."""
    for name in (evidence.name, *sorted({*free_names(postorder(evidence.function))} - {evidence.name})):
        for power, text in ((1, "times"), (-1, "divided by")):
            if all(_has_power(pair, name, power) for pair in evidence.pairs):
                return f"yours is the true gradient {text} {name}"
    return None


def _has_power(pair: Pair, name: str, power: int) -> bool:
    proposed, true = _fractions(pair)
    x = Fraction(pair.point[name])
    if proposed is None or true is None or (x == 0 and power < 0):
        return False
    wanted = true * x**power
    return abs(proposed - wanted) <= EXACT * abs(wanted)


def _half(evidence: Evidence) -> str | None:
    """Right on one side of 0 and wrong on the other, as where sqrt(x**2) is taken to be x."""
    right, wrong = (
        {x > 0 for pair in evidence.pairs if (x := pair.point[evidence.name]) and pair.holds is holds}
        for holds in (True, False)
    )
    for above, below, side in ((">", "<", True), ("<", ">", False)):
        if right == {side} and wrong == {not side}:
            return f"it is right where {evidence.name} {above} 0, and wrong where {evidence.name} {below} 0"
    return None


Recogniser = Callable[[Evidence], str | None]
RECOGNISED: tuple[Recogniser, ...] = (
    _rounded, slip, _other_variable, _itself, _antiderivative, _factor, _summand, _second, _power, _half, not_held,
    one_term,
)  # fmt: skip


# -- arithmetic


def _fractions(pair: Pair) -> tuple[Fraction | None, Fraction | None]:
    return fraction(pair.proposed), fraction(pair.true)


def _ratios(evidence: Evidence) -> list[Fraction | None]:
    """Proposed over true at each point; points where both are 0 say nothing."""
    found: list[Fraction | None] = []
    for proposed, true in map(_fractions, evidence.pairs):
        if proposed != 0 or true != 0:
            found.append(proposed / true if proposed is not None and true else None)
    return found


def _difference(pair: Pair) -> Fraction | None:
    proposed, true = _fractions(pair)
    return None if proposed is None or true is None else proposed - true


def _constant(numbers: Sequence[Fraction | None]) -> Fraction | None:
    """The one number that they all are."""
    if len(numbers) < FEWEST or numbers[0] is None:
        return None
    first = numbers[0]
    equal = all(number is not None and abs(number - first) <= EXACT * abs(first) for number in numbers)
    return first if equal else None


def _small(value: Fraction | None) -> Fraction | None:
    """The fraction of few digits that a number is."""
    if value is None:
        return None
    near = value.limit_denominator(SMALL)
    short = abs(near.numerator) <= SMALL**2
    return near if near and short and abs(near - value) <= EXACT * abs(value) else None
