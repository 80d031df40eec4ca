"""gradcalc derives gradients symbolically and by autograd, and says whether the two agree."""

TYPE_CHECKING = False  # `typing` has it too, but takes as long to load as a warm call has
if TYPE_CHECKING:
    from typing import Any

    from gradcalc.answers.audit.call import assert_gradient
    from gradcalc.answers.audit.records import CodeAudit, CodeBlame
    from gradcalc.answers.check.records import Check, CounterExample, Finding
    from gradcalc.answers.code.asking import code
    from gradcalc.answers.code.records import Code
    from gradcalc.answers.critical.records import CriticalPoints
    from gradcalc.answers.matrices.records import Hessian, Jacobian
    from gradcalc.answers.records import ArrayRow, Comparison, Row
    from gradcalc.answers.steps.records import ArraySteps, Steps
    from gradcalc.answers.watch.records import NotFiniteError
    from gradcalc.answers.watch.watching import watch
    from gradcalc.api import audit, check, critical, diff, hessian, jacobian, reading, steps
    from gradcalc.base.errors import GradcalcError
    from gradcalc.jobs.map.batches import map_batches

__version__ = "0.1.0"
__all__ = [
    "ArrayRow",
    "ArraySteps",
    "Check",
    "Code",
    "CodeAudit",
    "CodeBlame",
    "Comparison",
    "CounterExample",
    "CriticalPoints",
    "Finding",
    "GradcalcError",
    "Hessian",
    "Jacobian",
    "NotFiniteError",
    "Row",
    "Steps",
    "__version__",
    "assert_gradient",
    "audit",
    "check",
    "code",
    "critical",
    "diff",
    "hessian",
    "jacobian",
    "map_batches",
    "reading",
    "steps",
    "watch",
]

ADDRESSES = {  # loaded when first used, so that the command line starts fast
    "ArrayRow": "gradcalc.answers.records:ArrayRow",
    "ArraySteps": "gradcalc.answers.steps.records:ArraySteps",
    "Check": "gradcalc.answers.check.records:Check",
    "Code": "gradcalc.answers.code.records:Code",
    "CodeAudit": "gradcalc.answers.audit.records:CodeAudit",
    "CodeBlame": "gradcalc.answers.audit.records:CodeBlame",
    "Comparison": "gradcalc.answers.records:Comparison",
    "CounterExample": "gradcalc.answers.check.records:CounterExample",
    "CriticalPoints": "gradcalc.answers.critical.records:CriticalPoints",
    "Finding": "gradcalc.answers.check.records:Finding",
    "GradcalcError": "gradcalc.base.errors:GradcalcError",
    "Hessian": "gradcalc.answers.matrices.records:Hessian",
    "Jacobian": "gradcalc.answers.matrices.records:Jacobian",
    "NotFiniteError": "gradcalc.answers.watch.records:NotFiniteError",
    "Row": "gradcalc.answers.records:Row",
    "Steps": "gradcalc.answers.steps.records:Steps",
    "assert_gradient": "gradcalc.answers.audit.call:assert_gradient",
    "audit": "gradcalc.api:audit",
    "check": "gradcalc.api:check",
    "code": "gradcalc.answers.code.asking:code",
    "critical": "gradcalc.api:critical",
    "diff": "gradcalc.api:diff",
    "hessian": "gradcalc.api:hessian",
    "jacobian": "gradcalc.api:jacobian",
    "map_batches": "gradcalc.jobs.map.batches:map_batches",
    "reading": "gradcalc.api:reading",
    "steps": "gradcalc.api:steps",
    "watch": "gradcalc.answers.watch.watching:watch",
}


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> "Any":
    if name not in ADDRESSES:
        raise AttributeError(f"module `gradcalc` has no attribute `{name}`")
    from gradcalc.base.loading import load  # here, for the same reason
    from gradcalc.base.printing import prints_by

    prints_by(_page)
    return load(ADDRESSES[name])


def _page(result: object) -> str:
    """What a result prints: the page of the command line."""
    from gradcalc.render.formats import text  # here, for the same reason

    return text(result, "plain")
