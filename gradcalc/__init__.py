"""gradcalc derives gradients symbolically and by autograd, and says whether the two agree."""

from typing import TYPE_CHECKING, Any

from gradcalc.loading import load

if TYPE_CHECKING:
    from gradcalc.api import check, diff
    from gradcalc.checking.findings import Check, CounterExample, Finding
    from gradcalc.errors import GradcalcError
    from gradcalc.results import Comparison, Row

__version__ = "0.1.0"
__all__ = [
    "Check",
    "Comparison",
    "CounterExample",
    "Finding",
    "GradcalcError",
    "Row",
    "__version__",
    "check",
    "diff",
]

ADDRESSES = {  # loaded when first used, so that the command line starts fast
    "Check": "gradcalc.checking.findings:Check",
    "Comparison": "gradcalc.results:Comparison",
    "CounterExample": "gradcalc.checking.findings:CounterExample",
    "Finding": "gradcalc.checking.findings:Finding",
    "GradcalcError": "gradcalc.errors:GradcalcError",
    "Row": "gradcalc.results:Row",
    "check": "gradcalc.api:check",
    "diff": "gradcalc.api:diff",
}


def __getattr__(name: str) -> Any:
    if name not in ADDRESSES:
        raise AttributeError(f"module `gradcalc` has no attribute `{name}`")
    return load(ADDRESSES[name])
