"""The catalogue: a row is tested by being there, in every engine, against differences in mpmath."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

import mpmath
import pytest

from gradcalc.engines.exact import truth
from gradcalc.engines.exact.primitives import ARB
from gradcalc.engines.exact.rules import SIGNS
from gradcalc.engines.sympy import closed_form, functions
from gradcalc.engines.torch import autograd
from gradcalc.engines.torch import functions as torch_functions
from gradcalc.functions import ALIASES, ELEMENTWISE, NAMED, OPERATORS, VOCABULARY, Function
from gradcalc.functions.function import rule
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, postorder
from tests import reference

ROWS = OPERATORS | ELEMENTWISE
SAMPLES = [(name, sample) for name, row in ROWS.items() for sample in row.samples]
DIGITS = 90  # of the differences: their error is below 1e-50


def problem(name: str, values: tuple[float, ...]) -> Problem:
    """The row's function itself, to be derived by each parameter that a gradient flows to."""
    row = ROWS[name]
    parameters = tuple(Name(parameter) for parameter in row.parameters)
    wrt = tuple(parameter for parameter, text in zip(row.parameters, row.vjp, strict=True) if isinstance(text, str))
    point = dict(zip(row.parameters, values, strict=True))
    return Problem(name, Call(name, parameters), (), row.parameters, wrt, point=point)


def by_exact(asked: Problem) -> list[float]:
    slopes = truth.differentiate(asked).slopes
    return [mpmath.mpf(slopes[name].value.text) for name in asked.wrt]


def by_sympy(asked: Problem) -> list[float]:
    texts = [form.text for form in closed_form.differentiate(asked).values()]
    return [reference.evaluate(reference.tree(text), mpmath_point(asked)) for text in texts]


def by_torch(asked: Problem) -> list[float]:
    return [autograd.differentiate(asked).gradient[name] for name in asked.wrt]


def mpmath_point(asked: Problem) -> dict[str, reference.Real]:
    return {name: mpmath.mpf(value) for name, value in asked.numbers.items()}


ENGINES: dict[str, tuple[Callable[[Problem], list[float]], float]] = {  # and the relative error that is theirs
    "exact": (by_exact, 1e-19),
    "sympy": (by_sympy, 1e-30),
    "torch": (by_torch, 1e-13),
}
COARSE = {
    ("torch", "digamma"): 1e-9,  # torch's trigamma is a short series
    ("torch", "beta"): 1e-12, ("torch", "betaln"): 1e-12,
    ("torch", "hardsigmoid"): 1e-7,  # torch's slope is a sixth in single precision
}  # fmt: skip


WITHOUT = {  # torch has no derivative of its own
    "heaviside", "gammainc", "gammaincc", "gammainc_derivative", "betainc", "besselj", "bessely", "besselk", "zeta",
    "zeta_derivative", "lambertw", "expi", "expint",
}  # fmt: skip


def error(found: list[float], true: list[float]) -> float:
    """The largest relative error; of a true 0, the absolute one."""
    return max(
        float(abs(one - other) / (abs(other) if abs(other) > 1e-30 else 1))
        for one, other in zip(found, true, strict=True)
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "values"), SAMPLES)
def test_the_derivative_is_the_limit_of_differences(name: str, values: tuple[float, ...], engine: str) -> None:
    differentiate, least = ENGINES[engine]
    asked = problem(name, values)
    if engine == "torch" and name in WITHOUT:
        pytest.skip("there is no derivative of torch's own")
    with mpmath.workdps(DIGITS):
        assert error(differentiate(asked), differences(name, values)) < COARSE.get((engine, name), least)


@cache
def differences(name: str, values: tuple[float, ...]) -> list[float]:
    """The derivatives by mpmath, which every engine is held against."""
    asked = problem(name, values)
    with mpmath.workdps(DIGITS):
        return [reference.derivative(asked.root, mpmath_point(asked), by) for by in asked.wrt]


@pytest.mark.parametrize(("name", "values"), SAMPLES)
def test_the_value_is_that_of_mpmath(name: str, values: tuple[float, ...]) -> None:
    asked = problem(name, values)
    with mpmath.workdps(DIGITS):
        value = reference.evaluate(asked.root, mpmath_point(asked))
        assert error([mpmath.mpf(truth.differentiate(asked).value.text)], [value]) < 1e-19


DEFINED = [one for one in SAMPLES if ROWS[one[0]].definition is not None and one[0] in reference.FUNCTIONS]


