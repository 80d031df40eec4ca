"""Every error of the reader names the place and one way on; what a way on proposes is read."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import gradcalc
from gradcalc.base import ways
from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.inputs.pose import pose
from gradcalc.problem.resolve import read
from tests.syntax.hints import proposals

BROKEN = r"""
(
)
x +
+
x * * y
x **
x //
x // y
x & y
x | y
x || y
~x
x ~ y
$x
$x$ + 1
\
\frac
\frac{a}
\frac{}{b}
\sqrt
\sqrt{}
\sqrt[3]
\left(x
\left(x)
\right)
x\right)
\left x
\left.x\right|
\begin{cases}
\begin{cases}\end{cases}
\begin{cases} x \\ y \end{cases}
\begin{cases} x & x \\ 0 & \text{otherwise} \end{cases}
\begin{foo} x \end{foo}
\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}
\begin{pmatrix} 1 & \\ 3 & 4 \end{pmatrix}
\begin{pmatrix} 1
\end{pmatrix}
\sum
\sum_{i=1}
\sum_{i=1}^{3}
\sum_{i=1}^n i
\sum_{3} x
\sum^n x_i
\sum_{i=3}^{1} x_i
\sum_{i=1}^{\infty} x_i
\prod_{e=1}^{3} x_e
\int x dx
\lim_{x \to 0} x
\nabla f
\partial x
\infty
x \pm y
x \approx y
x \in A
x \cup y
\forall x
\exists x
A \subset B
x \implies y
\ldots
x + \dots + y
\hat{x + y}
\hat{2}
\bar
x^
x_{}
x^{}
\alpha x^y^z
\alpha x_1_2
\alpha_{\frac12}
{x
x}
\{x
\over
a \over b \over c
\mathbf
\mathrm
\text{hello world}
\operatorname{foo}(x)
\foo x
\sin
\sin + 1
\sin^n x
\log_
\log_{}(x)
|x
|x, y|
\|x\|_7
\|x
\langle x \rangle
\langle x, y, z \rangle
\binom{n}
\mathbb{E}[x]
P(A \mid B)
\Pr(x)
x \% y
"x"
'x'
`x`
x =
=
x == y
x = y = z
x^2 + y^2 = 1
2 = x
x < y
x < y < z
where(x, 1, 2)
where(x > 0, 1)
where x > 0
x if y
x if x > 0
x > 0 ? 1
x ? 1 : 2
sin
sin x (y)
sin()
sin(,)
sin(x,)
sin(x y
sin(x))
max()
log(x, 2, 3)
atan2(x)
foo(x)
foo.bar(x)
x.foo()
x.foo
. x
.x
x..y
1..2
1.2.3
1e+
1_000
0x1F
1j
1i
5%
%5
5% of x
12e3e4
1e1e1
x(2)
2 3
x 2
import os
os.system("ls")
__import__("os")
eval("x")
;
x; y
y = x; y = 2
y = y + 1
y = z; z = y; y
pi = 3
sin = 3
x!!
!x
x!=
x <> y
x ->
-> x
lambda x:
def f(x):
def f
f(x) =
f(2) = x
[ ]
[
[1,
[[1, 2], [3]]
[1, [2]]
x[0]
x[-1]
x[]
x[1:2:3]
x[1.5]
x[y]
A[1,2,3]
{x: y}
<x>
x'
f'(x)
d/dx
d/dx x^2
dy/dx
∫ x dx
∑ x
∞
x ± y
∂x
∇f
…
x … y
°
30°
x€
€
x—y
“x”
x​y
é(x)
²
√
x÷
÷x
inf
nan
inf*x
x and y
x or y
not x
x times y
x over y
the square of x
x squared
a, b
1,5
x, y = 1
(x, y)
()
sum(x, axis=)
sum(x, foo=1)
sum(x, axis=7)
x @
@ x
x @ 2
Sin[x
Sin x]
%pi%
norm(A, 2)
erfi(x)
quantile(x, 0.5)
sort(x, reverse=True)
"""
RAISING = {"fail": 2, "error": 2, "ExpressionSyntaxError": 1, "UnknownNameError": 1}  # and where their hints stand
ROOMS = ("syntax", "problem", "functions")


@pytest.mark.parametrize("text", [*BROKEN.strip("\n").split("\n"), "", "   "])
def test_an_error_shows_its_place_and_a_way_on(text: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        pose(text, Limits())
    error = raised.value
    assert error.span is not None
    assert 0 <= error.span.start <= error.span.end <= len(text)
    assert error.hint is not None
    for proposal in proposals(error.hint):
        read(proposal, Limits())


@cache
def raisings(room: str) -> list[tuple[str, ast.Call]]:
    """The errors that are raised in a room, each with its place."""
    return [
        (f"{room}/{path.name}:{node.lineno}", node)
        for path in sorted((Path(gradcalc.__file__).parent / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _name(node) in RAISING and node.args
    ]


def _name(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def hint_of(node: ast.Call) -> ast.expr | None:
    """The hint that an error is raised with."""
    place = RAISING[_name(node)]
    named = [one.value for one in node.keywords if one.arg == "hint"]
    return named[0] if named else node.args[place] if len(node.args) > place else None


def may_lack(hint: ast.expr | None) -> bool:
    """May the hint, as far as it is written out, be None?"""
    if isinstance(hint, ast.IfExp):
        return may_lack(hint.body) or may_lack(hint.orelse)
    return hint is None or (isinstance(hint, ast.Constant) and hint.value is None)


@pytest.mark.parametrize("room", ROOMS)
def test_every_error_has_a_way_on(room: str) -> None:
    found = raisings(room)
    assert found
    assert [place for place, node in found if may_lack(hint_of(node))] == []


def written_out() -> list[str]:
    """The hints that stand where errors are raised, and those that several have in common."""
    there = (hint_of(node) for room in ROOMS for _, node in raisings(room))
    own = {one.value for one in there if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return sorted(own | {one for one in vars(ways).values() if isinstance(one, str) and "`" in one})


def test_what_a_way_on_proposes_is_read() -> None:
    found = [proposal for hint in written_out() for proposal in proposals(hint)]
    assert len(found) > 20
    for proposal in found:
        read(proposal, Limits())


@pytest.mark.parametrize(
    "raised", ["fail('x')", "fail('x', span)", "fail('x', span, None)", "fail('x', hint=a if b else None)"]
)
def test_an_error_without_a_way_on_is_found(raised: str) -> None:
    (statement,) = ast.parse(raised).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert may_lack(hint_of(statement.value))
