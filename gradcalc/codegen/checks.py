"""The pytest file that checks a program: known values, exact and rounded once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

RTOL, ATOL = 1e-9, 1e-12  # how far a program may be off: at points that are not chosen to be kind


@dataclass(frozen=True, slots=True)
class Known:
    """A point, with nested lists for arrays; the function's value there, and its gradient."""

    point: tuple[Any, ...]
    value: float
    gradient: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """What the program calls its function, its gradient (None where it has a backward instead), and its inputs.

    `places` are those of the inputs that it derives by.
    """

    name: str
    grad: str | None
    places: tuple[int, ...]


SETUP = {  # by language: what is imported, and what makes an input of a number or of lists
    "python": ("", "{}"),
    "numpy": ("import numpy as np", "np.array({})"),
    "jax": ('import jax\n\njax.config.update("jax_enable_x64", True)', "jax.numpy.array({})"),
    "torch": ("import torch", "torch.tensor({}, dtype=torch.float64, requires_grad=True)"),
    "c": ("import ctypes\nimport subprocess\nfrom pathlib import Path", "ctypes.c_double({})"),
}
COMPILED = '''
@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The program, compiled."""
    library = tmp_path_factory.mktemp("compiled") / "program.so"
    source = Path(__file__).with_name("{file}")
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, source, "-lm"], check=True)
    found = ctypes.CDLL(str(library))
    found.{name}.restype = ctypes.c_double
    found.grad_{name}.restype = {result}
    return found
'''


def check(called: Called, to: str, known: Sequence[Known], module: str | None) -> str:
    """The file; it imports the program from `module`, or stands behind it in one file."""
    imports, made = SETUP[to]
    table = ["KNOWN = [  # a point, the value there, and the gradient, by gradcalc: exact, rounded once"]
    table += [f"    ({one.point!r}, {one.value!r}, {one.gradient!r})," for one in known]
    if module is None:  # behind the program, which has its own imports
        imports = imports.partition("\n\n")[2]
    head = ["import pytest", imports, _imported(called, to, module), "\n".join([*table, "]"])]
    tests = _c(called, made, module, len(called.places)) if to == "c" else _python(called, made)
    return "\n\n".join(filter(None, head)) + "\n\n" + tests


def _imported(called: Called, to: str, module: str | None) -> str:
    names = ", ".join(filter(None, (called.name, called.grad)))
    return "" if module is None or to == "c" else f"from {module} import {names}"


def _python(called: Called, made: str) -> str:
    inputs = f"[{made.format('one')} for one in point]" if made != "{}" else "point"
    gradient = [f"    found = {called.grad}(*inputs)"] if called.grad else _backward(called)
    several = len(called.places) > 1 or not called.grad
    pairs = "zip(found, gradient, strict=True)" if several else "[(found, gradient[0])]"
    number = "one.tolist()" if made != "{}" else "one"
    return "\n".join([
        "",
        '@pytest.mark.parametrize(("point", "value", "gradient"), KNOWN)',
        "def test_value_and_gradient(point, value, gradient):",
        f"    inputs = {inputs}",
        f"    assert {called.name}(*inputs){'.item()' if made != '{}' else ''} == pytest.approx(value, {_near()})",
        *gradient,
        f"    for one, exact in {pairs}:",
        f"        assert flat({number}) == pytest.approx(flat(exact), {_near()})",
        "", "",
        "def flat(numbers):",
        '    """The numbers of nested lists."""',
        "    return [one for part in numbers for one in flat(part)] if isinstance(numbers, list) else [numbers]",
        "",
    ])  # fmt: skip


def _backward(called: Called) -> list[str]:
    places = ", ".join(f"inputs[{place}].grad" for place in called.places)
    return [f"    {called.name}(*inputs).backward()", f"    found = [{places}]"]


def _near() -> str:
    return f"rel={RTOL}, abs={ATOL}"


def _c(called: Called, made: str, module: str | None, count: int) -> str:
    alone = count == 1
    fixture = COMPILED.format(file=f"{module}.c", name=called.name, result="ctypes.c_double" if alone else "None")
    gradient = (
        [f"    found = [program.grad_{called.name}(*inputs)]"]
        if alone
        else [f"    found = (ctypes.c_double * {count})()", f"    program.grad_{called.name}(*inputs, found)"]
    )
    return fixture + "\n".join([
        "", "",
        '@pytest.mark.parametrize(("point", "value", "gradient"), KNOWN)',
        "def test_value_and_gradient(program, point, value, gradient):",
        f"    inputs = [{made.format('one')} for one in point]",
        f"    assert program.{called.name}(*inputs) == pytest.approx(value, {_near()})",
        *gradient,
        f"    assert list(found) == pytest.approx(list(gradient), {_near()})",
        "",
    ])  # fmt: skip
