"""The recorder: PyTorch code run once, every ATen operation put on a tape with its value and its place in the code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode

from gradcalc.engines.torch import torch
from gradcalc.tracing.lowering import LOWERED
from gradcalc.tracing.opaque_torch import Assembly, Complex, Opaque, moved
from gradcalc.tracing.places import Place, here
from gradcalc.tracing.pointwise import FUNCTIONS
from gradcalc.tracing.rules import Frozen, Given
from gradcalc.tracing.sight_torch import TORCH, Application, Sight
from gradcalc.tracing.storages_torch import Storages, constants, tensors_in, terms_in
from gradcalc.tracing.tape import Output, Read, Step, Tape
from gradcalc.tracing.terms import Term, constant, pointwise

Tensor = Any
CASTS = {"_to_copy", "to", "clone"}
IN_PLACE_VIEWS = {"transpose_", "t_", "squeeze_", "unsqueeze_", "swapaxes_", "swapdims_", "as_strided_", "detach_"}
SYMMETRIC = {"_linalg_eigh"}  # of whose argument autograd means the symmetric part
MOVES = {  # operations that only move numbers
    "diag_embed", "im2col", "pixel_shuffle", "pixel_unshuffle", "channel_shuffle", "rot90", "upsample_nearest1d",
    "upsample_nearest2d", "upsample_nearest3d", "_upsample_nearest_exact1d", "_upsample_nearest_exact2d",
    "unfold_copy", "block_diag", "repeat_interleave", "diagonal_copy", "expand_copy", "permute_copy",
}  # fmt: skip
FACTORIES = {  # what they make has no more than the shape of what they get
    "new_empty", "new_zeros", "new_ones", "new_full", "new_empty_strided", "empty_like", "rand_like", "randn_like",
    "bernoulli", "bernoulli_", "uniform_", "normal_", "exponential_", "randint_like",
}  # fmt: skip
IGNORED = {"dtype", "layout", "device", "pin_memory", "memory_format", "non_blocking", "generator", "check_errors"}
TELLING = 8  # the least digits of a number that is known again when Python hands it back


class Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's own class is not annotated
    """Puts what runs inside on `tape`."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self.tape = Tape()
        self.storages = Storages(self.tape)
        self.sight = Sight(self.tape)
        self.alive: list[Tensor] = []  # so that no identity is used twice
        self.numbers: dict[float, Term] = {}  # floats that the code took out of tensors
        self.complex: dict[int, Complex] = {}
        self.applications: list[Application] = []

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here: torch would load its compiler, and SymPy with it, at the first operation."""
        return False

    def leaf(self, name: str, tensor: Tensor) -> None:
        """A variable to derive by."""
        node = self.tape.leaf(name, Given(constants(tensor)), tensor.numel())
        self.storages.bind(tensor, Term(self.tape, Read(node), tuple(tensor.shape)))

    @contextmanager
    def applying(self, function: Any, inputs: Sequence[Any]) -> Iterator[Application]:
        """Around a call of a custom function, whose own operations autograd does not see one by one."""
        reads = tuple(self.term(one).read if _is_float(one) else None for one in inputs)
        copies = tuple(one.detach().clone() if isinstance(one, torch.Tensor) else one for one in inputs)
        call = Application(function, here((TORCH,)), copies, reads, len(self.tape.steps))
        outer, self.sight.inside = self.sight.inside, call
        try:
            yield call
        finally:
            self.sight.inside = outer
        self.applications.append(call)

    # -- one operation

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = func._schema.name.partition("::")[2]
        given = list(tensors_in((args, kwargs)))
        step = self.sight.step = Step(f"aten.{name}", here((TORCH,)), ())
        lowered = self._lowered(args), {key: self._lowered(one) for key, one in kwargs.items() if key not in IGNORED}
        step.inputs = tuple(one.read for one in terms_in(lowered))
        step.floats = any(_is_float(one) and self.tape.varies(self.storages.read(one)) for one in given)
        result = func(*args, **kwargs)
        self.alive.extend((*given, *tensors_in(result)))
        if name == "_local_scalar_dense":
            self._escaped(lowered[0][0], result, step.place)
        elif any(one.is_complex() for one in tensors_in(result)):
            self._follow_complex(step, (func, args, kwargs), result)
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
            return None if value.is_complex() else self.term(value)
        if isinstance(value, list | tuple):
            return [self._lowered(one) for one in value]
        if type(value) is float and value in self.numbers:
            return self.numbers[value]
        return value

    def term(self, tensor: Tensor) -> Term:
        """The numbers of a tensor, as they are now."""
        if not self.storages.knows(tensor):
            self.alive.append(tensor)
            if tensor.numel() == 1 and (known := self.numbers.get(float(tensor))) is not None:
                self.storages.bind(tensor, replace(known, shape=tuple(tensor.shape)))
                self.sight.cuts[id(tensor)] = known.read.cut or 0
        read, shape = self.storages.read(tensor), tuple(tensor.shape)
        whole = () if tensor.is_floating_point() else tensor.reshape(-1).tolist()
        cut = self.sight.severed(tensor) if self.tape.varies(read) else None
        return Term(self.tape, replace(read, cut=cut), shape, whole)

    # -- results

    def _record(self, name: str, step: Step, lowered: Any, call: Any, result: Any) -> None:
        """Put an operation on the tape, by its row, or as what was recorded where it has none."""
        self.tape.steps.append(step)
        step.call = call
        outputs, written = list(tensors_in(result)), [call[1][place] for place in _mutated(call[0], len(call[1]))]
        changed = {one.untyped_storage()._cdata for one in written}
        terms = self._terms_of(name, step, lowered, call, outputs)
        for tensor, term in zip(outputs, terms, strict=True):
            if tensor.untyped_storage()._cdata in changed:
                unseen = self.sight.unseen(tensor)
                self.storages.write(tensor, term, unseen)
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
            step.outputs.append(Output(read, tuple(tensor.shape), numbers, tensor, tensor._version, form))

    def _terms_of(self, name: str, step: Step, lowered: Any, call: Any, outputs: Sequence[Tensor]) -> list[Term]:
        hidden = any(id(one) in self.complex for one in tensors_in(call[1]))
        varies = hidden or any(self.tape.varies(read) for read in step.inputs)
        if name in FACTORIES:
            return [self._frozen(one, step, False) for one in outputs]
        row = LOWERED.get(name) or LOWERED.get(name.rstrip("_"))
        exact = varies or (row is not None and any(map(_is_float, tensors_in(call[1]))))
        if not exact or not any(_is_float(one) or (row and one.dtype == torch.bool) for one in outputs):
            return [self._frozen(one, step, varies) for one in outputs]
        if name in MOVES:
            return [moved(lowered[0][0], outputs[0].shape, lambda one: call[0](one, *call[1][1:], **call[2]))]
        if row is None or hidden:
            return self._opaque(name, step, call, outputs)
        found = row(*lowered[0], **lowered[1])
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
        assembly = Assembly(self.term, self.complex, name in SYMMETRIC)
        region, reads = assembly.region(*call), [one.read for one in assembly.terms]
        return [
            Term(self.tape, Read(self.tape.add(Opaque(region, which), reads, one.numel())), tuple(one.shape))
            if _is_float(one) else self._frozen(one, step, True)
            for which, one in enumerate(outputs)
        ]  # fmt: skip

    def _follow_complex(self, step: Step, call: Any, result: Any) -> None:
        """Results that are complex: remembered as a function of real ones."""
        assembly = Assembly(self.term, self.complex)
        region = assembly.region(*call)
        step.covered = False
        self.tape.steps.append(step)
        for which, one in enumerate(tensors_in(result)):
            self.complex[id(one)] = Complex(region, assembly.terms, which)

    def _escaped(self, term: Term, value: Any, place: Place | None) -> None:
        """A number that Python takes out: what control flow hangs on, or a float that is known when it comes back."""
        if not self.tape.varies(term.read):
            return
        if isinstance(value, bool):
            self.tape.decisions.append((place, term.read, value))
            return
        cut = self.sight.cut("item", place)
        self.tape.escapes.append((self.tape.cuts[cut], term.read))
        if isinstance(value, float) and len(repr(value).strip("-0.")) >= TELLING:
            known = replace(term, read=replace(term.read, cut=cut), shape=())
            self.numbers |= {value: known, float(torch.tensor(value, dtype=torch.float32)): known}


def _is_float(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def _cast(name: str, tensor: Tensor, term: Term) -> Term:
    """A number made whole loses its fraction; a condition is whether it is 0."""
    if name not in CASTS or tensor.is_floating_point():
        return term
    return term.apply("ne", 0.0) if tensor.dtype == torch.bool else pointwise(FUNCTIONS["integer"], term)


def _mutated(func: Any, count: int) -> list[int]:
    """The arguments that an operation writes to."""
    arguments = func._schema.arguments[:count]
    return [place for place, one in enumerate(arguments) if one.alias_info is not None and one.alias_info.is_write]
