"""An expression in torch's operations, looked up once: what is run at each point."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any

import torch

from gradcalc.arrays.definitions import definition
from gradcalc.base.floating import Format
from gradcalc.engines.records import Missing
from gradcalc.engines.torch import arrays
from gradcalc.engines.torch.functions import OF_ONE_ORDER, OPERATIONS, SOMETIMES, Tensor, operation
from gradcalc.engines.torch.missing import Absent, absent, missing_names, without_gradient
from gradcalc.functions import CATALOGUE
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, postorder

DTYPES = {
    "float64": torch.float64, "float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16,
}  # fmt: skip
CONSTANTS = {"pi": math.pi, "e": math.e}
KEPT = 32  # programs


class Program:
    """The names, the constants and the calls of a tree in a format, arguments before calls.

    It is pointwise where tensors of numbers go through it as each number does by itself: by operations that are the
    same for all values, and in a format for which torch has no others for larger tensors, as it has for small formats.
    """

    def __init__(self, root: Node, form: Format) -> None:
        self.root, self.form = root, form  # the ids of nodes are good as long as they live
        order = postorder(root)
        self.named = [(id(node), node.name) for node in order if isinstance(node, Name)]
        self.constants = {id(node): _constant(node, form) for node in order if isinstance(node, Number | Constant)}
        calls = [(node, self._known(node)) for node in order if isinstance(node, Call)]
        self.calls = [
            (id(node), known or self._found(node), tuple(map(id, node.arguments)), node) for node, known in calls
        ]
        self.is_pointwise = form.name == DEFAULT_DTYPE and all(known is not None for _, known in calls)

    @cached_property
    def missing(self) -> dict[str, Missing]:
        """The names by which torch has no derivative."""
        return missing_names(self.root)

    def _known(self, node: Call) -> Callable[..., Any] | None:
        """torch's own operation for a call, where nothing about it depends on the values of the arguments."""
        if node.function in OF_ONE_ORDER or without_gradient(node.function):
            return None
        sometimes = SOMETIMES.get(node.function)
        if sometimes is None and node.function in OPERATIONS:
            return OPERATIONS[node.function]
        if sometimes is not None and sometimes.plain is not None:
            settings = [self.constants.get(id(one)) for one in node.arguments[sometimes.tensors :]]
            known = [one for one in settings if one is not None]
            if len(known) == len(settings) and sometimes.takes(*[None] * sometimes.tensors, *known):
                return _with_numbers(sometimes.plain, sometimes.tensors, [one.item() for one in known])
        return None

    def _found(self, node: Call) -> Callable[..., Any]:
        """The operation of a call, looked for when its arguments are known."""
        return lambda *arguments: _operation(node, list(arguments), self.form)


def _constant(node: Number | Constant, form: Format) -> Tensor:
    value = form.nearest(node.value) if isinstance(node, Number) else CONSTANTS[node.name]
    return torch.tensor(value, dtype=DTYPES[form.name])


def _with_numbers(operation: Callable[..., Any], tensors: int, numbers: list[float]) -> Callable[..., Any]:
    return lambda *arguments: operation(*arguments[:tensors], *numbers)


_programs: dict[tuple[int, str], Program] = {}


def program_of(root: Node, form: Format) -> Program:
    """The program of a tree, made once as long as others do not take its place."""
    found = _programs.get((id(root), form.name))
    if found is None or found.root is not root:
        if len(_programs) > KEPT:
            _programs.clear()
        found = _programs[id(root), form.name] = Program(root, form)
    return found


def forward(root: Node, leaves: dict[str, Tensor], form: Format) -> dict[int, Tensor]:
    """The tensor of every node below `root`, by the node's id: each operation as it was written, none simplified."""
    program = program_of(root, form)
    tensors: dict[int, Any] = dict(program.constants)
    for key, name in program.named:
        tensors[key] = leaves[name]
    for key, run, arguments, node in program.calls:
        try:
            tensors[key] = run(*[tensors[one] for one in arguments])
        except RuntimeError:
            if form.name == DEFAULT_DTYPE:
                raise
            raise Absent(f"torch has no `{node.function}` in {form.name}", hint="ask for --dtype float64") from None
    return tensors


def _operation(node: Call, arguments: list[Any], form: Format) -> Any:
    for place in without_gradient(node.function):
        arguments[place] = arguments[place].detach()
    own = operation(node.function, arguments)
    if own is not None:
        return own(*arguments)
    made = arrays.call(node, arguments, DTYPES[form.name])
    if made is not None:
        return made
    row = CATALOGUE[node.function]
    if row.definition is None:
        raise absent(row.name)
    body = definition(node, [tuple(one.shape) for one in arguments])
    return forward(body, dict(zip(row.parameters, arguments, strict=False)), form)[id(body)]  # an axis may be left out
