"""Trees as LaTeX, as a textbook sets them: `\\left(A + A^{\\top}\\right) x`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.render.latex import names as latex_names
from gradcalc.render.latex.scalars import (
    ATOM,
    FRACTION,
    MARKED,
    POWER,
    PRODUCT,
    SIGN,
    Scalars,
    Written,
    beside,
    parenthesised,
)
from gradcalc.syntax.tree import Call, Constant, Node

SCALED = frozenset({"neg", "mul", "div"})  # what leaves a row a row
AXIS = r"_{\text{axis } %s}"


def to_latex(node: Node, shapes: Mapping[str, Shape] | None = None) -> str:
    """The tree in LaTeX: `\\left(A + A^{\\top}\\right) x`.

    With the `shapes` of the variables, rows are told from columns (`x^{\\top} A x`), elements from matrices
    (`x \\odot y`). Raises ShapeError where they do not fit, LimitError where the text is too long.
    """
    return Latex(node, infer(node, shapes) if shapes else {}).written[id(node)].text


class Latex(Scalars):
    """Writes a tree that may have arrays in it."""

    def rule(self, node: Call) -> Written:
        """A call, its arguments being written."""
        row = ARRAY_FUNCTIONS.get(node.function)
        found = ARRAYS.get(node.function) or (Latex.reduction if row is not None and row.along else Scalars.rule)
        return found(self, node)

    def matmul(self, node: Call) -> Written:
        """`A x`; a vector on the left is a row."""
        x, y = node.arguments
        column = self.rank(x) == 1 and not self._is_row(x)
        left = self.part(x, POWER + 1) + r"^{\top}" if column else self.part(x, PRODUCT)
        behind = PRODUCT if isinstance(y, Call) and y.function == "outer" else SIGN
        return Written(beside(left, self.part(y, behind, signed=False)), PRODUCT)

    def _is_row(self, node: Node) -> bool:
        """Is a vector written as a row: `x^{\\top}`, `-x^{\\top}`, `2 x^{\\top} A`?"""
        if not isinstance(node, Call) or self.rank(node) != 1:
            return False
        if node.function in ("matmul", "dot"):
            return self.rank(node.arguments[0]) == 1
        if node.function in SCALED:
            return any(self._is_row(one) for one in node.arguments) and sum(map(self.rank, node.arguments)) == 1
        return node.function == "transpose"

    def outer(self, node: Call) -> Written:
        """`a b^{\\top}`."""
        a, b = node.arguments
        return Written(beside(self.part(a, PRODUCT), rf"{self.part(b, POWER + 1)}^{{\top}}"), PRODUCT)

    def kron(self, node: Call) -> Written:
        """`A \\otimes B`."""
        a, b = (self.part(one, FRACTION) for one in node.arguments)
        return Written(rf"{a} \otimes {b}", MARKED)

    def transpose(self, node: Call) -> Written:
        """`A^{\\top}`, `A^{-\\top}`."""
        (array,) = node.arguments
        if isinstance(array, Call) and array.function == "inv":
            return Written(rf"{self.part(array.arguments[0], POWER + 1)}^{{-\top}}", POWER)
        return Written(rf"{self.part(array, POWER + 1)}^{{\top}}", POWER)

    def inverse(self, node: Call) -> Written:
        """`A^{-1}`."""
        return Written(f"{self.part(node.arguments[0], POWER + 1)}^{{-1}}", POWER)

    def solve(self, node: Call) -> Written:
        """`A^{-1} b`."""
        a, b = node.arguments
        return Written(f"{self.part(a, POWER + 1)}^{{-1}} {self.part(b, SIGN, signed=False)}", PRODUCT)

    def matrix_power(self, node: Call) -> Written:
        """`A^{3}`."""
        a, exponent = node.arguments
        return Written(f"{self.part(a, POWER + 1)}^{{{self.part(exponent)}}}", POWER)

    def norm(self, node: Call) -> Written:
        """`\\lVert x\\rVert`; that of a matrix is Frobenius's."""
        matrix = "_{F}" if self.rank(node.arguments[0]) == 2 else ""
        return Written(self.call(node).text + matrix)

    def absolute(self, node: Call) -> Written:
        """`|x|`; of the elements of an array `abs(x)`, as bars around a matrix are its determinant."""
        if self.rank(node.arguments[0]):
            return Written(r"\operatorname{abs}" + parenthesised(self.listed(node.arguments)))
        return self.call(node)

    def reduction(self, node: Call) -> Written:
        """`sum(A)`, with the axis below it where one is named."""
        array, *axis = node.arguments
        below = AXIS % self.part(axis[0]) if axis else ""
        return Written(latex_names.function(node.function) + below + parenthesised(self.part(array)))

    def index(self, node: Call) -> Written:
        """`x_{1}`, `A_{1,2}`."""
        array, *places = node.arguments
        below = ",".join(self.part(one) for one in places)
        base = self.part(array, ATOM)
        return Written(f"{parenthesised(base) if '_' in base else base}_{{{below}}}")

    def slice(self, node: Call) -> Written:
        """`x_{2:3}`; to the end without a last place."""
        array, *places = node.arguments
        bounds = [self.part(one) for one in places]
        below = ",".join(
            f"{first}:{'' if last == '0' else last}" for first, last in zip(bounds[::2], bounds[1::2], strict=True)
        )
        base = self.part(array, ATOM)
        return Written(f"{parenthesised(base) if '_' in base else base}_{{{below}}}")

    def filled(self, node: Call) -> Written:
        """`\\mathbf{1}_{m \\times n}`."""
        digit = "1" if node.function == "ones" else "0"
        sizes = r" \times ".join(self.part(one) for one in node.arguments)
        return Written(rf"\mathbf{{{digit}}}_{{{sizes}}}")

    def array(self, node: Call) -> Written:
        """A column, or a matrix."""
        rows = [
            one.arguments if isinstance(one, Call) and one.function == "array" else (one,) for one in node.arguments
        ]
        body = r" \\ ".join(" & ".join(self.part(one) for one in row) for row in rows)
        return Written(rf"\begin{{bmatrix}} {body} \end{{bmatrix}}")

    def exponential(self, node: Call) -> Written:
        """`e^{x}`; of a matrix `exp(A)`, as `e^{A}` may be the exponential of the whole."""
        if self.rank(node.arguments[-1]) < 2:
            return Scalars.exponential(self, node)
        return Written(r"\operatorname{exp}" + parenthesised(self.part(node.arguments[-1])))

    def raised(self, node: Call) -> Written:
        """A power, `e^{A}` as above."""
        natural = node.arguments[0] == Constant("e") and self.rank(node.arguments[1]) > 1
        return self.exponential(node) if natural else self.power(node)


ARRAYS: dict[str, Callable[[Latex, Call], Written]] = {
    "matmul": Latex.matmul, "dot": Latex.matmul, "outer": Latex.outer, "kron": Latex.kron,
    "transpose": Latex.transpose, "inv": Latex.inverse, "solve": Latex.solve, "matrix_power": Latex.matrix_power,
    "abs": Latex.absolute,
    "exp": Latex.exponential, "pow": Latex.raised, "norm": Latex.norm, "index": Latex.index, "slice": Latex.slice,
    "ones": Latex.filled, "zeros": Latex.filled,
    "array": Latex.array,
}  # fmt: skip
