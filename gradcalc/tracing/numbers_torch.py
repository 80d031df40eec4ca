"""Floats that the code takes out of tensors, and knows again when it puts them back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gradcalc.engines.torch import torch
from gradcalc.tracing.places import Place
from gradcalc.tracing.sight_torch import Sight
from gradcalc.tracing.storages_torch import Storages
from gradcalc.tracing.tape import Tape
from gradcalc.tracing.terms import Term, constant, picked

Tensor = Any
MOST = 64  # elements of a tensor that is made of Python's numbers
TELLING = 8  # the least digits of a number that is known again


@dataclass(slots=True, eq=False)
class Numbers:
    """What each float stands for, those that are no ordinary ones."""

    tape: Tape
    storages: Storages
    sight: Sight
    known: dict[float, Term] = field(default_factory=dict)

    def remember(self, term: Term, values: Sequence[Any], cut: int) -> None:
        """Python has the numbers of a term now, as `values`: autograd loses them at a cut."""
        self.tape.escapes.append(self.tape.cuts[cut])
        for place, value in enumerate(values[:MOST]):
            if isinstance(value, float) and len(repr(value).strip("-0.")) >= TELLING:
                one = term.at([place], ())
                known = replace(one, read=replace(one.read, cut=cut))
                self.known |= {value: known, float(torch.tensor(value, dtype=torch.float32)): known}

    def recognise(self, tensor: Tensor) -> None:
        """A tensor that was made of Python's numbers: of those that are known, it holds what they stand for."""
        if not self.known or tensor.numel() > MOST or not tensor.is_floating_point():
            return
        values = tensor.detach().double().reshape(-1).tolist()
        found = [self.known.get(one) for one in values]
        if any(found):
            terms = [one or constant(self.tape, [value], ()) for one, value in zip(found, values, strict=True)]
            places = [(place, 0) for place in range(len(terms))]
            self.storages.bind(tensor, picked([one.at(None, (1,)) for one in terms], places, tensor.shape))
            self.sight.cuts[id(tensor)] = next(one.read.cut or 0 for one in found if one)

    def beside(self, name: str, arguments: Sequence[Any], place: Place | None) -> dict[str, Any]:
        """What a row needs beside the arguments: the table whose row of padding autograd holds constant."""
        if name != "embedding" or len(arguments) < 3 or arguments[2] not in arguments[1].whole:
            return {}
        table = arguments[0]
        return {"held": replace(table, read=replace(table.read, cut=self.sight.cut("padding", place)))}


def settled(name: str, arguments: Sequence[Any], outputs: Sequence[Tensor]) -> Sequence[Any]:
    """The arguments of an operation, with what hangs on the number format where it is left out."""
    if name != "_fused_rms_norm" or arguments[3] is not None:
        return arguments
    worked_in = torch.float64 if outputs[0].dtype == torch.float64 else torch.float32
    return [*arguments[:3], torch.finfo(worked_in).eps]


def flat(data: Any) -> Iterator[Any]:
    """What stands in nested lists."""
    if isinstance(data, list | tuple):
        for one in data:
            yield from flat(one)
    else:
        yield data
