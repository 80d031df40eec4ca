"""Notation whose meaning depends on what is an array: `A x`, `x^T`, `|A|`, `A^{-1}`, `x'`, `⟨x, y⟩`.

The parser leaves such places as calls of their own; here each becomes the function that it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from fractions import Fraction

from gradcalc.base.errors import ExpressionSyntaxError
from gradcalc.problem.kinds import CHAINED, COLUMN, MATRIX, ROW, SCALAR, SUMS, Kind, Kinds, called_for, kind_of
from gradcalc.problem.part import Part
from gradcalc.problem.transposing import is_transposing, turned
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, children, number, postorder, rebuilt, substitute

TURNS = ("turned", "prime")
MATRICES_ONLY = frozenset({"trace", "det", "logdet", "inv", *CHAINED})  # where A^2 is hardly meant element by element


def settled(
    bodies: Sequence[tuple[str | None, Node]], known: Kinds, variables: Collection[str], arrays: Collection[str] = ()
) -> list[Node]:
    """The bodies of a program without notation; `known` are the kinds of names, `variables` the names that are given,
    `arrays` those that are arrays by their letters.

    Raises ShapeError or ExpressionSyntaxError, with the place, where there is more than one meaning.
    """
    trees = [body for _, body in bodies]
    if not any(isinstance(node, Call) and node.function in NOTATION for node in postorder(*trees)):
        return trees
    if is_transposing(_whole(bodies, trees), called_for(_whole(bodies, trees), known, arrays), known, variables):
        trees = [rebuilt(tree, turned) for tree in trees]
    kinds = called_for(_whole(bodies, trees), known, arrays)
    made = []
    for (name, _), tree in zip(bodies, trees, strict=True):
        body, kind = _plain(tree, kinds)
        made.append(body)
        if name is not None:
            kinds[name] = kind
    return made


def _whole(bodies: Sequence[tuple[str | None, Node]], trees: Sequence[Node]) -> Node:
    """The result with the definitions put in."""
    whole: dict[str, Node] = {}
    root = trees[0]
    for (name, _), tree in zip(bodies, trees, strict=True):
        root = substitute(tree, whole)
        if name is not None:
            whole[name] = root
    return root


def _plain(root: Node, names: Kinds) -> tuple[Node, Kind]:
    """The tree without notation, and what it is."""
    made: dict[int, tuple[Node, Kind]] = {}
    for node in postorder(root):
        inside = [made[id(one)] for one in children(node)]
        kinds = tuple(kind for _, kind in inside)
        arguments = tuple(one for one, _ in inside)
        kind = kind_of(node, kinds, names)
        if isinstance(node, Call):
            part = Part(node, arguments, kinds)
            _require_clear(part)
            rule = NOTATION.get(node.function)
            same = all(one is other for one, other in zip(arguments, node.arguments, strict=True))
            made[id(node)] = (rule(part) if rule else node if same else part.call(node.function)), kind
        else:
            made[id(node)] = node, kind
    return made[id(root)]


def _beside(part: Part) -> Node:
    """`A x`: a product of matrices where both are arrays. Raises at two bare vectors."""
    x, y = part.arguments
    if SCALAR in part.kinds:
        return part.call("mul")
    if part.kinds == (COLUMN, ROW):
        bare = y.arguments[0] if isinstance(y, Call) and y.function == "transpose" else y
        return part.call("outer", x, bare)
    if part.kinds in ((COLUMN, COLUMN), (ROW, ROW)):
        ways = part.call("matmul", part.call("transpose", x) if COLUMN in part.kinds else x, y), part.call("mul")
        raise part.unclear("two vectors side by side", *ways)
    return part.call("matmul")


def _dotted(part: Part) -> Node:
    """`x·y`, of two vectors their dot product."""
    return part.call("matmul") if part.kinds in ((COLUMN, COLUMN), (ROW, ROW)) else _beside(part)


def _crossed(part: Part) -> Node:
    """`x × y`, of two vectors their cross product. Raises at matrices."""
    if SCALAR in part.kinds:
        return part.call("mul")
    if MATRIX in part.kinds:
        raise part.unclear("it is unclear which product of matrices this is", part.call("matmul"), part.call("mul"))
    return part.call("cross")


def _raised(part: Part) -> Node:
    """`x^y` as it is typed, element by element. Raises at `A^-1`."""
    base, exponent = part.arguments
    if part.kinds[0] is MATRIX and _integer(exponent) == -1:
        ones = part.call("div", Number(ONE), base)
        raise part.unclear("it is unclear what a negative power of a matrix is", part.call("inv", base), ones)
    return part.call("pow")


def _require_clear(part: Part) -> None:
    """Raises at `trace(A^2)`, where the product of matrices may be meant, and at `x @ x^T`."""
    last = part.node.arguments[-1] if part.node.arguments else part.node
    turned = any(isinstance(one, Call) and one.function in TURNS for one in part.node.arguments)
    if part.node.function == "mul" and turned and part.kinds in ((COLUMN, ROW), (ROW, COLUMN)):
        product = "matmul" if part.kinds[0] is ROW else "outer"
        bare = [
            one.arguments[0] if isinstance(one, Call) and one.function == "transpose" else one for one in part.arguments
        ]
        ways = part.call(product, *bare), part.call("mul", *bare)
        raise part.unclear("it is unclear which product of vectors this is", *ways)
    if part.node.function == "sqrt" and part.kinds == (MATRIX,) and _is_on_paper(part.node.arguments[0]):
        raise part.lacking("the root", part.call("sqrt"))
    if part.node.function not in MATRICES_ONLY:
        return
    if part.node.function == "matmul" and part.kinds == (COLUMN, ROW) and turned and isinstance(last, Call):
        x, y = part.arguments
        ways = part.call("outer", x, y.arguments[0] if isinstance(y, Call) else y), part.call("matmul")
        raise part.unclear("it is unclear which product of vectors this is", *ways)
    for one, kind in zip(part.node.arguments, part.kinds, strict=True):
        if (
            isinstance(one, Call)
            and one.function == "raised"
            and kind is MATRIX
            and (_integer(one.arguments[1]) or 0) > 1
        ):
            base, exponent = one.arguments
            power, each = Call("matrix_power", (base, exponent)), Call("pow", (base, exponent))
            raise Part(one, one.arguments, ()).unclear("it is unclear what a power of a matrix is", power, each)


def _is_on_paper(node: Node) -> bool:
    """Is this a product or a power as mathematics writes them? `sqrt(A @ B)` is NumPy's."""
    return isinstance(node, Call) and node.function in ("beside", "superscript")


