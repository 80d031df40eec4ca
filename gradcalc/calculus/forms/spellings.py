"""How the user wrote what the kernels and sums of a field amount to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq

from gradcalc.calculus.forms.products import Base, Product, multiply, raised
from gradcalc.calculus.forms.read import Reader
from gradcalc.syntax.tree import Call, Node, postorder

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

    def learn(self, reader: Reader, root: Node) -> None:
        """Remember every part of a tree."""
        for node in postorder(root):
            if not isinstance(node, Call):
                continue
            try:
                product = reader.read(node)
            except ZeroDivisionError:
                continue
            self._exact.setdefault(product.key, node)
            if node.function in ROOTS:
                self._learn_radicand(reader.read(node.arguments[0]), node.arguments[0])
            if node.function not in ("add", "sub"):
                continue
            sums = [base for base in product.powers if len(base.poly) > 1]
            if len(product.powers) == 1 and len(sums) == 1 and product.powers[sums[0]] == 1:
                self._sums.setdefault(sums[0], []).append(Spelling(node, 1 / product.coefficient))
            elif sums:
                self._composed.append((product, node))

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
