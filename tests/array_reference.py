"""An evaluation of array programs that shares nothing with gradcalc's own: mpmath's numbers in nested lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise, product
from typing import Any

import mpmath

from gradcalc.syntax.tree import Constant, Name, Node, Number
from tests.reference import NoValue, Real, function

SINGULAR = mpmath.mpf(10) ** -35  # a determinant that is 0 up to rounding
Nested = Any  # a number, or lists of them, of one shape; None for a number that does not exist


def evaluate(node: Node, point: Mapping[str, Nested]) -> Nested:
    """The value of a tree at mpmath's working precision."""
    if isinstance(node, Number):
        return mpmath.mpf(node.value.numerator) / node.value.denominator
    if isinstance(node, Name):
        return point[node.name]
    if isinstance(node, Constant):
        return +(mpmath.pi if node.name == "pi" else mpmath.e)
    arguments = [evaluate(argument, point) for argument in node.arguments]
    if node.function == "where":
        return elementwise(lambda condition, yes, no: yes if condition else no, arguments)
    if node.function in ALONG:
        fold = ALONG[node.function]
        return along(fold, arguments[0], int(arguments[1]) if len(arguments) > 1 else None)
    if node.function in ARRAYS:
        return ARRAYS[node.function](*arguments)
    return elementwise(strict(function(node.function)), arguments)


def both(x: Any, y: Any) -> Any:
    """The product of two numbers."""
    return strict(lambda one, other: one * other)(x, y)


