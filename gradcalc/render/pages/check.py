"""A check for people, and as one word for each variable."""

from __future__ import annotations

from collections.abc import Sequence

from gradcalc.answers.check.records import FIRST, Check, CounterExample, Finding, Judgement, Numbers
from gradcalc.problem.problem import nameless
from gradcalc.render.document import BAD, GOOD, PLAIN, Document, Facts, Formula, Note, Table, form
from gradcalc.render.json import plain
from gradcalc.render.rows import notes
from gradcalc.render.words import called, derivative_name, head

record = plain
VALUES = ("your value", "true value", "difference")
TONES = {Judgement.RIGHT: GOOD, Judgement.UNDECIDED: BAD, Judgement.UNDEFINED: BAD, Judgement.WRONG: BAD}


def quiet(result: Check) -> str:
    """The verdicts alone, one a line."""
    return "".join(f"{one.verdict}\n" for one in result.gradient.values())


def document(result: Check) -> Document:
    """The function, each proposed derivative beside the true one, and a point that shows what is wrong."""
    shown = [(_name(result, one.name), one.counterexample) for one in result.gradient.values()]
    examples = [(name, example) for name, example in shown if example is not None and example.at]
    arrays = any(isinstance(value, list) for _, example in examples for value in example.at.values())
    told = [_facts(*one) for one in examples] if arrays else [_table(examples)] if examples else []
    return Document((_head(result), _gradient(result), *told, *_notes(result)))


def _head(result: Check) -> Facts:
    sizes = [(name, repr(size)) for name, size in result.sizes.items()]
    name = FIRST if result.function == FIRST else nameless(result.gradient)
    name = called(result.expression, name, equation=result.of is not None)
    return head(name, result, None, *sizes)


def _name(result: Check, variable: str) -> str:
    function = result.function or nameless(result.gradient)
    return derivative_name(function, variable, 1, len(result.gradient) > 1)


def _gradient(result: Check) -> Table:
    rows = tuple(
        (
            _name(result, one.name),
            Formula(one.proposed),
            form(one.formula),
            one.verdict + (", proved" if one.proved else ""),
        )
        for one in result.gradient.values()
    )
    tones = tuple(TONES[one.verdict] for one in result.gradient.values())
    return Table(("", "your gradient", "true gradient", "verdict"), rows, tones)


def _table(examples: Sequence[tuple[str, CounterExample]]) -> Table:
    """Counter-examples, one a row."""
    variables = tuple(examples[0][1].at)
    rows = tuple(
        (name, *(_number(example.at[variable]) for variable in variables), *map(_number, _values(example)))
        for name, example in examples
    )
    title = "counter-example" if len(rows) == 1 else "counter-examples"
    return Table(("", *variables, *VALUES), rows, title=title)


def _facts(name: str, example: CounterExample) -> Facts:
    """A counter-example with arrays, which are too wide for a row."""
    pairs = [*example.at.items(), *zip(VALUES, _values(example), strict=True)]
    return Facts(tuple((label, _number(value)) for label, value in pairs), f"counter-example for {name}")


def _values(example: CounterExample) -> tuple[Numbers, Numbers, Numbers]:
    return example.proposed, example.true, example.difference


def _number(value: Numbers) -> str:
    """A number, or nested lists of them; what does not exist is none."""
    if isinstance(value, list):
        return f"[{', '.join(map(_number, value))}]"
    return "none" if value is None else repr(value)


def _notes(result: Check) -> list[Note]:
    """The hint of each variable, what its verdict rests on, and why its formula is missing; each sentence once."""
    found = [
        (one.name, text, tone)
        for one in result.gradient.values()
        for text, tone in (
            (_letter(one), PLAIN),
            (one.hint, TONES[one.verdict]),
            (_basis(result, one), PLAIN),
            (one.note, PLAIN),
        )
        if text is not None
    ]
    return notes(found, nameless=1 if len(result.gradient) == 1 else 0)


def _letter(one: Finding) -> str | None:
    """What a letter was taken for."""
    return None if one.letter is None else f"with {one.letter}"


def _basis(result: Check, one: Finding) -> str | None:
    """What `right` rests on."""
    if one.verdict is not Judgement.RIGHT:
        return None
    if result.at is not None:
        return "the two are equal at this point; no other was looked at"
    sizes = ", ".join(f"{name} = {size}" for name, size in result.sizes.items())
    if sizes:
        return f"the two are equal at {one.points} points, for {sizes}"
    points = f"the two are equal at {one.points} points" if one.points != 1 else "the two are equal"
    if result.of is not None:
        return f"{points} of the curve"
    if one.proved:
        return f"{points}, and SymPy simplifies their difference to 0"
    return f"{points}; SymPy found no proof that they are equal everywhere"
