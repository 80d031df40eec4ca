"""One function of the catalogue in full: its row, torch's own line for it, and an example that runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

from gradcalc.arrays.infer import infer
from gradcalc.base.errors import UnknownNameError, UsageError, did_you_mean, shortened
from gradcalc.base.limits import Limits
from gradcalc.base.loading import loading
from gradcalc.base.printing import Printed
from gradcalc.functions import ALIASES, NAMED, Function
from gradcalc.functions.elsewhere import SAME
from gradcalc.functions.forms import usage
from gradcalc.functions.function import NO_GRADIENT, UNKNOWN
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.syntax.tree import Call, Name, number

CHOICE = "where(x > 0, x**2, -x)", "2"
SCALE = "x"  # what an array without variables is multiplied by, to be derived


@dataclass(frozen=True, slots=True)
class Described(Printed):
    """A row, what torch runs for it, line by line, the parameters by which torch has no gradient, and a command."""

    row: Function
    torch: tuple[str, ...]
    without: tuple[str, ...]
    example: str
    verdict: ClassVar[None] = None  # nothing is compared

    @property
    def signature(self) -> str:
        """How the function is called, with the values of parameters that are left out."""
        row = self.row
        plain = len(row.parameters) - len(row.defaults)
        named = (f"{name}={value}" for name, value in zip(row.parameters[plain:], row.defaults, strict=True))
        return usage(replace(row, parameters=(*row.parameters[:plain], *named)))


def describe(name: str) -> Described:
    """All there is to say of a function, by any of its names. Raises UnknownNameError, with the nearest name."""
    row = _row(name)
    text, at = CHOICE if row.name == "where" else _example(row)
    problem = pose(text, Limits(), at=at)
    command = "jacobian" if infer(problem.root, problem.shapes)[id(problem.root)] else "diff"
    with loading():
        from gradcalc.codegen.torch import function  # here, as torch takes long to load
        from gradcalc.engines.torch.missing import without_gradient
    try:
        code = function(problem, "f", {one: one for one in problem.names})
    except UsageError:
        code = []
    without = tuple(row.parameters[place] for place in without_gradient(row.name))
    where = f'"{at}"' if "[" in at else at
    example = f'gradcalc {command} "{text}" --at {where}'
    return Described(row, _own(row, code), without, example)


def _row(name: str) -> Function:
    row = NAMED.get(ALIASES.get(name, name))
    if row is None:
        same = next((one for one in SAME if one.name == name), None)
        read = None if same is None else f"`{name}({', '.join(same.parameters)})` is read as `{same.formula}`"
        raise UnknownNameError(
            f"no function is called `{shortened(name)}`", hint=read or did_you_mean(name, [*NAMED, *ALIASES])
        )
    return row


def _own(row: Function, code: Sequence[str]) -> tuple[str, ...]:
    """The lines of a program that are about the function: the body of the helper of that name, or else the result."""
    heads = [place for place, line in enumerate(code) if line.startswith("def ")]
    own = [place for place in heads if code[place].startswith((f"def {row.name}(", f"def {row.name}_loss("))]
    if not heads:
        return ()
    body = code[(own or heads)[-1] + 1 :]
    return tuple(line.removeprefix("    ").removeprefix("return ") for line in body[: _length(body)])


def _length(lines: Sequence[str]) -> int:
    return next((place for place, line in enumerate(lines) if not line), len(lines))


def _example(row: Function) -> tuple[str, str]:
    """The function, of numbers where no rule stands for a parameter; and the shortest sample as a point."""
    sample = min(row.samples, key=lambda values: len(_written(values)))
    given = dict(zip(row.parameters[: len(row.parameters) - len(row.defaults)], sample, strict=False))
    point = {
        name: value
        for (name, value), rule in zip(given.items(), row.vjp, strict=False)
        if rule not in (NO_GRADIENT, UNKNOWN)
    }
    arguments = (Name(name) if name in point else number(Fraction(value)) for name, value in given.items())
    text = to_text(Call(row.name, tuple(arguments)))
    if not point:
        return f"{SCALE}*{text}", f"{SCALE}=2"
    return text, ",".join(f"{name}={_written(value)}" for name, value in point.items())


def _written(value: Any) -> str:
    """A number of a sample, or an array."""
    if isinstance(value, tuple):
        return f"[{','.join(map(_written, value))}]"
    return repr(value).removesuffix(".0")
