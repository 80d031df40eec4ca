"""What a programming language says for the functions of the catalogue, and trees printed in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from gradcalc.arrays.literals import axis, integer
from gradcalc.base.errors import UsageError
from gradcalc.codegen.lines import Piece, is_whole, leaves
from gradcalc.functions import ARRAY_FUNCTIONS, CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.functions.printer import ATOM, BINARY, NEGATION
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, rebuilt, substitute, with_arguments

Operator: TypeAlias = tuple[str, int, int, int]  # its sign, its strength, and what it asks of either side
Spelling: TypeAlias = str | Callable[..., str]  # what is called, or a text with {0} and {1} in it; or what makes one
OPERATORS: Mapping[str, Operator] = BINARY | {"dot": BINARY["matmul"]}
SUFFIXED = frozenset({"index", "slice", "transpose", "cdist"})  # what stands behind their operands
UNSTABLE = frozenset({  # whose definitions overflow or lose their digits: they are spelled, or refused
    "sigmoid", "logsigmoid", "softplus", "logaddexp", "erfcx", "log_ndtr", "ndtri", "gammaincc", "i0e", "i1e",
    "cdist",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Language:
    """The spelling of each function that a language has, of helpers that are written where it has none, and of numbers.

    A helper is a whole definition, that of the function `name(` in a program. `imports` stand at the top of a program
    that has their text in it. A `lazy` language computes one branch of a choice alone. `whole` are functions
    that it has for a whole number as the first argument alone.
    """

    name: str
    functions: Mapping[str, Spelling]
    literal: Callable[[Fraction], str]
    constants: Mapping[str, str]
    helpers: Mapping[str, str] = field(default_factory=dict)
    imports: Mapping[str, str] = field(default_factory=dict)
    operators: Mapping[str, Operator] = field(default_factory=lambda: OPERATORS)
    assignment: str = "{} = {}"
    lazy: bool = False
    whole: frozenset[str] = frozenset()

    def has(self, function: str) -> bool:
        """Does it have a spelling for a function?"""
        return function in self.functions or function in self.helpers or function in self.operators

    def spelled_out(self, root: Node) -> Node:
        """The tree with definitions in place of the functions of numbers that the language lacks.

        Raises UsageError at one that has neither.
        """

        def change(node: Node, arguments: tuple[Node, ...]) -> Node:
            if not isinstance(node, Call) or node.function in ("neg", "index", "array"):
                return with_arguments(node, arguments)
            if node.function == "pow" and arguments[0] == Constant("e"):
                return Call("exp", arguments[1:])
            if self.has(node.function) and (node.function not in self.whole or is_whole(arguments[0])):
                return with_arguments(node, arguments)
            row = CATALOGUE[node.function]
            if row.definition is None or row.name in UNSTABLE or row.name in ARRAY_FUNCTIONS:
                raise UsageError(f"there is no `{row.name}` in {self.name}", hint="another --to may have it")
            whole = substitute(rule(row.definition), dict(zip(row.parameters, arguments, strict=True)))
            return self.spelled_out(whole)

        return rebuilt(root, change)


class Spelled:
    """Prints the nodes of a tree in a language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def folded(self, order: Sequence[Node]) -> set[int]:
        """Numbers and constants; a calculation with them stays one."""
        return leaves(order)

    def number(self, node: Node) -> Piece:
        """A number, or a constant."""
        if isinstance(node, Constant):
            return Piece(self.language.constants.get(node.name, node.name), ATOM, tensor=False)
        assert isinstance(node, Number)
        return Piece(self.language.literal(node.value), ATOM, tensor=False)

    def assigned(self, name: str, piece: Piece) -> str:
        """The line that gives a piece a name."""
        return self.language.assignment.format(name, piece.text)

    def call(self, node: Call, arguments: list[Piece]) -> Piece:
        """An operator between its operands, or a function of its arguments."""
        depth = 1 + max((piece.depth for piece in arguments), default=0)
        tensor = any(piece.tensor for piece in arguments)
        if node.function == "neg":
            return Piece(f"-{arguments[0].within(NEGATION)}", NEGATION, tensor, depth)
        if node.function in self.language.operators and not self._is_called(node):
            symbol, strength, left, right = self.language.operators[node.function]
            return Piece(arguments[0].within(left) + symbol + arguments[1].within(right), strength, tensor, depth)
        return Piece(self._called(node, arguments), ATOM, tensor, depth)

    def _is_called(self, node: Call) -> bool:
        """Is this a power that the operator may not compute: of an exponent that is no whole number?"""
        return node.function == "pow" and "pow" in self.language.functions and not is_whole(node.arguments[1])

    def _called(self, node: Call, arguments: list[Piece]) -> str:
        spelling = self.language.functions.get(node.function, node.function)
        texts = [piece.text for piece in arguments]
        row = ARRAY_FUNCTIONS.get(node.function)
        if row is not None:
            inside, numbers = row.parted(texts)[0], sizes(node)
            if node.function in SUFFIXED:
                inside = [piece.within(ATOM) for piece in arguments[: len(inside)]]
            assert not isinstance(spelling, str), "arrays are spelled by functions"
            return spelling(*inside, *numbers)
        if callable(spelling):
            return spelling(*texts)
        return spelling.format(*texts) if "{" in spelling else f"{spelling}({', '.join(texts)})"


def sizes(node: Call) -> list[int | str]:
    """The whole numbers of a call, and the sizes that have names: places, an exponent, the axis that it runs along."""
    row = ARRAY_FUNCTIONS[node.function]
    if row.along:
        return [] if (named := axis(node)) is None else [named]
    numbers = row.parted(node.arguments)[1]
    return [one.name if isinstance(one, Name | Constant) else integer(one) for one in numbers]


def with_helpers(language: Language, text: str) -> list[str]:
    """The helpers that a program calls, each after those that it calls itself."""
    found: dict[str, str] = {}
    entered: set[str] = set()  # a helper may call itself

    def need(code: str) -> None:
        for name, source in language.helpers.items():
            if name not in entered and _calls(code, name):
                entered.add(name)
                need(source)
                found[name] = source.strip("\n")

    need(text)
    return list(found.values())


def _calls(code: str, name: str) -> bool:
    """Is a function called in the code, and not one whose name ends so?"""
    return any(not (before[-1:].isalnum() or before[-1:] in ("_", ".")) for before in code.split(f"{name}(")[:-1])


def imported(language: Language, text: str) -> list[str]:
    """The lines at the top of a program."""
    return [line for mark, line in language.imports.items() if mark in text]
