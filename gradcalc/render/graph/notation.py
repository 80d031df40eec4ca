"""How a graph is spoken of on a blackboard: its vertices, its derivatives, and numbers rounded for reading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gradcalc.lessons.graph.numbers import short
from gradcalc.lessons.graph.records import Edge, Graph, Vertex
from gradcalc.syntax.letters import canonical

EXPONENT = re.compile(r"(?<=\d)e-(?=\d)")  # the sign in 2e-300 is none between terms


class Notation:
    """The words for one graph.

    A gradient is the total derivative, `du/dx`. A local derivative is a partial one, `∂u/∂z`; in a chain `du/dz`, or
    `u'(z)` where everything has a name.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.symbols = {vertex.id: symbol(vertex) for vertex in graph.vertices}
        arrays = any(isinstance(vertex.value, list) for vertex in graph.vertices)
        self.sign = "d" if graph.straight and not arrays else "∂"
        self.primes = self.sign == "d" and all(map(is_name, self.symbols.values()))

    def gradient(self, vertex: Vertex) -> str:
        """The derivative of the result by a vertex."""
        return self._quotient("d", self.graph.result.id, vertex.id)

    def local(self, edge: Edge) -> str:
        """The derivative of a vertex by one of its arguments."""
        if self.primes:
            return f"{self.symbols[edge.target]}'({self.symbols[edge.source]})"
        return self._quotient(self.sign, edge.target, edge.source)

    def _quotient(self, sign: str, of: int, by: int) -> str:
        above, below = (_differential(sign, self.symbols[one]) for one in (of, by))
        return f"{above}/{below}"


def symbol(vertex: Vertex) -> str:
    """What a vertex is called: its name, else its formula where that is short, else its letter."""
    return vertex.written if vertex.written is not None and vertex.label == vertex.text else vertex.label


def equation(vertex: Vertex) -> str:
    """`z = sin(y)`; a variable, and what has no name, stand alone."""
    called = " = ".join(vertex.names) or symbol(vertex)
    return called if vertex.written in (None, called) else f"{called} = {vertex.written}"


def steps(edge: Edge) -> tuple[str, ...]:
    """The number of a local derivative, the formula with numbers put in, and the formula: `6`, `2·3`, `2x`."""
    found = [short(edge.local), edge.filled or "", edge.written or ""]
    return tuple(dict.fromkeys(text for text in found if text))


def factor(text: str) -> str:
    """A text as a factor of a product: a sum, or what has a sign, in parentheses."""
    return f"({text})" if set(outside(EXPONENT.sub("", text))) & set("+-") else text


def _differential(sign: str, text: str) -> str:
    """`dx`, `d(x²)`, `∂sin(y)`: what is no single word is enclosed; a call is one after ∂."""
    word = outside(text) if sign == "∂" else text
    return sign + (text if is_name(word) else f"({text})")


def is_name(text: str) -> bool:
    """Is this a name of the language? `x²` and `n·x` are none, though Python would take the second for one."""
    return canonical(text) == text


def outside(text: str) -> str:
    """What stands outside of all parentheses and brackets."""
    return "".join(letter for letter, inside in nested(text, "([", ")]") if not inside)


def nested(text: str, opening: str = "(", closing: str = ")") -> Iterator[tuple[str, bool]]:
    """Each letter, and whether it stands inside parentheses, which count as inside."""
    depth = 0
    for letter in text:
        depth += letter in opening
        inside = depth > 0
        depth -= letter in closing
        yield letter, inside
