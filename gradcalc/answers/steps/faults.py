"""What is said where a step of a derivation turns out to be wrong."""

from __future__ import annotations

from collections.abc import Mapping

from gradcalc.base.errors import InternalError
from gradcalc.base.words import place
from gradcalc.calculus.step import Step
from gradcalc.functions.printer import to_text


def wrong(step: Step, point: Mapping[str, float]) -> InternalError:
    """The error for a step that the values at a point refute."""
    return InternalError(
        f"gradcalc has a bug: its {step.rule} rule derives {to_text(step.of)} to {to_text(step.result)}, and at "
        f"{place(point) or 'every point'} the values say otherwise",
        hint="please report it with this command",
    )
