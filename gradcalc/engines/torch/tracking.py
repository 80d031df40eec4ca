"""Whatever mode a caller's program is in: what is derived here is tracked, and the mode is afterwards what it was."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import torch

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def tracked(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """The function with gradient tracking on, also under `torch.no_grad()`, and also after it was interrupted there."""

    @wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        before = torch.is_grad_enabled()
        try:
            with torch.inference_mode(False), torch.enable_grad():
                return function(*args, **kwargs)
        finally:
            torch.set_grad_enabled(before)

    return run
