"""No text, however hostile, does more than meet an error of its kind within a second; large honest text works."""

from __future__ import annotations

import contextlib
import importlib
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradcalc.base import limits
from gradcalc.base.errors import ExpressionSyntaxError, GradcalcError, LimitError, UnknownNameError, UsageError
from gradcalc.base.limits import Limits, TimeUp, alarm, current, standing_still, time_limit
from gradcalc.functions import VOCABULARY
from gradcalc.problem.resolve import read, resolve
from gradcalc.render.error import render
from gradcalc.syntax.parser import parse
from gradcalc.syntax.tree import postorder

SOON = 2.0  # seconds; each takes less than half of that on a slow machine, what is quadratic takes minutes

TOO_MUCH = {
    "a tower of powers": "9**9**9**9",
    "a power of ten": "10**10**10",
    "a small number to a large power": "1.000001**10**9",
    "a factorial": "factorial(10**8)",
    "a factorial sign": "(10**8)!",
    "factorials in each other": "((((9!)!)!)!)!",
    "a million digits": "9" * 1_000_000,
    "digits within the length": "9" * 190_000,
    "a large exponent": "1e999999999",
    "a small exponent": "1e-999999999",
    "an exponent behind zeros": "1e" + "0" * 100 + "9999999",
    "an exponent of many digits": "1e" + "9" * 5_000,
    "a superscript of many digits": "x" + "⁹" * 100_000,
    "parentheses": "(" * 100_000,
    "closed parentheses": "(" * 90_000 + "x" + ")" * 90_000,
    "parentheses within the count of parts": "(" * 29_000 + "x" + ")" * 29_000,
    "braces": "{" * 29_000 + "x" + "}" * 29_000,
    "exponents in braces": "e^{" * 15_000 + "x" + "}" * 15_000,
    "bars": "|" * 100_000,
    "minus signs": "-" * 100_000 + "x",
    "minus signs within the count of parts": "-" * 50_000 + "x",
    "powers": "2^" * 29_000 + "x",
    "roots": "√" * 50_000 + "x",
    "nested calls": "sin(" * 14_000 + "x" + ")" * 14_000,
    "nested bare calls": "sin " * 49_000 + "x",
    "nested choices": "where(x>0,1," * 8_000 + "x" + ")" * 8_000,
    "a sum": "+".join("x" * 200_000),
    "a sum within the length": "+".join("x" * 100_000),
    "an implicit product": "2" + " x" * 90_000,
    "definitions": "\n".join(f"a{i}=1" for i in range(100_000)),
    "definitions within the length": "\n".join("a=1" for i in range(40_000)),
    "empty statements": ";" * 100_000,
    "new lines": "x" + "\n" * 100_000,
    "spaces": " " * 300_000,
    "superscripts": "x²" * 50_000,
    "fractions of LaTeX": "\\frac{1}{" * 20_000,
    "scripts of LaTeX": "\\pi" + "^{" * 90_000,
    "functions of LaTeX": "\\sin " * 30_000,
}


