"""Forms found again: what a product or a sum is made of is called by the name that it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from gradcalc.calculus.matrix.chain import chain
from gradcalc.calculus.matrix.form import Apply, Chain, Form, Product, Sum, apply, is_call
from gradcalc.calculus.matrix.ones import arguments, is_ones, ones
from gradcalc.calculus.matrix.product import multiply, outer, raise_to
from gradcalc.calculus.matrix.sums import add, factors, scaled
from gradcalc.calculus.matrix.transpose import transposed

Parts = dict[tuple[bool, Form], Fraction]  # powers of what multiplies the elements, or, where True, the rows
KEYED = frozenset({"trace", "det", "logdet"})  # stand for themselves and for equal ones


@dataclass(slots=True)
class Recognition:
    """The forms that have names, and the products among them by their parts."""

    whole: dict[Form, Form] = field(default_factory=dict)
    products: list[tuple[Parts, Form]] = field(default_factory=list)

    def learn(self, form: Form, name: Form) -> None:
        """From here on a form is known by a name, and its transpose by that of the name."""
        both = [(form, name)] if len(form.shape) < 2 else [(form, name), (transposed(form), transposed(name))]
        for one, other in both:
            self.whole.setdefault(one, other)
            if isinstance(one, Product) and len(parts := _parts(one)) > 1:
                self.products.insert(0, (parts, other))  # what is made of others comes before these

    def told(self, form: Form) -> Form:
        """The form in terms of names."""
        if form in self.whole:
            return self.whole[form]
        if isinstance(form, Sum):
            return form if form.written else add(*(scaled(c, self.told(term)) for c, term in form.terms))
        if isinstance(form, Product):
            return self._product(multiply(*(raise_to(self.told(base), power) for base, power in form.factors)))
        if isinstance(form, Chain):
            return chain([(self.told(base), power) for base, power in form.factors])
        return self._call(form) if isinstance(form, Apply) and form.function not in KEYED else form

    def _call(self, form: Apply) -> Form:
        found = tuple(map(self.told, form.arguments))
        if found == form.arguments:
            return form
        return outer(*found) if form.function == "outer" else apply(form.function, found, form.shape)

    def _product(self, form: Form) -> Form:
        """A product with what has a name called by it."""
        if not isinstance(form, Product):
            return form
        own = _parts(form)
        for parts, name in self.products:
            if all(own.get(one, 0) / power >= 1 for one, power in parts.items()):
                rest = {one: power - parts.get(one, 0) for one, power in own.items()}
                return self._product(
                    multiply(name, *(_part(*one, power, form) for one, power in rest.items() if power))
                )
        return form


def _parts(form: Product) -> Parts:
    """The powers that make up a product: of its factors, and of the numbers for each row."""
    found: Parts = {}
    for base, power in form.factors:
        by_row = is_call(base, "outer") and is_ones(arguments(base)[1])
        sign, inner = factors(arguments(base)[0]) if by_row else (1, ())
        for one, own in inner if by_row and sign == 1 else ((base, Fraction(1)),):
            key = (by_row and sign == 1, one)
            found[key] = found.get(key, Fraction(0)) + own * power
    return found


def _part(by_row: bool, base: Form, power: Fraction, whole: Product) -> Form:
    raised = raise_to(base, power)
    return outer(raised, ones(whole.shape[1:])) if by_row else raised
