"""Gradients as people work them out: `2*x`, `x=2*x*y, y=x**2`, each read as a tree in the expression's variables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from gradcalc.answers.check import sides
from gradcalc.answers.check.directions import components
from gradcalc.answers.check.meant import meant
from gradcalc.arrays.array import Array
from gradcalc.arrays.shape import SCALAR, named_sizes
from gradcalc.base.errors import GradcalcError, UnknownNameError, UsageError, did_you_mean, shortened
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.base.words import listed
from gradcalc.functions import VOCABULARY
from gradcalc.functions.printer import to_text
from gradcalc.inputs.assignment import Assignment, parse_point
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import resolve
from gradcalc.syntax.grammar import Vocabulary
from gradcalc.syntax.letters import GREEK
from gradcalc.syntax.tree import Name, Node, Program, Statement, postorder, substitute

LONGEST_PRODUCT = 5  # letters
INTEGRATION = ("C", "c", "K", "k", "const")  # what a constant of integration is called
CONSTANTS = {"e": "Euler's number", "pi": "a constant"}
Partial: TypeAlias = str | float | int | Fraction | Decimal
Gradient: TypeAlias = Mapping[str, Partial] | Sequence[str] | Partial


@dataclass(frozen=True, slots=True)
class Proposal:
    """A partial derivative to be checked: its text in plain notation, and its tree in terms of variables alone.

    `source` is the text that it was read from, at `span`; `letter` says what a letter stands for that nobody defined.
    """

    name: str
    text: str
    root: Node
    source: str
    span: Span
    letter: str | None = None


def propose(gradient: Gradient, problem: Problem, limits: Limits) -> dict[str, Proposal]:
    """The proposed partial derivative by each variable that the problem derives by.

    It may use the variables of the expression, and the names that a program defines. Raises a GradcalcError with the
    place in the gradient's own text; UsageError where a partial is missing.
    """
    found: dict[str, Proposal] = {}
    for one in _in_order(_assignments(gradient, problem, limits), problem):
        name = one.name if one.name is not None else _only(problem, one)
        _require_asked(name, problem, one)
        if name in found:
            raise UsageError(
                f"`{shortened(name)}` has a gradient already", span=one.name_span or one.span, source=one.source
            )
        found[name] = _proposal(name, one, problem, limits)
    missing = [name for name in problem.wrt if name not in found]
    if missing:
        hint = f"add --gradient {missing[0]}=…"
        if found:
            hint += f", or check some alone with --wrt {','.join(found)}"
        raise UsageError(f"no gradient for {listed(missing)}", hint=hint)
    return {name: found[name] for name in problem.wrt}


def _in_order(given: list[Assignment], problem: Problem) -> list[Assignment]:
    """The partials, as many without a name as there are variables being those by each in turn; or by an array, one."""
    if any(one.name is not None for one in given) or len(given) != len(problem.wrt) or len(given) < 2:
        return given
    return [replace(one, name=name) for one, name in zip(given, problem.wrt, strict=True)]


def _assignments(gradient: Gradient, problem: Problem, limits: Limits) -> list[Assignment]:
    """The partials as they were given, each with its name where it has one."""
    if isinstance(gradient, Mapping):
        return [_value(str(name), value, problem, limits) for name, value in gradient.items()]
    texts = gradient if isinstance(gradient, Sequence) and not isinstance(gradient, str | bytes) else [gradient]
    if any(isinstance(text, str) and not text.strip() for text in texts):
        raise UsageError("the gradient is empty", hint="write --gradient '2*x'")
    names = {*problem.names, *problem.defined}
    numbers = len(problem.wrt) > 1 and not any(problem.shapes.get(one) for one in problem.wrt)
    read = sides.elements if numbers else sides.read
    found = [one for text in map(_text, texts) for one in read(text, names, _vocabulary(problem, text), limits)]
    return components(found, problem.wrt, names)


def _vocabulary(problem: Problem, text: str) -> Vocabulary:
    """The grammar of a gradient: a letter that is no variable is a value, as in `s(1 - s)`."""
    values = {*filter(str.isalpha, text), *GREEK, *problem.defined}
    return replace(VOCABULARY, values=frozenset(values - {*problem.names, "e", *VOCABULARY.functions}))


def _value(name: str, value: Partial, problem: Problem, limits: Limits) -> Assignment:
    """A partial from Python, whose name stands beside it."""
    text = _text(value)
    first, *rest = parse_point(text, _vocabulary(problem, text), limits)
    if rest or first.name is not None:
        raise UsageError(
            f"the gradient by `{shortened(name)}` is more than one expression", span=first.span, source=first.source
        )
    return replace(first, name=name)


def _text(value: object) -> str:
    """A partial as text; a number from Python stands for itself."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction | Decimal):
        raise UsageError(f"the gradient is {type(value).__name__}, expected text or a number")
    return str(value)


