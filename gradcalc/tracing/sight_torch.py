"""What autograd sees of a run: where the code hides a number from it, and what custom functions do unseen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradcalc.engines.torch import torch
from gradcalc.tracing.places import Place
from gradcalc.tracing.tape import Cut, Read, Step, Tape

Tensor = Any
TORCH = str(Path(torch.__file__).parent)


@dataclass(slots=True, eq=False)
class Application:
    """A call of a custom autograd.Function: what went in, what came out, and where.

    `inputs` are copies, whatever happens to the tensors afterwards; `made` the tensors made inside, by identity;
    its steps are those from the number `first` on, up to `last`, which is none of them; from `begin` on it was copied.
    """

    function: Any
    place: Place | None
    inputs: tuple[Any, ...]
    reads: tuple[Read | None, ...]
    first: int
    begin: int
    last: int = 0
    outputs: list[tuple[Tensor, Read]] = field(default_factory=list)
    made: set[int] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Sight:
    """Tensors by their identity: the cut that hides one, and the step that made it."""

    tape: Tape
    cuts: dict[int, int] = field(default_factory=dict)
    makers: dict[int, Step] = field(default_factory=dict)
    leaves: set[int] = field(default_factory=set)  # that are derived by
    inside: Application | None = None
    step: Step | None = None

    def made(self, tensor: Tensor, step: Step) -> None:
        """A step made a tensor."""
        self.makers[id(tensor)] = step
        if self.inside is not None:
            self.inside.made.add(id(tensor))

    def follow(self, name: str, base: Tensor, views: Iterable[Tensor]) -> None:
        """Views of a tensor, which autograd may lose here."""
        place = self.step.place if self.step else None
        for one in views:
            cut = self.cuts.get(id(base))
            if cut is None and base.requires_grad and not self.inside:
                if name == "detach":
                    cut = self.cut("data" if place and place.whole.endswith(".data") else "detach", place)
                elif not torch.is_grad_enabled():
                    cut = self.cut("no_grad", place)
            if cut is not None:
                self.cuts[id(one)] = cut
            if id(base) in self.makers:
                self.makers[id(one)] = self.makers[id(base)]
            if self.inside:
                self.inside.made.add(id(one))

    def cut(self, kind: str, place: Place | None) -> int:
        """A new cut; its number."""
        self.tape.cuts.append(Cut(kind, place))
        return len(self.tape.cuts) - 1

    def unseen(self, tensor: Tensor) -> bool:
        """Does autograd not see what changes this tensor in place?"""
        hidden = tensor.requires_grad and not torch.is_grad_enabled()
        return self.inside is None and (hidden or id(tensor) in self.cuts)

    def severed(self, tensor: Tensor) -> int | None:
        """Where autograd lost a tensor that depends on a leaf; None where it follows it."""
        known = self.cuts.get(id(tensor))
        if known is not None or not tensor.is_floating_point():
            return known
        if self.inside is not None and (id(tensor) in self.inside.made or tensor.requires_grad):
            return None
        maker = self.makers.get(id(tensor))
        made = tensor.is_leaf and maker and id(tensor) not in self.leaves  # where a new graph begins
        if tensor.requires_grad and torch.is_grad_enabled() and not made:
            return None
        if maker is not None and not maker.floats:
            return None  # made of whole numbers or conditions, which have no slope anyway
        inherited = next((read.cut for read in maker.inputs if read.cut is not None), None) if maker else None
        kind = "no_grad" if not torch.is_grad_enabled() else "requires_grad"
        cut = self.cut(kind, self.step.place if self.step else None) if inherited is None else inherited
        if not tensor.requires_grad:
            self.cuts[id(tensor)] = cut
        return cut
