"""What a function does exactly where the point was meant, before its numbers were rounded: tan has a pole at pi/2."""

from __future__ import annotations

from fractions import Fraction

from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.precision import refined
from gradcalc.engines.exact.values import Undefined
from gradcalc.engines.records import Exactly
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, substitute


def exactly(problem: Problem) -> Exactly | None:
    """The part without a value, or at a kink or a pole, where the point was meant to be; None where there is none."""
    root = substitute(problem.root, problem.meant)
    point = {name: Fraction(value) for name, value in problem.numbers.items() if name not in problem.meant}

    def attempt(evaluator: Evaluator) -> Exactly | None:
        values = evaluator.evaluate(root, evaluator.point(point))
        missing = values[id(root)]
        if isinstance(missing, Undefined):
            assert isinstance(missing.node, Call)
            return Exactly(missing.node, valueless=True)
        special = evaluator.singular(root, values)
        return Exactly(special[0], valueless=False) if special else None

    try:
        return refined(root, attempt, lambda found: True)
    except LimitError:  # nothing is known of that place
        return None
