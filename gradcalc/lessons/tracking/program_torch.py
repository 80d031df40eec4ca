"""The tracking lesson as a program that anybody can run: the same calls, written out for one expression."""

from __future__ import annotations

from collections.abc import Mapping

from gradcalc.arrays.array import nested_of
from gradcalc.codegen.torch import function
from gradcalc.lessons.lesson import Held
from gradcalc.lessons.tracking.records import Backward, Tracking


def program(lesson: Tracking) -> str:
    """The whole program. What it prints is what the lesson saw: names, flags, numbers at full precision."""
    problem, words = lesson.problem, lesson.words
    lines = function(problem, words.f, words.names)
    imports = ["import math", ""] if any("math." in line for line in lines) else []
    text = [*imports, "import torch", "", f"torch.set_default_dtype(torch.{problem.dtype})", *lines, "", ""]
    text += _part(lesson, "tracked, as usual", (f"{words.y} = {words.call()}",), lesson.run.backward)
    for way in lesson.run.ways:
        text += ["", *_part(lesson, way.name, way.code, way.backward)]
    return "\n".join(text) + "\n"


def _part(lesson: Tracking, name: str, code: tuple[str, ...], backward: Backward) -> list[str]:
    """New leaves, the code of one way, what it made of them, and its `backward()`."""
    words = lesson.words
    flags = ", ".join(f"{words.names[variable]}.requires_grad" for variable in words.variables)
    return [
        f"# {name}",
        *_leaves(lesson),
        *code,
        f'print("{name}:", {flags}, {words.y}.requires_grad, {words.y}.grad_fn, {words.y}.tolist())',
        *_backward(lesson, backward),
    ]


def _leaves(lesson: Tracking) -> list[str]:
    assert lesson.problem.point is not None
    return [
        f"{lesson.words.names[name]} = torch.tensor({nested_of(value)!r}, requires_grad=True)"
        for name, value in lesson.problem.point.items()
    ]


def _backward(lesson: Tracking, backward: Backward) -> list[str]:
    """The `backward()`: with the gradients that it leaves, or with the error that it is known to raise."""
    call = f"{lesson.words.y}.backward()"
    if backward.error is None:
        return [call, f"print({', '.join(_gradients(lesson.words.names, backward.grads))})"]
    return ["try:", f"    {call}", "except RuntimeError as error:", '    print("RuntimeError:", error)']


def _gradients(names: Mapping[str, str], grads: Mapping[str, Held | None]) -> list[str]:
    """The gradients as pieces of code; a `.grad` that is None has no number in it."""
    return [f"{names[name]}.grad" + ("" if grad is None else ".tolist()") for name, grad in grads.items()]