def _superscript(part: Part) -> Node:
    """`A^{-1}` and `A^2` as mathematics has them."""
    base, exponent = part.arguments
    power = _integer(exponent)
    each = part.call("pow")
    if part.kinds[1] is MATRIX and base in (Constant("e"), Name("e")):
        raise part.unclear("it is unclear what a matrix as an exponent is", part.call("expm", exponent), each)
    if part.kinds[0] is not MATRIX:
        return each
    if power == -1:
        return part.call("inv", base)
    if power is None:
        raise part.lacking("this power", each)
    if power > 1 and isinstance(base, Call) and base.function in SUMS:
        raise part.unclear("it is unclear what this power of a matrix is", part.call("matrix_power"), each)
    return part.call("matrix_power")


def _integer(node: Node) -> int | None:
    """A literal whole number."""
    if isinstance(node, Call) and node.function == "neg":
        inside = _integer(node.arguments[0])
        return None if inside is None else -inside
    return node.value.numerator if isinstance(node, Number) and node.value.denominator == 1 else None


def _bars(part: Part) -> Node:
    """`|x|` as it is typed. Raises at a matrix."""
    if part.kinds[0] is MATRIX:
        raise part.unclear("it is unclear what bars around a matrix are", part.call("det"), part.call("abs"))
    return part.call("abs")


def _vert(part: Part) -> Node:
    """`|x|` in LaTeX: of a matrix the determinant. Raises at a vector."""
    if part.kinds[0] in (COLUMN, ROW):
        raise part.unclear("it is unclear what bars around a vector are", part.call("norm"), part.call("abs"))
    return part.call("det" if part.kinds[0] is MATRIX else "abs")


def _prime(part: Part) -> Node:
    """`x'`, an array transposed. Raises where it is none."""
    if part.kinds[0] is SCALAR:
        hint = "write the function itself: its derivative is what comes out; an array is transposed with `.T`"
        raise ExpressionSyntaxError("`'` transposes an array, and this is none", span=part.node.span, hint=hint)
    return part.call("transpose")


def _norm2(part: Part) -> Node:
    """The 2-norm. Raises at a matrix: it is the largest singular value, and Frobenius's norm is often written so."""
    if part.kinds[0] is MATRIX:
        ways = part.call("norm"), part.call("spectral_norm")
        raise part.unclear("it is unclear which norm of a matrix this is", *ways)
    return part.call("norm")


def _inner(part: Part) -> Node:
    """`⟨x, y⟩`, of vectors or of matrices. Raises where these are not two."""
    if len(part.arguments) != 2:
        raise ExpressionSyntaxError("an inner product is one of two", span=part.node.span, hint="write `x @ y`")
    if part.kinds == (MATRIX, MATRIX):
        return part.call("sum", part.call("mul"))
    return part.call("mul") if SCALAR in part.kinds else part.call("matmul")


def _totalled(part: Part) -> Node:
    """`1^T x` in bold: the sum of all elements, of a matrix the sum of its rows."""
    return part.call("sum", *part.arguments, *[number(0)] * (part.kinds[0] is MATRIX))


def _kept(part: Part) -> Node:
    """A reduction that keeps its dimension, which makes a difference along the rows of a matrix alone. Raises there."""
    (reduction,) = part.arguments
    if part.kinds[0] is not SCALAR and isinstance(reduction, Call) and _integer(reduction.arguments[-1]) != 0:
        message = "dimensions that are kept are not part of the language"
        hint = "write `(A.T/sum(A, axis=1)).T` for rows, for instance"
        raise ExpressionSyntaxError(message, span=part.node.span, hint=hint)
    return reduction


ONE = Fraction(1)
NOTATION: dict[str, Callable[[Part], Node]] = {
    "beside": _beside, "dotted": _dotted, "crossed": _crossed, "raised": _raised, "superscript": _superscript,
    "turned": lambda part: part.call("transpose"), "bars": _bars, "vert": _vert, "prime": _prime, "norm2": _norm2,
    "angled": _inner, "kept": _kept, "totalled": _totalled,
}  # fmt: skip