def _only(problem: Problem, one: Assignment) -> str:
    """The variable that a partial without a name is for."""
    if len(problem.wrt) == 1:
        return problem.wrt[0]
    if not problem.wrt:
        raise UsageError("the expression has no variable to derive by", hint="name one with --wrt x")
    raise UsageError(
        f"which variable is this the gradient by: {listed(problem.wrt, 'or')}?",
        span=one.span,
        source=one.source,
        hint=f"write --gradient {problem.wrt[0]}=…",
    )


def _require_asked(name: str, problem: Problem, one: Assignment) -> None:
    """Raises unless the partial is by a variable that the problem derives by."""
    span = one.name_span or one.span
    if name in problem.wrt:
        return
    if name in problem.variables:
        raise UsageError(
            f"`{shortened(name)}` is not among the variables of --wrt",
            span=span,
            source=one.source,
            hint="leave it out",
        )
    if name in problem.defined:
        raise UnknownNameError(
            f"`{shortened(name)}` is defined by the expression, it is not a variable of it",
            span=span,
            source=one.source,
            hint=f"its variables are {listed(problem.variables)}" if problem.variables else None,
        )
    if name in CONSTANTS:
        names = ",".join([*problem.wrt, name])
        raise UnknownNameError(
            f"`{name}` is {CONSTANTS[name]} here, not a variable",
            span=span,
            source=one.source,
            hint=f"make it one with --wrt {names}" if name == "e" else None,
        )
    raise _unknown(name, problem, replace(one, span=span), problem.variables)


def _proposal(name: str, one: Assignment, problem: Problem, limits: Limits) -> Proposal:
    known = dict.fromkeys([*problem.names, *problem.defined, *named_sizes(problem.shapes.values())])
    assert not isinstance(one.value, Array)  # those come from files alone
    shapes = {name: problem.shapes.get(name, SCALAR) for name in problem.names}
    try:
        program = Program(one.source, (Statement(None, one.value, one.span),))
        body = resolve(program, limits, known, shapes).root
    except GradcalcError as error:
        raise error.located(one.source) from None
    proposal = Proposal(name, to_text(body), substitute(body, problem.defined), one.source, one.span)
    strange = [node for node in postorder(body) if isinstance(node, Name) and node.name not in known]
    if not strange:
        return proposal
    letter = strange[0].name
    part = meant(letter, proposal.root, name, problem) if {node.name for node in strange} == {letter} else None
    if part is None:
        raise _unknown(letter, problem, replace(one, span=strange[0].span or one.span), list(known))
    return replace(proposal, root=substitute(proposal.root, {letter: part}), letter=f"{letter} = {to_text(part)}")


def _unknown(name: str, problem: Problem, one: Assignment, known: Sequence[str]) -> UnknownNameError:
    hint = _integration(name, one.source) or did_you_mean(name, known) or _product(name, known)
    if hint is None:
        hint = f"its variables are {listed(problem.variables)}" if problem.variables else "it has no variables"
    return UnknownNameError(
        f"`{shortened(name)}` is not a variable of the expression", span=one.span, source=one.source, hint=hint
    )


def _integration(name: str, source: str) -> str | None:
    """`+ C` belongs to integrals."""
    added = re.search(rf"\+\s*{re.escape(name)}\s*$", source)
    return f"only integrals have a constant: leave `+ {name}` out" if name in INTEGRATION and added else None


def _product(name: str, known: Sequence[str]) -> str | None:
    """`xy` may have been meant as x times y."""
    product = 1 < len(name) <= LONGEST_PRODUCT and all(letter in known for letter in name)
    sign = " " if any(letter.isupper() for letter in name) else "*"  # of arrays side by side it is that of matrices
    return f"for a product write `{sign.join(name)}`" if product else None