@pytest.mark.parametrize(("name", "values"), DEFINED)
def test_a_definition_says_the_same_as_the_function(name: str, values: tuple[float, ...]) -> None:
    point = dict(zip(ROWS[name].parameters, map(mpmath.mpf, values), strict=True))
    with mpmath.workdps(DIGITS):
        defined = reference.evaluate(rule(ROWS[name].definition), point)
        assert error([defined], [reference.FUNCTIONS[name](*point.values())]) < 1e-80


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_every_parameter_has_a_rule(row: Function) -> None:
    assert len(row.vjp) == len(row.parameters)


RULES = [
    (row.name, text, {*row.parameters, *extra})
    for row in ROWS.values()
    for texts, extra in (
        (row.vjp, ("g", "out")),
        ((row.kink, row.pole), ("out",)),
        ((row.definition, row.domain, *row.defaults), ()),
    )
    for text in texts
    if isinstance(text, str)
]


@pytest.mark.parametrize(("name", "text", "names"), RULES)
def test_a_rule_speaks_of_its_parameters_and_of_known_functions(name: str, text: str, names: set[str]) -> None:
    order = postorder(rule(text))
    assert {node.name for node in order if isinstance(node, Name)} - names == set()
    assert {node.function for node in order if isinstance(node, Call)} - set(ROWS) == set()


NATIVE = {  # what each engine does itself
    "exact": set(ARB) | set(SIGNS) | {"where"},
    "sympy": set(functions.FUNCTIONS),
    "torch": set(torch_functions.OPERATIONS) | set(torch_functions.SOMETIMES),
}


@pytest.mark.parametrize("engine", ["exact", "torch"])
def test_every_engine_knows_every_row_but_those_that_torch_lacks(engine: str) -> None:
    empty = {name for name, row in ROWS.items() if name not in NATIVE[engine] and row.definition is None}
    lacking = {"gammainc_derivative", "betainc", "zeta_derivative", "lambertw", "expi", "expint"}
    assert empty == (lacking if engine == "torch" else set())


