"""The grammar in tables: how tightly operators bind, and which names are functions."""

from __future__ import annotations

from dataclasses import dataclass

COMPARISON, SUM, PRODUCT, PREFIX, POWER, POSTFIX = 5, 10, 20, 25, 30, 40
# PREFIX is looser than POWER, so -x**2 is -(x**2), as on paper.
INFIX = {
    "==": ("eq", COMPARISON), "!=": ("ne", COMPARISON), "<": ("lt", COMPARISON),
    "<=": ("le", COMPARISON), ">": ("gt", COMPARISON), ">=": ("ge", COMPARISON),
    "+": ("add", SUM), "-": ("sub", SUM), "@": ("matmul", PRODUCT), "*": ("mul", PRODUCT), "/": ("div", PRODUCT),
    "**": ("pow", POWER),
}  # fmt: skip
COMPARISONS = frozenset(symbol for symbol, (_, strength) in INFIX.items() if strength == COMPARISON)
COMMA = "a decimal comma is written as a point: 1.5; an array stands in brackets: [x, y]"
NESTED = "nest one `where` in another"
CHOICE = "write `where(condition, a, b)`"
LOGIC = {"and": NESTED, "or": NESTED, "not": NESTED, "if": CHOICE, "then": CHOICE, "else": CHOICE}
ELSEWHERE = {  # names of other languages and other schools, and what stands for them here
    **LOGIC,
    "pow": "write `x**y`", "power": "write `x**y`", "root": "write `x**(1/n)`",
    "tg": "did you mean `tan`?", "ctg": "did you mean `cot`?", "cotg": "did you mean `cot`?",
    "cosec": "did you mean `csc`?", "sen": "did you mean `sin`?", "arctg": "did you mean `arctan`?",
    "sh": "did you mean `sinh`?", "ch": "did you mean `cosh`?", "th": "did you mean `tanh`?",
    "lg": "did you mean `log10`?", "fabs": "did you mean `abs`?",
}  # fmt: skip

MODULES = frozenset({"math", "cmath", "Math", "np", "numpy", "jnp", "torch", "sympy", "sp", "tf"})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The function names of the grammar; the `bare` ones may stand before an argument without parentheses."""

    functions: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
