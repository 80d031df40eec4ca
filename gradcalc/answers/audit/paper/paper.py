"""What a recorded run computes, as a formula of gradcalc's language: where every operation of it has a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gradcalc.answers.audit.paper.bound import Layout
from gradcalc.answers.audit.paper.known import Known
from gradcalc.answers.audit.paper.number import Unwritten
from gradcalc.answers.audit.paper.piece import Axes, Over, Piece, bare, batch_first
from gradcalc.answers.audit.paper.reasons import reason
from gradcalc.answers.audit.paper.writer import Writer
from gradcalc.base.errors import UsageError
from gradcalc.tracing.tape import Read, Step
from gradcalc.tracing.truth import Truth

HINT = "audit judges the gradient of any code"
RESERVED = frozenset({"pi", "e"})


@dataclass(frozen=True, slots=True)
class Given:
    """Tensors that have names and are no variables; where those that are the module's own are on the tape."""

    tensors: Mapping[str, Any] = field(default_factory=dict)
    reads: Mapping[str, Read] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """A formula, and the variables of it: for each name of the code's, the one that it has in the formula.

    `constants` are what else stands in it, `hot` those whose rows have one 1 and else 0; `over` says that it is the
    formula of one item of a batch, and what is made of all; `remarks` what else there is to know. Of a result that is
    an array, `array` is its formula, and `text` that of the sum of its elements times the gradient from above.
    """

    text: str
    names: Mapping[str, str]
    constants: Mapping[str, Known] = field(default_factory=dict)
    over: Over | None = None
    remarks: tuple[str, ...] = ()
    array: str | None = None
    hot: frozenset[str] = frozenset()


def paper(
    truth: Truth,
    axes: Mapping[str, Axes],
    given: Given,
    above: str | None = None,
    layout: Layout = Layout(),  # noqa: B008  # it is frozen
) -> Paper:
    """The formula of a recorded result; `axes` are those of the variables, `given` what else has a name.

    Of a result that is an array, the run ends with the sum of its elements times a gradient, which gets the name
    `above`. Raises UsageError where an operation has no formula, with its line.
    """
    names, tape = named([*axes, *given.tensors]), truth.tape
    sent = None if above is None else (above, tape.steps[-2])
    own = {names[name]: one for name, one in given.tensors.items()}
    held = {read.node: (names[name], tuple(given.tensors[name].shape)) for name, read in given.reads.items()}
    names = {name: names[name] for name in axes}
    writer = Writer(truth, own, {*names.values()}, sent, held, layout)
    for name, node in tape.leaves.items():
        batch, sizes = axes[name]
        order: Sequence[int] = range(tape.nodes[node].size)
        if name in layout.inner:
            order = batch_first(batch, sizes)
        places = {one: at for at, one in enumerate(order)}
        writer.known[node] = [(places, Piece(names[name], sizes, batch=batch))]
    for step in tape.steps:
        writer.write(step)
    try:
        piece, _ = writer.of(truth.result)
    except Unwritten:
        raise _refusal(writer.in_the_way(truth.result)) from None
    text = bare(replace(piece, over=None).said)
    used = {name: one for name, one in names.items() if one in words(text)}
    text, constants, hot = _named_alone(text, writer, {*used.values()})
    matrices = [told.format(name=name) for name, told in writer.matrices.items() if name in constants]
    told = tuple(dict.fromkeys((*writer.remarks, *matrices)))
    return Paper(text, used, constants, piece.over, told, writer.array, frozenset(hot))


def _refusal(step: Step | None) -> UsageError:
    """Why there is no formula: the step that stands in the way."""
    line = "" if step is None or step.place is None else f", line {step.place.line}"
    what = "what the code computes" if step is None else f"`{step.operation}`{line}"
    why = "" if step is None else reason(step)
    return UsageError(f"{what} has no formula here", hint=f"{why}; {HINT}" if why else HINT)


def _named_alone(text: str, writer: Writer, taken: set[str]) -> tuple[str, dict[str, Known], set[str]]:
    """A formula with constants by the names that they have in the code, where no variable of it has the same."""
    found: dict[str, Known] = {}
    hot = set(writer.hot)
    for name, one in writer.constants.items():
        plain, mark, number = name.rpartition("_")
        if name in words(text) and mark and number.isdigit() and plain not in {*taken, *found, *words(text)}:
            was_hot = name in hot
            text, name = re.sub(rf"\b{name}\b", plain, text), plain  # by that name from here on
            hot |= {plain} if was_hot else set()
            if f"{plain}_{number}" in writer.matrices:
                writer.matrices[plain] = writer.matrices[f"{plain}_{number}"]
        if name in words(text):
            found[name] = one
    return text, found, hot & {*found}


def named(names: Sequence[str]) -> dict[str, str]:
    """Names that formulas may have: the end of `layer.weight` by which it is told apart, `weight` or `layer_weight`."""
    found: dict[str, str] = {}
    for name in names:
        parts = name.split(".")
        ends = [".".join(parts[-count:]) for count in range(1, len(parts) + 1)]
        alone = [one for one in ends if sum(f".{other}".endswith(f".{one}") for other in names) == 1]
        chosen = next((one for one in alone if not one[0].isdigit()), alone[-1] if alone else name)
        first, _, rest = chosen.partition(".")
        plain = (f"{rest}_{first}" if first.isdigit() else chosen).replace(".", "_").strip("_")
        found[name] = f"{plain}_" if plain in RESERVED or plain in found.values() else plain
    return found


def words(text: str) -> set[str]:
    """The words in a formula."""
    return set("".join(letter if letter.isalnum() or letter == "_" else " " for letter in text).split())
