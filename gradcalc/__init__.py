"""gradcalc derives gradients symbolically and by autograd, and says whether the two agree."""

from typing import TYPE_CHECKING, Any

from gradcalc.loading import load

if TYPE_CHECKING:
    from gradcalc.api import check, diff, hessian, jacobian
    from gradcalc.checking.findings import Check, CounterExample, Finding
    from gradcalc.errors import GradcalcError
    from gradcalc.matrices.results import Hessian, Jacobian
    from gradcalc.results import Comparison, Row

__version__ = "0.1.0"
__all__ = [
    "Check",
    "Comparison",
    "CounterExample",
    "Finding",
    "GradcalcError",
    "Hessian",
    "Jacobian",
    "Row",
    "__version__",
    "check",
    "diff",
    "hessian",
    "jacobian",
]

ADDRESSES = {  # loaded when first used, so that the command line starts fast
    "Check": "gradcalc.checking.findings:Check",
    "Comparison": "gradcalc.results:Comparison",
    "CounterExample": "gradcalc.checking.findings:CounterExample",
    "Finding": "gradcalc.checking.findings:Finding",
    "GradcalcError": "gradcalc.errors:GradcalcError",
    "Hessian": "gradcalc.matrices.results:Hessian",
    "Jacobian": "gradcalc.matrices.results:Jacobian",
    "Row": "gradcalc.results:Row",
    "check": "gradcalc.api:check",
    "diff": "gradcalc.api:diff",
    "hessian": "gradcalc.api:hessian",
    "jacobian": "gradcalc.api:jacobian",
}


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    if name not in ADDRESSES:
        raise AttributeError(f"module `gradcalc` has no attribute `{name}`")
    return load(ADDRESSES[name])
