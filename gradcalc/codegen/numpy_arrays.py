"""The functions of arrays as NumPy spells them, and JAX after it: of the texts of arrays, then of whole numbers."""

from __future__ import annotations

from gradcalc.codegen.language import Spelling
from gradcalc.codegen.torch_arrays import SPELLED

LINALG = {
    "trace": "{np}.trace", "det": "{np}.linalg.det", "inv": "{np}.linalg.inv", "solve": "{np}.linalg.solve",
    "matrix_power": "{np}.linalg.matrix_power", "pinv": "{np}.linalg.pinv", "outer": "{np}.outer", "kron": "{np}.kron",
    "diag": "{np}.diag", "tril": "{np}.tril", "triu": "{np}.triu", "cross": "{np}.cross", "diff": "{np}.diff",
    "eye": "{np}.eye", "norm": "{np}.linalg.norm",
}  # fmt: skip
ALONG = {
    "sum": "{np}.sum", "mean": "{np}.mean", "prod": "{np}.prod", "var": "{np}.var", "std": "{np}.std",
    "amax": "{np}.max", "amin": "{np}.min", "cumsum": "{np}.cumsum", "cumprod": "{np}.cumprod", "flip": "{np}.flip",
    "sort": "{np}.sort", "median": "{np}.median",
}  # fmt: skip


def called(function: str) -> Spelling:
    """A plain call."""
    return lambda *arguments: f"{function}({', '.join(map(str, arguments))})"


def along(function: str) -> Spelling:
    """A call for all elements, or along an axis."""

    def spelled(a: str, *axis: int) -> str:
        return f"{function}({a}, axis={axis[0]})" if axis else f"{function}({a})"

    return spelled


def made(function: str) -> Spelling:
    """A call of sizes."""
    return lambda *sizes: f"{function}({sizes[0] if len(sizes) == 1 else '({}, {})'.format(*sizes)})"


def arrays(np: str, linalg: str, softmax: str, log_softmax: str, logsumexp: str) -> dict[str, Spelling]:
    """The whole table, for a module called `np`, one with `expm`, and functions for the softmax and its kin."""
    return {
        **{name: called(text.format(np=np)) for name, text in LINALG.items()},
        **{name: along(text.format(np=np)) for name, text in ALONG.items()},
        "array": lambda *items: f"{np}.array([{', '.join(items)}])",
        "index": SPELLED["index"], "slice": SPELLED["slice"],
        "transpose": lambda a: f"{a}.T",
        "reshape": lambda a, *sizes: f"{np}.reshape({a}, {sizes})",
        "concat": lambda a, b: f"{np}.concatenate([{a}, {b}])",
        "ones": made(f"{np}.ones"), "zeros": made(f"{np}.zeros"),
        "norm1": lambda a: f"{np}.sum({np}.abs({a}))",
        "norminf": lambda a: f"{np}.max({np}.abs({a}))",
        "nuclear_norm": lambda a: f"{np}.linalg.norm({a}, 'nuc')",
        "spectral_norm": lambda a: f"{np}.linalg.norm({a}, 2)",
        "svdvals": lambda a: f"{np}.linalg.svd({a}, compute_uv=False)",
        "cdist": lambda a, b: f"{np}.linalg.norm({a}[:, None] - {b}[None], axis=-1)",
        "cholesky": called("cholesky"), "eigvalsh": called("eigvalsh"), "logdet": called("logdet"),
        "expm": called(f"{linalg}.expm"),
        **{name: called(name) for name in ("unfold", "unfold2d", "fold", "fold2d", "max_pool1d", "max_pool2d")},
        "softmax": along(softmax), "log_softmax": along(log_softmax), "logsumexp": along(logsumexp),
    }  # fmt: skip


