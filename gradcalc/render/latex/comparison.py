"""A comparison as LaTeX: the chain rule through a program, and an equation for each derivative."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gradcalc.answers.records import ArrayRow, Comparison, Link, Row
from gradcalc.render.latex.equations import Equation, Missing, aligned, factor, formula, name, quotient, shapes_of
from gradcalc.render.pages.comparison import name_of

MOST_COMPONENTS = 24
JOINT = r" \cdot "


def latex(result: Comparison) -> str:
    """The links of the chain rule, or the partial derivatives of an equation, then each derivative, and the tangent."""
    return aligned([*_equation(result), *_links(result), *derivatives(result), *_tangent(result)])


def _equation(result: Comparison) -> Iterator[Equation]:
    """The function that an equation keeps at 0, and its partial derivatives."""
    one = result.implicit
    if one is None or not one.partials:
        return
    names = [link.by for link in one.partials]
    yield Equation(name(one.partials[0].of), (formula(one.function, names),))
    for link in one.partials:
        yield Equation(quotient(name(link.of), name(link.by), partial=True), (formula(link.formula, names),))


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
    function, shapes = name(name_of(result)), shapes_of(result.at, result.gradient)
    for variable, row in result.gradient.items():
        left = quotient(function, name(variable), result.order, partial=partial)
        if row.formula is not None:
            right = formula(row.formula, result.gradient, shapes)
            products = _products(result, result.ways.get(variable, ()))
            yield Equation(left, (*products, *_quotients(result, variable), right))
        elif isinstance(row, ArrayRow) and 0 < len(row.rows) <= MOST_COMPONENTS:
            yield from _components(result, function, row)
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
