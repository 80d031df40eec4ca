"""The languages that programs are written in: a line each."""

from __future__ import annotations

from collections.abc import Callable

from gradcalc.codegen import c_source, pythonic
from gradcalc.codegen.c import C
from gradcalc.codegen.jax import JAX
from gradcalc.codegen.language import Language
from gradcalc.codegen.numpy import NUMPY
from gradcalc.codegen.program import Program
from gradcalc.codegen.python import PYTHON

LANGUAGES: dict[str, Language | None] = {
    "torch": None,  # whose functions are those that the engine runs
    "python": PYTHON,
    "numpy": NUMPY,
    "jax": JAX,
    "c": C,
}
ARRAYS = ("torch", "numpy", "jax")  # have them
ITSELF = ("torch", "jax")  # differentiate by themselves, where no formula does


def language(to: str) -> Language:
    """What a language has."""
    found = LANGUAGES[to]
    if found is None:
        from gradcalc.codegen.torch_source import TORCH  # here, as torch takes long to load

        return TORCH.language
    return found


def written(program: Program, to: str, *, function: bool = False) -> str:
    """The program in a language; with `function`, for torch, as an autograd function. Raises UsageError."""
    if to == "torch":
        from gradcalc.codegen.torch_source import source  # here, for the same reason

        return source(program, function=function)
    plain: Callable[[Program], str] = c_source.source
    return plain(program) if to == "c" else pythonic.source(program, to)