HELPERS = {
    "cholesky": '''
def cholesky(a):
    """The lower triangle of the symmetric part's decomposition"""
    return {np}.linalg.cholesky((a + a.T) / 2)
''',
    "eigvalsh": '''
def eigvalsh(a):
    """The eigenvalues of the symmetric part, in ascending order"""
    return {np}.linalg.eigvalsh((a + a.T) / 2)
''',
    "unfold": '''
def unfold(a, k, s=1, p=0, d=1):
    """The windows of k elements of each row as columns"""
    rows = {np}.pad(a.reshape(-1, a.shape[-1]), ((0, 0), (p, p)))
    windows = [rows[:, j * d : rows.shape[1] - (k - 1 - j) * d : s] for j in range(k)]
    return {np}.stack(windows, axis=1).reshape(len(rows) * k, -1)
''',
    "unfold2d": '''
def unfold2d(a, h, k, l, s=1, p=0, d=1):
    """The windows of k by l elements of each image as columns"""
    images = {np}.pad(a.reshape(-1, h, a.shape[-1] // h), ((0, 0), (p, p), (p, p)))
    count, high, wide = images.shape
    across, along = [[slice(i * d, n - (m - 1 - i) * d, s) for i in range(m)] for n, m in ((high, k), (wide, l))]
    windows = [images[:, i, j] for i in across for j in along]
    return {np}.stack(windows, axis=1).reshape(count * k * l, -1)
''',
    "max_pool1d": '''
def max_pool1d(a, k, s=None, p=0, d=1):
    """The largest of each window of k elements of each row"""
    s, rows = s or k, {np}.pad(a.reshape(-1, a.shape[-1]), ((0, 0), (p, p)), constant_values=-{np}.inf)
    windows = [rows[:, j * d : rows.shape[1] - (k - 1 - j) * d : s] for j in range(k)]
    return {np}.max({np}.stack(windows), axis=0).reshape(*a.shape[:-1], -1)
''',
    "max_pool2d": '''
def max_pool2d(a, h, k, l, s=None, p=0, d=1):
    """The largest of each window of k by l elements of each image"""
    around = ((0, 0), (p, p), (p, p))
    images = {np}.pad(a.reshape(-1, h, a.shape[-1] // h), around, constant_values=-{np}.inf)
    lines = zip(images.shape[1:], (k, l), (s or k, s or l))
    across, along = [[slice(i * d, n - (m - 1 - i) * d, t) for i in range(m)] for n, m, t in lines]
    windows = [images[:, i, j] for i in across for j in along]
    return {np}.max({np}.stack(windows), axis=0).reshape(*a.shape[:-1], -1)
''',
    "fold": '''
def fold(a, n, k, s=1, p=0, d=1):
    """The transpose of unfold"""
    starts = {np}.arange((n + 2 * p - (k - 1) * d - 1) // s + 1) * s - p
    hits = (starts + {np}.arange(k)[:, None] * d)[..., None] == {np}.arange(n)
    rows = a.reshape(-1, k * len(starts)) @ hits.reshape(-1, n)
    return rows[0] if len(rows) == 1 else rows
''',
    "fold2d": '''
def fold2d(a, h, w, k, l, s=1, p=0, d=1):
    """The transpose of unfold2d"""
    starts = [{np}.arange((n + 2 * p - (k - 1) * d - 1) // s + 1) * s - p for n, k in ((h, k), (w, l))]
    lines = zip(starts, (h, w), (k, l))
    high, wide = [((one + {np}.arange(k)[:, None] * d)[..., None] == {np}.arange(n)) * 1.0 for one, n, k in lines]
    windows = a.reshape(-1, k, l, *map(len, starts))
    rows = {np}.einsum("mklij,kih,ljw->mhw", windows, high, wide).reshape(-1, h * w)
    return rows[0] if len(rows) == 1 else rows
''',
    "logdet": '''
def logdet(a):
    """log(det(a)), without its overflow"""
    sign, size = {np}.linalg.slogdet(a)
    return {np}.where(sign > 0, size, {np}.nan)
''',
}


def helpers(np: str) -> dict[str, str]:
    """The helpers, for a module of that name."""
    return {name: source.format(np=np) for name, source in HELPERS.items()}
