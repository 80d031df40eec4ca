"""A derivation rule by rule, as it is done on paper: which rule, on what, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from gradcalc.base.errors import LimitError
from gradcalc.calculus.below import lowered_power
from gradcalc.calculus.forms.shortest import Forms
from gradcalc.calculus.logarithmic import logarithmic
from gradcalc.calculus.reverse import flow_to
from gradcalc.calculus.simplify import ONE, ZERO, as_fraction, build, in_fractions, rational
from gradcalc.calculus.step import Rule, Step, placeholder, primed
from gradcalc.functions import CATALOGUE
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, depth, free_names, number, postorder, substitute

DEEPEST = 100  # levels of an expression that is derived step by step
LARGEST = 2_000  # nodes
LETTERS = ("u", "v", "t", "s", "r", "q")
MOST_FACTORS = 4  # of a product whose rule is written out in one step


def derivation(
    root: Node, by: str, definitions: Mapping[str, Node], taken: Collection[str], dependent: str | None = None
) -> Step:
    """The derivation of `root` by a name; `definitions` are what other names stand for, `taken` all names in use.

    The derivative of a `dependent` variable is its name with a prime.
    Raises LimitError where the expression is too large or too deep to be derived by hand.
    """
    order = postorder(root, *definitions.values())
    if len(order) > LARGEST or depth(postorder(root)) > DEEPEST:
        raise LimitError("the expression is too large to be derived step by step", hint="gradcalc diff derives it")
    return _Derivation(by, definitions, taken, dependent).step(root)


class _Derivation:
    """Derives by one name."""

    def __init__(self, by: str, definitions: Mapping[str, Node], taken: Collection[str], dependent: str | None) -> None:
        self.by, self.definitions, self.dependent = by, definitions, dependent
        self.letter = next((letter for letter in LETTERS if letter not in taken), "u_")
        self.leading = {by, dependent}
        for name, body in definitions.items():
            if self.leading.intersection(free_names(postorder(body))):
                self.leading.add(name)
        self.known: dict[str, Step] = {}

    def varies(self, node: Node) -> bool:
        """Does a part depend on the variable?"""
        return not self.leading.isdisjoint(free_names(postorder(node)))

    def step(self, node: Node) -> Step:
        """The derivation of a part."""
        if not self.varies(node):
            return Step(Rule.CONSTANT, node, self.by, ZERO, ZERO)
        if isinstance(node, Name):
            return self._name(node)
        assert isinstance(node, Call)
        if (rate := logarithmic(node, self.varies)) is not None:
            return self.made(Rule.LOGARITHMIC, node, Call("mul", (node, rate.pattern)), rate.parts)
        return STEPS.get(node.function, _Derivation._call)(self, node)

    def _name(self, node: Name) -> Step:
        if node.name == self.by:
            return Step(Rule.VARIABLE, node, self.by, ONE, ONE)
        if node.name == self.dependent:
            found = Name(primed(node.name))
            return Step(Rule.DEPENDENT, node, self.by, found, found)
        if node.name not in self.known:
            inner = self.step(self.definitions[node.name])
            pattern = Name(placeholder(0))
            self.known[node.name] = Step(Rule.DEFINITION, node, self.by, pattern, inner.result, (inner,))
        return self.known[node.name]

    def made(self, rule: Rule, node: Node, pattern: Node, parts: Iterable[Node], outer: Rule | None = None) -> Step:
        """A step whose pattern waits for the derivatives of `parts`; with `outer`, of the chain rule on one part."""
        inner = tuple(map(self.step, parts))
        inside = None if outer is None or isinstance(inner[0].of, Name) else inner[0].of
        found = {placeholder(index): one.result for index, one in enumerate(inner)}
        if inside is not None:
            found[self.letter] = inside
        result = substitute(pattern, found, in_fractions)
        letter = None if inside is None else self.letter
        return Step(rule, node, self.by, pattern, result, inner, letter, inside, outer)

    def chained(self, rule: Rule, node: Node, inside: Node, local: Callable[[Node], Node]) -> Step:
        """A rule on a function of one part: by itself where that is the variable, else with the chain rule."""
        if isinstance(inside, Name) and inside.name == self.by:
            found = local(inside)
            return Step(rule, node, self.by, found, found)
        letter = inside if isinstance(inside, Name) else Name(self.letter)
        around = local(letter)
        pattern = build("mul", around, _prime(0))
        if isinstance(around, Call) and around.function == "div" and rational(around.arguments[0]) is not None:
            pattern = build("div", build("mul", around.arguments[0], _prime(0)), around.arguments[1])  # u'/sqrt(u)
        return self.made(Rule.CHAIN, node, pattern, [inside], rule)

    # -- rules

    def _sum(self, node: Call) -> Step:
        terms = _operands(node, "add", "sub")
        primes: Node = _signed(terms[0][0], _prime(0))
        for index, (sign, _) in enumerate(terms[1:], 1):
            primes = Call("add" if sign > 0 else "sub", (primes, _prime(index)))
        return self.made(Rule.SUM, node, primes, [term for _, term in terms])

    def _negative(self, node: Call) -> Step:
        return self.made(Rule.MULTIPLE, node, Call("neg", (_prime(0),)), node.arguments)

    def _product(self, node: Call) -> Step:
        factors = [factor for _, factor in _operands(node, "mul")]
        varying = [factor for factor in factors if self.varies(factor)]
        fixed = [factor for factor in factors if not self.varies(factor)]
        if fixed:
            return self.made(Rule.MULTIPLE, node, Call("mul", (_times(fixed), _prime(0))), [_times(varying)])
        if len(varying) > MOST_FACTORS:
            varying = [*node.arguments]
        terms = [_times([*varying[:place], _prime(place), *varying[place + 1 :]]) for place in range(len(varying))]
        pattern = terms[0]
        for term in terms[1:]:
            pattern = Call("add", (pattern, term))
        return self.made(Rule.PRODUCT, node, pattern, varying)

    def _quotient(self, node: Call) -> Step:
        above, below = node.arguments
        if not self.varies(below):
            return self.made(Rule.MULTIPLE, node, Call("div", (_prime(0), below)), [above])
        if not self.varies(above):
            return self._reciprocal(node)
        factors = [factor for _, factor in _operands(above, "mul")]
        fixed = [factor for factor in factors if not self.varies(factor)]
        if fixed and (rational(fixed[0]) or 0) < 0:
            rest = Call("div", (_times([factor for factor in factors if self.varies(factor)]), below))
            return self.made(Rule.MULTIPLE, node, Call("mul", (_times(fixed), _prime(0))), [rest])
        difference = Call("sub", (Call("mul", (_prime(0), below)), Call("mul", (above, _prime(1)))))
        return self.made(Rule.QUOTIENT, node, Call("div", (difference, _square(below))), [above, below])

    def _reciprocal(self, node: Call) -> Step:
        """Something fixed over what varies: a power with a negative exponent where it is one."""
        above, below = node.arguments
        lowered = lowered_power(node, self.varies)
        if lowered is None:
            pattern = Call("div", (Call("neg", (build("mul", above, _prime(0)),)), _square(below)))
            return self.made(Rule.RECIPROCAL, node, pattern, [below])
        step = self._power_of(node, lowered.base, lowered.negative, lowered.front)
        return replace(step, written=lowered.written(None if step.letter is None else Name(step.letter)))

    def _power(self, node: Call) -> Step:
        base, exponent = node.arguments
        if not self.varies(exponent):
            return self._power_of(node, base, exponent)
        if not self.varies(base):
            factor = ONE if base == Constant("e") else build("log", base)
            return self.chained(Rule.EXPONENTIAL, node, exponent, lambda x: build("mul", build("pow", base, x), factor))
        logarithm = Call("mul", (_prime(1), Call("log", (base,))))
        rate = Call("div", (Call("mul", (exponent, _prime(0))), base))
        return self.made(Rule.LOGARITHMIC, node, Call("mul", (node, Call("add", (logarithm, rate)))), [base, exponent])

    def _power_of(self, node: Node, base: Node, exponent: Node, front: Node = ONE) -> Step:
        """The power rule on `front*base**exponent`, with a constant exponent."""
        less, factor = _one_less(exponent), in_fractions(Call("mul", (front, exponent)), (front, exponent))
        return self.chained(
            Rule.POWER, node, base, lambda x: build("mul", factor, x if less == ONE else build("pow", x, less))
        )

    def _choice(self, node: Call) -> Step:
        condition, yes, no = node.arguments
        return self.made(Rule.CASES, node, Call("where", (condition, _prime(0), _prime(1))), [yes, no])

    def _call(self, node: Call) -> Step:
        """A function of the table, by each argument that varies."""
        row = CATALOGUE[node.function]
        places = [place for place, one in enumerate(node.arguments) if self.varies(one) and row.rule_to(place)]
        if not places:
            return Step(Rule.TABLE, node, self.by, ZERO, ZERO)
        if len(places) == 1:
            rule = Rule.EXPONENTIAL if node.function == "exp" else Rule.TABLE
            return self.chained(rule, node, node.arguments[places[0]], lambda x: _local(node, places[0], x))
        terms = [build("mul", flow_to(node, place, ONE), _prime(index)) for index, place in enumerate(places)]
        pattern = terms[0]
        for term in terms[1:]:
            pattern = Call("add", (pattern, term))
        return self.made(Rule.PARTIALS, node, pattern, [node.arguments[place] for place in places])


STEPS: dict[str, Callable[[_Derivation, Call], Step]] = {
    "add": _Derivation._sum, "sub": _Derivation._sum, "neg": _Derivation._negative, "mul": _Derivation._product,
    "div": _Derivation._quotient, "pow": _Derivation._power, "where": _Derivation._choice,
}  # fmt: skip


def _one_less(exponent: Node) -> Node:
    """The exponent less one: a fraction where it was written as one."""
    value = rational(exponent)
    if value is None or isinstance(exponent, Number) or value.denominator == 1:
        return build("sub", exponent, ONE)
    return as_fraction(number(value - 1))


def _square(node: Node) -> Node:
    """The square of a denominator: of x**2 it is x**4, of sqrt(x) it is x."""
    if isinstance(node, Call) and node.function == "sqrt":
        return node.arguments[0]
    if isinstance(node, Call) and node.function == "pow" and (exponent := _whole(node.arguments[1])) is not None:
        return Call("pow", (node.arguments[0], number(2 * exponent)))
    return Call("pow", (node, number(2)))


def _whole(node: Node) -> Fraction | None:
    value = rational(node)
    return value if value is not None and value.denominator == 1 else None


def _prime(index: int) -> Name:
    return Name(placeholder(index))


def _signed(sign: int, node: Node) -> Node:
    return node if sign > 0 else Call("neg", (node,))


def _times(factors: Sequence[Node]) -> Node:
    product = factors[0]
    for factor in factors[1:]:
        product = Call("mul", (product, factor))
    return product


def _operands(node: Node, *functions: str) -> list[tuple[int, Node]]:
    """The operands of nested sums or products, from left to right, each with its sign."""
    if not isinstance(node, Call) or node.function not in functions:
        return [(1, node)]
    left, right = node.arguments
    sign = -1 if node.function == "sub" else 1
    return [*_operands(left, *functions), *((sign * own, one) for own, one in _operands(right, *functions))]


def _local(node: Call, place: int, x: Node) -> Node:
    """The local derivative of a call by one argument, with `x` put in its place."""
    arguments = (*node.arguments[:place], x, *node.arguments[place + 1 :])
    call = Call(node.function, arguments, node.span)
    return Forms(call).shortest(flow_to(call, place, ONE))
