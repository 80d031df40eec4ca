"""What a recorded run computes, as a formula of gradcalc's language: where every operation of it has a row here."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gradcalc.answers.audit.paper_rows import BINARY, LABELS, LOGS, LOSSES, NORMS, REDUCED, SOFT, UNARY, WHOLE
from gradcalc.base.errors import UsageError
from gradcalc.tracing.layout import strided, strides
from gradcalc.tracing.tape import Output, Read, Step, Tape

LARGEST_WHOLE, LARGEST_ROOT = 1e15, 1e6  # numbers that are written as whole ones, and as roots of such


@dataclass(frozen=True, slots=True)
class Paper:
    """A formula, and the variables of it: for each name of the code's, the one that it has in the formula."""

    text: str
    names: Mapping[str, str]
    classes: Mapping[str, Sequence[Sequence[int]]] = field(default_factory=dict)


class _Unwritten(Exception):
    """Something has no row here."""


def paper(tape: Tape, result: Read, shapes: Mapping[str, tuple[int, ...]]) -> Paper:
    """The formula of a recorded result. Raises UsageError where an operation has none, with its line."""
    names = _names(list(shapes))
    writer = _Writer(tape, taken=set(names.values()))
    for name, node in tape.leaves.items():
        writer.known[node] = names[name], shapes[name]
    for step in tape.steps:
        if any(tape.varies(output.read) for output in step.outputs) or step.operation == "aten.nll_loss_forward":
            writer.write(step)
    if result.node not in writer.known:
        writer.refuse(result.node)
    text, _ = writer.known[result.node]
    return Paper(_bare(text), {name: one for name, one in names.items() if one in text}, writer.classes)


def _names(names: Sequence[str]) -> dict[str, str]:
    """Names that formulas may have: `layer.weight` is `layer_weight`, or `weight` where that is the only one."""
    last = [name.rpartition(".")[2] for name in names]
    return {
        name: short if last.count(short) == 1 and not short.isdigit() else name.replace(".", "_")
        for name, short in zip(names, last, strict=True)
    }


