"""A program in Python on torch's tensors: functions, or an autograd function with its own backward."""

from __future__ import annotations

from collections.abc import Mapping

from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape
from gradcalc.arrays.unfold import unfolded
from gradcalc.base.errors import UsageError
from gradcalc.base.floating import FORMATS
from gradcalc.base.words import untaken
from gradcalc.calculus.simplify import rational
from gradcalc.codegen.jax import JAX
from gradcalc.codegen.language import Language
from gradcalc.codegen.lines import Piece
from gradcalc.codegen.program import Program, named_sizes, read_names, wrapped
from gradcalc.codegen.pythonic import INDENT, Dialect, Writer
from gradcalc.codegen.torch import Printer
from gradcalc.codegen.torch_functions import NATIVE
from gradcalc.engines.torch.functions import SOMETIMES
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.functions.printer import ATOM, to_text
from gradcalc.syntax.tree import Call, Name, Node, postorder, rebuilt, substitute, with_arguments

TORCH = Dialect(
    Language("torch", dict.fromkeys((*NATIVE, *SOMETIMES), ""), JAX.literal, {}),
    full="torch.full_like({0}, {1})",
)
UPSTREAM = "g"
NEW = ".new_tensor"  # of a tensor: another one of its type
OF_LOW_ORDER = frozenset(("besselj", "bessely", "besseli", "besselk"))


def source(program: Program, *, function: bool = False) -> str:
    """The program as a file; with `function`, as an autograd function. Raises UsageError at what torch lacks."""
    names = [*program.inputs]
    printer = _Printer(FORMATS["float64"])

    def change(root: Node) -> Node:
        _require_orders(root)
        whole = _turned(unfolded(root, program.shapes, NATIVE), program.shapes) if program.arrays else root
        sizes = named_sizes(postorder(whole), program.shapes)
        return substitute(whole, {size: Name(size) for size in sizes})

    writer = _Writer(program, TORCH, lambda: printer, change)
    printer.made = writer.names[names[0]] + NEW
    body = writer.autograd_function() if function else [*writer.function(), *writer.gradient()]
    helpers = ["\n".join(one) for one in printer.helpers.values()]
    text = "\n\n\n".join([*helpers, "\n".join(body).strip("\n")])
    math = ["import math", ""] if "math." in text else []
    return "\n".join([*wrapped(writer.title(), ""), "", *math, "import torch", "", "", text, ""])


def _require_orders(root: Node) -> None:
    """Raises UsageError at a function of an order that torch lacks: it has the orders 0 and 1 of Bessel's alone."""
    for node in postorder(root):
        if isinstance(node, Call) and node.function in OF_LOW_ORDER and rational(node.arguments[0]) not in (0, 1):
            raise UsageError(f"there is no `{to_text(node)}` in torch, which has the orders 0 and 1 of it")


def _turned(root: Node, variables: Mapping[str, Shape]) -> Node:
    """The tree without transposes of vectors and numbers, which are what they were."""
    shapes = infer(root, variables)

    def change(node: Node, arguments: tuple[Node, ...]) -> Node:
        vector = isinstance(node, Call) and node.function == "transpose" and len(shapes[id(node)]) < 2
        return arguments[0] if vector else with_arguments(node, arguments)

    return rebuilt(root, change)


class _Printer(Printer):
    """Prints for people, on tensors of any type: to the last digit it need not be what the engine computes."""

    def left(self, node: Call, piece: Piece, strength: int) -> str:
        """The left operand, a plain number too."""
        return piece.within(strength)

    def called(self, node: Call, pieces: list[Piece]) -> str:
        """A function; a choice takes plain numbers beside a tensor."""
        if node.function == "where" and any(piece.tensor for piece in pieces[1:]):
            return f"torch.where({', '.join(piece.text for piece in pieces)})"
        return f"{pieces[0].within(ATOM)}.T" if node.function == "transpose" else super().called(node, pieces)

    def typed(self, node: Call) -> list[str]:
        """What is made of sizes has the type of the input."""
        makes = not ARRAY_FUNCTIONS[node.function].parted(node.arguments)[0]
        return [f"dtype={self.made.removesuffix(NEW)}.dtype"] if makes else []

    def defined(self, definition: str, names: Mapping[str, str]) -> list[str]:
        """The body of a helper; what makes tensors of numbers there is its own first parameter."""
        outside = self.made
        self.made = next(iter(names.values())) + NEW
        lines = super().defined(definition, names)
        self.made = outside
        return lines


class _Writer(Writer):
    """Writes the functions of a program, or one of autograd's."""

    def gradient(self) -> list[str]:
        """The definition of the gradient; by autograd, where a formula is missing."""
        missing = [name for name, root in self.partials.items() if root is None]
        if not missing:
            return super().gradient()
        names = list(self.names.values())
        leaves = [f"{self.names[name]} = {self.names[name]}.detach().requires_grad_()" for name in self.partials]
        by = ", ".join(self.names[name] for name in self.partials)
        found = f"torch.autograd.grad({self.name}({', '.join(names)}), [{by}])"
        return ["", "", *self.defined(self.grad, self.program.derivatives, [*leaves, f"return {found}"])]

    def autograd_function(self) -> list[str]:
        """The class, and the function that applies it."""
        names = list(self.names.values())
        given = ", ".join(names)
        kind = untaken([self.name.capitalize() if self.name.islower() else f"{self.name}Function"], {*names, self.name})
        forward, (text,) = self.lines([self.value], [self.program.inputs[0]])
        upstream = untaken([UPSTREAM, "upstream"], {*names})
        read = read_names(one for one in self.partials.values() if one is not None) or {*self.partials}
        saved = [self.names[one] for one in self.program.inputs if one in read | {*self.partials}]
        backward = self._backward(upstream)
        return [
            f"class {kind}(torch.autograd.Function):",
            *wrapped([self.program.about, *self.program.derivatives], INDENT),
            "",
            f"{INDENT}@staticmethod",
            f"{INDENT}def forward(ctx, {given}):",
            f"{INDENT * 2}ctx.save_for_backward({', '.join(saved)})",
            *(f"{INDENT * 2}{line}" for line in forward),
            f"{INDENT * 2}return {text}",
            "",
            f"{INDENT}@staticmethod",
            f"{INDENT}def backward(ctx, {upstream}):",
            f"{INDENT * 2}{', '.join(saved)}{',' if len(saved) == 1 else ''} = ctx.saved_tensors",
            *(f"{INDENT * 2}{line}" for line in backward),
            "",
            "",
            f"{self.name} = {kind}.apply",
        ]

    def _backward(self, upstream: str) -> list[str]:
        """The lines of the backward pass: for each input what flows to it, None where nothing was asked."""
        known = {name: root for name, root in self.partials.items() if root is not None}
        lines, texts = self.lines([*known.values()], [*known])
        slopes = {one: untaken([f"d{self.name}_d{self.names[one]}"], {*self.names.values()}) for one in known}
        lines += [f"{slopes[one]} = {text}" for one, text in zip(known, texts, strict=True)]
        whole = f"{upstream} * {{}}" if self.program.arrays else f"({upstream} * {{}}).sum_to_size({{}}.shape)"
        flows = [whole.format(slopes[one], name) if one in slopes else "None" for one, name in self.names.items()]
        return [*lines, f"return {', '.join(flows)}"]
