"""The shortest form of an expression, chosen among equal ones by what a reader would say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from flint import fmpq

from gradcalc.calculus.forms.cost import Cost
from gradcalc.calculus.forms.curve import reduced
from gradcalc.calculus.forms.exponentials import turned
from gradcalc.calculus.forms.pieces import chosen, dressed
from gradcalc.calculus.forms.products import Product, TooLarge, TooMany
from gradcalc.calculus.forms.radicals import refactored, united
from gradcalc.calculus.forms.read import Reader
from gradcalc.calculus.forms.spellings import Spellings
from gradcalc.calculus.forms.waves import rewritten
from gradcalc.calculus.forms.write import Writer
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, free_names, postorder, rebuilt, with_arguments

PLAIN = ("add", "sub", "neg", "mul", "div")  # what makes no kernel
ROOM = 10  # kernels that have no node of their own
SUM = 8  # what a sum of powers may cost more than the same over one denominator
FEW_TERMS = 5  # of a sum, two of which may be written as one
WORTH = 2  # what a form has to save that holds on a curve alone


IDENTITIES = (turned, rewritten, united, refactored)  # equal products, that may have shorter forms


class Forms:
    """Shortest forms, in the spellings of what the user wrote."""

    def __init__(self, written: Node) -> None:
        self._written = rebuilt(written, _spelled)
        self._calls = chosen(self._written)
        order = postorder(written)
        self._order = postorder(self._written)
        self._cost = Cost(order, self._order)
        self._decimals = any(isinstance(node, Number) and node.value.denominator != 1 for node in order)
        self._learned: dict[int, tuple[Reader, Spellings]] = {}

    def shortest(self, node: Node) -> Node:
        """The shortest form of a tree; the tree itself where none is found."""
        try:
            order = postorder(node)
            reader, spellings = self._start(_room([*self._order, *order]))
            product = reader.read(node)
            spellings = spellings.with_squares(reader, order)
            writer = Writer(reader, spellings, self._cost, decimals=self._decimals)
            found = writer.forms(product)
            for rule in IDENTITIES:
                for one in rule(product, reader):
                    found += writer.forms(one)
            terms = reader.terms(node)
            if len(terms) > 1:
                found += [writer.total(terms), *_gathered(terms, reader, writer)]
            best = writer.shortest(found)
            if summands(best) < len(terms) and self._is_sum_of_powers(reader) and all(map(is_power, terms)):
                total = writer.total(sorted(terms, key=degree, reverse=True))
                best = total if self._cost.of(total) <= self._cost.of(best) + SUM else best
            return dressed(best, self._calls)
        except (TooMany, TooLarge, ZeroDivisionError):
            return node

    def _is_sum_of_powers(self, reader: Reader) -> bool:
        """Did the user write a sum of powers, as 5/x**3 - 2/sqrt(x)?"""
        terms = reader.terms(self._written)
        return len(terms) > 1 and all(map(is_power, terms))

    def on_curve(self, node: Node, equation: Node) -> Node:
        """The shortest form where `equation` is 0; the tree itself where that makes none shorter."""
        try:
            reader, spellings = self._start(_room([*self._order, *postorder(node)]))
            writer = Writer(reader, spellings, self._cost, decimals=self._decimals)
            put_in = reduced(reader.read(node), reader.read(equation), reader.field)
            found = writer.shortest([form for one in put_in for form in writer.forms(one)] or [node])
            return found if self._cost.of(found) + WORTH <= self._cost.of(node) else node
        except (TooMany, TooLarge, ZeroDivisionError):
            return node

    def _start(self, room: int) -> tuple[Reader, Spellings]:
        """A reader that has read what the user wrote, and nothing else."""
        if room not in self._learned:
            reader, spellings = Reader(room), Spellings()
            for name in sorted(free_names(self._order)):  # x**2 + y**2
                reader.read(Name(name))
            spellings.learn(reader, self._order)
            self._learned[room] = reader, spellings
        reader, spellings = self._learned[room]
        return reader.fork(), spellings


def _gathered(terms: Sequence[Product], reader: Reader, writer: Writer) -> Iterator[Node]:
    """A sum with two of its terms, which have a sum below in common, as one."""
    if not 2 < len(terms) <= FEW_TERMS:
        return
    for one, other in combinations(terms, 2):
        if any(power < 0 and other.powers.get(base, 0) < 0 for base, power in one.powers.items() if len(base.poly) > 1):
            left = [term for term in terms if term is not one and term is not other]
            yield writer.total([reader.field.add([one, other]), *left])


def summands(node: Node) -> int:
    """How many terms a sum has; 1 for anything else."""
    parts = node.arguments if isinstance(node, Call) and node.function in ("add", "sub") else ()
    return sum(map(summands, parts)) if parts else 1


def is_power(product: Product) -> bool:
    """Is a product one of powers of variables, whole or not?"""
    kernels = [base.kernel for base in product.powers]
    return all(
        one is not None and (one.node is not None or (one.function == "root" and is_power(one.whole)))
        for one in kernels
    )


def degree(product: Product) -> fmpq:
    """The degree of a product of powers."""
    kernels = [(base.kernel, power) for base, power in product.powers.items()]
    return sum(
        (power * degree(one.whole) / one.degree if one and one.degree else fmpq(power) for one, power in kernels),
        fmpq(0),
    )


def _spelled(node: Node, arguments: tuple[Node, ...]) -> Node:
    """x*x as x**2, e**x as exp(x)."""
    if isinstance(node, Call) and node.function == "pow" and arguments[0] == Constant("e"):
        return Call("exp", arguments[1:])
    if isinstance(node, Call) and node.function == "mul" and arguments[0] == arguments[1]:
        return Call("pow", (arguments[0], Number(Fraction(2))))
    return with_arguments(node, arguments)


def _room(order: Sequence[Node]) -> int:
    """How many kernels trees may have: two for each call, as sines have their cosines; none for whole powers."""
    names = {node for node in order if not isinstance(node, Call | Number)}
    calls = sum(isinstance(node, Call) and node.function not in PLAIN and not _is_whole(node) for node in order)
    return -(-(len(names) + 2 * calls + ROOM) // 8) * 8


def _is_whole(node: Call) -> bool:
    """Is this a whole power?"""
    exponent = node.arguments[-1]
    return node.function == "pow" and isinstance(exponent, Number) and exponent.value.denominator == 1
