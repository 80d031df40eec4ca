"""The formulas of products of matrices, and of what a matrix is made into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gradcalc.answers.audit.paper.bound import Bound, Writing
from gradcalc.answers.audit.paper.folding import folded
from gradcalc.answers.audit.paper.joining import matmul, plus
from gradcalc.answers.audit.paper.number import Factor, Unwritten
from gradcalc.answers.audit.paper.picks import picked
from gradcalc.answers.audit.paper.piece import MATRIX, Operand, Piece, bare
from gradcalc.answers.audit.paper.rows import SQUARE


def _product(writer: Writing, given: Bound) -> Piece | Operand:
    one, other = (writer.operand(given.get(name)) for name in PRODUCTS[given.name])
    if given.name == "mm" and (one.piece.number or other.piece.number):
        return _uniform_product(given, one, other)
    if given.name == "mm" and (row := _only_row(writer, given)) is not None and other.places == (-2, -1):
        picked_one = replace(other.piece, text=f"{other.piece.text}[{row}]", sizes=other.piece.sizes[1:])
        return Operand(picked_one.plainly(other.piece.times), (-1,))
    if given.name == "addmm" and any(each.piece.number and not each.piece.times.value for each in (one, other)):
        return _beside_zeros(writer, given)
    vector = given.name in ("mv", "addmv", "dot", "vdot")
    if vector:  # a vector that stands for a column, and one for a row
        other = replace(other, places=tuple(place - 1 for place in other.places))
    found = matmul(one, other)
    if not given.name.startswith(("add", "badd")):
        return found
    beta, alpha = (Factor(float(given.get(name, 1))) for name in ("beta", "alpha"))
    product = Operand(replace(found, times=found.times * alpha), _beside(given, found))
    bias = writer.operand(given.get("self"))
    if not beta.value:
        return product.piece
    return plus(product, replace(bias, piece=replace(bias.piece, times=bias.piece.times * beta)))


def _beside_zeros(writer: Writing, given: Bound) -> Piece:
    """What is added to a product with zeros, as to that of the first state of a recurrent layer."""
    batch, sizes = writer.layout.axes(given.step.outputs[0].shape)
    bias = writer.operand(given.get("self")).piece
    if bias.sizes != sizes:
        raise Unwritten
    return replace(bias, batch=batch)


def _only_row(writer: Writing, given: Bound) -> int | None:
    """The row, counted from 1, that a constant with one 1 in each row, always at that place, picks from a matrix."""
    value = given.get("self")
    if writer.tape.varies(value.read):
        return None
    rows = picked(writer.numbers(value), value.tensor.shape[-1])
    return int(rows[0]) + 1 if rows and len(set(rows)) == 1 < len(rows) else None


def _uniform_product(given: Bound, one: Operand, other: Operand) -> Operand:
    """The product of two matrices, one with the same number everywhere: of the other one a sum, alike along an axis."""
    if one.piece.number and other.piece.number:
        number = one.piece.times * other.piece.times * Factor(float(given.get("self").tensor.shape[-1]))
        return Operand(replace(one.piece, times=number))
    whole, factor, gone = (other, one, -2) if one.piece.number else (one, other, -1)
    summed = folded("sum", whole, (gone,)) if gone in whole.places else whole.piece
    found = replace(summed, times=summed.times * factor.piece.times)
    return Operand(found, tuple(place for place in whole.places if place != gone))


def _beside(given: Bound, found: Piece) -> tuple[int, ...]:
    """Where the axes of a product stand in the tensor that it is."""
    shape = given.step.outputs[0].shape
    if len(shape) == len(found.sizes):
        return tuple(range(-len(shape), 0))
    places = tuple(place - len(shape) for place, size in enumerate(shape) if size != 1)
    return places[len(places) - len(found.sizes) :]


PRODUCTS = {
    "mm": ("self", "mat2"), "bmm": ("self", "mat2"), "mv": ("self", "vec"), "dot": ("self", "tensor"),
    "vdot": ("self", "other"), "addmm": ("mat1", "mat2"), "addmv": ("mat", "vec"), "baddbmm": ("batch1", "batch2"),
}  # fmt: skip


IDEMPOTENT = {"tril": "tril(", "triu": "triu("}  # a triangle of a triangle is that triangle


def _square(writer: Writing, given: Bound) -> Piece:
    """What a matrix is made into: a matrix, or a number."""
    one = writer.operand(given.get("self", given.get("A")))
    if len(one.piece.sizes) != MATRIX or one.piece.over:
        raise Unwritten
    if one.piece.text.startswith(IDEMPOTENT.get(given.name, "-")):
        return one.piece
    text = SQUARE[given.name].format(self=one.piece.said)
    sizes = one.piece.sizes if len(given.step.outputs[0].shape) > 1 else ()
    return Piece(text, sizes, batch=one.piece.batch)


def _crossed(writer: Writing, given: Bound) -> Piece:
    """The vector product of two vectors."""
    one, other = (writer.operand(given.get(name)).piece for name in ("self", "other"))
    if len(one.sizes) != 1 or len(other.sizes) != 1 or one.batch or other.batch:
        raise Unwritten
    return Piece(f"cross({one.said}, {other.said})", one.sizes)


def _slogdet(writer: Writing, given: Bound) -> Sequence[Piece]:
    one = writer.operand(given.get("A"))
    if len(one.piece.sizes) != MATRIX:
        raise Unwritten
    sign = given.step.outputs[0].numbers
    text = f"logdet({one.piece.said})" if bool((sign > 0).all()) else f"log(abs(det({one.piece.said})))"
    return Piece(f"sign(det({one.piece.said}))", batch=one.piece.batch), Piece(text, batch=one.piece.batch)


def _singular(writer: Writing, given: Bound) -> Sequence[Piece | None]:
    """Of the singular values alone there is a formula."""
    one = writer.operand(given.get("A"))
    if len(one.piece.sizes) != MATRIX or one.piece.batch:
        raise Unwritten
    return None, Piece(f"svdvals({one.piece.said})", (min(one.piece.sizes),)), None


def _solved(writer: Writing, given: Bound) -> Piece:
    one, other = writer.operand(given.get("A")), writer.operand(given.get("B"))
    if len(one.piece.sizes) != MATRIX:
        raise Unwritten
    return Piece(f"solve({one.piece.said}, {other.piece.said})", other.piece.sizes, batch=one.piece.batch)


def _distances(writer: Writing, given: Bound) -> Piece:
    one, other = writer.operand(given.get("x1")), writer.operand(given.get("x2"))
    if len(one.piece.sizes) != MATRIX or len(other.piece.sizes) != MATRIX:
        raise Unwritten
    text = f"cdist({one.piece.said}, {other.piece.said})"
    return Piece(text, (one.piece.sizes[0], other.piece.sizes[0]), batch=one.piece.batch)


def _joined(writer: Writing, given: Bound) -> Piece:
    """Arrays behind each other, or matrices beside each other."""
    parts = [writer.operand(one).piece for one in given.get("tensors") if one.tensor.numel()]
    axis = given.get("dim") % max(len(given.step.outputs[0].shape), 1)
    if axis > 1 or any(one.batch or len(one.sizes) <= axis for one in parts):
        raise Unwritten
    sizes = (*parts[0].sizes[:axis], sum(one.sizes[axis] for one in parts), *parts[0].sizes[axis + 1 :])
    return Piece(f"concat({', '.join(one.said for one in parts)}{', axis=1' if axis else ''})", sizes)


def _stacked(writer: Writing, given: Bound) -> Piece:
    """Numbers as a vector, vectors as the rows of a matrix, or as its columns."""
    parts = [writer.operand(one).piece for one in given.get("tensors")]
    if any((one.batch, one.sizes) != (parts[0].batch, parts[0].sizes) or len(one.sizes) > 1 for one in parts):
        raise Unwritten
    text, sizes = f"[{', '.join(one.said for one in parts)}]", (len(parts), *parts[0].sizes)
    if parts[0].batch:
        if given.get("dim"):
            raise Unwritten
        writer.inner = {True}  # the new axis stands before that of the batch
        return Piece(text, sizes, batch=parts[0].batch)
    if given.get("dim") % len(given.step.outputs[0].shape):
        return Piece(f"{text}.T", sizes[::-1], turned=text)
    return Piece(text, sizes)


def _by_factor(writer: Writing, given: Bound) -> Piece:
    """A solution by a Cholesky factor."""
    other, one = writer.operand(given.get("self")), writer.operand(given.get("input2"))
    if len(one.piece.sizes) != MATRIX:
        raise Unwritten
    factor, turned = one.piece.said, one.piece.transposed
    whole = f"{turned} @ {factor}" if given.get("upper") else f"{factor} @ {turned}"
    return Piece(f"solve({whole}, {other.piece.said})", other.piece.sizes, batch=one.piece.batch)


def _by_triangle(writer: Writing, given: Bound) -> Piece:
    one, other = writer.operand(given.get("self")), writer.operand(given.get("B"))
    if len(one.piece.sizes) != MATRIX or given.get("unitriangular") or not given.get("left"):
        raise Unwritten
    name = "triu" if given.get("upper") else "tril"
    triangle = one.piece.said if one.piece.text.startswith(IDEMPOTENT[name]) else f"{name}({one.piece.said})"
    return Piece(f"solve({triangle}, {other.piece.said})", other.piece.sizes, batch=one.piece.batch)


def _on_diagonal(writer: Writing, given: Bound) -> Piece:
    """The matrix with a vector on its diagonal."""
    one = writer.operand(given.get("self")).piece
    if len(one.sizes) != 1 or one.batch or given.get("offset"):
        raise Unwritten
    return Piece(f"diag({bare(one.said)})", one.sizes * 2)


ROWS: Mapping[str, Callable[[Writing, Bound], Piece | Operand | Sequence[Piece | None]]] = {
    "diag_embed": _on_diagonal,
    **dict.fromkeys(PRODUCTS, _product),
    **dict.fromkeys(SQUARE, _square),
    **dict.fromkeys(("_cdist_forward", "_euclidean_dist"), _distances),
    "linalg_cross": _crossed, "_linalg_svd": _singular, "_linalg_slogdet": _slogdet, "_linalg_solve_ex": _solved,
    "cat": _joined, "stack": _stacked, "linalg_solve_triangular": _by_triangle, "cholesky_solve": _by_factor,
}  # fmt: skip
