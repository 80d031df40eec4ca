"""Implicit differentiation on trees: where F stays 0, dy/dx is -F_x/F_y, and each further order a total derivative."""

from __future__ import annotations

from gradcalc.calculus.reverse import gradient, require_size
from gradcalc.calculus.simplify import build
from gradcalc.syntax.tree import Node


def implicit(root: Node, of: str, name: str, order: int) -> list[Node]:
    """The derivatives of `of` by `name`, of the first order up to the last, where `root` stays 0.

    Raises LimitError when one grows too large.
    """
    partials = gradient(root, [name, of])
    found = [build("neg", build("div", partials[name], partials[of]))]
    while len(found) < order:
        partials = gradient(found[-1], [name, of])
        found.append(build("add", partials[name], build("mul", partials[of], found[0])))
        require_size(found[-1], order)
    return found