UNKNOWN = [
    ("cbrt", (1.5,), "1/(3*cbrt(x)**2)"), ("lgamma", (1.5,), "digamma(x)"),
    ("atan2", (1.5, 2.5), "x/(x**2 + y**2)"), ("polygamma", (1.0, 2.5), "polygamma(n + 1, x)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "formula"), UNKNOWN)
def test_sympy_takes_a_function_that_it_has_no_line_for_by_its_rules(
    name: str, values: tuple[float, ...], formula: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(functions.FUNCTIONS, name)
    assert next(iter(closed_form.differentiate(problem(name, values)).values())).text == formula


@pytest.mark.parametrize("engine", NATIVE)
def test_no_engine_knows_more_than_the_catalogue(engine: str) -> None:
    assert NATIVE[engine] - set(ROWS) == set()


def test_every_row_has_samples_or_needs_none() -> None:
    bare = {name for name, row in ROWS.items() if not row.samples}
    assert bare == {"lt", "le", "gt", "ge", "eq", "ne", "where"}


def test_no_name_is_given_twice() -> None:
    names = Counter([*NAMED, *(alias for row in NAMED.values() for alias in row.aliases)])
    assert [name for name, count in names.items() if count > 1] == []


PROMISED = [
    "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "acot", "asec", "acsc", "atan2",
    "sinh", "cosh", "tanh", "coth", "sech", "csch", "asinh", "acosh", "atanh", "acoth", "asech", "acsch",
    "exp", "log", "ln", "log2", "log10", "log1p", "expm1", "sqrt", "cbrt", "hypot",
    "abs", "sign", "floor", "ceil", "min", "max", "where",
    "erf", "erfc", "gamma", "lgamma", "digamma", "polygamma", "factorial",
    "sigmoid", "logsigmoid", "relu", "leaky_relu", "elu", "selu", "softplus", "silu", "gelu", "mish", "softsign",
    "hardtanh", "logit", "softmax", "logsumexp", "bce", "mse",
    "clamp", "round", "trunc", "frac", "remainder", "fmod", "heaviside", "sinc", "ndtr", "log_ndtr", "beta", "betaln",
    "relu6", "hardsigmoid", "hardswish", "celu", "softshrink", "hardshrink", "tanhshrink", "gelu_tanh",
    "huber", "smooth_l1", "hinge", "bce_with_logits", "xlogy", "entr", "rel_entr", "kl_div", "clip",
    "erfinv", "erfcx", "ndtri", "gammainc", "gammaincc", "betainc", "besselj", "bessely", "besseli", "besselk",
    "i0", "i0e", "i1", "i1e", "zeta", "lambertw", "expi", "expint",
    "arcsin", "arccos", "arctan", "arccot", "arcsec", "arccsc", "arctan2",
    "arcsinh", "arccosh", "arctanh", "arccoth", "arcsech", "arccsch", "Abs", "swish", "expit",
]  # fmt: skip


@pytest.mark.parametrize("name", PROMISED)
def test_the_language_has_the_function(name: str) -> None:
    assert name in VOCABULARY.functions


MEANINGS = [
    ("ln", "log"), ("Abs", "abs"), ("arcsin", "asin"), ("arctan2", "atan2"), ("arcoth", "acoth"),
    ("swish", "silu"), ("expit", "sigmoid"), ("ceiling", "ceil"), ("Max", "max"),
    ("clip", "clamp"), ("Heaviside", "heaviside"),
    ("normcdf", "ndtr"), ("probit", "ndtri"), ("igamma", "gammainc"), ("jv", "besselj"), ("LambertW", "lambertw"),
    ("Ei", "expi"), ("expn", "expint"), ("hard_silu", "hardswish"),
]  # fmt: skip


@pytest.mark.parametrize(("alias", "name"), MEANINGS)
def test_an_alias_stands_for_its_function(alias: str, name: str) -> None:
    assert ALIASES[alias] == name


DOMAINS = [  # the function, points inside, points outside
    ("div", [(1, 2), (0, -1)], [(1, 0), (0, 0)]),
    ("pow", [(2, 0.5), (0, 0), (0, 2), (0, 0.5), (-2, 3), (-2, -3)], [(-2, 0.5), (0, -1), (0, -0.5), (-8, 1 / 3)]),
    ("log", [(1e-300,), (5,)], [(0,), (-1,)]),
    ("log2", [(8,)], [(0,), (-8,)]),
    ("log10", [(100,)], [(0,), (-100,)]),
    ("log1p", [(-0.5,), (0,)], [(-1,), (-2,)]),
    ("sqrt", [(0,), (4,)], [(-1e-300,)]),
    ("tan", [(0,), (1.5707963267948966,)], []),
    ("cot", [(1,), (3.141592653589793,)], [(0,)]),
    ("sec", [(0,), (1.5707963267948966,)], []),
    ("csc", [(1,), (-2,)], [(0,)]),
    ("asin", [(-1,), (0,), (1,)], [(1.0000000000000002,), (-2,)]),
    ("acos", [(-1,), (0,), (1,)], [(1.0000000000000002,), (-2,)]),
    ("acot", [(1e-300,), (-5,)], [(0,)]),
    ("asec", [(1,), (-1,), (3,)], [(0.9999999999999999,), (0,)]),
    ("acsc", [(1,), (-1,), (3,)], [(0.9999999999999999,), (0,)]),
    ("atan2", [(0, 1), (0, -1), (1, 0)], [(0, 0)]),
    ("coth", [(1e-300,), (-1,)], [(0,)]),
    ("csch", [(1e-300,), (-1,)], [(0,)]),
    ("acosh", [(1,), (5,)], [(0.9999999999999999,), (-5,)]),
    ("atanh", [(0.9999999999999999,), (0,)], [(1,), (-1,), (2,)]),
    ("acoth", [(1.0000000000000002,), (-2,)], [(1,), (-1,), (0,)]),
    ("asech", [(1e-300,), (1,)], [(0,), (-0.5,), (1.0000000000000002,)]),
    ("acsch", [(1e-300,), (-5,)], [(0,)]),
    ("gamma", [(0.5,), (-0.5,), (-1.0000000000000002,)], [(0,), (-1,), (-170,)]),
    ("factorial", [(0,), (-0.5,)], [(-1,), (-2,)]),
    ("lgamma", [(0.5,), (-0.5,)], [(0,), (-1,)]),
    ("digamma", [(0.5,), (-0.5,)], [(0,), (-1,)]),
    ("polygamma", [(0, 0.5), (3, -0.5)], [(0, 0), (1, -1), (0.5, 1), (-1, 1)]),
    ("hardtanh", [(0, -1, 1)], [(0, 1, 1), (0, 2, 1)]),
    ("logit", [(1e-300,), (0.5,)], [(0,), (1,), (-0.5,), (1.5,)]),
    ("bce", [(0.5, 1), (0.5, 2)], [(0, 1), (1, 0), (1.5, 0.5)]),
    ("remainder", [(0, 1), (5, -1e-300)], [(1, 0), (0, 0)]),
    ("fmod", [(0, 1), (5, -1e-300)], [(1, 0), (0, 0)]),
    ("beta", [(1e-300, 1), (2, 3)], [(0, 1), (1, 0), (-0.5, 0.75)]),
    ("betaln", [(1e-300, 1), (2, 3)], [(0, 1), (1, 0), (-0.5, 0.75)]),
    ("celu", [(-1, 1e-3), (-1, -1)], [(-1, 0), (1, 0)]),
    ("softshrink", [(1, 0), (1, 2)], [(1, -1e-300)]),
    ("huber", [(1, 0, 1e-300)], [(1, 0, 0), (1, 0, -1)]),
    ("smooth_l1", [(1, 0, 0), (0, 0, 0)], [(1, 0, -1e-300)]),
    ("xlogy", [(0, 0), (0, -1), (-2, 1e-300)], [(1, 0), (1, -1)]),
    ("entr", [(0,), (2,)], [(-1e-300,)]),
    ("rel_entr", [(0, 0), (0, 1), (1, 1e-300)], [(1, 0), (0, -1), (-1, 1), (-1, -1)]),
    ("kl_div", [(0, 0), (0, 1), (1, 1e-300)], [(1, 0), (0, -1), (-1, 1), (-1, -1)]),
    ("erfinv", [(0,), (0.9999999999999999,)], [(1,), (-1,), (2,)]),
    ("ndtri", [(1e-300,), (0.9999999999999999,)], [(0,), (1,), (-0.5,)]),
    ("gammainc", [(1e-300, 1), (2, 0)], [(0, 1), (-0.5, 1), (1, -1e-300)]),
    ("gammaincc", [(1e-300, 1), (2, 0)], [(0, 1), (-0.5, 1), (1, -1e-300)]),
    ("gammainc_derivative", [(1, 0.5, 1), (0, 2, 0)], [(0.5, 1, 1), (-1, 1, 1), (1, 0, 1), (1, 1, -1e-300)]),
    ("betainc", [(0.5, 1e-300, 0), (2, 3, 1)], [(0, 1, 0.5), (1, 0, 0.5), (1, 1, -1e-300), (1, 1, 1.0000000000000002)]),
    ("besselj", [(0, 0), (-3, -2), (0.5, 0), (-0.5, 1)], [(0.5, -1), (-0.5, 0)]),
    ("besseli", [(0, 0), (-3, -2), (0.5, 0), (-0.5, 1)], [(0.5, -1), (-0.5, 0)]),
    ("bessely", [(0, 1e-300), (-2.5, 1)], [(0, 0), (1, -1)]),
    ("besselk", [(0, 1e-300), (-2.5, 1)], [(0, 0), (1, -1)]),
    ("zeta", [(0, 1), (-2, 1), (1.0000000000000002, 1e-300)], [(1, 1), (2, 0), (2, -0.5)]),
    ("zeta_derivative", [(0, 0, 1), (3, -2, 0.5)], [(1, 1, 1), (1, 2, 0), (0.5, 2, 1), (-1, 2, 1)]),
    ("lambertw", [(0, 0), (-0.367879441171442, 0), (-0.367879441171442, -1), (-1e-300, -1)],
     [(-0.3678794411714424, 0), (0, -1), (1, -1), (-0.3678794411714424, -1), (1, 1), (1, 0.5)]),
    ("expi", [(1e-300,), (-5,)], [(0,)]),
    ("expint", [(1, 1e-300), (-2.5, 3), (1.0000000000000002, 0)], [(1, 0), (0, 0), (2, -1)]),
]  # fmt: skip
INSIDE = [(name, point) for name, points, _ in DOMAINS for point in points]
OUTSIDE = [(name, point) for name, _, points in DOMAINS for point in points]


@pytest.mark.parametrize(("name", "point"), INSIDE)
def test_inside_its_domain_a_function_has_a_value(name: str, point: tuple[float, ...]) -> None:
    assert truth.differentiate(problem(name, tuple(map(float, point)))).value is not None


@pytest.mark.parametrize(("name", "point"), OUTSIDE)
def test_outside_its_domain_it_has_none(name: str, point: tuple[float, ...]) -> None:
    assert truth.differentiate(problem(name, tuple(map(float, point)))).value is None


def test_every_domain_is_looked_at() -> None:
    assert {name for name, row in ROWS.items() if row.domain is not None} - {name for name, _, _ in DOMAINS} == set()


VALUES = [  # where conventions differ between books: the value that is gradcalc's
    ("acot", (-1.0,), "-0.78539816339744830962"),  # odd, in (-pi/2, pi/2), as SymPy, MATLAB and Mathematica have it
    ("asec", (-2.0,), "2.0943951023931954923"),  # in [0, pi]
    ("acsc", (-2.0,), "-0.52359877559829887308"),  # in [-pi/2, pi/2]
    ("atan2", (0.0, -1.0), "3.1415926535897932385"),
    ("cbrt", (-8.0,), "-2.0000000000000000000"),
    ("pow", (0.0, 0.0), "1.0000000000000000000"),
    ("pow", (-8.0, 3.0), "-512.00000000000000000"),
    ("sign", (0.0,), "0"),
    ("floor", (-0.5,), "-1.0000000000000000000"),
    ("ceil", (-0.5,), "0"),
    ("lgamma", (-0.5,), "1.2655121234846453965"),  # of the absolute value
    ("gamma", (-0.5,), "-3.5449077018110320546"),
    ("factorial", (0.0,), "1.0000000000000000000"),
    ("hypot", (-3.0, 4.0), "5.0000000000000000000"),
    ("sinc", (0.0,), "1.0000000000000000000"),
    ("sinc", (0.5,), "0.63661977236758134308"),  # 2/pi: normalised
    ("round", (2.5,), "2.0000000000000000000"),  # half to even
    ("round", (3.5,), "4.0000000000000000000"),
    ("round", (-0.5,), "0"),
    ("round", (-1.5,), "-2.0000000000000000000"),
    ("round", (0.49999999999999994,), "0"),
    ("trunc", (-2.5,), "-2.0000000000000000000"),
    ("frac", (-2.25,), "-0.25000000000000000000"),
    ("remainder", (-7.0, 3.0), "2.0000000000000000000"),  # the sign of the divisor
    ("remainder", (7.0, -3.0), "-2.0000000000000000000"),
    ("fmod", (-7.0, 3.0), "-1.0000000000000000000"),  # the sign of the dividend
    ("fmod", (7.0, -3.0), "1.0000000000000000000"),
    ("heaviside", (0.0, 0.25), "0.25000000000000000000"),
    ("clamp", (0.0, 2.0, 1.0), "1.0000000000000000000"),
    ("softshrink", (2.0, 0.5), "1.5000000000000000000"),
    ("hardshrink", (0.5, 0.5), "0"),
    ("huber", (3.0, 0.0, 2.0), "4.0000000000000000000"),
    ("smooth_l1", (3.0, 0.0, 2.0), "2.0000000000000000000"),
    ("smooth_l1", (-3.0, 0.0, 0.0), "3.0000000000000000000"),
    ("hinge", (0.5, -1.0), "1.5000000000000000000"),
    ("xlogy", (0.0, -1.0), "0"),
    ("entr", (0.0,), "0"),
    ("rel_entr", (0.0, 1.0), "0"),
    ("kl_div", (0.0, 2.0), "2.0000000000000000000"),
    ("kl_div", (2.0, 1.0), "0.38629436111989061883"),  # 2*log(2) - 2 + 1
    ("gelu_tanh", (1.0,), "0.84119199060827670478"),
    ("gammainc", (2.0, 3.0), "0.80085172652854422808"),  # 1 - 4*exp(-3): regularised, and a comes first
    ("gammaincc", (2.0, 0.0), "1.0000000000000000000"),
    ("i1e", (-1.0,), "-0.20791041534970844887"),
    ("zeta", (2.0, 1.0), "1.6449340668482264365"),  # pi**2/6
    ("zeta", (3.0, 2.0), "0.20205690315959428540"),  # Riemann's without its first term
    ("gelu", (1.0,), "0.84134474606854294859"),  # the exact one, not its approximation by tanh
]  # fmt: skip


@pytest.mark.parametrize(("name", "point", "value"), VALUES)
def test_a_convention(name: str, point: tuple[float, ...], value: str) -> None:
    assert truth.differentiate(problem(name, point)).value.text == value


@pytest.mark.parametrize(("name", "point", "value"), VALUES)
def test_torch_has_the_same_convention(name: str, point: tuple[float, ...], value: str) -> None:
    assert autograd.differentiate(problem(name, point)).value == pytest.approx(float(value), rel=1e-14)


@pytest.mark.parametrize(("x", "bound"), [("2.5", "1.5"), ("1.5", "1.5"), ("0.5", "1.5")])
def test_between_equal_bounds_a_clamped_number_moves_with_them(x: str, bound: str) -> None:
    """`clamp(x, y, y)` is y: its derivatives of higher orders come from the rules."""
    point = {"x": float(x), "y": float(bound)}
    root = reference.tree("clamp(x, y, y)**3")
    found = [
        truth.differentiate(Problem("", root, (), ("x", "y"), ("y",), order, point=point)).slopes["y"].value.text
        for order in (1, 2, 3)
    ]
    assert found == ["6.7500000000000000000", "9.0000000000000000000", "6.0000000000000000000"]
