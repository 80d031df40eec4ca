"""How code is run and judged: what the options of an audit say, in one record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from gradcalc.base.errors import UsageError
from gradcalc.base.floating import FORMATS, Format
from gradcalc.inputs.pose import require_dtype
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.problem.tolerance import require_tolerance

DEVICES = ("cpu", "cuda")
ORDERS = (1, 2)
HALVES = ("bfloat16", "float16")


class Options(TypedDict, total=False):
    """What an audit may be asked for, beside its target and its point."""

    dtype: str
    rtol: float | None
    cuts: bool
    result: str | None
    seed: int
    weights: Path | str | None
    autocast: str | None
    device: str
    order: int


@dataclass(frozen=True, slots=True)
class How:
    """The options of an audit.

    `result` names what is derived of a result that has several tensors; `seed` is that of values that are drawn;
    `weights` a file with the module's parameters; `autocast` the format that torch.autocast runs in.
    """

    dtype: str = DEFAULT_DTYPE
    rtol: float | None = None
    cuts: bool = False
    result: str | None = None
    seed: int = 0
    weights: Path | str | None = None
    autocast: str | None = None
    device: str = "cpu"
    order: int = 1

    def __post_init__(self) -> None:
        require_dtype(self.dtype)
        if self.rtol is not None:
            require_tolerance("rtol", self.rtol)
        if self.device.partition(":")[0] not in DEVICES:
            raise UsageError(f"`{self.device}` is no device", hint="cpu or cuda")
        if not -(2**63) <= self.seed < 2**64:
            raise UsageError("the seed takes more than 64 bits")
        if self.autocast is not None and self.autocast not in HALVES:
            raise UsageError(f"autocast runs in no `{self.autocast}`", hint=" or ".join(HALVES))
        if self.order not in ORDERS:
            raise UsageError("code is audited to order 1 or 2")

    @property
    def form(self) -> Format:
        """The number format of arguments and parameters."""
        return FORMATS[self.dtype]
