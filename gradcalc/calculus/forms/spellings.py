"""How the user wrote what the kernels and sums of a field amount to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

from flint import fmpq

from gradcalc.calculus.forms.places import places
from gradcalc.calculus.forms.products import Base, Kernel, Product, multiply, raised, times
from gradcalc.calculus.forms.read import Reader
from gradcalc.syntax.tree import Call, Name, Node

SUMS = ("add", "sub")
ROOTS = ("sqrt", "pow")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A way to write something: `scale` times `node`."""

    node: Node
    scale: fmpq


@dataclass(frozen=True, slots=True)
class Respelled:
    """A product, of which some factors are powers of what the user wrote."""

    product: Product
    named: tuple[tuple[Node, int], ...] = ()


class Spellings:
    """The user's own sub-expressions, by what they amount to."""

    def __init__(self) -> None:
        self._exact: dict[object, Node] = {}
        self._sums: dict[Base, list[Spelling]] = {}
        self._under_roots: dict[object, Spelling] = {}
        self._composed: list[tuple[Product, Node]] = []
        self._derived: dict[Base, list[Spelling]] = {}
        self._places: dict[str, int] = {}

    def learn(self, reader: Reader, order: Sequence[Node]) -> None:
        """Remember every part of a tree."""
        self._places = places(order[-1])
        for node in order:
            if not isinstance(node, Call):
                continue
            try:
                product = reader.read(node)
            except ZeroDivisionError:
                continue
            self._exact.setdefault(product.key, node)
            if node.function in ROOTS:
                self._learn_radicand(reader.read(node.arguments[0]), node.arguments[0])
            if node.function not in SUMS:
                continue
            sums = [base for base in product.powers if len(base.poly) > 1]
            if len(product.powers) == 1 and len(sums) == 1 and product.powers[sums[0]] == 1:
                self._sums.setdefault(sums[0], []).append(Spelling(node, 1 / product.coefficient))
            elif sums:
                self._composed.append((product, node))

    def with_squares(self, reader: Reader, order: Iterable[Node]) -> Spellings:
        """These, and the sums among nodes that have a power of a sum of the user's in them: 1 + (3*x - 1)**2."""
        found: dict[Base, list[Spelling]] = {}
        for node in order:
            if isinstance(node, Call) and node.function in SUMS and _has_square(node):
                product = reader.read(node)
                base, *others = product.powers
                if not others and product.powers[base] == 1 and base.kernel is None and base not in self._sums:
                    found.setdefault(base, [])
                    if (own := self._with_own_square(reader, node)) is not None:
                        found[base].append(Spelling(own, 1 / product.coefficient))
        if not any(found.values()):
            return self
        other = copy(self)
        other._derived = found
        return other

    def _with_own_square(self, reader: Reader, node: Call) -> Node | None:
        """A sum with its power of a sum as the user wrote that one; None where it has none."""
        for place, one in enumerate(node.arguments):
            if isinstance(one, Call) and one.function == "pow" and is_sum(one.arguments[0]):
                inside = reader.read(one.arguments[0])
                own = self.exact(inside) or self.exact(times(inside, -1))
                if own is not None and reader.read(Call("pow", (own, one.arguments[1]))).key == reader.read(one).key:
                    arguments = [*node.arguments]
                    arguments[place] = Call("pow", (own, one.arguments[1]))
                    return Call(node.function, tuple(arguments))
        return None

    def place(self, kernel: Kernel) -> int:
        """The place of a kernel among those of its rank in a product."""
        return self._places.get(kernel.node.name, kernel.place) if isinstance(kernel.node, Name) else kernel.place

    def derived(self, base: Base) -> tuple[Spelling, ...]:
        """What a sum was before it was multiplied out."""
        return tuple(self._derived.get(base, ()))

    def _learn_radicand(self, product: Product, node: Node) -> None:
        if product.coefficient > 0:
            spelling = Spelling(node, 1 / product.coefficient)
            self._under_roots.setdefault(frozenset(product.powers.items()), spelling)

    def exact(self, product: Product) -> Node | None:
        """What the user wrote for just this."""
        return self._exact.get(product.key)

    @property
    def sums(self) -> tuple[Base, ...]:
        """The sums that the user wrote, and that have no factors."""
        return tuple(self._sums)

    def of(self, base: Base) -> tuple[Spelling, ...]:
        """What the user wrote for a sum."""
        return tuple(self._sums.get(base, ()))

    def under_root(self, product: Product) -> Spelling | None:
        """A positive multiple of a product that the user wrote, other than the product itself."""
        return None if product.coefficient != 1 else self._under_roots.get(frozenset(product.powers.items()))

    def respelled(self, product: Product) -> Iterator[Respelled]:
        """The product, and with sums of the user's in it that are products here: (x**2 - 1)**2."""
        yield Respelled(product)
        left, named = product, []
        for composed, node in self._composed:
            power = _contained(composed, left)
            if power:
                left = multiply(left, raised(composed, -power))
                named.append((node, power))
        if named:
            yield Respelled(left, tuple(named))


def _has_square(node: Call) -> bool:
    return any(isinstance(one, Call) and one.function == "pow" and is_sum(one.arguments[0]) for one in node.arguments)


def is_sum(node: Node) -> bool:
    return isinstance(node, Call) and node.function in SUMS


def _contained(part: Product, whole: Product) -> int:
    """The power of a product that another one has in it, as far as its sums tell."""
    shares = [
        whole.powers.get(base, 0) // power for base, power in part.powers.items() if len(base.poly) > 1 and power > 0
    ]
    shares += [
        -(-whole.powers.get(base, 0) // -power)
        for base, power in part.powers.items()
        if len(base.poly) > 1 and power < 0
    ]
    if not shares:
        return 0
    if all(one > 0 for one in shares):
        return min(shares)
    return max(shares) if all(one < 0 for one in shares) else 0
