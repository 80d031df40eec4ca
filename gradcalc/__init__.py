"""gradcalc derives gradients symbolically and by autograd, and says whether the two agree."""

from gradcalc.api import diff
from gradcalc.errors import GradcalcError
from gradcalc.results import Comparison, Row

__version__ = "0.1.0"
__all__ = ["Comparison", "GradcalcError", "Row", "__version__", "diff"]
