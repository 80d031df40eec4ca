"""The functions of arrays that torch has no plain name for, as Python on torch tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence

HELPERS = {  # parameters, and the lines of a function of torch's
    "transpose": ("a", "return torch.permute(a, tuple(reversed(range(a.dim()))))"),
    "kron": ("a, b", "return torch.kron(a.contiguous(), b.contiguous())"),
    "norm1": ("a", "return torch.linalg.vector_norm(a, 1)"),
    "norminf": ("a", "return torch.linalg.vector_norm(a, float('inf'))"),
    "inv": ("a", "try:", "    return torch.linalg.inv(a)",
            "except torch.linalg.LinAlgError:", "    return a * math.nan"),
    "solve": ("a, b", "try:", "    return torch.linalg.solve(a, b)",
              "except torch.linalg.LinAlgError:", "    return (a @ b) * math.nan"),
    "cholesky": ("a", "try:", "    return torch.linalg.cholesky((a + a.mT) / 2)",
                 "except torch.linalg.LinAlgError:", "    return a * math.nan"),
    "eigvalsh": ("a", "return torch.linalg.eigvalsh((a + a.mT) / 2)"),
    "flip": ("a, *axis", "return torch.flip(a, axis or tuple(range(a.dim())))"),
    "median": ("a, *axis", "whole, along = (a, axis[0]) if axis else (a.reshape(-1), 0)",
               "if whole.shape[along] % 2:", "    return torch.median(whole, along).values",
               "return torch.quantile(whole, 0.5, along, interpolation='midpoint')"),
    "unfold": ("a, k, s=1, p=0, d=1", "rows = a.reshape(1, -1, 1, a.shape[-1])",
               "return torch.nn.functional.unfold(rows, (1, k), d, (0, p), s)[0]"),
    "unfold2d": ("a, h, k, l, s=1, p=0, d=1", "images = a.reshape(1, -1, h, a.shape[-1] // h)",
                 "return torch.nn.functional.unfold(images, (k, l), d, p, s)[0]"),
    "fold": ("a, n, k, s=1, p=0, d=1", "size, border = (1, k), (0, p)",
             "rows = torch.nn.functional.fold(a[None], (1, n), size, d, border, s).reshape(-1, n)",
             "return rows[0] if len(rows) == 1 else rows"),
    "fold2d": ("a, h, w, k, l, s=1, p=0, d=1",
               "images = torch.nn.functional.fold(a[None], (h, w), (k, l), d, p, s)",
               "rows = images.reshape(-1, h * w)", "return rows[0] if len(rows) == 1 else rows"),
    "max_pool1d": ("a, k, s=None, p=0, d=1",
                   "rows = torch.nn.functional.max_pool1d(a.reshape(1, -1, a.shape[-1]), k, s or k, p, d)",
                   "return rows.reshape(*a.shape[:-1], -1)"),
    "max_pool2d": ("a, h, k, l, s=None, p=0, d=1", "images = a.reshape(1, -1, h, a.shape[-1] // h)",
                   "images = torch.nn.functional.max_pool2d(images, (k, l), s or (k, l), p, d)",
                   "return images.reshape(*a.shape[:-1], -1)"),
    "logsumexp": ("a, *axis", "return torch.logsumexp(a, axis or tuple(range(a.dim())))"),
}  # fmt: skip


def _bounds(first: int, last: int) -> str:
    """`1:3`, from 0 and without the last place."""
    return f"{first - 1}:{last or ''}"


SPELLED: dict[str, Callable[..., str]] = {  # of the texts of tensors, then of whole numbers
    "array": lambda *items: f"torch.stack([{', '.join(items)}])",
    "index": lambda a, *places: f"{a}[{', '.join(str(place - 1) for place in places)}]",
    "slice": lambda a, *bounds: f"{a}[{', '.join(map(_bounds, bounds[::2], bounds[1::2]))}]",
    "reshape": lambda a, *sizes: f"torch.reshape({a}, {sizes})",
    "concat": lambda a, b: f"torch.cat([{a}, {b}])",
    "sort": lambda a, axis: f"torch.sort({a}, {axis}).values",
    "matrix_power": lambda a, n: f"torch.linalg.matrix_power({a if n >= 0 else f'inv({a})'}, {abs(n)})",
}


def helper(name: str, numbers: Sequence[int | str]) -> str | None:
    """The helper that the spelling of a function with these numbers calls, if any."""
    return "inv" if name == "matrix_power" and int(numbers[0]) < 0 else None
