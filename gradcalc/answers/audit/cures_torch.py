"""What to write instead of a line to blame, in torch's own words: offered once value and gradient are right with it."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from gradcalc.answers.audit.array_cures_torch import ARRAY_CURES, ArrayCure
from gradcalc.answers.audit.blame import Suspect
from gradcalc.answers.audit.chain import chained
from gradcalc.answers.audit.fitted import Written, written
from gradcalc.answers.audit.formula import FOLDED, UNTOLD, Formula, dims
from gradcalc.answers.audit.source import replaced
from gradcalc.answers.audit.trying_torch import Proposal, holds, holds_apart
from gradcalc.answers.diagnosis.cures import candidates, on_logits
from gradcalc.answers.diagnosis.rewriting import matches
from gradcalc.base.errors import GradcalcError
from gradcalc.base.floating import FORMATS, Format
from gradcalc.codegen.torch import Printer
from gradcalc.engines.torch import torch
from gradcalc.engines.torch.program import forward
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Call, Name, Node, free_names, postorder
from gradcalc.tracing.storages_torch import tensors_in
from gradcalc.tracing.tape import Step
from gradcalc.tracing.truth import Truth

Tensor = Any
F = torch.nn.functional
RANGE = {"overflow", "underflow", "cancellation"}  # where a number is lost that was right before
MOST = 30  # candidates that are tried for one step
REDUCTIONS = ("none", "mean", "sum")
PLAIN = re.compile(r"torch\.tensor\(([-\d.e]+)\)")  # beside tensors a number does as well
NO_DIMENSION = re.compile(r"(?<=\()None, |(?<=\()None(?=\))|, (dim=)?None(?=[,)])")


def cure(suspect: Suspect, truth: Truth, form: Format) -> Written | None:
    """What to write instead; None where nothing that is known holds here."""
    tried = list(islice((one for one in proposals(suspect, truth, form) if UNTOLD not in one.text), MOST))
    strictly = (one for one in tried if holds(one, truth, form, strict=True))
    lost = suspect.reason == "underflow"  # then what is too small beside the rest may be all that matters
    ending = [one for one in tried if not lost or _ends(one.root, truth)]
    found = (one for one in ending if holds(one, truth, form))
    apart = (one for one in ending if suspect.reason in RANGE and holds_apart(one, truth, form))
    best = next(strictly, None) or next(found, None) or next(apart, None)
    return None if best is None else written(best.text, best.root.place, best.write)


def _ends(step: Step, truth: Truth) -> bool:
    """Is this where a number that was lost makes no number: a logarithm of 0?"""
    output = step.outputs[0]
    pairs = zip(output.numbers.double().reshape(-1).tolist(), truth.exact(output.read), strict=True)
    return any(not math.isfinite(found) and true.is_finite() for found, true in pairs)


def proposals(suspect: Suspect, truth: Truth, form: Format) -> Iterator[Proposal]:
    """What might be written: torch's own function for as much as there is one for, then equal formulas, small first."""
    read = [(formula := Formula(truth.tape), formula.of(step), step) for step in formula_steps(suspect, truth)]
    found = [(formula, root, step) for formula, root, step in read if root is not None]
    for formula, root, step in reversed(found):
        yield from _losses(formula, root, step)
        yield from along(formula, root, step)
    for formula, root, step in reversed(found):
        tree = on_logits(root)
        if tree is not None:
            yield from _elementwise(formula, tree, step, form)
    for formula, root, step in found:
        for tree in candidates(root):
            yield from _elementwise(formula, tree, step, form)
    if suspect.form.precision < FORMATS["float32"].precision:
        yield from _in_float32(suspect, truth)


def formula_steps(suspect: Suspect, truth: Truth) -> list[Step]:
    """The step itself, and those that go on with its result, of which the source has the whole."""
    formula = Formula(truth.tape)
    return [one for one in formula.beyond(suspect.step) if not formula.is_inner(one)]


def _elementwise(formula: Formula, tree: Node, step: Step, form: Format) -> Iterator[Proposal]:
    """A formula element by element, written in torch: with the code's own names, and without."""
    folded = formula.folded(tree)
    for one in (folded, tree) if folded != tree else (tree,):
        if (found := _in_torch(formula, one, step, form)) is not None:
            yield found


