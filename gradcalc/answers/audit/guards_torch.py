"""What to write where a step has no value, or no finite slope: another function there, tried for having both."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from gradcalc.answers.audit.array_cures_torch import ARRAY_CURES, CLAMPED, EPS, GUARDS, LARGER
from gradcalc.answers.audit.cures_torch import along
from gradcalc.answers.audit.fitted import Written, written
from gradcalc.answers.audit.formula import UNTOLD, Formula
from gradcalc.answers.audit.source import replaced
from gradcalc.answers.audit.trying_torch import Proposal, is_finite
from gradcalc.answers.diagnosis.rewriting import matches
from gradcalc.syntax.tree import Name
from gradcalc.tracing.tape import Step, Tape
from gradcalc.tracing.truth import Truth

GUARDED = [row for row in ARRAY_CURES if "normalize" in row.text]


def guard(step: Step, truth: Truth) -> Written | None:
    """What to write where a step has no value or an infinite slope, so that both are numbers; None where nothing does.

    It is another function there, so that nothing can be right or wrong about it.
    """
    for above in reversed(list(Formula(truth.tape).above(step, 2))):
        formula = Formula(truth.tape)
        root = None if formula.is_inner(above) else formula.of(above)
        told = [] if root is None else [*along(formula, root, above, GUARDED), *_guards(formula, above)]
        found: list[Proposal] = [*told, *(_clamped(step, truth.tape) if above is step else ())]
        for one in found:
            if UNTOLD not in one.text and is_finite(one):
                return written(one.text, above.place)
    return None


def _guards(formula: Formula, step: Step) -> Iterator[Proposal]:
    """The guards that fit, from the most special one on."""
    for depth, (pattern, function, text) in product((1, 0), GUARDS):
        shallow = Formula(formula.tape)
        root = shallow.of(step, depth)
        found = None if root is None else next(matches(root, pattern, {}), None)
        names = [name for name in ("x", "y") if found is not None and name in found]
        if found is None or not all(isinstance(found[name], Name) for name in names):
            continue
        chosen = {name: shallow.operands[one.name] for name in names if isinstance(one := found[name], Name)}
        yield Proposal(step, list(chosen.values()), function, text.format(**{k: v.text for k, v in chosen.items()}))


def _clamped(step: Step, tape: Tape) -> Iterator[Proposal]:
    """The step itself, of what is no less than a small number."""
    formula = Formula(tape)
    root = formula.of(step, 0) if step.operation.removeprefix("aten.").rstrip("_") in CLAMPED else None
    if root is None or step.place is None or not formula.operands:
        return
    function, args, kwargs = step.call
    operand = next(iter(formula.operands.values()))
    for least in (EPS, LARGER):
        text = f"{operand.text}.clamp(min={least:g})"
        yield Proposal(
            step, [operand], lambda x, least=least: function(x.clamp(min=least), *args[1:], **kwargs),
            replaced(step.place, {operand.text: text}) if operand.text in step.place.whole else UNTOLD,
        )  # fmt: skip
