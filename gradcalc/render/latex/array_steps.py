"""A derivation of arrays as LaTeX: the lines forward, the steps back with their rules, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.answers.steps.records import ArraySteps
from gradcalc.arrays.shape import Shape
from gradcalc.calculus.matrix.backward import FLOW, Back
from gradcalc.render.latex.equations import Equation, Missing, aligned, formula, name, quotient
from gradcalc.render.latex.names import word
from gradcalc.render.latex.scalars import parenthesised
from gradcalc.render.latex.trees import to_latex
from gradcalc.render.pages.array_steps import label
from gradcalc.syntax.tree import Node


def latex(result: ArraySteps) -> str:
    """An equation for each line forward, for each step back, and for each gradient."""
    return aligned(_Equations(result).all())


class _Equations:
    """Sets formulas in the names of variables and of lines, whose shapes are known."""

    def __init__(self, result: ArraySteps) -> None:
        self.result = result
        self.shapes = {**result.shapes, **{one.name: one.shape for one in result.forward}}

    def all(self) -> Iterator[Equation | Missing]:
        """What the page shows, from top to bottom."""
        for line in self.result.forward:
            yield Equation(name(line.name), (self._set(line.body),), _size(line.shape))
        for step in self.result.backward:
            sides = [self._pattern(step)] if step.pattern is not None else []
            part = "a part: " if step.part else ""
            yield Equation(self._by(step.to), (*sides, self._set(step.result)), part + label(step))
        for one in self.result.derivations:
            total = self.result.total(one.variable)
            left = quotient(name(self.result.function), name(one.variable), partial=self.result.partial)
            rights = [] if total is None else [self._set(total.result)]
            if one.formula is not None:
                rights.append(formula(one.formula, self.shapes, self.shapes))
            yield Equation(left, tuple(rights)) if rights else Missing(left, one.note or "no closed form")

    def _set(self, node: Node, flow: Shape = ()) -> str:
        return to_latex(node, {**self.shapes, FLOW: flow})

    def _by(self, to: str) -> str:
        return quotient(name(self.result.function), name(to), partial=True)

    def _pattern(self, step: Back) -> str:
        """What flows back, with the gradient that flows in as a fraction."""
        assert step.pattern is not None and step.stage is not None
        flow, mark = self._by(step.stage.name), word(FLOW)
        text = self._set(step.pattern, step.stage.shape)
        return text.replace(f"{mark}^", f"{parenthesised(flow)}^").replace(mark, flow)


def _size(shape: Shape) -> str | None:
    """A shape in words; `$m \\times n$`."""
    sizes = r" \times ".join(str(one) if isinstance(one, int) else name(one) for one in shape)
    return f"${sizes}$" if shape else None
