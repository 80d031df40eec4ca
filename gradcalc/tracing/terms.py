"""Arrays of numbers on a tape: what the rows of the lowering are written in, as one writes with tensors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from gradcalc.engines.exact.ball import Ball
from gradcalc.tracing.arrays import Pick, Prod, RunningProduct, RunningSum, Sorted, Sum
from gradcalc.tracing.layout import Shape, along, broadcast, broadcast_shape, groups, strided, strides
from gradcalc.tracing.matrices import Cholesky, Determinant, Inverse, MatMul
from gradcalc.tracing.pointwise import FUNCTIONS
from gradcalc.tracing.rules import Given, Held, Rule
from gradcalc.tracing.tape import Index, Read, Tape, composed

Dims: TypeAlias = int | Sequence[int] | None


@dataclass(frozen=True, slots=True)
class Term:
    """An array: some elements of a node in row-major order of `shape`; `whole` holds them where they are integers."""

    tape: Tape
    read: Read
    shape: Shape
    whole: Sequence[int] = ()

    # -- shapes

    @property
    def size(self) -> int:
        """How many elements."""
        return math.prod(self.shape)

    @property
    def rank(self) -> int:
        """How many dimensions."""
        return len(self.shape)

    def at(self, index: Index, shape: Sequence[int]) -> Term:
        """Some of its elements, in a shape."""
        return replace(self, read=replace(self.read, index=composed(self.read.index, index)), shape=tuple(shape))

    def reshape(self, *shape: int) -> Term:
        """The same elements in another shape, of which one size may be -1."""
        known = math.prod(size for size in shape if size != -1)
        return replace(self, shape=tuple(self.size // max(known, 1) if size == -1 else size for size in shape))

    def expand(self, shape: Shape) -> Term:
        """Repeated along new dimensions and those of size 1."""
        return self if shape == self.shape else self.at(broadcast(self.shape, shape), shape)

    def permute(self, *order: int) -> Term:
        """The dimensions in another order."""
        shape = tuple(self.shape[one] for one in order)
        return self.at(strided(shape, [strides(self.shape)[one] for one in order], 0), shape)

    def transpose(self) -> Term:
        """The last two dimensions exchanged."""
        return self.permute(*range(self.rank - 2), self.rank - 1, self.rank - 2)

    def unsqueeze(self, dim: int) -> Term:
        """A new dimension of size 1."""
        dim = dim % (self.rank + 1)
        return self.reshape(*self.shape[:dim], 1, *self.shape[dim:])

    # -- element by element

    def scalar(self, value: float) -> Term:
        """A constant of shape ()."""
        return Term(self.tape, Read(self.tape.add(Given([Ball(value)]), (), 1)), ())

    def apply(self, name: str, *others: Term | float) -> Term:
        """A function of this array and others, broadcast."""
        return pointwise(FUNCTIONS[name], self, *(one if isinstance(one, Term) else self.scalar(one) for one in others))

    def __add__(self, other: Term | float) -> Term:
        return self.apply("add", other)

    def __sub__(self, other: Term | float) -> Term:
        return self.apply("sub", other)

    def __mul__(self, other: Term | float) -> Term:
        return self.apply("mul", other)

    def __truediv__(self, other: Term | float) -> Term:
        return self.apply("div", other)

    def __neg__(self) -> Term:
        return self.apply("neg")

    def where(self, yes: Term | float, no: Term | float) -> Term:
        """`yes` where this is not 0, else `no`."""
        return self.apply("where", yes, no)

    def exp(self) -> Term:
        """The exponential function."""
        return self.apply("exp")

    def log(self) -> Term:
        """The natural logarithm."""
        return self.apply("log")

    def square(self) -> Term:
        """The square."""
        return self.apply("square")

    def sqrt(self) -> Term:
        """The square root."""
        return self.apply("sqrt")

    def maximum(self, other: Term | float) -> Term:
        """The larger one; a tie goes to this."""
        return self.apply("ge", other).where(self, other)

    def minimum(self, other: Term | float) -> Term:
        """The smaller one; a tie goes to this."""
        return self.apply("le", other).where(self, other)

    def abs(self) -> Term:
        """The absolute value."""
        return self.apply("ge", 0.0).where(self, -self)

    # -- along dimensions

    def made(self, rule: Rule, shape: Sequence[int]) -> Term:
        """What a rule makes of it alone."""
        return Term(self.tape, Read(self.tape.add(rule, (self.read,), math.prod(shape))), tuple(shape))

    def dims(self, dims: Dims) -> tuple[int, ...]:
        """Dimensions counted from 0; all of them for None or an empty list."""
        if dims is None or (not isinstance(dims, int) and len(dims) == 0):
            return tuple(range(self.rank))
        chosen = [dims] if isinstance(dims, int) else dims
        return tuple(sorted(dim % max(self.rank, 1) for dim in chosen)) if self.rank else ()

    def reduced(self, dims: Dims, keepdim: bool) -> Shape:
        """The shape after a reduction."""
        gone = self.dims(dims)
        kept = [(dim, 1 if dim in gone else size) for dim, size in enumerate(self.shape) if keepdim or dim not in gone]
        return tuple(size for _, size in kept)

    def sum(self, dims: Dims = None, keepdim: bool = False) -> Term:
        """The sum over dimensions."""
        return self.made(Sum(groups(self.shape, self.dims(dims))), self.reduced(dims, keepdim))

    def mean(self, dims: Dims = None, keepdim: bool = False) -> Term:
        """The mean over dimensions."""
        total = self.sum(dims, keepdim)
        return total / (self.size / max(total.size, 1))

    def prod(self, dims: Dims = None, keepdim: bool = False) -> Term:
        """The product over dimensions."""
        return self.made(Prod(groups(self.shape, self.dims(dims))), self.reduced(dims, keepdim))

    def shift(self, dims: Dims) -> Term:
        """About the largest element along dimensions, kept, as a constant."""
        return self.made(Held(groups(self.shape, self.dims(dims))), self.reduced(dims, True))

    def running_sum(self, dim: int) -> Term:
        """Sums of beginnings along a dimension."""
        return self.made(RunningSum(groups(self.shape, self.dims(dim))), self.shape)

    def running_product(self, dim: int) -> Term:
        """Products of beginnings along a dimension."""
        return self.made(RunningProduct(groups(self.shape, self.dims(dim))), self.shape)

    def sorted(self, dims: Dims) -> Term:
        """In ascending order along dimensions."""
        return self.made(Sorted(groups(self.shape, self.dims(dims))), self.shape)

    def narrow(self, dim: int, places: Sequence[int]) -> Term:
        """Some places along a dimension, in this order."""
        dim = dim % self.rank
        shape = (*self.shape[:dim], len(places), *self.shape[dim + 1 :])
        return self.at(along(self.shape, dim, places), shape)

    # -- matrices

    def matmul(self, other: Term) -> Term:
        """The product of matrices; leading dimensions broadcast."""
        lead = broadcast_shape(self.shape[:-2], other.shape[:-2])
        (m, k), n = self.shape[-2:], other.shape[-1]
        left, right = self.expand((*lead, m, k)), other.expand((*lead, k, n))
        rule = MatMul(math.prod(lead), m, k, n)
        return Term(self.tape, Read(self.tape.add(rule, (left.read, right.read), rule.batch * m * n)), (*lead, m, n))

    def inverse(self) -> Term:
        """The inverse of square matrices."""
        return self.made(Inverse(math.prod(self.shape[:-2]), self.shape[-1]), self.shape)

    def determinant(self) -> Term:
        """The determinant of square matrices."""
        return self.made(Determinant(math.prod(self.shape[:-2]), self.shape[-1]), self.shape[:-2])

    def cholesky(self) -> Term:
        """The lower Cholesky factor of symmetric matrices."""
        return self.made(Cholesky(math.prod(self.shape[:-2]), self.shape[-1]), self.shape)


def pointwise(rule: Rule, *terms: Term) -> Term:
    """A rule that works element by element, on arrays that are broadcast."""
    shape = broadcast_shape(*(one.shape for one in terms))
    reads = [one.expand(shape).read for one in terms]
    return Term(terms[0].tape, Read(terms[0].tape.add(rule, reads, math.prod(shape))), shape)


def picked(
    terms: Sequence[Term], places: Sequence[tuple[int, int] | None], shape: Sequence[int], by: Sequence[Term] = ()
) -> Term:
    """Elements of several arrays in a new order, which may have been decided `by` others."""
    tape = terms[0].tape
    deciding = [one for one in by if tape.varies(one.read)]
    reads = [one.read for one in (*terms, *deciding)]
    return Term(tape, Read(tape.add(Pick(places, len(deciding)), reads, len(places))), tuple(shape))


def constant(tape: Tape, numbers: Sequence[Any], shape: Sequence[int]) -> Term:
    """An array of numbers that are known."""
    return Term(tape, Read(tape.add(Given([Ball(one) for one in numbers]), (), len(numbers))), tuple(shape))


def joined(terms: Sequence[Term], dim: int = 0) -> Term:
    """Arrays one behind the other along a dimension."""
    terms = [one for one in terms if one.shape != (0,)] or list(terms[:1])
    dim = dim % terms[0].rank
    outer, block = math.prod(terms[0].shape[:dim]), [math.prod(one.shape[dim:]) for one in terms]
    picks = [(place, row * size + i) for row in range(outer) for place, size in enumerate(block) for i in range(size)]
    shape = list(terms[0].shape)
    shape[dim] = sum(one.shape[dim] for one in terms)
    return picked(terms, picks, shape)
