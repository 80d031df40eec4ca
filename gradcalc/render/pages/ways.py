"""The chain rule through a program: the names of its links, and the products that add up to a derivative."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from gradcalc.answers.beside import Link
from gradcalc.base.words import brief
from gradcalc.render.words import derivative_name


def link_names(links: Sequence[Link]) -> dict[tuple[str, str], str]:
    """`dz/dy`, or `∂z/∂y` where z depends on other names too."""
    uses = Counter(link.of for link in links)
    return {(link.of, link.by): derivative_name(link.of, link.by, 1, uses[link.of] > 1) for link in links}


def products(ways: Sequence[Sequence[Link]], names: Mapping[tuple[str, str], str]) -> str:
    """`du/dz · dz/dy = e**z · cos(y) = 1.51 · (-0.911)`: names, formulas, numbers; the sum over every way."""
    parts = [_sum(ways, lambda link: names[link.of, link.by])]
    parts.append(_sum(ways, lambda link: factor(link.formula)))
    if all(link.value is not None for way in ways for link in way):
        parts.append(_sum(ways, lambda link: factor(brief(link.value))))
    return " = ".join(parts)


def _sum(ways: Sequence[Sequence[Link]], text: Callable[[Link], str]) -> str:
    return " + ".join(" · ".join(map(text, way)) for way in ways)


def factor(formula: str) -> str:
    """A formula as a factor: what has a sign or is a sum in parentheses."""
    return f"({formula})" if " + " in formula or " - " in formula or formula.startswith("-") else formula
