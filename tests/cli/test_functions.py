"""`gradcalc functions`: the table, and one row in full."""

from __future__ import annotations

import shlex

import pytest

from gradcalc.answers.described import Described, describe
from gradcalc.functions import ALIASES, NAMED, Catalogue
from gradcalc.render.formats import text
from tests.running import Run

pytestmark = pytest.mark.smoke

SCREEN = 79


@pytest.fixture(scope="module")
def described() -> dict[str, Described]:
    """Every function of the catalogue in full."""
    return {name: describe(name) for name in NAMED}


PAGE = """\
lambertw(x, k=0)

the inverse of x*exp(x): the branch k, 0 or -1

other names  LambertW, ProductLog
gradient     x: g / (x + exp(out))
             k: no gradient flows to it
domain       x >= -exp(-1) where k == 0, else k == -1 and x < 0
                 and x >= -exp(-1)
             (lambertw(x) needs x >= -1/e; its other real branch, k = -1,
                 -1/e <= x < 0)
pole         x == -exp(-1)
torch        none
for example  gradcalc diff "lambertw(x)" --at x=0.5

g is the gradient that flows in from above; out the function's own value
"""


def test_a_row_in_full(run: Run) -> None:
    assert run.printed("functions", "lambertw") == PAGE


def test_it_is_found_by_its_other_names(run: Run) -> None:
    assert run.printed("functions", "swish", "-q") == "g * sigmoid(x) * (1 + x * sigmoid(-x))\n"
    assert all(describe(alias).row is NAMED[name] for alias, name in list(ALIASES.items())[::10])


def test_as_json_it_is_one_object(run: Run) -> None:
    found = run.record("functions", "gammainc", code=0)
    assert (found["schema"], found["name"], found["parameters"]) == (1, "gammainc", ["a", "x"])
    assert found["signature"] == "gammainc(a, x)"
    assert (found["torch"], found["without"]) == (["torch.special.gammainc(a, x)"], ["a"])
    assert found["example"] == 'gradcalc diff "gammainc(a, x)" --at a=2.5,x=9'
    assert found["note"].startswith("the lower one, regularised")


WRONG = [
    ("gama", "no function is called `gama`", "did you mean `gamma`?"),
    ("besselh", "no function is called `besselh`", "did you mean `besseli`?"),
    ("bessel_j0", "no function is called `bessel_j0`", "`bessel_j0(x)` is read as `besselj(0, x)`"),
    ("sin(x)", "no function is called `sin(x)`", "did you mean `sin`?"),
]


@pytest.mark.parametrize(("name", "message", "hint"), WRONG)
def test_a_wrong_name_gets_the_nearest_one(name: str, message: str, hint: str, run: Run) -> None:
    assert run.refused("functions", name) == f"error: {message}\n\nhint: {hint}\n"


def test_every_page_fits_a_screen(described: dict[str, Described]) -> None:
    pages = {name: text(one, "plain") for name, one in described.items()}
    assert {name for name, page in pages.items() if max(map(len, page.splitlines())) > SCREEN} == set()


def test_no_rule_loses_a_letter_where_it_is_broken(described: dict[str, Described]) -> None:
    pages = {name: "".join(text(one, "plain").split()) for name, one in described.items()}
    rules = [(name, rule) for name, one in described.items() for rule in one.row.texts if rule is not None]
    assert [(name, rule) for name, rule in rules if "".join(rule.split()) not in pages[name]] == []


@pytest.mark.parametrize("name", [*list(NAMED)[::6], "gammainc", "besselj", "matmul", "eye", "where"])
def test_its_example_runs(name: str, described: dict[str, Described], run: Run) -> None:
    program, *arguments = shlex.split(described[name].example)
    assert (program, run(*arguments).code) == ("gradcalc", 0)
    assert name in described[name].example or name == "matmul"


def test_every_example_is_an_expression_of_the_function(described: dict[str, Described]) -> None:
    assert all(one.example.startswith(("gradcalc diff", "gradcalc jacobian")) for one in described.values())


def test_what_torch_runs_is_told_of_every_function_that_it_has(described: dict[str, Described]) -> None:
    lacking = {name for name, one in described.items() if not one.torch}
    assert lacking == {"gammainc_derivative", "betainc", "zeta_derivative", "lambertw", "expi", "expint"}


def test_the_table_fits_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = text(Catalogue(tuple(NAMED.values())), "terminal").splitlines()
    assert "atan2(y, x)             y: g * x / (x**2 + y**2)" in [line.rstrip() for line in lines]
    assert max(map(len, lines)) <= 80
    monkeypatch.setenv("COLUMNS", "400")
    assert "other names" in text(Catalogue(tuple(NAMED.values())), "terminal")


TOLD = [
    ("sinc(x)**2", "sinc(x)**2, where sinc(x) is sin(pi*x)/(pi*x)"),
    ("kl_div(x, 2) - sinc(x)",
     "kl_div(x, 2) - sinc(x), where kl_div(x, y) is x*log(x/y) - x + y and sinc(x) is sin(pi*x)/(pi*x)"),
    ("y = 2x; gammainc(2, y)", "y = 2*x; gammainc(2, y), where gammainc(a, x) is regularised"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "reading"), TOLD)
def test_a_name_that_means_another_function_elsewhere_is_told_of(expression: str, reading: str, run: Run) -> None:
    assert f"read as = {reading}\n" in run.printed("diff", expression)
