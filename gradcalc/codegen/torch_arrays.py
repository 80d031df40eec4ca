"""The functions of arrays that take whole numbers or lists, as Python on torch tensors."""

from __future__ import annotations

from collections.abc import Callable

HELPERS = {  # parameters, and the lines of a function of torch's
    "transpose": ("a", "return torch.permute(a, tuple(reversed(range(a.dim()))))"),
    "kron": ("a, b", "return torch.kron(a.contiguous(), b.contiguous())"),
    "norm1": ("a", "return torch.linalg.vector_norm(a, 1)"),
    "norminf": ("a", "return torch.linalg.vector_norm(a, float('inf'))"),
    "inv": ("a", "try:", "    return torch.linalg.inv(a)",
            "except torch.linalg.LinAlgError:", "    return a * math.nan"),
    "solve": ("a, b", "try:", "    return torch.linalg.solve(a, b)",
              "except torch.linalg.LinAlgError:", "    return (a @ b) * math.nan"),
    "logsumexp": ("a", "return torch.logsumexp(a, tuple(range(a.dim())))"),
}  # fmt: skip


def along(name: str) -> Callable[..., str]:
    """A function of all elements, or of those along an axis."""
    return lambda a, *axis: f"torch.{name}({', '.join([a, *map(str, axis)])})"


def spread(name: str) -> Callable[..., str]:
    """The variance or the deviation of all elements, or of those along an axis."""
    return lambda a, *axis: f"torch.{name}({a}, dim={axis or None}, correction=0)"


def extreme(name: str) -> Callable[..., str]:
    """The greatest or the least of all elements, or of those along an axis."""
    return lambda a, *axis: f"torch.{name}({a}, {axis})"


WITH_NUMBERS: dict[str, Callable[..., str]] = {  # of a tensor's text and whole numbers
    "index": lambda a, *places: f"{a}[{', '.join(str(place - 1) for place in places)}]",
    "sum": along("sum"), "mean": along("mean"), "prod": along("prod"),
    "var": spread("var"), "std": spread("std"),
    "amax": extreme("amax"), "amin": extreme("amin"),
    "logsumexp": lambda a, *axis: f"torch.logsumexp({a}, {axis})" if axis else f"logsumexp({a})",
    "softmax": lambda a, axis=-1: f"torch.softmax({a}, {axis})",
    "cumsum": lambda a, axis=0: f"torch.cumsum({a}, {axis})",
    "matrix_power": lambda a, n: f"torch.linalg.matrix_power({a if n >= 0 else f'inv({a})'}, {abs(n)})",
}  # fmt: skip


def helper(name: str, numbers: list[int]) -> str | None:
    """The helper that the text of a function with these numbers calls, if any."""
    if name == "logsumexp" and not numbers:
        return name
    return "inv" if name == "matrix_power" and numbers[0] < 0 else None
