"""Small inputs that ask for much: each meets its budget by name, or is answered, within its time."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.hostile.console import GRADCALC, code_of, environment

A = "A=[[1,2],[3,4]]"
KRON = "a=kron(A,A); b=kron(a,a); c=kron(b,b); d=kron(c,c); sum(kron(d,d))"


def repeated(step: str, count: int) -> str:
    """A program of `count` steps, each in terms of the one before, `#`."""
    return "; ".join(["a0=x", *(f"a{i + 1}={step.replace('#', f'a{i}')}" for i in range(count))])


HELD = repeated("sin(#)", 100).replace("a0=x", "a0=ones(1000, 1000)*x") + "; sum(a100)"
SIZE = "GRADCALC_MAX_"
LIMITED = [  # arguments, and what the message names
    (["diff", "9**9**9**9"], SIZE + "DIGITS"),
    (["diff", "x**9**9**9", "--at=2"], SIZE + "DIGITS"),
    (["diff", "2**(2**(2**(2**(2**2))))"], SIZE + "DIGITS"),
    (["diff", "((((9!)!)!)!)!"], SIZE + "DIGITS"),
    (["diff", "gamma(10**9)*x"], SIZE + "DIGITS"),
    (["diff", "1e999999999*x"], SIZE + "DIGITS"),
    (["diff", "1e-999999999*x"], SIZE + "DIGITS"),
    (["diff", "9" * 150_000], SIZE + "DIGITS"),
    (["diff", "0." + "0" * 150_000 + "1"], SIZE + "DIGITS"),
    (["diff", "x", "--at=9**9**9**9"], SIZE + "DIGITS"),
    (["diff", "x", "--at=x=gamma(gamma(gamma(9)))"], SIZE + "DIGITS"),
    (["check", "x", "--gradient=9**9**9**9"], SIZE + "DIGITS"),
    (["diff", "+".join("x" * 120_000)], SIZE + "CHARACTERS"),
    (["diff", "x", "--at=x=[" + "1," * 999_999 + "1]"], SIZE + "CHARACTERS"),
    (["diff", "x", "--at=" + ",".join(f"x{i}=1" for i in range(100_000))], SIZE + "CHARACTERS"),
    (["diff", "@/dev/zero"], SIZE + "CHARACTERS"),
    (["nn", "--load=/dev/zero", "--iq=1", "--placed=1"], SIZE + "CHARACTERS"),
    (["diff", "(" * 6_000 + "x" + ")" * 6_000], SIZE + "DEPTH"),
    (["diff", "[" * 6_000 + "x" + "]" * 6_000], SIZE + "DEPTH"),
    (["diff", "{" * 6_000 + "x" + "}" * 6_000], SIZE + "DEPTH"),
    (["diff", "|" * 6_000 + "x" + "|" * 6_000], SIZE + "DEPTH"),
    (["diff", "sin(" * 6_000 + "x" + ")" * 6_000], SIZE + "DEPTH"),
    (["diff", "max(1," * 6_000 + "x" + ")" * 6_000], SIZE + "DEPTH"),
    (["diff", "where(x>0,1," * 6_000 + "x" + ")" * 6_000], SIZE + "DEPTH"),
    (["diff", "x^{" * 6_000 + "x" + "}" * 6_000], SIZE + "DEPTH"),
    (["diff", "\\frac{1}{" * 6_000], SIZE + "DEPTH"),
    (["diff", "\\sqrt{" * 6_000], SIZE + "DEPTH"),
    (["diff", "\\left(" * 6_000], SIZE + "DEPTH"),
    (["diff", "\\sum_{i=1}^{10000000000} i x"], SIZE + "NODES"),
    (["diff", "-" * 6_000 + "x"], SIZE + "DEPTH"),
    (["diff", "2^" * 6_000 + "x"], SIZE + "DEPTH"),
    (["diff", "√" * 6_000 + "x"], SIZE + "DEPTH"),
    (["diff", "x[1]" * 16_000], SIZE + "NODES"),
    (["diff", "x.T*" * 25_000 + "x"], SIZE + "NODES"),
    (["diff", "+".join("x" * 40_000)], SIZE + "NODES"),
    (["diff", "*".join(f"(x+{i})" for i in range(12_000)), "--at=1"], SIZE + "NODES"),
    (["diff", KRON, f"--at={A}"], SIZE + "ELEMENTS"),
    (["diff", "sum(ones(100000, 100000)*x)", "--at=1"], SIZE + "ELEMENTS"),
    (["diff", "sum(eye(100000)*x)", "--at=1"], SIZE + "ELEMENTS"),
    (["diff", "sum(outer(ones(100000), ones(100000))*x)", "--at=1"], SIZE + "ELEMENTS"),
    (["diff", "sum(diag(ones(100000)*x))", "--at=1"], SIZE + "ELEMENTS"),
    (["graph", "sum(ones(100000, 100000)*x)", "--at=1"], SIZE + "ELEMENTS"),
    (["nograd", "sum(ones(100000, 100000)*x)", "--at=1"], SIZE + "ELEMENTS"),
    (["accumulate", "sum(ones(100000, 100000)*x)", "--at=1"], SIZE + "ELEMENTS"),
    (["diff", HELD, "--at=1"], SIZE + "HELD_ELEMENTS"),
    (["diff", "x", "--at=x=eye(100000)"], SIZE + "ELEMENTS"),
    (["diff", "exp(exp(exp(exp(exp(x)))))", "--at=10"], "rescale"),
    (["diff", "exp(" * 200 + "x" + ")" * 200, "--at=1"], "rescale"),
    (["diff", "x**x**x**x**x**x", "--at=9"], "rescale"),
    (["diff", "sin(exp(exp(x)))", "--at=700"], "rescale"),
    (["diff", repeated("exp(#)", 100), "--at=2"], "rescale"),
    (["graph", "exp(exp(exp(exp(exp(x)))))", "--at=10"], "rescale"),
]
SLOW = [  # what is ended by the clock, a second each
    ["diff", "tan(x)", "--order=40", "--at=1"],
    ["diff", "gamma(x)", "--order=50", "--at=2"],
    ["nn", "--iq=1", "--placed=1", "--epochs=1000000000"],
    ["diff", "x*y*z", "--range=x=0:1", "--range=y=0:1", "--range=z=0:1", "--samples=100000"],
]
ANSWERED = [  # arguments, and the exit code
    (["nn", "--data=/dev/zero", "--timeout=60"], 2),
    (["diff", "x**(10**8)", "--at=1.5"], 1),
    (["diff", "x**1e300", "--at=2"], 1),
    (["diff", "gamma(x)", "--at=1e300"], 1),
    (["diff", "lgamma(1e300*x)", "--at=3"], 0),
    (["diff", "factorial(factorial(factorial(x)))"], 0),
    (["diff", "sin(x)*exp(x)/(1+x**2)", "--order=50"], 0),
    (["diff", "(x+y)**(10**6)"], 0),
    (["diff", repeated("#*#", 60), "--at=1.5"], 1),
    (["diff", "det(A)", "--shape=A=200,200"], 0),
    (["diff", "sum(outer(x, x))", "--shape=x=1000000"], 0),
    (["diff", "sum(ones(1000000)*x)", "--at=2"], 0),
    (["diff", "x", "--range=x=0:1e308", "--samples=50"], 0),
    (["diff", "x", "--range=x=-1e308:1e308", "--samples=50"], 0),
    (["check", "exp(exp(exp(exp(x))))", "--gradient=x"], 1),
    (["diff", "x", "--order=999999999999"], 2),
    (["diff", "x", "--range=x=0:1", "--samples=1000000000"], 2),
    (["diff", "x", "--range=x=0:1e6", "--dtype=float16"], 2),
    (["diff", "trace(matrix_power(A, 10**9))", f"--at={A}"], 2),
    (["diff", "sum(ones(10**9)*x)", "--at=1"], 2),
    (["diff", "sum(x)", "--shape=x=" + "9" * 5_000], 2),
    (["accumulate", "x", "--at=1", "--passes=1000000000"], 2),
    (["nn", "--data=/dev/urandom"], 2),
    (["diff", "\\sum_{i=1}^{10000000000} x"], 0),
    (["diff", "\\def\\x{\\x\\x}\\x"], 2),
]


@pytest.mark.parametrize(("arguments", "raised_by"), LIMITED)
def test_a_budget_is_told_by_name(arguments: list[str], raised_by: str, tmp_path: Path) -> None:
    code, said = code_of(arguments, tmp_path)
    assert code == 3
    assert raised_by in said.partition("hint: ")[2]


@pytest.mark.parametrize("arguments", SLOW)
def test_the_clock_ends_it(arguments: list[str], tmp_path: Path) -> None:
    said = "error: no result within 1 s\n\nhint: raise it with --timeout SECONDS\n"
    assert code_of(arguments, tmp_path, seconds=1) == (3, said)


@pytest.mark.parametrize(("arguments", "code"), ANSWERED)
def test_what_sounds_large_is_answered(arguments: list[str], code: int, tmp_path: Path) -> None:
    assert code_of(arguments, tmp_path)[0] == code


def test_a_batch_ends_each_line_for_itself(tmp_path: Path) -> None:
    lines = '"9**9**9**9"\n{"expression": "gamma(gamma(gamma(gamma(gamma(x)))))", "at": 5}\n"x"\n"("\n'
    done = run(["batch", "--timeout=1", "--jobs=1"], tmp_path, lines)
    kinds = [line.partition('"kind": "')[2].partition('"')[0] for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr, kinds) == (1, "", ["limit", "limit", "", "syntax"])


PROCESSES = [  # as a process, where C code cannot hold it
    (["diff", "gamma(gamma(gamma(gamma(x))))", "--at=5"], 3),
    (["diff", KRON, f"--at={A}"], 3),
    (["diff", "logdet(A@A@A@A@A@A@A@A)", "--at=A=eye(1800)*1.5"], 3),
]


@pytest.mark.parametrize(("arguments", "code"), PROCESSES)
def test_a_process_ends_in_time(arguments: list[str], code: int, tmp_path: Path) -> None:
    begin = time.monotonic()
    done = run([*arguments, "--timeout=1"], tmp_path)
    assert time.monotonic() - begin < 8
    assert done.returncode == code
    assert "Traceback" not in done.stdout + done.stderr


def run(arguments: list[str], folder: Path, lines: str = "") -> subprocess.CompletedProcess[str]:
    """A finished run as a process of its own."""
    return subprocess.run(
        [*GRADCALC, *arguments],
        input=lines,
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
