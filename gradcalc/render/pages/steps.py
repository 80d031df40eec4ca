"""A derivation for people: a numbered outline of the rules, and what it comes to; and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gradcalc.answers.steps.records import Derivation, Steps, shown
from gradcalc.calculus.step import Rule, Step, around, is_linked, links, placeholder
from gradcalc.functions.printer import signed_text
from gradcalc.render.document import Block, Document, Note, Verbatim
from gradcalc.render.json import picked
from gradcalc.render.words import called, derivative_name, head

RULES = {rule: f"{rule} rule" for rule in Rule} | {
    Rule.LOGARITHMIC: "logarithmic derivation", Rule.TABLE: "from the table", Rule.CASES: "case by case",
    Rule.PARTIALS: "chain rule by each argument", Rule.DEPENDENT: "dependent variable", Rule.DEFINITION: "definition",
}  # fmt: skip
INDENT = 3
DERIVATION = "variable order expression=of formula note"  # keys of the record


def document(result: Steps) -> Document:
    """The expression, and each derivation."""
    equation = result.of is not None
    seen: set[int] = set()
    blocks: list[Block] = [head(called(result.expression, result.function, equation=equation), result, None)]
    for one in result.derivations:
        several = result.partial or result.derivations[-1].order > 1
        blocks.append(Verbatim("\n".join(lines(one, result, seen)), _title(one) if several else None, formulas=True))
        blocks += [Note(one.note)] if one.note is not None else []
    return Document(tuple(blocks))


def quiet(result: Steps) -> str:
    """The derivatives alone, one a line."""
    return "".join(f"{one.formula or ''}\n" for one in result.derivations)


def record(result: Steps) -> dict[str, Any]:
    """The derivations, each with its steps, one inside the other."""
    return picked(result, "expression reading function of?") | {
        "derivations": [
            picked(one, f"{DERIVATION} symmetric_to=swapped")
            | {"steps": None if one.step is None else _record(one.step, brief=result.brief)}
            | ({} if one.right is None else {"right": _record(one.right, brief=result.brief)})
            for one in result.derivations
        ],
        "verdict": None,
    }


def _record(step: Step, *, brief: bool) -> dict[str, Any]:
    inside = None if step.inside is None else signed_text(step.inside)
    texts = {"expression": signed_text(step.of), "pattern": pattern(step), "formula": signed_text(step.result)}
    inner = {"steps": [_record(one, brief=brief) for one in shown(step, brief=brief)]}
    return {"rule": step.rule, "by": step.by, "letter": step.letter, "inside": inside} | texts | inner


def label(step: Step) -> str:
    """`chain rule`, or the rule of the outer function with it."""
    outer = "" if step.outer is None or step.outer is Rule.TABLE else f" with the {RULES[step.outer]}"
    return RULES[step.rule] + outer


def pattern(step: Step) -> str:
    """What a rule gives, with the derivatives of its parts as primes, `cos(u)*u'`; through statements, as quotients."""
    if is_linked(step):
        return " · ".join(f"d{of}/d{by}" for of, by in links(step))
    text = signed_text(step.pattern)
    for index, one in enumerate(step.inner):
        text = text.replace(placeholder(index), f"{step.letter}'" if step.letter else prime(signed_text(one.of)))
    return text


def prime(text: str) -> str:
    """`x'`, `(x**2)'`."""
    return f"{text}'" if text.isidentifier() else f"({text})'"


# -- lines


def _title(one: Derivation) -> str:
    return f"by {one.variable}" if one.order == 1 else f"once more by {one.variable}"


def lines(one: Derivation, result: Steps, seen: set[int] | None = None) -> Iterator[str]:
    """The rules as a numbered outline, and what they come to; the steps `seen` before are not taken again."""
    seen = set() if seen is None else seen
    name = derivative_name(result.function, one.variable, one.order, result.partial)
    if one.right is not None:
        yield from _both_sides(one, name, result)
        return
    if one.step is None:
        yield f"1. symmetry: swap {one.swapped} and {one.variable}, which leaves {result.function} as it is"
    else:
        yield from _outline(one.step, "1", seen, result)
    last = [] if one.step is None else [signed_text(one.step.result)]
    yield " = ".join(dict.fromkeys([name, *last, *([one.formula] if one.formula else [])]))


def _both_sides(one: Derivation, name: str, result: Steps) -> Iterator[str]:
    """The derivation of an equation: each side, the two as one equation, and that solved."""
    assert one.step is not None and one.right is not None and result.of is not None
    left, right = (signed_text(side.result) for side in (one.step, one.right))
    yield from _outline(one.step, "1", set(), result)
    yield from _outline(one.right, "2", set(), result)
    yield f"3. both sides, where {prime(result.of)} is {name}: {left} = {right}"
    yield f"4. solve for {prime(result.of)}"
    yield " = ".join([name, *([one.formula] if one.formula else [])])


def _outline(step: Step, number: str, seen: set[int], result: Steps, name: str | None = None) -> Iterator[str]:
    """A step, and the steps inside it; a definition that was derived before is not derived again.

    `name` is what is derived by what, for a statement of a program: `dp/dz`.
    """
    margin = " " * INDENT * number.count(".")
    heading = f"{margin}{number}. " if "." not in number else f"{margin}{number} "
    inner = [] if id(step) in seen else list(shown(step, brief=result.brief))
    if is_linked(step):
        names = [derivative_name(of, by, 1, result.partial and by == step.by) for of, by in links(step)]
        whole = derivative_name(str(step.letter), step.by, 1, result.partial)
        yield f"{heading}{label(step)}: {whole} = {' · '.join(names)}"
        for place, (one, of_one) in enumerate(zip(step.inner, names, strict=True), 1):
            yield from _outline(one, f"{number}.{place}", seen, result, of_one)
        return
    written = [around(step)] + ([] if step.written is None else [step.written])
    what = [prime(signed_text(one)) for one in written]
    sides = [*what, pattern(step)] if inner else [*what, pattern(step), signed_text(step.result)]
    known = ", as before" if id(step) in seen and (step.inner or name) else ""
    seen.add(id(step))
    if name is not None and known:
        yield f"{heading}{name} = {signed_text(step.result)}{known}"
        return
    said = _said(step) if name is None else f"{name}, {_said(step)}"
    yield f"{heading}{said}: {' = '.join(dict.fromkeys(sides))}{known}"
    for place, one in enumerate(inner, 1):
        yield from _outline(one, f"{number}.{place}", seen, result)
    if inner and "." in number and step.rule is not Rule.DEFINITION:
        yield f"{margin}{' ' * INDENT}so {name or prime(signed_text(step.of))} = {signed_text(step.result)}"


def _said(step: Step) -> str:
    """The rule, and what it calls the inner function, or what a name stands for."""
    if step.rule is Rule.DEFINITION:
        return f"{label(step)}, {signed_text(step.of)} = {signed_text(step.inner[0].of)}"
    inside = "" if step.inside is None else f", {step.letter} = {signed_text(step.inside)}"
    return label(step) + inside
