"""Square roots that others amount to: sqrt(1 - x**4) beside sqrt(1 - x**2) and sqrt(1 + x**2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from flint import fmpq

from gradcalc.calculus.forms.nodes import numerator, square_root
from gradcalc.calculus.forms.powers import only
from gradcalc.calculus.forms.products import Base, Kernel, Product, TooLarge, TooMany, folded, multiply, raised
from gradcalc.calculus.forms.read import Reader

MOST = 6  # roots whose products are looked at
MANY = 4  # terms of a numerator that is worth factoring again


def united(product: Product, reader: Reader) -> Iterator[Product]:
    """The product with a root written in others that it has, where all of them have a value."""
    roots = [one for one in reader.field.kernels if one.function == "root" and one.degree == 2]
    roots = [one for one in roots if not one.whole.is_number and _has(product, one)]
    if not 1 < len(roots) <= MOST:
        return
    for one in sorted(roots, key=lambda root: -len(root.whole.powers)):
        for others in _partners(one, roots):
            found = _in_terms_of(one, others, reader)
            if found is not None:
                try:
                    yield _replaced(product, one, found, reader)
                except (TooLarge, TooMany, ZeroDivisionError):
                    return


def refactored(product: Product, reader: Reader) -> Iterator[Product]:
    """The product with a numerator in x and sqrt(x) in its factors as one in sqrt(x): (1 - sqrt(x) + x)**2."""
    above, others = numerator(product)
    if not above.powers or sum(len(base.poly) for base in above.powers) < MANY:
        return
    for root in reader.field.kernels:
        of = only(root.whole) if root.function == "root" and root.degree == 2 else None
        if of is not None and root.whole.powers[of.base] == 1 and _has(above, root) and _has(above, of):
            try:
                terms = reader.field.terms(reader.field.expanded(above))
                inside = reader.field.polynomial(_moved(one, of.base, root.base) for one in terms)
                found = reader.field.factors(inside)
                if sum(power for base, power in found.powers.items() if len(base.poly) > 1) > 1:
                    factors = [raised(_moved_back(base, of, root, reader), p) for base, p in found.powers.items()]
                    yield multiply(others, Product(found.coefficient, {}), *factors)
            except TooLarge:
                return


def _moved(term: Product, of: Base, root: Base) -> Product:
    """A term with the square of a root for what it is of."""
    powers = {base: power for base, power in term.powers.items() if base is not of}
    powers[root] = powers.get(root, 0) + 2 * term.powers.get(of, 0)
    return Product(term.coefficient, powers)


def _moved_back(base: Base, of: Kernel, root: Kernel, reader: Reader) -> Product:
    """A factor with what a root is of for its square."""
    if base is root.base:
        return Product(fmpq(1), {base: 1})
    return reader.field.add(folded(one) for one in reader.field.terms(base.poly))


def _partners(root: Kernel, roots: Sequence[Kernel]) -> Iterator[tuple[Kernel, ...]]:
    others = [one for one in roots if one is not root and len(one.whole.powers) <= len(root.whole.powers)]
    for count in (1, 2):
        yield from combinations(others, count)


def _has(product: Product, kernel: Kernel) -> bool:
    return any(base.poly.degrees()[kernel.place] for base in product.powers)


def _in_terms_of(root: Kernel, others: Sequence[Kernel], reader: Reader) -> Product | None:
    """A root as a rational function times others: their product with it is free of roots."""
    square = multiply(root.whole, *(one.whole for one in others))
    size = square_root(square.coefficient) if square.coefficient > 0 else None
    if size is None or any(power % 2 for power in square.powers.values()):
        return None
    whole = Product(size, {base: power // 2 for base, power in square.powers.items()})
    return multiply(_size(whole, others, reader), *(Product(fmpq(1), {one.base: -1}) for one in others))


def _size(whole: Product, others: Sequence[Kernel], reader: Reader) -> Product:
    """The absolute value of a product: what stands under roots is above 0."""
    known = [
        multiply(Product(fmpq(1), {}), *(one.whole for one in some))
        for count in range(len(others) + 1)
        for some in combinations(others, count)
    ]
    positive = min(known, key=lambda one: sum(power % 2 for power in multiply(whole, one).powers.values()))
    return multiply(positive, reader.absolute(multiply(whole, raised(positive, -1))))


def _replaced(product: Product, kernel: Kernel, found: Product, reader: Reader) -> Product:
    """The product with what a root amounts to in its place."""
    parts = [Product(product.coefficient, {})]
    for base, power in product.powers.items():
        if base is kernel.base:
            parts.append(raised(found, power))
        elif base.poly.degrees()[kernel.place]:
            terms = [_term(one, kernel.base, found, reader) for one in reader.field.terms(base.poly)]
            parts.append(raised(reader.field.add(terms), power))
        else:
            parts.append(Product(fmpq(1), {base: power}))
    return reader.product(*parts)


def _term(term: Product, base: Base, found: Product, reader: Reader) -> Product:
    powers: Mapping[Base, int] = {one: power for one, power in term.powers.items() if one is not base}
    rest = Product(term.coefficient, powers)
    return reader.product(rest, raised(found, term.powers[base])) if base in term.powers else rest
