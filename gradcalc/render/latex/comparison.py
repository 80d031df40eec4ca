"""A comparison as LaTeX: the chain rule through a program, and an equation for each derivative."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gradcalc.answers.beside import Link
from gradcalc.answers.records import ArrayRow, Comparison, Row
from gradcalc.arrays.shape import Shape
from gradcalc.render.latex.equations import Equation, Missing, aligned, factor, formula, name, quotient, shapes_of
from gradcalc.render.pages.comparison import name_of

MOST_COMPONENTS = 24
JOINT = r" \cdot "


def latex(result: Comparison) -> str:
    """The links of the chain rule, or the partial derivatives of an equation, then each derivative, and the tangent."""
    return aligned([*_equation(result), *_named(result), *_links(result), *derivatives(result), *_tangent(result)])


def _equation(result: Comparison) -> Iterator[Equation]:
    """The function that an equation keeps at 0, and its partial derivatives."""
    one = result.implicit
    if one is None or not one.partials:
        return
    names = [link.by for link in one.partials]
    yield Equation(name(one.partials[0].of), (formula(one.function, names),))
    for link in one.partials:
        yield Equation(quotient(name(link.of), name(link.by), partial=True), (formula(link.formula, names),))


def function(result: Comparison) -> Equation:
    """The function itself."""
    names, shapes = named_in(result)
    return Equation(name(name_of(result)), (formula(result.shortened.expression, names, shapes),))


def _named(result: Comparison) -> Iterator[Equation]:
    """The function and what the names in it and in the derivatives stand for, where there are such names."""
    if result.where is not None:
        yield function(result)
        yield from where(result)


def where(result: Comparison) -> Iterator[Equation]:
    """What the names in the derivatives stand for."""
    if result.where is None:
        return
    names, shapes = named_in(result)
    for one, text in result.where.definitions.items():
        yield Equation(name(one), (formula(text, names, shapes),))


def named_in(result: Comparison) -> tuple[list[str], dict[str, Shape]]:
    """The names in formulas, and the shapes of those that are arrays."""
    shapes, own = shapes_of(result.at, result.gradient), {} if result.where is None else result.where.shapes
    return [*result.gradient, *own, *result.held], {**result.held, **shapes, **own} if shapes else {}


def _tangent(result: Comparison) -> Iterator[Equation | Missing]:
    one = result.tangent
    if one is not None and one.equation is not None:
        left, _, right = one.equation.partition(" = ")
        names = [*(result.at or {}), left]
        yield Equation(formula(left, names), (formula(right, names),), "tangent")
    elif one is not None:
        yield Missing("tangent", one.note or "none")


def _links(result: Comparison) -> Iterator[Equation]:
    """Each link of the chain: how a definition changes with a name that it uses."""
    for link in result.chain:
        yield Equation(_link(result, link), (_formula(result, link.formula),))


def derivatives(result: Comparison) -> Iterator[Equation | Missing]:
    """An equation for each derivative."""
    partial = len(result.gradient) > 1
    of, (names, shapes) = name(name_of(result)), named_in(result)
    result = result.shortened
    for variable, row in result.gradient.items():
        left = quotient(of, name(variable), result.order, partial=partial)
        if row.formula is not None:
            right = formula(row.formula, names, shapes)
            products = _products(result, result.ways.get(variable, ()))
            yield Equation(left, (*products, *_quotients(result, variable), right))
        elif isinstance(row, ArrayRow) and 0 < len(row.rows) <= MOST_COMPONENTS:
            yield from _components(result, of, row)
        else:
            yield Missing(left, row.note or "no closed form")


def _components(result: Comparison, function: str, row: ArrayRow) -> Iterator[Equation | Missing]:
    """Where there is no form in array terms: each component."""
    for part in row.rows:
        left = quotient(function, name(part.name), result.order, partial=True)
        yield _component(result, left, part)


def _component(result: Comparison, left: str, part: Row) -> Equation | Missing:
    if part.formula is None:
        return Missing(left, part.note or "no closed form")
    return Equation(left, (_formula(result, part.formula),))


def _products(result: Comparison, ways: Sequence[Sequence[Link]]) -> tuple[str, ...]:
    """The sum over every way of the products of its links: their names, then their formulas."""
    if not any(len(way) > 1 for way in ways):
        return ()
    texts: tuple[Callable[[Link], str], ...] = (
        lambda link: _link(result, link),
        lambda link: factor(_formula(result, link.formula)),
    )
    return tuple(" + ".join(JOINT.join(map(text, way)) for way in ways) for text in texts)


def _quotients(result: Comparison, variable: str) -> tuple[str, ...]:
    """The quotient of partial derivatives that the first derivative of what an equation defines is."""
    one = result.implicit
    if one is None or result.order > 1 or not {variable, one.of} <= {link.by for link in one.partials}:
        return ()
    above, below = (quotient(name(one.partials[0].of), name(by), partial=True) for by in (variable, one.of))
    return (rf"-\frac{{{above}}}{{{below}}}",)


def _link(result: Comparison, link: Link) -> str:
    several = sum(one.of == link.of for one in result.chain) > 1
    return quotient(name(link.of), name(link.by), partial=several)


def _formula(result: Comparison, text: str) -> str:
    names = {*result.gradient, *(each for link in result.chain for each in (link.of, link.by))}
    return formula(text, names)
