"""Formulas of sums of matrices times formulas: of each row, of each column, or of all elements in a row."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcalc.answers.audit.paper.bound import Writing
from gradcalc.answers.audit.paper.number import Unwritten
from gradcalc.answers.audit.paper.piece import MATRIX, Piece, without_ones

Rows = Sequence[Sequence[float]]  # of a matrix
Kind = tuple[str, str]  # what its matrix is called, and what is told of it
EXACT = 1e-12  # how well a matrix is a product, beside its largest number


def combined(
    writer: Writing, terms: Sequence[tuple[Piece, Rows]], rest: Sequence[float], shape: Sequence[int], kind: Kind
) -> Piece:
    """The sum of matrices times formulas, and of the numbers `rest`, in the `shape` of a tensor. Raises Unwritten.

    The columns of a matrix are those of the elements of the formula, row by row.
    """
    batches = {piece.batch for piece, _ in terms if piece.batch}
    if len(batches) > 1 or any(piece.over for piece, _ in terms):
        raise Unwritten
    batch = next(iter(batches), ())
    sizes = _sizes(shape, math.prod(batch), writer.layout.images)
    said = [_times(writer, piece, _item(rows, piece, math.prod(batch)), sizes, kind) for piece, rows in terms]
    if any(rest):
        each = len(rest) // math.prod(batch)
        if list(rest) != list(rest[:each]) * math.prod(batch):
            raise Unwritten
        said.append(writer.constant("c", rest[:each], ((), sizes)).said)
    return Piece(said[0] if len(said) == 1 else f"({' + '.join(said)})", sizes, batch=batch)


def _sizes(shape: Sequence[int], items: int, images: bool) -> tuple[int, ...]:
    """The axes of one item of so many, the first one and all others as one; of images a row for each channel."""
    apart = 0
    while math.prod(shape[:apart]) < items:
        apart += 1
    if math.prod(shape[:apart]) != items:
        raise Unwritten
    if images and len(shape) == MATRIX + 2:
        return without_ones((shape[1], math.prod(shape[2:]))) if apart <= 1 else without_ones(shape[apart:])
    own = without_ones(shape[apart:])
    return own if len(own) <= MATRIX else (own[0], math.prod(own[1:]))


def _item(rows: Rows, piece: Piece, items: int) -> Rows:
    """What is done to one item of a batch, if the same is done to each. Raises Unwritten."""
    high, wide = len(rows) // items, len(rows[0]) // (items if piece.batch else 1)
    blocks = []
    for item in range(items):
        first = item * wide if piece.batch else 0
        own = rows[item * high : (item + 1) * high]
        if any(any(row[:first]) or any(row[first + wide :]) for row in own):
            raise Unwritten
        blocks.append([list(row[first : first + wide]) for row in own])
    if any(one != blocks[0] for one in blocks):
        raise Unwritten
    return blocks[0]


def _times(writer: Writing, piece: Piece, rows: Rows, sizes: tuple[int, ...], kind: Kind) -> str:
    """The matrix of those rows times a formula, as short as it can be written."""
    own, said = piece.sizes, piece.said
    if not own:
        return f"({said} * {constant_matrix(writer, [[row[0] for row in rows]], kind, sizes)})"
    if len(own) == 1:
        product = _side(writer, said, rows, kind, own, 0)
        return product if len(sizes) < MATRIX else f"reshape({product}, {_listed(sizes)})"
    for shape in [sizes] if len(sizes) == MATRIX else [(*sizes, 1), (1, *sizes), (1, 1)]:
        if math.prod(shape) == len(rows) and (sides := _sides(rows, own, shape)) is not None:
            first = _side(writer, said, sides[0], kind, own, 0)
            left = (len(sides[0]), own[1]) if len(sides[0]) > 1 else own[1:]
            return _side(writer, first, sides[1], kind, left, len(left) - 1)
    product = _side(writer, f"reshape({said}, -1)", rows, kind, (math.prod(own),), 0)
    return product if len(sizes) < MATRIX else f"reshape({product}, {_listed(sizes)})"


def _listed(sizes: Sequence[int]) -> str:
    return ", ".join(map(str, sizes))


def constant_matrix(writer: Writing, rows: Rows, kind: Kind, sizes: tuple[int, ...] | None = None) -> str:
    """The name of a matrix, a vector where it has a single row or column."""
    name, told = kind
    axes = without_ones((len(rows), len(rows[0]))) if sizes is None else sizes
    found = writer.constant(name, [number for row in rows for number in row], ((), axes))
    writer.matrices[found.text] = told
    return found.text


def _sides(rows: Rows, own: Sequence[int], made: Sequence[int]) -> tuple[Rows, Rows] | None:
    """What is done to the columns and what to the rows of a matrix, where the two together are all that is done."""
    numbers = [(abs(number), place, one) for place, row in enumerate(rows) for one, number in enumerate(row)]
    most, place, one = max(numbers, key=lambda each: each[0])
    if not most:
        return None
    (i, j), (k, m) = divmod(place, made[1]), divmod(one, own[1])
    along = [[rows[i * made[1] + y][k * own[1] + x] for x in range(own[1])] for y in range(made[1])]
    down = [[rows[y * made[1] + j][x * own[1] + m] / rows[place][one] for x in range(own[0])] for y in range(made[0])]
    share = sum(along[j]) or 1.0  # so that weights that add up to one do so on both sides
    down, along = [[share * n for n in row] for row in down], [[n / share for n in row] for row in along]
    for y, row in enumerate(rows):
        a, b = down[y // made[1]], along[y % made[1]]
        if any(abs(n - a[x // own[1]] * b[x % own[1]]) > EXACT * most for x, n in enumerate(row)):
            return None
    return down, along


def _side(writer: Writing, said: str, rows: Rows, kind: Kind, sizes: Sequence[int], axis: int) -> str:
    """A formula times a matrix along an axis: flipped, tiled, with zeros around it, or else the product."""
    count, alone = sizes[axis], len(sizes) == 1
    if (form := _plain(said, rows, count, None if alone else axis)) is not None:
        return form
    if axis == 0:
        return f"({constant_matrix(writer, rows, kind)} @ {said})"
    return f"({said} @ {constant_matrix(writer, [list(column) for column in zip(*rows, strict=True)], kind)})"


def _plain(said: str, rows: Rows, count: int, axis: int | None) -> str | None:
    """What it is called where the elements stay whole: the same, flipped, tiled, with zeros before and behind."""
    if any(sorted(row) != [0.0] * (count - 1) + [1.0] for row in rows if any(row)):
        return None
    places = [list(row).index(1.0) if any(row) else None for row in rows]
    if places == [*range(count)]:
        return said
    if places == [*reversed(range(count))]:
        return f"flip({said})" if axis is None else f"flip({said}, axis={axis})"
    times, rest = divmod(len(rows), count)
    if axis != 1 and not rest and places == [*range(count)] * times:
        return f"concat({', '.join([said] * times)})"
    before = next((place for place, one in enumerate(places) if one is not None), 0)
    behind = len(rows) - before - count
    if axis is not None or places != [*[None] * before, *range(count), *[None] * behind]:
        return None
    return f"concat({', '.join([f'zeros({before})'] * bool(before) + [said] + [f'zeros({behind})'] * bool(behind))})"
