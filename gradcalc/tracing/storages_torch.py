"""Where the numbers of tensors are on the tape: storages, which views share and operations in place change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gradcalc.engines.exact.ball import Ball
from gradcalc.engines.torch import torch
from gradcalc.tracing.layout import strided
from gradcalc.tracing.rules import Given, Numbers
from gradcalc.tracing.tape import Index, Read, Tape, composed
from gradcalc.tracing.terms import Term, picked

Tensor = Any


@dataclass(slots=True, eq=False)
class Held:
    """Where the numbers of a storage are: a node, and for each place of the storage the element."""

    storage: Any  # kept alive, so that its address means nothing else
    node: int
    layout: Index


class Storages:
    """The storages that a run has met, as they stand now."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.held: dict[int, Held] = {}
        self.owned: dict[int, tuple[int, int]] = {}  # of each leaf, by its identity, the node and the storage

    def knows(self, tensor: Tensor) -> bool:
        """Was its storage met before?"""
        return tensor.untyped_storage()._cdata in self.held

    def read(self, tensor: Tensor) -> Read:
        """Where a tensor's numbers are; a storage that was not met before holds constants."""
        storage = tensor.untyped_storage()
        if storage._cdata not in self.held:
            whole = tensor.detach().as_strided((storage.nbytes() // tensor.element_size(),), (1,), 0)
            node = self.tape.add(Given(constants(whole)), (), whole.numel())
            self.held[storage._cdata] = Held(storage, node, None)
        held = self.held[storage._cdata]
        return Read(held.node, composed(held.layout, places(tensor)))

    def bind(self, tensor: Tensor, term: Term) -> None:
        """A new storage, whose numbers are those of a term in the order of the tensor's strides."""
        storage, index = tensor.untyped_storage(), term.read.index
        order = places(tensor)
        layout = index
        if order is not None:
            spread = [0] * (storage.nbytes() // max(tensor.element_size(), 1))
            for element, place in enumerate(order):
                spread[place] = element if index is None else index[element]
            layout = spread
        self.held[storage._cdata] = Held(storage, term.read.node, layout)

    def write(self, tensor: Tensor, term: Term, unseen: bool) -> None:
        """An operation in place: the storage has other numbers from here on, some of them or all.

        Where autograd does not see it (`unseen`), it takes the old numbers for the new ones.
        """
        self.read(tensor)
        storage = tensor.untyped_storage()
        held, count = self.held[storage._cdata], storage.nbytes() // tensor.element_size()
        order = places(tensor)
        if order is None and not unseen:
            self.held[storage._cdata] = Held(storage, term.read.node, term.read.index)
            return
        before = Term(self.tape, Read(held.node, held.layout), (count,))
        picks = [(0, place) for place in range(count)]
        for element, place in enumerate(range(count) if order is None else order):
            picks[place] = (1, element)
        made = picked([before, term], picks, (count,))
        if unseen:
            self.tape.nodes[made.read.node].bypass = before.read
        self.held[storage._cdata] = Held(storage, made.read.node, None)

    def follow(self, tensor: Tensor) -> None:
        """Of a leaf whose `.data` was set autograd takes the new numbers for the old ones."""
        storage = tensor.untyped_storage()._cdata
        node, own = self.owned.get(id(tensor), (0, storage))
        if own == storage:
            return
        shape, read = tuple(tensor.shape), self.read(tensor)
        made = picked([Term(self.tape, read, shape)], [(0, place) for place in range(tensor.numel())], shape)
        self.tape.nodes[made.read.node].bypass = Read(node)
        self.bind(tensor, made)
        self.owned[id(tensor)] = node, storage

    def forget(self, tensor: Tensor) -> None:
        """Something changed it: it is met anew, with the numbers that it has then."""
        self.held.pop(tensor.untyped_storage()._cdata, None)


def constants(tensor: Tensor) -> Numbers:
    """The numbers of a tensor as balls."""
    if tensor._is_zerotensor():  # of forward mode, which has no memory
        return [Ball(0)] * tensor.numel()
    return [Ball(one) for one in tensor.detach().reshape(-1).tolist()]


def dense(tensor: Tensor) -> Tensor:
    """A gradient with all its numbers, as that of a sparse embedding has the rows alone that were looked up."""
    return tensor if tensor.layout is torch.strided else tensor.to_dense()


def places(tensor: Tensor) -> list[int] | None:
    """The places of a tensor's elements in its storage; None where they are all of them in order."""
    whole = tensor.untyped_storage().nbytes() == tensor.numel() * tensor.element_size()
    if whole and tensor.is_contiguous():
        return None
    return strided(tuple(tensor.shape), tensor.stride(), tensor.storage_offset())


def tensors_in(value: Any) -> Iterator[Tensor]:
    """The tensors in arguments or results, nested as they may be."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, list | tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from tensors_in(one)


def written_by(call: Any) -> list[Tensor]:
    """The tensors that an operation writes to, given by their place or, as `out`, by name."""
    func, args, kwargs = call
    given = {one.name: value for one, value in zip(func._schema.arguments, args, strict=False)} | kwargs
    writes = {one.name for one in func._schema.arguments if one.alias_info is not None and one.alias_info.is_write}
    return [one for name, value in given.items() if name in writes for one in tensors_in(value)]


def terms_in(value: Any) -> Iterator[Term]:
    """The terms in arguments that stand for tensors."""
    if isinstance(value, Term):
        yield value
    elif isinstance(value, list | tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from terms_in(one)
