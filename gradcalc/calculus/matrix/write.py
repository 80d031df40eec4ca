"""Forms as trees, as a textbook would print them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from gradcalc.arrays.shape import Dimension
from gradcalc.calculus.matrix.form import (
    UNIT,
    Apply,
    Chain,
    Form,
    Leaf,
    Powers,
    Product,
    Sum,
    Terms,
    apply,
    as_form,
    common,
    is_call,
)
from gradcalc.calculus.matrix.ones import arguments, is_ones
from gradcalc.calculus.matrix.product import raise_to
from gradcalc.calculus.matrix.sums import split
from gradcalc.calculus.matrix.transpose import diagonal, transposed
from gradcalc.syntax.tree import Call, Name, Node, Number, is_decimal, number

KINDS: dict[type, int] = {Leaf: 0, Product: 1, Apply: 1, Chain: 2, Sum: 3}  # the order of the factors of a product
HALF = Fraction(1, 2)
ONE = Number(Fraction(1))
Nodes = list[Node]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes forms; with `decimals`, numbers as decimals where they have an end: 0.2*x instead of x/5."""

    decimals: bool

    def node(self, form: Form) -> Node:
        """The tree of a form."""
        coefficient, rest = split(form)
        if coefficient != 1 or isinstance(rest, Product):
            return self._term(coefficient, rest)
        return self._sum(rest) if isinstance(rest, Sum) else self._plain(rest)

    def _sum(self, form: Sum) -> Node:
        if not form.terms:
            return Number(Fraction(0))
        turned = transposed(form)
        if not form.written and isinstance(turned, Sum) and turned.written:
            return Call("transpose", (self._sum(turned),))
        (coefficient, term), *others = form.terms if form.written else _paired(form.terms)
        written = self._term(coefficient, term)
        for coefficient, term in others:
            written = Call("sub" if coefficient < 0 else "add", (written, self._term(abs(coefficient), term)))
        return written

    # -- products

    def _term(self, coefficient: Fraction, form: Form) -> Node:
        """A number times a form: what multiplies above, what divides below, the sign and the numbers in front."""
        size = abs(coefficient)
        above, below = self._parted(size)
        front: Nodes = [] if above == 1 else [number(above)]
        factors = form.factors if isinstance(form, Product) else ((form, Fraction(1)),) if form is not UNIT else ()
        ordered = sorted(factors, key=lambda pair: (bool(pair[0].shape), KINDS[type(pair[0])]))
        scalars = [(base, power) for base, power in ordered if not base.shape]
        arrays = {base: power for base, power in ordered if base.shape}
        divided = [] if _scale(arrays) else [(base, power) for base, power in arrays.items() if power < 0]
        front += [self._power(base, power) for base, power in scalars if power > 0]
        divisors = [] if below == 1 else [number(below)]
        divisors += [self._power(base, -power) for base, power in (*scalars, *divided) if power < 0]
        kept = {base: power for base, power in arrays.items() if (base, power) not in divided}
        written = _joined(front, *self._arrays(kept), negative=coefficient < 0)
        return Call("div", (written, reduce(_times, divisors))) if divisors else written

    def _parted(self, size: Fraction) -> tuple[Fraction | int, Fraction | int]:
        """A number as one above and one below the line: of decimals one where it has an end, `x/0.07` for `100*x/7`."""
        if self.decimals and is_decimal(size):
            return size, 1
        return (1, 1 / size) if self.decimals and is_decimal(1 / size) else (size.numerator, size.denominator)

    def _arrays(self, powers: Powers) -> tuple[Nodes, Nodes]:
        """Arrays that are multiplied element by element, or matrices that are multiplied as such."""
        if len(powers) == 1 and set(powers.values()) == {1}:
            (base,) = powers
            matrices = self._matrices(base)
            return ([], matrices) if matrices else ([self.node(base)], [])
        if (scale := _scale(powers)) is None:
            return [self._power(base, power) for base, power in powers.items()], []
        rest = as_form({base: power for base, power in powers.items() if base is not scale})
        if is_call(scale, "eye"):
            lighter = min(rest, transposed(rest), key=lambda form: form.weight)
            own = min(apply("diag", (lighter,), rest.shape[:1]), diagonal(rest), key=lambda form: form.weight)
            return [Call("diag", (self.node(own),))], []
        rows = Call("diag", (self.node(raise_to(arguments(scale)[0], powers[scale])),))
        return [], [rows, *(self._matrices(rest) or [self.node(rest)])]

    def _power(self, base: Form, power: Fraction) -> Node:
        written = self.node(base)
        if power == HALF:
            return Call("sqrt", (written,))
        return written if power == 1 else Call("pow", (written, number(power)))

    # -- matrix products

    def _matrices(self, form: Form) -> Nodes | None:
        """The factors of a matrix product that is no scalar, or of an outer product with matrices around it."""
        if isinstance(form, Chain) and form.shape:
            return [one for base, power in form.factors for one in self._matrix_power(base, power)]
        if is_call(form, "outer") and not is_ones(form):
            a, b = arguments(form)
            (left, first), (right, second) = _around(a), _around(b)
            if isinstance(first, Leaf) and isinstance(second, Leaf):
                before = [one for base, power in left for one in self._matrix_power(base, power)]
                behind = [one for base, power in reversed(right) for one in self._matrix_power(transposed(base), power)]
                return [*before, Call("outer", (self.node(first), self.node(second))), *behind]
        return None

    def _matrix_power(self, base: Form, power: int) -> Nodes:
        """A power of a matrix: one factor, or two equal ones; inv(X.T) is inv(X).T."""
        if power == 1:
            return [self.node(base)]
        turned = transposed(base)
        inner = turned if turned.weight < base.weight else base
        if abs(power) == 2 and isinstance(inner, Leaf):
            return self._matrix_power(base, power // 2) * 2
        name, exponent = ("inv", ()) if power == -1 else ("matrix_power", (number(power),))
        written: Node = Call(name, (self.node(inner), *exponent))
        return [written if inner is base else Call("transpose", (written,))]

    # -- everything else

    def _plain(self, form: Leaf | Chain | Apply) -> Node:
        if isinstance(form, Leaf):
            return form.node
        if isinstance(form, Chain):
            return reduce(_matmul, (one for base, power in form.factors for one in self._matrix_power(base, power)))
        if is_ones(form):
            return Call("ones", tuple(map(dimension, form.shape)))
        if is_call(form, "zeros"):
            return Call("zeros", tuple(map(dimension, form.shape)))
        if is_call(form, "eye"):
            return Call("eye", (dimension(form.shape[0]),))
        if (matrices := self._matrices(form)) is not None:
            return reduce(_matmul, matrices)
        return Call(form.function, tuple(map(self.node, form.arguments)))


def _paired(terms: Terms) -> Terms:
    """The terms, each before its transpose where that is longer: A + A.T."""
    ordered = list(terms)
    for place, (coefficient, term) in enumerate(ordered):
        other = (coefficient, transposed(term))
        if other in ordered[place + 1 :] and other[1].weight < term.weight:
            behind = ordered.index(other)
            ordered[place], ordered[behind] = other, ordered[place]
    return tuple(ordered)


def _scale(powers: Powers) -> Form | None:
    """The factor of a matrix that is written as a diagonal matrix: the unit matrix, or a number for each row."""
    for base in powers:
        others = [one for one in powers if one is not base]
        by_row = is_call(base, "outer") and is_ones(arguments(base)[1])
        if (is_call(base, "eye") or by_row) and others and common(others) == base.shape:
            return base
    return None


def dimension(size: Dimension) -> Node:
    """A dimension as an argument of `ones` or `eye`."""
    if isinstance(size, int):
        return Number(Fraction(size))
    parts: Nodes = [Number(Fraction(part)) if part.isdigit() else Name(part) for part in size.split("*")]
    return reduce(_times, parts)


def _around(vector: Form) -> tuple[list[tuple[Form, int]], Form]:
    """The matrices in front of a vector, and the vector."""
    if isinstance(vector, Chain):
        return list(vector.factors[:-1]), vector.factors[-1][0]
    return [], vector


def _joined(scalars: Nodes, elementwise: Nodes, matrices: Nodes, *, negative: bool) -> Node:
    """The product: scalars multiply the first matrix of a matrix product, and the sign goes first of all."""
    first = [*scalars, *elementwise, *matrices[:1]] or [ONE]
    if negative:
        first[0] = Call("neg", (first[0],))
    return reduce(_matmul, matrices[1:], reduce(_times, first))


def _times(x: Node, y: Node) -> Node:
    return Call("mul", (x, y))


def _matmul(x: Node, y: Node) -> Node:
    return Call("matmul", (x, y))
