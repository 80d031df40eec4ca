"""A derivation of arrays for people: the lines of the forward pass, and the numbered steps back; and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from gradcalc.answers.steps.records import ArraySteps, Derivation
from gradcalc.arrays.shape import Shape
from gradcalc.arrays.shape import text as shape_text
from gradcalc.calculus.matrix.backward import FLOW, SILENT, Back
from gradcalc.calculus.matrix.stages import Stage
from gradcalc.calculus.step import Rule
from gradcalc.functions.printer import to_text
from gradcalc.render.document import Block, Document, Note, Verbatim
from gradcalc.render.json import picked
from gradcalc.render.pages.steps import DERIVATION, INDENT, RULES, quiet
from gradcalc.render.plain import aligned
from gradcalc.render.words import called, derivative_name, head
from gradcalc.render.wrapped import SCREEN, broken

__all__ = ["document", "label", "quiet", "record"]
SUMS = frozenset({"add", "sub", "neg"})


def document(result: ArraySteps) -> Document:
    """The expression, its shapes, the lines forward, the steps back, and what these come to."""
    shapes = ", ".join(f"{name} {shape_text(shape)}" for name, shape in result.shapes.items())
    known = [] if not shapes or "--shape" in (result.reading or "") else [("shapes", shapes)]
    blocks: list[Block] = [head(called(result.expression, result.function), result, None, *known)]
    forward = aligned([(_defined(one), _size(one.shape)) for one in result.forward])
    blocks += [
        Verbatim("\n".join(forward), "forward", formulas=True),
        Verbatim(_lines(_backward(result)), "backward", formulas=True),
    ]
    blocks.append(Verbatim(_lines(text for one in result.derivations for text in _last(one, result)), formulas=True))
    return Document((*blocks, *(Note(one) for one in dict.fromkeys(one.note for one in result.derivations) if one)))


def record(result: ArraySteps) -> dict[str, Any]:
    """The lines forward, the steps back, and what these come to for each variable."""
    return picked(result, "expression reading function") | {
        "forward": [
            {"name": one.name, "formula": to_text(one.body), "shape": list(one.shape)} for one in result.forward
        ],
        "backward": [_record(one, result) for one in result.backward],
        "derivations": [
            picked(one, DERIVATION) | {"shape": list(result.shapes.get(one.variable, ())), "steps": None}
            for one in result.derivations
        ],
        "verdict": None,
    }


def _record(step: Back, result: ArraySteps) -> dict[str, Any]:
    general = None if step.pattern is None else pattern(step, result)
    source = None if step.stage is None else step.stage.name
    texts = {"pattern": general, "formula": to_text(step.result), "shape": list(step.shape), "part": step.part}
    return {"rule": step.rule, "by": label(step), "from": source, "to": step.to} | texts


def label(step: Back) -> str:
    """`matrix product rule`, or what the function is whose rule it is."""
    if step.stage is None:
        return str(step.rule) if step.rule is Rule.SEED else "the parts add up"
    if step.rule is not Rule.TABLE:
        return RULES[step.rule]
    named = [one for one in step.functions if one not in SUMS | SILENT]
    return f"{named[0]} from the table" if named else RULES[step.rule]


# -- lines


def _lines(texts: Iterable[str]) -> str:
    """Lines that fit a screen, a long one broken and its rest indented."""
    return "\n".join(
        line
        for text in texts
        for line in broken(text, SCREEN - INDENT, " " * (len(text) - len(text.lstrip()) + INDENT))
    )


def _defined(line: Stage) -> str:
    return f"{line.name} = {to_text(line.body)}"


def _size(shape: Shape) -> str:
    return f"shape {shape_text(shape)}" if shape else "a number"


def _name(result: ArraySteps, to: str) -> str:
    return derivative_name(result.function, to, 1, partial=True)


def _backward(result: ArraySteps) -> Iterator[str]:
    """The steps, below the line that they go back through; these are numbered."""
    last, numbers = None, count(1)
    for step in result.backward:
        if step.rule is Rule.SEED:
            yield f"{next(numbers)}. {_said(step, result)}"
        elif step.stage is not None and step.stage is not last:
            yield f"{next(numbers)}. through {_defined(step.stage)}"
            last = step.stage
        if step.rule is not Rule.SEED:
            yield f"{' ' * INDENT}{_said(step, result)}"


def _said(step: Back, result: ArraySteps) -> str:
    """The rule, and what flows: in terms of what flows in, and with that put in where it fits the line."""
    part, shape = "part of " if step.part else "", f", {_size(step.shape)}" if step.shape else ""
    before, value = f"{label(step)}: {part}{_name(result, step.to)} = ", to_text(step.result)
    if step.pattern is None:
        return before + value + shape
    general = pattern(step, result)
    whole = f"{before}{' = '.join(dict.fromkeys([general, value]))}{shape}"
    return whole if len(whole) <= SCREEN - 2 * INDENT else before + general + shape


def pattern(step: Back, result: ArraySteps) -> str:
    """What flows back, in terms of what flows in: `X.T @ (∂f/∂r)`."""
    assert step.pattern is not None and step.stage is not None
    flow = _name(result, step.stage.name)
    alone = re.sub(rf"(?<=\(){FLOW}(?=[,)])|(?<=, ){FLOW}(?=\))|^{FLOW}$", flow, to_text(step.pattern))
    return alone.replace(FLOW, f"({flow})")


def _last(one: Derivation, result: ArraySteps) -> Iterator[str]:
    """A gradient, in the names of the lines and in variables alone; in several lines where one is too short."""
    total = result.total(one.variable)
    sides = [] if total is None else [to_text(total.result)]
    if one.formula is not None:
        sides.append(one.formula)
    name = derivative_name(result.function, one.variable, 1, result.partial)
    whole = " = ".join(dict.fromkeys([name, *sides]))
    if len(whole) <= SCREEN:
        yield whole
        return
    if total is not None and total.pattern is not None:
        sides[0] = pattern(total, result)
    yield f"{name} = {sides[0]}"
    yield from (f"{' ' * len(name)} = {side}" for side in dict.fromkeys(sides[1:]) if side != sides[0])
