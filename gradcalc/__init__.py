"""gradcalc derives gradients symbolically and by autograd, and says whether the two agree."""

TYPE_CHECKING = False  # `typing` has it too, but takes as long to load as a warm call has
if TYPE_CHECKING:
    from typing import Any

    from gradcalc.answers.audit.records import CodeAudit
    from gradcalc.answers.check.records import Check, CounterExample, Finding
    from gradcalc.answers.code.asking import code
    from gradcalc.answers.code.records import Code
    from gradcalc.answers.critical.records import CriticalPoints
    from gradcalc.answers.matrices.records import Hessian, Jacobian
    from gradcalc.answers.records import ArrayRow, Comparison, Row
    from gradcalc.answers.steps.records import ArraySteps, Steps
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
    "Comparison",
    "CounterExample",
    "CriticalPoints",
    "Finding",
    "GradcalcError",
    "Hessian",
    "Jacobian",
    "Row",
    "Steps",
    "__version__",
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
]

ADDRESSES = {  # loaded when first used, so that the command line starts fast
    "ArrayRow": "gradcalc.answers.records:ArrayRow",
    "ArraySteps": "gradcalc.answers.steps.records:ArraySteps",
    "Check": "gradcalc.answers.check.records:Check",
    "Code": "gradcalc.answers.code.records:Code",
    "CodeAudit": "gradcalc.answers.audit.records:CodeAudit",
    "Comparison": "gradcalc.answers.records:Comparison",
    "CounterExample": "gradcalc.answers.check.records:CounterExample",
    "CriticalPoints": "gradcalc.answers.critical.records:CriticalPoints",
    "Finding": "gradcalc.answers.check.records:Finding",
    "GradcalcError": "gradcalc.base.errors:GradcalcError",
    "Hessian": "gradcalc.answers.matrices.records:Hessian",
    "Jacobian": "gradcalc.answers.matrices.records:Jacobian",
    "Row": "gradcalc.answers.records:Row",
    "Steps": "gradcalc.answers.steps.records:Steps",
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
}


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> "Any":
    if name not in ADDRESSES:
        raise AttributeError(f"module `gradcalc` has no attribute `{name}`")
    from gradcalc.base.loading import load  # here, for the same reason

    return load(ADDRESSES[name])
