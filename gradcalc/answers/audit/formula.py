"""Steps of a run read as a formula: a tree of functions on what is left as it is, so that cures for formulas fit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gradcalc.answers.audit.source import operands
from gradcalc.syntax.tree import Call, Name, Node, number, with_arguments
from gradcalc.tracing.places import Place
from gradcalc.tracing.tape import Read, Step, Tape

DEEPEST = 9  # steps below each other
SAME = (
    "add sub mul div neg pow exp expm1 log log1p log2 log10 sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh "
    "atanh sigmoid abs erf erfc where gt ge lt le eq ne relu softplus hypot atan2 lgamma log_sigmoid_forward rsqrt "
    "reciprocal square rsub binary_cross_entropy"
)  # the names of operations that formulas have too
ALONG = {"sum", "mean", "prod", "_softmax", "norm", "linalg_vector_norm", "_linalg_det"}  # with their dimensions
FOLDED = ("sum", "mean", "prod", "softmax", "norm", "det")  # as formulas call them
PICKS = {"index", "gather", "select", "index_select"}
CASTS = {"_to_copy", "clone"}
UNTOLD = "…"  # in the place of words that the source does not have
NAMES = {
    "log_sigmoid_forward": "logsigmoid",
    "binary_cross_entropy": "bce",
    "linalg_vector_norm": "norm",
    "_linalg_det": "det",
}


@dataclass(frozen=True, slots=True)
class Operand:
    """What a formula leaves as it is: where its numbers are, torch's tensor, and the user's words for it."""

    read: Read
    tensor: Any
    text: str


@dataclass(eq=False)
class Formula:
    """Reads formulas off a tape, each name an operand; what is along dimensions keeps those, by the call's identity."""

    tape: Tape
    operands: dict[str, Operand] = field(default_factory=dict)
    steps: dict[int, Step] = field(default_factory=dict)  # of each call
    views: dict[int, Sequence[int]] = field(default_factory=dict)  # the elements that a pick by a view takes
    makers: dict[int, Step] = field(init=False)
    named: list[tuple[Node, Operand]] = field(default_factory=list)  # what the code has a name for
    calls: list[Call] = field(default_factory=list)  # kept alive, so that no identity is used twice
    composite: set[Place | None] = field(init=False)  # pieces of the source that do several things, as a library's loss

    def __post_init__(self) -> None:
        self.makers = {output.read.node: step for step in self.tape.steps for output in step.outputs}
        names: dict[Place | None, set[str]] = {}
        for step in self.tape.steps:
            names.setdefault(step.place, set()).update({_name(step)} - CASTS)
        self.composite = {place for place, some in names.items() if len(some) > 1}

    def of(self, step: Step, depth: int = DEEPEST) -> Node | None:
        """The formula of a step's result; None where it is no function that formulas have."""
        name = _name(step)
        if name not in SAME.split() and name not in ALONG and name not in PICKS:
            return None
        reads = iter(step.inputs)
        texts = [] if step.place in self.composite else operands(step.place, name)
        tensors = [one for one in _flat(step.call[1]) if _is_tensor(one)]
        arguments: list[Node] = []
        for place, value in enumerate(step.call[1]):
            if _is_tensor(value):
                if value.is_complex() or (hasattr(value, "is_sparse") and value.is_sparse):
                    return None  # its numbers are not on the tape
                position = next(i for i, one in enumerate(tensors) if one is value)
                text = texts[position] if position < len(texts) else None
                arguments.append(self._argument(next(reads), value, text, depth))
            elif (
                isinstance(value, int | float)
                and not isinstance(value, bool)
                and name not in ALONG
                and math.isfinite(value)
            ):
                arguments.append(number(Fraction(value)))
            elif place == 0 or (name == "mul" and isinstance(value, float)):  # by an infinity, or by no number
                return None
        return self._call(name, arguments, step)

    def _call(self, name: str, arguments: list[Node], step: Step) -> Node:
        """The call, in the language's own functions."""
        one = number(1)
        if name in ALONG or name in PICKS:
            arguments = arguments[:1]
        made = {
            "rsub": lambda: Call("sub", (arguments[1], arguments[0])),
            "rsqrt": lambda: Call("div", (one, Call("sqrt", tuple(arguments)))),
            "reciprocal": lambda: Call("div", (one, arguments[0])),
            "square": lambda: Call("pow", (arguments[0], number(2))),
            "softplus": lambda: Call("softplus", (arguments[0],)),
            "binary_cross_entropy": lambda: Call("bce", tuple(arguments[:2])),
        }.get(name, lambda: Call("pick" if name in PICKS else NAMES.get(name, name.lstrip("_")), tuple(arguments)))()
        if made.function == "mul" and made.arguments[0] == made.arguments[1]:
            made = Call("pow", (made.arguments[0], number(2)))
        self.calls.append(made)
        self.steps[id(made)] = step
        return made

    def _argument(self, read: Read, tensor: Any, text: str | None, depth: int) -> Node:
        """A formula of its own, or an operand."""
        maker = self.makers.get(read.node)
        found = self.of(maker, depth - 1) if maker is not None and depth else None
        if found is not None:
            made = self._picked(found, read)
            if text is not None and text.isidentifier():
                self.named.append((made, Operand(read, tensor, text)))
            return made
        if text is None and tensor.numel() == 1 and not self.tape.varies(read) and math.isfinite(tensor):
            return number(Fraction(tensor.item()))  # the code has a number there
        return Name(self._name(read, tensor, text or self._words(read)))

    def _picked(self, found: Node, read: Read) -> Node:
        """Some elements of a formula's, where a view takes no more."""
        if read.index is None or len(read.index) >= self.tape.nodes[read.node].size:
            return found
        made = Call("pick", (found,))
        self.calls.append(made)
        self.views[id(made)] = read.index
        return made

    def _name(self, read: Read, tensor: Any, text: str) -> str:
        """The name of an operand: the same for the same numbers."""
        key = (read.node, None if read.index is None else tuple(read.index))
        for name, one in self.operands.items():
            if (one.read.node, None if one.read.index is None else tuple(one.read.index)) == key:
                return name
        name = f"v{len(self.operands) + 1}"
        self.operands[name] = Operand(read, tensor, text)
        return name

    def operand(self, node: Node) -> Operand | None:
        """What a part of the formula stands for; None where the source has no words for it."""
        if isinstance(node, Name):
            return self.operands[node.name]
        step = self.steps.get(id(node))
        if step is None or step.place is None or self.is_inner(step):
            return None
        return Operand(step.outputs[0].read, step.outputs[0].tensor, f"({step.place.whole.strip()})")

    def folded(self, node: Node) -> Node:
        """A tree of these formulas with the code's own names for what it has names for, and sums by themselves."""
        if not isinstance(node, Call):
            return node
        found = next((one for made, one in self.named if made == node), None)
        if found is None and node.function in ("pick", *FOLDED):
            found = self.operand(node)
        if found is not None:
            return Name(self._name(found.read, found.tensor, found.text))
        return with_arguments(node, tuple(map(self.folded, node.arguments)))

    def _words(self, read: Read) -> str:
        """What to call numbers that the source has no words for: a variable's name, or how they were made."""
        leaf = next((name for name, node in self.tape.leaves.items() if node == read.node), None)
        maker = self.makers.get(read.node)
        if leaf or maker is None or maker.place is None or self.is_inner(maker):
            return leaf or UNTOLD
        return f"({maker.place.whole})"

    def is_inner(self, step: Step) -> bool:
        """Is its result only a part of what the piece of the source gives that it ran for?"""
        nodes = {output.read.node for output in step.outputs}
        return step.place in self.composite and any(one.place == step.place for one in self.users(nodes))

    def above(self, step: Step, most: int = 7) -> Iterator[Step]:
        """A step, and those that go on with its result."""
        current: Step | None = step
        for _ in range(most):
            if current is None:
                return
            yield current
            nodes = {output.read.node for output in current.outputs}
            current = next(iter(self.users(nodes)), None)

    def beyond(self, step: Step, most: int = 12) -> list[Step]:
        """A step, and those that go on with what it or one of them gave, by every use, the nearest first."""
        found = [step]
        for current in found:
            nodes = {output.read.node for output in current.outputs}
            found += [one for one in self.users(nodes) if one not in found]
            if len(found) >= most:
                break
        return found[:most]

    def users(self, nodes: Set[int]) -> list[Step]:
        """The steps that take numbers of nodes, but for those that change them in place."""
        return [
            one for one in self.tape.steps
            if one.outputs and any(read.node in nodes for read in one.inputs)
            and not nodes & {output.read.node for output in one.outputs}
        ]  # fmt: skip


def dims(step: Step) -> tuple[Any, bool]:
    """The dimensions that a step works along, and whether it keeps them."""
    args, name = step.call[1], _name(step)
    if name == "_softmax":
        return args[1], True
    place = 2 if "norm" in name else 1
    chosen = args[place] if len(args) > place else step.call[2].get("dim")
    keep = args[place + 1] if len(args) > place + 1 else step.call[2].get("keepdim", False)
    return (chosen[0] if isinstance(chosen, list | tuple) and len(chosen) == 1 else chosen), bool(keep)


def _name(step: Step) -> str:
    return step.operation.removeprefix("aten.").rstrip("_")


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "is_floating_point")


def _flat(values: Any) -> Iterator[Any]:
    for one in values:
        if isinstance(one, list | tuple):
            yield from _flat(one)
        else:
            yield one