def _in_torch(formula: Formula, tree: Node, step: Step, form: Format) -> Proposal | None:
    if any(isinstance(node, Call) and node.function in ("pick", *FOLDED) for node in postorder(tree)):
        return None
    names = list(free_names(postorder(tree)))
    printer = Printer(form)
    try:
        lines = printer.body([(None, tree)], {name: formula.operands[name].text for name in names})
    except GradcalcError:  # a function that torch has no words for
        return None
    if len(lines) > 1 or printer.helpers:
        return None
    text = PLAIN.sub(r"\1", lines[0].removeprefix("return ").replace("torch.nn.functional.", "F."))

    def function(*tensors: Tensor) -> Tensor:
        own = FORMATS[str(tensors[0].dtype).removeprefix("torch.")]
        return forward(tree, dict(zip(names, tensors, strict=True)), own)[id(tree)]

    return Proposal(step, [formula.operands[name] for name in names], function, text)


def along(formula: Formula, root: Node, step: Step, rows: Sequence[ArrayCure] = ARRAY_CURES) -> Iterator[Proposal]:
    """A pattern along dimensions."""
    calls = [node for node in postorder(root) if isinstance(node, Call)]
    inner = next((node for node in calls if node.function in FOLDED), None)
    if inner is None:
        return
    dim, keep = dims(formula.steps[id(inner)])
    pick = next((_picking(formula, node) for node in calls if node.function == "pick"), None)
    for row in rows:
        found = next(matches(root, row.pattern, {}), None)
        operand = None if found is None else formula.operand(found["x"])
        if operand is not None:
            if dim is None and operand.tensor.dim() == 1:
                dim = 0
            text = _filled(row.text, operand.text).format(
                x=operand.text, dim=dim, keep=", keepdim=True" if keep else ""
            )
            text = NO_DIMENSION.sub("", text)
            write = None if pick is None else chained(text, step.place)
            yield Proposal(step, [operand], _replayed(row, dim, keep, pick), text, write)


def _filled(template: str, text: str) -> str:
    """A template whose arguments that stand alone have no parentheses of their own: `f(a / b, 1)`."""
    bare = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    escaped = bare.replace("{", "{{").replace("}", "}}")
    return template.replace("({x},", f"({escaped},").replace("({x})", f"({escaped})") if _whole(bare) else template


def _whole(text: str) -> bool:
    """Is it an expression as it stands?"""
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True


def _replayed(row: ArrayCure, dim: Any, keep: bool, pick: Callable[[Tensor], Tensor] | None) -> Callable[..., Tensor]:
    """Torch's function, and then what the code picks of its result."""

    def function(tensor: Tensor) -> Tensor:
        made = row.function(tensor, list(range(tensor.dim())) if dim is None else dim, keep)
        return made if pick is None else pick(made)

    return function


def _picking(formula: Formula, node: Call) -> Callable[[Tensor], Tensor]:
    """How a pick is done again."""
    if id(node) in formula.views:
        return lambda made: made.reshape(-1)[list(formula.views[id(node)])]
    function, args, kwargs = formula.steps[id(node)].call
    picked: Callable[[Tensor], Tensor] = lambda made: function(made, *args[1:], **kwargs)  # noqa: E731  # one of two
    return picked


def _losses(formula: Formula, root: Node, step: Step) -> Iterator[Proposal]:
    """Binary cross entropy of a sigmoid, by torch's own function of the logits."""
    found = next(matches(root, rule("bce(sigmoid(x), y)"), {}), None)
    if found is None or not all(isinstance(one, Name) for one in found.values()):
        return
    pair = [formula.operands[found[name].name] for name in ("x", "y")]  # type: ignore[union-attr]  # names, as was seen
    args = step.call[1]
    reduction = REDUCTIONS[args[3] if len(args) > 3 else 1]
    yield Proposal(
        step, pair, lambda a, b: F.binary_cross_entropy_with_logits(a, b, reduction=reduction),
        f"F.binary_cross_entropy_with_logits({pair[0].text}, {pair[1].text}"
        + ("" if reduction == "mean" else f", reduction={reduction!r}") + ")",
    )  # fmt: skip


def _in_float32(suspect: Suspect, truth: Truth) -> Iterator[Proposal]:
    """The step itself, of numbers of float32."""
    formula = Formula(truth.tape)
    root = formula.of(suspect.step, 0)
    place = suspect.step.place
    if root is None or place is None or not formula.operands:
        return
    function, args, kwargs = suspect.step.call
    names = list(formula.operands)
    pieces = {one.text: f"{one.text}.float()" for one in formula.operands.values() if one.text in place.whole}
    tensors = [formula.operands[name].tensor for name in names]

    def in_float32(*given: Tensor) -> Tensor:
        swapped = [
            next((new.float() for old, new in zip(tensors, given, strict=True) if old is one), one) for one in args
        ]
        return next(tensors_in(function(*swapped, **kwargs)))

    if pieces:
        yield Proposal(suspect.step, list(formula.operands.values()), in_float32, replaced(place, pieces))