def _bare(text: str) -> str:
    """Without parentheses around all of it."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and place < len(text) - 1:
            return text
    return text[1:-1] if text.startswith("(") else text


def _decimal(value: float) -> str:
    """A number as one writes it: `2` for 2.0, `sqrt(8)` for 8**0.5."""
    if not math.isfinite(value):
        raise _Unwritten
    square = round(value * value) if abs(value) < LARGEST_ROOT else 0
    if not value.is_integer() and square and math.sqrt(square) == abs(value):
        return f"{'-' if value < 0 else ''}sqrt({square})"
    return repr(int(value)) if value.is_integer() and abs(value) < LARGEST_WHOLE else repr(value)


@dataclass(eq=False)
class _Writer:
    """The formulas of nodes so far, with their shapes; the steps that have none, by the nodes that they made."""

    tape: Tape
    known: dict[int, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    unwritten: dict[int, Step] = field(default_factory=dict)
    classes: dict[str, list[list[int]]] = field(default_factory=dict)
    taken: Collection[str] = ()

    def refuse(self, node: int) -> None:
        """Raises UsageError at what has no formula."""
        step = next(iter(self.unwritten.values()), self.unwritten.get(node))
        line = "" if step is None or step.place is None else f", line {step.place.line}"
        what = "what the code computes" if step is None else f"`{step.operation}`{line}"
        raise UsageError(f"{what} has no formula here", hint="audit judges the gradient of any code")

    def write(self, step: Step) -> None:
        """Put down what a step makes."""
        for output in step.outputs[:1]:
            index, size = output.read.index, self.tape.nodes[output.read.node].size
            if index is not None and list(index) != list(range(size)):
                self.unwritten[output.read.node] = step
                continue
            try:
                self.known[output.read.node] = self._text(step), self._shape(step, output)
            except _Unwritten:
                self.unwritten[output.read.node] = step

    def _shape(self, step: Step, output: Output) -> tuple[int, ...]:
        """The shape in the formula, where a vector stays one beside a matrix."""
        if step.operation != "aten.mm":
            return output.shape
        known = [self.known.get(read.node) for read in step.inputs]
        left, right = (one is not None and len(one[1]) == 1 for one in known)
        return output.shape[1 if left else 0 : 1 if right else 2]

    def _text(self, step: Step) -> str:
        name = step.operation.removeprefix("aten.").rstrip("_")
        name = step.operation.removeprefix("aten.") if name not in (*UNARY, *BINARY) else name
        reads, tensors = iter(step.inputs), []
        values = []
        for one in step.call[1]:
            if hasattr(one, "is_floating_point"):
                if one.is_complex():
                    raise _Unwritten
                values.append(self._operand(next(reads), one, name == "mm"))
                tensors.append(one)
            else:
                values.append(one)
        return self._row(name, values, tensors, step)

    def _row(self, name: str, values: list[Any], tensors: Sequence[Any], step: Step) -> str:
        if name in LOSSES:
            return self._loss(name, values, step)
        if name in SOFT or name in WHOLE or name == "linalg_vector_norm":
            return self._along(name, values, tensors[0], step)
        if name == "nll_loss_forward":
            return self._nll(values, tensors)
        alpha = step.call[2].get("alpha", 1)
        if name == "clamp":
            return self._clamp(values, step)
        template = BINARY.get(name) or (UNARY.get(name) if len(tensors) == 1 else None)
        if template is None or alpha != 1:
            raise _Unwritten
        return template.format(*map(self._said, values))

    def _said(self, value: Any) -> str:
        """A value in a formula."""
        if isinstance(value, bool | list | tuple) or value is None:
            return ""
        if isinstance(value, int | float):
            text = _decimal(float(value))
            return f"({text})" if value < 0 else text
        return str(value)

    def _operand(self, read: Read, tensor: Any, matrix: bool) -> str:
        """The formula of what a step reads: all of a node, its transpose, its one column, or a constant number.

        Where a `matrix` is read, a vector stands for its one row or column.
        """
        shape = tuple(tensor.shape)
        if not self.tape.varies(read):
            if tensor.numel() == 1:
                return self._said(float(tensor))
            if tensor.is_floating_point() or tensor.dtype.itemsize == 1:
                raise _Unwritten
            return ""  # class numbers
        if read.node not in self.known:
            raise _Unwritten
        text, whole = self.known[read.node]
        every = read.index is None or list(read.index) == list(range(math.prod(whole)))
        vector = len(whole) == 1 and (matrix or len(shape) < 2) and [one for one in shape if one > 1] == [*whole]
        if every and (shape == whole or vector):
            return text
        turned = strided(whole[::-1], strides(whole)[::-1], 0) if len(whole) == 2 else []
        if shape == whole[::-1] and list(read.index or range(math.prod(whole))) == turned:
            return f"{text}.T"
        if every and len(whole) == 2 and whole[1] == 1 and shape == whole[:1]:
            return f"sum({text}, axis=1)"
        if every and not shape:
            return f"sum({text})"
        raise _Unwritten

    def _loss(self, name: str, values: Sequence[Any], step: Step) -> str:
        template, place = LOSSES[name]
        reduction = values[place] if len(values) > place else step.call[2].get("reduction", 1)
        delta = values[3] if name in ("huber_loss", "smooth_l1_loss") and len(values) > 3 else 1.0
        if name == "binary_cross_entropy" and len(values) > 2 and values[2] is not None:
            raise _Unwritten
        if name == "binary_cross_entropy_with_logits" and any(one is not None for one in values[2:4]):
            raise _Unwritten
        text = template.format(*map(self._said, values[:2]), d=self._said(float(delta)))
        return REDUCED[reduction].format(text)

    def _along(self, name: str, values: Sequence[Any], tensor: Any, step: Step) -> str:
        norm = name == "linalg_vector_norm"
        place = 2 if norm else 1
        dims = values[place] if len(values) > place else step.call[2].get("dim")
        keep = values[place + 1] if len(values) > place + 1 else step.call[2].get("keepdim", False)
        chosen = [dims] if isinstance(dims, int) else list(dims or range(tensor.dim()))
        everything = len({one % max(tensor.dim(), 1) for one in chosen}) == tensor.dim()
        if name in SOFT:
            axis = "" if tensor.dim() == 1 else f", axis={chosen[0] % tensor.dim()}"
            return f"{SOFT[name]}({values[0]}{axis})"
        if norm:
            order = NORMS.get(values[1] if len(values) > 1 else 2)
            if order is None or not everything:
                raise _Unwritten
            return f"{order}({values[0]})"
        biased = name not in ("var", "std") or step.call[2].get("correction") == 0
        if keep or not biased or (len(chosen) != 1 and not everything):
            raise _Unwritten
        axis = "" if everything else f", axis={chosen[0] % tensor.dim()}"
        return f"{WHOLE[name]}({values[0]}{axis})"

    def _clamp(self, values: Sequence[Any], step: Step) -> str:
        given = dict(zip(("min", "max"), values[1:], strict=False)) | step.call[2]
        low, high = given.get("min"), given.get("max")
        text = values[0] if low is None else f"max({values[0]}, {self._said(low)})"
        return text if high is None else f"min({text}, {self._said(high)})"

    def _nll(self, values: Sequence[Any], tensors: Sequence[Any]) -> str:
        """Negative log-likelihood of classes, which become rows of 0 and 1."""
        logs, _, weight, reduction, ignored = values[:5]
        numbers, classes = tensors[1].reshape(-1).tolist(), tensors[0].shape[-1]
        if tensors[0].dim() != 2 or weight is not None or reduction != 1 or ignored in numbers:
            raise _Unwritten
        name = next(one for one in LABELS if one not in self.taken)
        self.classes[name] = [[int(place == one) for place in range(classes)] for one in numbers]
        matched = LOGS.fullmatch(logs)
        return f"cross_entropy({matched[1]}, {name})" if matched else f"nll({logs}, {name})"
