"""Array expressions in normal form: sums of products and of matrix chains, where equal ones are the same object."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import TypeAlias
from weakref import WeakValueDictionary

from gradcalc.arrays.shape import SCALAR, Dimension, Mismatch, Shape, broadcast
from gradcalc.base.effort import spend
from gradcalc.syntax.tree import Constant, Name

LARGEST = 1_000  # parts of a form, written out; a longer one is no closed form that anybody reads
LONGEST_NUMBER = 4_000  # bits of a coefficient
MADE = 40  # steps that it takes to make a form, with what is done around that


class Unreadable(Exception):
    """There is no closed form in array terms that a reader could use."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Part:
    """What every form has: the shape that it broadcasts from, and its `weight`, the length of its text in parts.

    A form stands for an array that it broadcasts to: 1 for all gradients that flow into a sum.
    """

    shape: Shape
    weight: int
    serial: int = field(init=False, default_factory=count().__next__)


@dataclass(frozen=True, eq=False, slots=True)
class Leaf(Part):
    """A variable, a constant such as pi, or the name of a dimension; `hot` where each row has one 1, and else 0."""

    node: Name | Constant
    symmetric: bool
    hot: bool


@dataclass(frozen=True, eq=False, slots=True)
class Sum(Part):
    """Multiples of forms, added; a number is a multiple of UNIT. `written` where the user wrote it so."""

    terms: tuple[tuple[Fraction, Form], ...]
    written: bool


@dataclass(frozen=True, eq=False, slots=True)
class Product(Part):
    """Powers of forms, multiplied element by element."""

    factors: tuple[tuple[Form, Fraction], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Chain(Part):
    """Whole powers of matrices, multiplied as matrices; a vector may end it, and one begin it where it is a scalar."""

    factors: tuple[tuple[Form, int], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Apply(Part):
    """Any other function of forms."""

    function: str
    arguments: tuple[Form, ...]


Form: TypeAlias = Leaf | Sum | Product | Chain | Apply
Terms: TypeAlias = tuple[tuple[Fraction, Form], ...]
Powers: TypeAlias = dict[Form, Fraction]
known: WeakValueDictionary[Hashable, Form] = WeakValueDictionary()


def interned(key: Hashable, weight: int, make: Callable[[], Form]) -> Form:
    """The form with this key: the first one made, so that what the user wrote keeps its order."""
    spend(MADE)
    if weight > LARGEST:
        raise Unreadable
    found = known.get(key)
    if found is None:
        found = known[key] = make()
    return found


def leaf(node: Name | Constant, shape: Shape = SCALAR, *, symmetric: bool = False, hot: bool = False) -> Form:
    """A leaf of the tree."""
    key = ("leaf", type(node), node.name, shape, symmetric, hot)
    return interned(key, 1, lambda: Leaf(shape, 1, node, symmetric, hot))


def raw_sum(terms: Terms, *, written: bool = False) -> Form:
    """The sum with these terms, as they are; they are different forms, none with the coefficient 0."""
    weight = sum(one.weight + (number_weight(c) if one is not UNIT else 0) for c, one in terms) + max(len(terms) - 1, 0)
    if any(max(c.numerator.bit_length(), c.denominator.bit_length()) > LONGEST_NUMBER for c, _ in terms):
        raise Unreadable
    return interned(
        ("sum", frozenset(terms)), weight, lambda: Sum(common([one for _, one in terms]), weight, terms, written)
    )


def raw_product(factors: tuple[tuple[Form, Fraction], ...]) -> Form:
    """The product of these powers, as they are."""
    weight = max(sum(base.weight + (3 if abs(power) != 1 else 1) for base, power in factors) - 1, 1)
    return interned(
        ("product", frozenset(factors)), weight, lambda: Product(common([one for one, _ in factors]), weight, factors)
    )


def as_form(powers: Mapping[Form, Fraction]) -> Form:
    """The product of powers, as they are; of one first power, that form."""
    if len(powers) == 1:
        ((base, power),) = powers.items()
        if power == 1:
            return base
    return raw_product(tuple(powers.items()))


def raw_chain(factors: tuple[tuple[Form, int], ...], shape: Shape, key: Hashable = None) -> Form:
    """The matrix product, as it is; `key` names it where it has an equal spelling, as a scalar has its transpose."""
    weight = sum(base.weight + (2 if power != 1 else 1) for base, power in factors) - 1
    return interned(("chain", key or factors), weight, lambda: Chain(shape, weight, factors))


def apply(function: str, arguments: tuple[Form, ...], shape: Shape, key: Hashable = None) -> Form:
    """A call, as it is; `key` names it where its arguments have several equal spellings."""
    weight = 1 + sum(argument.weight for argument in arguments)
    return interned(
        ("apply", function, key or arguments, shape), weight, lambda: Apply(shape, weight, function, arguments)
    )


def number_weight(value: Fraction) -> int:
    """How many parts a coefficient adds to a text."""
    return 2 * (abs(value.numerator) != 1) + 2 * (value.denominator != 1)


def common(forms: list[Form]) -> Shape:
    """The shape that forms broadcast to together."""
    try:
        return broadcast(*(one.shape for one in forms))
    except Mismatch:  # shapes were inferred before; a size that has two names cannot be told to be one
        raise Unreadable from None


UNIT: Form = raw_product(())
ZERO: Form = raw_sum(())


def is_call(form: Form, function: str) -> bool:
    """Is this a call of that function?"""
    return isinstance(form, Apply) and form.function == function


def dimension_name(dimension: Dimension) -> Form:
    """The form of a dimension that has a name."""
    return leaf(Name(str(dimension)))