@pytest.mark.parametrize("source", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_is_too_much_meets_a_limit_soon(source: str) -> None:
    error = refused_soon(source)
    assert isinstance(error, LimitError)
    assert error.exit_code == 3
    assert error.hint is not None
    assert error.hint.startswith("set GRADCALC_MAX_")


WRONG = {
    "NUL": ("x\x00y", ExpressionSyntaxError),
    "half of a character": ("x+\ud800", ExpressionSyntaxError),
    "bytes that are no UTF-8": (b"x\xff\xfe".decode("utf-8", "surrogateescape"), ExpressionSyntaxError),
    "an escape sequence": ("\x1b[2J\x1b]0;title\x07", ExpressionSyntaxError),
    "text from right to left": ("\u202ex", ExpressionSyntaxError),
    "accents": ("x" + "\u0315\u0300" * 90_000, ExpressionSyntaxError),
    "emoji": ("😀" * 50_000, ExpressionSyntaxError),
    "nothing": ("", ExpressionSyntaxError),
    "factorial signs": ("x" + "!" * 50_000, ExpressionSyntaxError),
    "pi after pi": ("π" * 190_000, ExpressionSyntaxError),
    "a call of a huge name": ("x" * 190_000 + "(2)", UnknownNameError),
    "a huge argument of no function": ("x(" + "y+" * 20_000 + "y)", UnknownNameError),
    "a huge name defined twice": (f"{'x' * 90_000}=1;{'x' * 90_000}=2", UnknownNameError),
    "a circle of many definitions": (
        ";".join(f"a{i}=a{i + 1}" for i in range(9_000)) + ";a9000=a0",
        UnknownNameError,
    ),
    "definitions in the wrong order": (
        ";".join(f"a{i}=a{i - 1}" for i in range(9_000, 0, -1)),
        UnknownNameError,
    ),
    "a huge command of LaTeX": ("\\" + "x" * 190_000, ExpressionSyntaxError),
    "white space of LaTeX": ("\\left" + " " * 190_000 + "(", ExpressionSyntaxError),
    "a subscript of LaTeX": ("\\pi x_{" + "{}" * 9_000, ExpressionSyntaxError),
}


@pytest.mark.parametrize(("source", "kind"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_meets_an_error_soon(source: str, kind: type[GradcalcError]) -> None:
    error = refused_soon(source)
    assert (type(error), error.exit_code) == (kind, kind.exit_code)
    assert len(render(error)) < 1_000


INJECTIONS = [
    "__import__('os').system('touch pwned')",
    '__import__("os").system("touch pwned")',
    "__import__(os)",
    "eval('1+1')",
    "eval(x)",
    "exec(x)",
    "open('/etc/passwd').read()",
    "open(x)",
    "().__class__.__bases__[0].__subclasses__()",
    "x.__class__.__mro__",
    "(lambda: 1)()",
    "lambda x: exit()",
    "[x for x in (1, 2)]",
    "{x: 1}",
    "f'{x}'",
    "x if x else exit()",
    "exit()",
    "breakpoint()",
    "globals()['x']",
    "getattr(x, y)",
    "compile(x, y, z)",
    "input()",
    "print(x)",
    "sympy.S(1)",
    "Symbol('x')",
    "sympify(x)",
    "Lambda(x, x)",
    "(x := 3)",
    "@decorator",
    "`touch pwned`",
    "$(touch pwned)",
    "${IFS}touch",
    "x; import os; os.system(x)",
    "%s%n",
    "{{7*7}}.a",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "../../etc/passwd",
    "!ls",
    "__builtins__.open(x)",
    "\\input{/etc/passwd}",
    "\\write18{touch pwned}",
]


@pytest.mark.parametrize("source", INJECTIONS)
def test_nobody_s_text_is_run(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    error = refused_soon(source)
    assert isinstance(error, ExpressionSyntaxError | UnknownNameError)
    assert error.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def refused_soon(source: str) -> GradcalcError:
    """The error that a source meets, which it does within a moment."""
    started = time.process_time()
    with pytest.raises(GradcalcError) as raised:
        read(source, Limits())
    assert time.process_time() - started < SOON
    return raised.value


HONEST = {
    "a sum of 10,000 terms": (" + ".join(f"x{i}" for i in range(10_000)), 19_999),
    "a chain of 2,000 sines": ("sin(" * 2_000 + "x" + ")" * 2_000, 2_001),
    "a chain of 2,000 sines without parentheses": ("sin " * 2_000 + "x", 2_001),
    "a product of 300 variables": ("*".join(f"x{i}" for i in range(300)), 599),
    "an implicit product of 300 variables": (" ".join(f"x{i}" for i in range(300)), 599),
    "a polynomial of degree 2,000": (" + ".join(f"{i}*x**{i}" for i in range(2_000)), 11_999),
    "a maximum of 5,000 numbers": (f"max({', '.join(f'x{i}' for i in range(5_000))})", 9_999),
    "4,000 parentheses": ("(" * 4_000 + "x" + ")" * 4_000, 1),
    "4,000 minus signs": ("-" * 4_000 + "x", 4_001),
    "2,000 absolute values": ("|" * 2_000 + "x" + "|" * 2_000, 2_001),
    "a continued fraction": ("1/(1+" * 1_000 + "x" + ")" * 1_000, 4_001),
    "2,000 definitions": ("; ".join(["a0 = x", *(f"a{i} = sin(a{i - 1})" for i in range(1, 2_000))]), 2_000),
    "doubling, 1,000 times": ("; ".join(["a0 = x", *(f"a{i} = a{i - 1}*a{i - 1}" for i in range(1, 1_000))]), 1_000),
    "a name of 10,000 letters": ("x" * 10_000, 1),
    "a number of 3,900 digits": ("9" * 3_900, 1),
    "fractions of LaTeX": ("\\frac{1}{" * 1_000 + "x" + "}" * 1_000, 2_001),
}


@pytest.mark.parametrize(("source", "nodes"), HONEST.values(), ids=HONEST)
def test_large_honest_text_is_read(source: str, nodes: int) -> None:
    root = read(source, Limits()).root
    assert len({id(node) for node in postorder(root)}) == nodes


SHAPES = {
    "sum": lambda size: " + ".join(["x"] * size),
    "sum of names": lambda size: " + ".join(f"x{i}" for i in range(size)),
    "product": lambda size: " ".join(["x"] * size),
    "bare argument": lambda size: "sin" + " x" * size,
    "definitions": lambda size: ";".join(f"a{i}=x" for i in range(size // 2)),
    "chain of definitions": lambda size: ";".join(["a0=x", *(f"a{i}=a{i - 1}" for i in range(1, size // 2))]),
    "near misses": lambda size: " + ".join(f"abcd{i} (x)" for i in range(size // 4)),
    "bars": lambda size: "|x| " * (size // 2),
    "LaTeX": lambda size: "\\pi" + "+x" * size,
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_time_grows_with_the_length_of_the_text(shape: Any) -> None:
    """Four times the length takes 16 times as long if it is quadratic, always; a busy machine disturbs one of three."""
    assert any(seconds(shape(4_000)) < 6 * seconds(shape(1_000)) for _ in range(3))


def seconds(source: str) -> float:
    """The time that a reading takes."""
    limits = Limits(nodes=10**6)
    started = time.process_time()
    resolve(parse(source, VOCABULARY, limits), limits)
    return time.process_time() - started


PIECES = st.sampled_from([
    "x", "y", "sin", "log", "max", "where", "e", "pi", "π", "2", "1e3", ".5", "(", ")", "[", "]", "{", "}", "|",
    "+", "-", "*", "/", "**", "^", "!", "=", "==", "<", "<=", ",", ";", "\n", " ", "²", "⁻¹", "√", "x_", "inf", "sinn",
    "\\frac", "\\sin", "\\left", "\\right", "$", "@", ".T", "and", "\u0301", "\ud800", "\x00", "𝑥", "变",
])  # fmt: skip
LETTERS = st.characters(exclude_categories=[])  # halves of characters too


@given(st.one_of(st.text(LETTERS), st.lists(PIECES).map("".join)))
@example("x" * 50 + "\ud800")
@settings(deadline=None, max_examples=400)
def test_any_text_is_read_or_refused_with_a_message(source: str) -> None:
    try:
        read(source, Limits())
    except GradcalcError as error:
        message = render(error)
        assert message.startswith("error: ")
        assert message.replace("\n", "").isprintable()
        assert error.span is None or 0 <= error.span.start <= error.span.end <= len(source)


BUDGETS = [
    ({"GRADCALC_MAX_NODES": "10"}, Limits(nodes=10)),
    ({"GRADCALC_MAX_DIGITS": "7", "GRADCALC_MAX_DEPTH": "8"}, Limits(digits=7, depth=8)),
    ({"GRADCALC_MAX_CHARACTERS": "99", "GRADCALC_MAX_WRITTEN_CHARACTERS": "1"},
     Limits(characters=99, written_characters=1)),
    ({}, Limits()),
]  # fmt: skip


@pytest.mark.parametrize(("environment", "limits"), BUDGETS)
def test_each_limit_has_a_variable(
    environment: dict[str, str], limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    [monkeypatch.setenv(name, value) for name, value in environment.items()]
    assert current() == limits


@pytest.mark.parametrize("value", ["", "x", "-1", "1.5", "1e3", "٣", "9" * 20])
def test_a_limit_that_is_no_number_is_told(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADCALC_MAX_NODES", value)
    with pytest.raises(UsageError) as raised:
        current()
    assert raised.value.message == f"GRADCALC_MAX_NODES is `{value}`, expected a whole number"


def test_time_is_a_limit_too() -> None:
    with pytest.raises(LimitError) as raised, time_limit(0.05):
        time.sleep(5)
    assert (raised.value.message, raised.value.hint) == ("no result within 0.05 s", "raise it with --timeout SECONDS")


def test_the_sooner_of_two_alarms_rings() -> None:
    started = time.monotonic()
    with pytest.raises(LimitError, match=r"^no result within 0\.05 s\nhint: "), time_limit(5), time_limit(0.05):
        time.sleep(5)
    assert time.monotonic() - started < SOON


def test_an_inner_alarm_gives_the_rest_back_to_the_outer_one() -> None:
    with pytest.raises(LimitError, match=r"^no result within 0\.2 s\nhint: "), time_limit(0.2):
        with time_limit(5):
            pass
        time.sleep(5)


def test_a_clock_that_stands_still_rings_later() -> None:
    started = time.monotonic()
    with pytest.raises(LimitError, match=r"^no result within 0\.3 s\nhint: "), time_limit(60), time_limit(0.3):
        with standing_still(), standing_still():
            time.sleep(0.6)
        assert time.monotonic() - started >= 0.6
        time.sleep(5)
    assert time.monotonic() - started < 0.9 + SOON


def test_an_alarm_that_stood_still_gives_the_rest_back_to_the_outer_one() -> None:
    with time_limit(0.5):
        with time_limit(60), standing_still():
            time.sleep(0.7)
        time.sleep(0.1)


def rung(times: int) -> tuple[int, list[object]]:
    """How often an alarm that is set very short rang, and what was left of it afterwards."""
    count, left = 0, []
    for _ in range(times):
        try:
            with alarm(5e-5):
                sum(range(random.randrange(400, 4000)))
        except TimeUp:
            count += 1
        left.append((signal.getitimer(signal.ITIMER_REAL), signal.getsignal(signal.SIGALRM)))
    return count, left


def test_an_alarm_that_rings_as_its_body_ends_rings_no_more() -> None:
    count, left = rung(times=3000)
    assert count > 0
    assert set(left) == {((0.0, 0.0), signal.SIG_DFL)}


@contextlib.contextmanager
def entered() -> Iterator[FrameType]:
    """The frame of the library's code that enters a `with` statement."""
    yield sys._getframe(1)


def test_the_alarm_waits_until_a_with_statement_is_entered_or_left() -> None:
    with entered() as frame, alarm(60):
        ring = signal.getsignal(signal.SIGALRM)
        assert callable(ring)
        ring(signal.SIGALRM, frame)
        with pytest.raises(TimeUp):
            ring(signal.SIGALRM, sys._getframe())


def test_the_alarm_waits_until_a_module_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "half_a_library.py").write_text("import time\ntime.sleep(0.3)\nwhole = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(TimeUp), alarm(0.05):
        importlib.import_module("half_a_library")
        time.sleep(5)
    assert importlib.import_module("half_a_library").whole


def ended(times: int) -> dict[str, int]:
    """How often a computation with a time limit of its own inside one is done, is ended, or fails in another way."""
    counts = {"done": 0, "ended": 0, "failed": 0}
    for _ in range(times):
        try:
            with time_limit(2e-4):
                with contextlib.suppress(TimeUp), alarm(5e-5):
                    sum(range(random.randrange(400, 8000)))
                sum(range(random.randrange(400, 20_000)))
            counts["done"] += 1
        except LimitError:
            counts["ended"] += 1
        except TimeUp:
            counts["failed"] += 1
    return counts


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it may ring in a destructor
def test_an_alarm_that_goes_on_ringing_while_it_is_put_out_is_still_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ALARM_REPEAT", 4e-5)
    counts = ended(times=3000)
    assert counts["done"] > 0
    assert counts["ended"] > 0
    assert counts["failed"] == 0
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
