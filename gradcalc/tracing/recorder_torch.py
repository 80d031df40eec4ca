"""The recorder: PyTorch code run once, every ATen operation put on a tape with its value and its place in the code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode

from gradcalc.base.effort import spend
from gradcalc.base.errors import UsageError
from gradcalc.engines.torch import torch
from gradcalc.tracing.lowering import LOWERED
from gradcalc.tracing.numbers_torch import Numbers, flat, settled
from gradcalc.tracing.opaque_torch import Assembly, Hidden, Opaque, is_hidden, moved
from gradcalc.tracing.operations import CASTS, FACTORIES, IGNORED, IN_PLACE_VIEWS, MOVES, SYMMETRIC, slopeless
from gradcalc.tracing.places import Place, here
from gradcalc.tracing.pointwise import FUNCTIONS
from gradcalc.tracing.rules import Frozen, Given
from gradcalc.tracing.sight_torch import TORCH, Application, Sight
from gradcalc.tracing.storages_torch import Storages, constants, tensors_in, terms_in, written_by
from gradcalc.tracing.tape import Output, Read, Step, Tape
from gradcalc.tracing.terms import Term, constant, picked, pointwise

Tensor = Any
PER_OPERATION, PER_NUMBER = 50.0, 0.5  # steps of work to record an operation, and each number of it


class Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's own class is not annotated
    """Puts what runs inside on `tape`."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self.tape = Tape()
        self.storages = Storages(self.tape)
        self.sight = Sight(self.tape)
        self.alive: list[Tensor] = []  # so that no identity is used twice
        self.numbers = Numbers(self.tape, self.storages, self.sight)
        self.hidden: dict[int, Hidden] = {}  # complex and sparse tensors, by their identity
        self.applications: list[Application] = []

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here: torch would load its compiler, and SymPy with it, at the first operation."""
        return False

    def leaf(self, name: str, tensor: Tensor) -> None:
        """A variable to derive by."""
        node = self.tape.leaf(name, Given(constants(tensor)), tensor.numel())
        self.storages.bind(tensor, Term(self.tape, Read(node), tuple(tensor.shape)))
        self.sight.leaves.add(id(tensor))
        self.storages.owned[id(tensor)] = node, tensor.untyped_storage()._cdata

    @contextmanager
    def applying(self, function: Any, inputs: Sequence[Any]) -> Iterator[Application]:
        """Around a call of a custom function, whose own operations autograd does not see one by one."""
        reads, begin = tuple(self.term(one).read if _is_float(one) else None for one in inputs), len(self.tape.steps)
        copies = tuple(one.detach().clone() if isinstance(one, torch.Tensor) else one for one in inputs)
        call = Application(function, here((TORCH,)), copies, reads, len(self.tape.steps), begin)
        outer, self.sight.inside = self.sight.inside, call
        try:
            yield call
        finally:
            self.sight.inside = outer
            call.last = len(self.tape.steps)
        self.applications.append(call)

    # -- one operation

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = func._schema.name.partition("::")[2]
        given = list(tensors_in((args, kwargs)))
        step = self.sight.step = Step(f"aten.{name}", here((TORCH,)), ())
        lowered = self._lowered(args), {key: self._lowered(one) for key, one in kwargs.items() if key not in IGNORED}
        terms = list(terms_in(lowered))
        step.inputs, step.shapes = tuple(one.read for one in terms), tuple(one.shape for one in terms)
        step.floats = any(
            _is_float(one) and not is_hidden(one) and self.tape.varies(self.storages.read(one)) for one in given
        )
        result = func(*args, **kwargs)
        spend(PER_OPERATION + PER_NUMBER * sum(one.numel() for one in (*given, *tensors_in(result))))
        self.alive.extend((*given, *tensors_in(result)))
        if name == "_local_scalar_dense" and lowered[0][0] is not None:
            self._escaped(lowered[0][0], result, step.place)
        elif any(map(is_hidden, tensors_in(result))):
            self._follow_hidden(name, step, (func, args, kwargs), result)
        elif self._is_view(func, name, result):
            self.sight.follow(name, given[0], tensors_in(result))
        else:
            self._record(name, step, lowered, (func, args, kwargs), result)
        return result

    def _is_view(self, func: Any, name: str, result: Any) -> bool:
        outputs = list(tensors_in(result))
        in_place = func._schema.is_mutable and name not in IN_PLACE_VIEWS
        return bool(outputs) and not in_place and all(map(self.storages.knows, outputs))

    # -- arguments

    def _lowered(self, value: Any) -> Any:
        """An argument with terms in place of tensors."""
        if isinstance(value, torch.Tensor):
            return None if is_hidden(value) else self.term(value)
        if isinstance(value, list | tuple):
            return [self._lowered(one) for one in value]
        return self.numbers.known.get(value, value) if type(value) is float else value

    def term(self, tensor: Tensor) -> Term:
        """The numbers of a tensor, as they are now."""
        if not self.storages.knows(tensor):
            self.alive.append(tensor)
            self.numbers.recognise(tensor)
        self.storages.follow(tensor)
        read, shape = self.storages.read(tensor), tuple(tensor.shape)
        whole = () if tensor.is_floating_point() else tensor.reshape(-1).tolist()
        cut = self.sight.severed(tensor) if self.tape.varies(read) else None
        return Term(self.tape, replace(read, cut=cut), shape, whole)

    # -- results

    def _record(self, name: str, step: Step, lowered: Any, call: Any, result: Any) -> None:
        """Put an operation on the tape, by its row, or as what was recorded where it has none."""
        self.tape.steps.append(step)
        step.call = call
        outputs, written = list(tensors_in(result)), written_by(call)
        changed = {one.untyped_storage()._cdata for one in written}
        terms = self._terms_of(name, step, lowered, call, outputs)
        for tensor, term in zip(outputs, terms, strict=True):
            if tensor.untyped_storage()._cdata in changed:
                self.storages.write(tensor, term, self.sight.unseen(tensor))
            else:
                self.storages.bind(tensor, term)
            self._note(step, tensor)
        for one in written:
            if not any(one is tensor for tensor in outputs):  # a buffer that is updated on the way
                self.storages.forget(one)

    def _note(self, step: Step, tensor: Tensor) -> None:
        """Remember a result, and who made it."""
        self.sight.made(tensor, step)
        if tensor.is_floating_point() or tensor.dtype == torch.bool:
            form = str(tensor.dtype).removeprefix("torch.")
            read, numbers = self.storages.read(tensor), tensor.detach().clone()
            version = 0 if tensor.is_inference() else tensor._version
            step.outputs.append(Output(read, tuple(tensor.shape), numbers, tensor, version, form))

    def _terms_of(self, name: str, step: Step, lowered: Any, call: Any, outputs: Sequence[Tensor]) -> list[Term]:
        hidden = [one for one in tensors_in(call[1]) if is_hidden(one)]
        varies = any(id(one) in self.hidden for one in hidden) or any(self.tape.varies(read) for read in step.inputs)
        held = varies and slopeless(name, call[0]._overloadname)
        if held or name in FACTORIES:
            return [self._frozen(one, step, held) for one in outputs]
        row = LOWERED.get(name) or LOWERED.get(name.rstrip("_"))
        exact = varies or (row is not None and not hidden and any(map(_is_float, tensors_in(call[1]))))
        if not exact or not any(_is_float(one) or (row and one.dtype == torch.bool) for one in outputs):
            return [self._frozen(one, step, varies) for one in outputs]
        if name in MOVES:
            again = lambda one: call[0](one, *call[1][1:], **call[2])  # noqa: E731  # what the operation does to places
            return [moved(lowered[0][0], outputs[0].shape, again, outputs[0].device)]
        if row is None or hidden:
            return self._opaque(name, step, call, outputs)
        beside = self.numbers.beside(name, lowered[0], step.place)
        found = row(*settled(name, lowered[0], outputs), **lowered[1], **beside)
        terms = [*(found if isinstance(found, tuple) else [found]), *[None] * len(outputs)]
        return [
            self._frozen(tensor, step, varies) if term is None else _cast(name, tensor, term)
            for tensor, term in zip(outputs, terms, strict=False)
        ]

    def _frozen(self, tensor: Tensor, step: Step, varies: bool) -> Term:
        """Numbers as they were recorded."""
        if not varies:
            return constant(self.tape, constants(tensor), tensor.shape)
        reads = [one for one in step.inputs if self.tape.varies(one)]
        return Term(
            self.tape, Read(self.tape.add(Frozen(constants(tensor)), reads, tensor.numel())), tuple(tensor.shape)
        )

    def _opaque(self, name: str, step: Step, call: Any, outputs: Sequence[Tensor]) -> list[Term]:
        """The results of an operation that has no row, linear about what was recorded."""
        step.covered = False
        assembly = Assembly(self.term, self.hidden, name in SYMMETRIC)
        region, reads = assembly.region(*call), [one.read for one in assembly.terms]
        return [
            Term(self.tape, Read(self.tape.add(Opaque(region, which), reads, one.numel())), tuple(one.shape))
            if _is_float(one) else self._frozen(one, step, True)
            for which, one in enumerate(outputs)
        ]  # fmt: skip

    def _follow_hidden(self, name: str, step: Step, call: Any, result: Any) -> None:
        """Results that are complex or sparse: remembered as a function of real and dense ones.

        Raises UsageError where a change in place reaches real numbers that are known already.
        """
        written = written_by(call)
        if any(one.layout is torch.strided and self.storages.knows(one) for one in written):
            line = "" if step.place is None else f", line {step.place.line}"
            raise UsageError(
                f"`{name}` changes a complex view of real numbers in place{line}: that is not followed",
                hint=f"write it without the change in place: {name.rstrip('_')} instead of {name}",
            )
        assembly = Assembly(self.term, self.hidden)
        region = assembly.region(*call)
        if not assembly.terms:  # constants
            return
        step.covered = False
        self.tape.steps.append(step)
        for which, one in enumerate(tensors_in(result)):
            self.hidden[id(one)] = Hidden(region, assembly.terms, which)

    def _escaped(self, term: Term, value: Any, place: Place | None) -> None:
        """A number that Python takes out: what control flow hangs on, or a float that is known when it comes back."""
        if not self.tape.varies(term.read):
            return
        if isinstance(value, bool):
            self.tape.decisions.append((place, term.read, value))
            return
        self.numbers.remember(term, [value], self.sight.cut("item", place))

    def copied(self, data: Any, made: Tensor) -> None:
        """A tensor was made of a list, in which tensors may stand: autograd does not see where it comes from."""
        parts = list(flat(data)) if made.is_floating_point() else []
        terms = [self.term(one) if isinstance(one, torch.Tensor) else None for one in parts]
        if any(one is not None and self.tape.varies(one.read) for one in terms):
            known = [one or constant(self.tape, [part], ()) for one, part in zip(terms, parts, strict=True)]
            places = [(place, 0) for place in range(len(known))]
            self.storages.bind(made, picked([one.at(None, (1,)) for one in known], places, made.shape))
            self.sight.cuts[id(made)] = self.sight.cut("tensor", here((TORCH,)))
            self.alive.append(made)

    def escape(self, kind: str, tensor: Tensor) -> None:
        """A tensor whose numbers become Python's."""
        term = self.term(tensor)
        if self.tape.varies(term.read) and tensor.is_floating_point():
            values = tensor.detach().double().reshape(-1).tolist()
            self.numbers.remember(term, values, self.sight.cut(kind, here((TORCH,))))


def _is_float(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def _cast(name: str, tensor: Tensor, term: Term) -> Term:
    """A number made whole loses its fraction; a condition is whether it is 0."""
    if name not in CASTS or tensor.is_floating_point():
        return term
    return term.apply("ne", 0.0) if tensor.dtype == torch.bool else pointwise(FUNCTIONS["integer"], term)