def strict(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which has no value where an argument has none."""

    def valued(*arguments: Any) -> Any:
        try:
            return None if None in arguments else function(*arguments)
        except (NoValue, ZeroDivisionError):
            return None

    return valued


# -- shapes


def shape(a: Nested) -> list[int]:
    return [len(a), *shape(a[0])] if isinstance(a, list) else []


def elementwise(function: Callable[..., Any], arguments: Sequence[Nested]) -> Nested:
    """The function of each element, with NumPy's broadcasting."""
    rank = max(len(shape(a)) for a in arguments)
    if rank == 0:
        return function(*arguments)
    full = [a if len(shape(a)) == rank else [a] for a in arguments]
    length = max(len(a) for a in full)
    rows = zip(*(a if len(a) == length else a * length for a in full), strict=True)
    return [elementwise(function, row) for row in rows]


def flat(a: Nested) -> list[Any]:
    return [one for row in a for one in flat(row)] if isinstance(a, list) else [a]


def transpose(a: Nested) -> Nested:
    return [list(column) for column in zip(*a, strict=True)] if len(shape(a)) == 2 else a


def along(fold: Callable[[list[Any]], Any], a: Nested, axis: int | None) -> Nested:
    """What a function of a list makes of the elements, or of those along an axis."""
    if axis is None:
        return strict(lambda *terms: fold(list(terms)))(*flat(a))
    lines = a if len(shape(a)) == 1 or axis % 2 == 1 else transpose(a)
    if len(shape(a)) == 1:
        return strict(lambda *terms: fold(list(terms)))(*a)
    return [strict(lambda *terms: fold(list(terms)))(*line) for line in lines]


def each_line(function: Callable[[list[Any]], list[Any]], a: Nested, axis: int) -> Nested:
    """The lines along an axis, each as a function of itself."""
    if len(shape(a)) < 2:
        return function(a) if None not in a else [None] * len(a)
    lines = a if axis % 2 == 1 else transpose(a)
    found = [function(line) if None not in line else [None] * len(line) for line in lines]
    return found if axis % 2 == 1 else transpose(found)


# -- operations


def mean(terms: list[Real]) -> Real:
    return mpmath.fsum(terms) / len(terms)


def variance(terms: list[Real]) -> Real:
    return mean([(term - mean(terms)) ** 2 for term in terms])


def softmax(terms: list[Real]) -> list[Real]:
    total = mpmath.fsum(map(mpmath.exp, terms))
    return [mpmath.exp(term) / total for term in terms]


def matmul(a: Nested, b: Nested) -> Nested:
    dot = strict(lambda *terms: mpmath.fsum(x * y for x, y in zip(terms[::2], terms[1::2], strict=True)))
    rows = a if len(shape(a)) == 2 else [a]
    columns = transpose(b) if len(shape(b)) == 2 else [b]
    found = [
        [dot(*(one for pair in zip(row, column, strict=True) for one in pair)) for column in columns] for row in rows
    ]
    found = found if len(shape(b)) == 2 else [row[0] for row in found]
    return found if len(shape(a)) == 2 else found[0]


def squared(function: Callable[[Any], Any]) -> Callable[[Nested], Nested]:
    """A function of a square matrix of mpmath's, for nested lists; nothing where it has no value."""

    def found(a: Nested) -> Nested:
        try:
            value = function(mpmath.matrix(a)) if None not in flat(a) else None
        except ZeroDivisionError:
            value = None
        if isinstance(value, mpmath.matrix):
            return value.tolist()
        return value if value is not None or function not in MATRICES else [[None] * len(a) for _ in a]

    return found


def determinant(a: Any) -> Any:
    """By the first row: mpmath's own stumbles over a column of zeros."""
    if a.rows == 1:
        return a[0, 0]
    minors = [
        mpmath.matrix([[a[i, k] for k in range(a.cols) if k != j] for i in range(1, a.rows)]) for j in range(a.cols)
    ]
    return mpmath.fsum((-1) ** j * a[0, j] * determinant(minor) for j, minor in enumerate(minors))


def inverse(a: Any) -> Any:
    if abs(determinant(a)) < SINGULAR:
        raise ZeroDivisionError
    return a**-1


def logdet(a: Any) -> Any:
    return mpmath.log(determinant(a)) if determinant(a) > SINGULAR else None


MATRICES = (inverse,)


def power(a: Nested, n: Real) -> Nested:
    base = a if n >= 0 else squared(inverse)(a)
    found = [[mpmath.mpf(int(i == j)) for j in range(len(a))] for i in range(len(a))]
    for _ in range(abs(int(n))):
        found = matmul(found, base)
    return found


def element(a: Nested, *places: Real) -> Nested:
    for place in places:
        a = a[int(place) - 1]
    return a


def diag(a: Nested) -> Nested:
    if len(shape(a)) == 2:
        return [a[i][i] for i in range(len(a))]
    return [[a[i] if i == j else mpmath.mpf(0) for j in range(len(a))] for i in range(len(a))]


def identity(n: Real) -> Nested:
    return diag([mpmath.mpf(1)] * int(n))


def ones(*sizes: Real) -> Nested:
    return [ones(*sizes[1:]) for _ in range(int(sizes[0]))] if sizes else mpmath.mpf(1)


def kron(a: Nested, b: Nested) -> Nested:
    product = strict(lambda x, y: x * y)
    return [[product(x, y) for x in row for y in other] for row in a for other in b]


def part(a: Nested, first: Real, last: Real, *rest: Real) -> Nested:
    taken = a[int(first) - 1 : int(last) or None]
    return [part(row, *rest) for row in taken] if rest else taken


def reshaped(a: Nested, *sizes: Real) -> Nested:
    found = flat(a)
    for size in reversed([int(one) for one in sizes][1:]):
        found = [found[start : start + size] for start in range(0, len(found), size)]
    return found


def patches(a: Nested, height: int, kernel: tuple[int, int], steps: Sequence[int], border: tuple[int, int]) -> Nested:
    """The windows of images, one below the other in a column: by the definition, element by element."""
    rows, found = (a if isinstance(a[0], list) else [a]), []
    width = len(rows[0]) // height
    across = [
        range(0, size + 2 * edge - (k - 1) * steps[1], steps[0])
        for size, edge, k in zip((height, width), border, kernel, strict=True)
    ]
    for row in rows:
        for i, j in product(*map(range, kernel)):
            at = i * steps[1] - border[0], j * steps[1] - border[1]
            places = [(u + at[0], v + at[1]) for u in across[0] for v in across[1]]
            inside = [0 <= u < height and 0 <= v < width for u, v in places]
            found.append(
                [row[u * width + v] if one else mpmath.mpf(0) for one, (u, v) in zip(inside, places, strict=True)]
            )
    return found


def pooled(a: Nested, height: int, kernel: tuple[int, int], step: Real, border: Real, apart: Real) -> Nested:
    """The largest number that is inside, window by window."""
    rows = a if isinstance(a[0], list) else [a]
    width, found = len(rows[0]) // height, []
    for row in rows:
        own = []
        tall, wide = (int(border) if size > 1 else 0 for size in (height, 2))
        for u in range(-tall, height + tall - (kernel[0] - 1) * int(apart), int(step or kernel[0])):
            for v in range(-wide, width + wide - (kernel[1] - 1) * int(apart), int(step or kernel[1])):
                places = [(u + i * int(apart), v + j * int(apart)) for i, j in product(*map(range, kernel))]
                own.append(max(row[i * width + j] for i, j in places if 0 <= i < height and 0 <= j < width))
        found.append(own)
    return found if isinstance(a[0], list) else found[0]


def put_back(
    a: Nested, sizes: tuple[int, int], kernel: tuple[int, int], steps: Sequence[int], border: tuple[int, int]
) -> Nested:
    """The images from which the sum of products with `a` is that of `a` with their windows: basis by basis."""
    count = len(a) // (kernel[0] * kernel[1])
    found = []
    for row in range(count):
        own = a[row * kernel[0] * kernel[1] : (row + 1) * kernel[0] * kernel[1]]
        whole = range(sizes[0] * sizes[1])
        units = [[mpmath.mpf(place == one) for place in whole] for one in whole]
        found.append([mpmath.fdot(flat(patches(unit, sizes[0], kernel, steps, border)), flat(own)) for unit in units])
    return found[0] if count == 1 else found


def differences(a: Any) -> Any:
    """The differences of neighbours, along the last axis."""
    return list(map(differences, a)) if isinstance(a[0], list) else [y - x for x, y in pairwise(a)]


def triangle(a: Nested, keep: Callable[[int, int], bool]) -> Nested:
    return [[one if keep(i, j) else mpmath.mpf(0) for j, one in enumerate(row)] for i, row in enumerate(a)]


def flipped(a: Nested, axis: Real | None = None) -> Nested:
    if axis is not None:
        return each_line(lambda line: line[::-1], a, int(axis))
    return [flipped(row) for row in reversed(a)] if isinstance(a, list) else a


def middle(terms: list[Real]) -> Real:
    found, half = sorted(terms), len(terms) // 2
    return found[half] if len(terms) % 2 else (found[half - 1] + found[half]) / 2


def log_softmax(terms: list[Real]) -> list[Real]:
    total = mpmath.log(mpmath.fsum(map(mpmath.exp, terms)))
    return [term - total for term in terms]


def cross_entropy(logs: Nested, shares: Nested) -> Real:
    rows = logs if len(shape(logs)) == 2 else [logs]
    return -mpmath.fdot(flat(logs), flat(shares)) / len(rows)


def dot(a: Nested, b: Nested) -> Real:
    return mpmath.fdot(a, b)


def distance(a: Nested, b: Nested) -> Real:
    return mpmath.sqrt(mpmath.fsum((x - y) ** 2 for x, y in zip(a, b, strict=True)))


def symmetric(a: Nested) -> Any:
    return (mpmath.matrix(a) + mpmath.matrix(a).T) / 2


def pseudoinverse(a: Nested) -> Nested:
    tall = mpmath.matrix(a)
    found = (tall.T * tall) ** -1 * tall.T if tall.rows >= tall.cols else tall.T * (tall * tall.T) ** -1
    return found.tolist()


ALONG: dict[str, Callable[[list[Any]], Any]] = {
    "median": middle,
    "sum": mpmath.fsum, "mean": mean, "prod": mpmath.fprod, "var": variance,
    "std": lambda terms: mpmath.sqrt(variance(terms)), "amax": max, "amin": min,
    "logsumexp": lambda terms: mpmath.log(mpmath.fsum(map(mpmath.exp, terms))),
    "norm": lambda terms: mpmath.sqrt(mpmath.fsum(term**2 for term in terms)),
    "norm1": lambda terms: mpmath.fsum(map(abs, terms)), "norminf": lambda terms: max(map(abs, terms)),
}  # fmt: skip
ARRAYS: dict[str, Callable[..., Nested]] = {
    "array": lambda *rows: list(rows), "index": element, "transpose": transpose, "diag": diag, "kron": kron,
    "eye": identity, "ones": ones, "zeros": lambda *sizes: elementwise(lambda one: 0 * one, [ones(*sizes)]),
    "matmul": matmul, "dot": matmul, "matrix_power": power,
    "outer": lambda a, b: [[both(x, y) for y in b] for x in a] if isinstance(a, list) else both(a, b),
    "softmax": lambda a, axis=-1: each_line(softmax, a, int(axis)),
    "cumsum": lambda a, axis=0: each_line(lambda line: list(accumulate(line)), a, int(axis)),
    "trace": lambda a: ALONG["sum"](diag(a)) if None not in diag(a) else None,
    "det": squared(determinant), "logdet": squared(logdet), "inv": squared(inverse),
    "slice": part, "reshape": reshaped, "flip": flipped, "concat": lambda a, b: [*a, *b],
    "tril": lambda a, k=0: triangle(a, lambda i, j: j - i <= k),
    "triu": lambda a, k=0: triangle(a, lambda i, j: j - i >= k),
    "cumprod": lambda a, axis=0: each_line(lambda line: list(accumulate(line, lambda x, y: x * y)), a, int(axis)),
    "sort": lambda a, axis=-1: each_line(sorted, a, int(axis)),
    "diff": differences,
    "unfold": lambda a, k, s=1, p=0, d=1: patches(a, 1, (1, int(k)), (int(s), int(d)), (0, int(p))),
    "unfold2d": lambda a, h, k, w, s=1, p=0, d=1: patches(
        a, int(h), (int(k), int(w)), (int(s), int(d)), (int(p), int(p))
    ),
    "fold": lambda a, n, k, s=1, p=0, d=1: put_back(a, (1, int(n)), (1, int(k)), (int(s), int(d)), (0, int(p))),
    "fold2d": lambda a, h, w, k, m, s=1, p=0, d=1: put_back(
        a, (int(h), int(w)), (int(k), int(m)), (int(s), int(d)), (int(p), int(p))
    ),
    "max_pool1d": lambda a, k, s=0, p=0, d=1: pooled(a, 1, (1, int(k)), s, p, d),
    "max_pool2d": lambda a, h, k, w, s=0, p=0, d=1: pooled(a, int(h), (int(k), int(w)), s, p, d),
    "cross": lambda a, b: [a[i - 2] * b[i - 1] - a[i - 1] * b[i - 2] for i in range(3)],
    "log_softmax": lambda a, axis=-1: each_line(log_softmax, a, int(axis)),
    "cross_entropy": lambda z, y: cross_entropy(each_line(log_softmax, z, -1), y), "nll": cross_entropy,
    "cosine_similarity": lambda x, y: dot(x, y) / mpmath.sqrt(dot(x, x) * dot(y, y)),
    "normalize": lambda a: [one / mpmath.sqrt(dot(a, a)) for one in a],
    "cdist": lambda a, b: [[distance(x, y) for y in b] for x in a],
    "eigvalsh": lambda a: list(mpmath.eigsy(symmetric(a), eigvals_only=True)),
    "svdvals": lambda a: list(mpmath.svd_r(mpmath.matrix(a), compute_uv=False)),
    "nuclear_norm": lambda a: mpmath.fsum(mpmath.svd_r(mpmath.matrix(a), compute_uv=False)),
    "spectral_norm": lambda a: max(mpmath.svd_r(mpmath.matrix(a), compute_uv=False)),
    "expm": lambda a: mpmath.expm(mpmath.matrix(a)).tolist(),
    "cholesky": lambda a: mpmath.cholesky(symmetric(a)).tolist(), "pinv": pseudoinverse,
    "solve": lambda a, b: matmul(squared(inverse)(a), b),
}  # fmt: skip
KNOWN = ALONG.keys() | ARRAYS.keys()  # the array functions that are evaluated here
