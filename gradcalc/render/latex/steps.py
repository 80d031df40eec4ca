"""A derivation as LaTeX: a line for each rule, its name at the end, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gradcalc.answers.steps.records import Steps, shown
from gradcalc.calculus.step import Rule, Step, around, is_linked, links, placeholder
from gradcalc.render.latex.equations import Equation, Missing, aligned, formula, name, quotient
from gradcalc.render.latex.names import word
from gradcalc.render.latex.scalars import parenthesised
from gradcalc.render.latex.trees import to_latex
from gradcalc.render.pages.steps import label
from gradcalc.syntax.tree import Name, Node


def latex(result: Steps) -> str:
    """Every step of each derivation, the derivatives of parts as primes."""
    return aligned(equations(result))


def equations(result: Steps) -> Iterator[Equation | Missing]:
    """An equation for each rule that is applied, and for what each derivation comes to."""
    function, variables = name(result.function), [one.variable for one in result.derivations]
    for one in result.derivations:
        left = quotient(function, name(one.variable), one.order, partial=result.partial)
        lines = [] if one.step is None else list(_lines(one.step, result))
        yield from lines
        if one.step is not None and one.right is not None:
            yield from _lines(one.right, result)
            yield Equation(to_latex(one.step.result), (to_latex(one.right.result),), "both sides")
            one = replace(one, step=None)
        results = [] if one.step is None else [to_latex(one.step.result)]
        if one.formula is not None:
            results.append(formula(one.formula, variables))
        remark = None if one.swapped is None else f"as by ${name(one.swapped)}$, the two swapped"
        yield Equation(left, tuple(results), remark) if results else Missing(left, one.note or "no closed form")


def _lines(step: Step, result: Steps, left: str | None = None) -> Iterator[Equation]:
    """The rules; `left` is how a statement's derivative is written, if it is one."""
    if is_linked(step):
        pairs = [quotient(name(of), name(by), partial=result.partial and by == step.by) for of, by in links(step)]
        whole = quotient(name(str(step.letter)), name(step.by), partial=result.partial)
        yield Equation(whole, (r" \cdot ".join(pairs),), label(step))
        for one, pair in zip(step.inner, pairs, strict=True):
            yield from _lines(one, result, pair)
        return
    inner = list(shown(step, brief=result.brief))
    written = () if step.written is None else (_prime(step.written),)
    rights = (*written, _pattern(step)) if inner else (*written, _pattern(step), to_latex(step.result))
    prime = _prime(around(step))
    yield Equation(left or prime, tuple(dict.fromkeys([prime, *rights] if left else rights)), _remark(step))
    for one in inner:
        yield from _lines(one, result)


def _remark(step: Step) -> str:
    if step.rule is Rule.DEFINITION:
        return f"{label(step)}, ${to_latex(step.of)} = {to_latex(step.inner[0].of)}$"
    inside = "" if step.inside is None else f", ${name(step.letter or '')} = {to_latex(step.inside)}$"
    return label(step) + inside


def _pattern(step: Step) -> str:
    text = to_latex(step.pattern)
    for index, one in enumerate(step.inner):
        text = text.replace(word(placeholder(index)), _prime(Name(step.letter) if step.letter else one.of))
    return text


def _prime(node: Node) -> str:
    text = to_latex(node)
    return f"{text}'" if isinstance(node, Name) else f"{parenthesised(text)}'"
