"""The computational graph of numbers: what torch records, each derivative against the exact one."""

from __future__ import annotations

import pytest

from gradcalc.answers.verdicts import Reason, Verdict
from gradcalc.engines.torch import functions as engine
from gradcalc.lessons.graph.lesson import graph
from gradcalc.lessons.graph.records import Edge, Graph, Vertex

CHAIN = "y = x^2; z = sin(y); u = e^z"
READING_GRAD = "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed."
NO_GRAPH = "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn"


def vertex(found: Graph, label: str) -> Vertex:
    return next(one for one in found.vertices if one.label == label)


def edge(found: Graph, source: str, target: str) -> Edge:
    return next(
        one for one in found.edges if (one.source, one.target) == (vertex(found, source).id, vertex(found, target).id)
    )


def verdict(one: Vertex | Edge) -> tuple[Verdict | None, Reason | None]:
    assert one.check is not None
    return one.check.verdict, getattr(one.check, "reason", None)


# -- what torch records


def test_the_vertices_of_a_chain_are_torchs() -> None:
    found = [
        (one.id, one.names, one.text, one.operation, one.kind, one.value, one.grad_fn, one.is_leaf, one.requires_grad)
        for one in graph(CHAIN, at=3).vertices
    ]
    assert found == [
        (1, ("x",), None, None, "leaf", 3.0, None, True, True),
        (2, ("y",), "x**2", "pow", "intermediate", 9.0, "PowBackward0", False, True),
        (3, ("z",), "sin(y)", "sin", "intermediate", 0.4121184852417566, "SinBackward0", False, True),
        (4, ("u",), "e**z", "pow", "intermediate", 1.5100133400254603, "PowBackward1", False, True),
    ]


def test_the_edges_of_a_chain_have_formula_number_and_flow() -> None:
    found = [
        (one.source, one.target, one.formula, one.written, one.filled, one.local, one.flow)
        for one in graph(CHAIN, at=3).edges
    ]
    assert found == [
        (1, 2, "2*x", "2x", "2·3", 6.0, -8.25491309968052),
        (2, 3, "cos(y)", "cos(y)", "cos(9)", -0.9111302618846769, -1.3758188499467534),
        (3, 4, "e**z", "e^z", "e^0.412118", 1.5100133400254603, 1.5100133400254603),
    ]


def test_intermediate_vertices_keep_no_grad_and_torch_warns_whoever_reads_it() -> None:
    found = graph(CHAIN, at=3)
    assert [one.grad for one in found.vertices] == [-8.25491309968052, None, None, None]
    assert [one.gradient for one in found.vertices[1:]] == [-1.3758188499467534, 1.5100133400254603, 1.0]
    assert found.warning is not None
    assert found.warning.startswith(READING_GRAD)
    assert "Triggered internally" not in found.warning


def test_with_retain_grad_they_keep_it_and_nobody_is_warned() -> None:
    found = graph(CHAIN, at=3, retain_grad=True)
    assert [one.grad for one in found.vertices] == [one.gradient for one in found.vertices]
    assert found.warning is None


def test_a_variable_and_a_name_are_one_vertex_however_often_they_are_used() -> None:
    found = graph("y = x**2; y*sin(y) + x", at=2)
    assert [one.label for one in found.vertices] == ["x", "y", "sin(y)", "y*sin(y)", "f"]
    assert [(one.source, one.target) for one in found.edges] == [(1, 2), (2, 3), (2, 4), (3, 4), (4, 5), (1, 5)]


def test_what_is_written_twice_is_two_vertices_as_in_torch() -> None:
    assert [one.label for one in graph("x**2 + sin(x**2)", at=1).vertices] == ["x", "x**2", "x**2", "sin(x**2)", "f"]


def test_an_argument_that_stands_twice_has_two_edges() -> None:
    found = graph("x*x", at=3)
    assert [(one.argument, one.formula, one.flow) for one in found.edges] == [(0, "x", 3.0), (1, "x", 3.0)]
    assert vertex(found, "x").gradient == 6.0


SUMMED = {
    "several ways": ("y = x**2; y*sin(y) + x", 2),
    "several variables": ("a*b + sin(a)*b", "a=2,b=3"),
    "a choice": ("where(x > 1, x**2, sin(x))*x", 2),
    "a composed function": ("cot(x)*x", 1),
}


@pytest.mark.parametrize(("expression", "at"), SUMMED.values(), ids=SUMMED)
def test_the_gradient_of_a_vertex_is_the_sum_of_what_flows_to_it(expression: str, at: object) -> None:
    found = graph(expression, at=at)  # type: ignore[arg-type]
    flows = {
        one.id: sum(edge.flow for edge in found.edges if edge.source == one.id and edge.flow)
        for one in found.vertices[:-1]
    }  # type: ignore[misc]
    tracked = {one.id: one.gradient for one in found.vertices[:-1] if one.requires_grad}
    assert {key: flows[key] for key in tracked} == pytest.approx(tracked)


def test_numbers_in_the_text_are_no_vertices_and_a_named_constant_is_one() -> None:
    found = graph("n = 3; 2*a*x**n", at="a=2,x=1")
    assert [one.label for one in found.vertices] == ["a", "2*a", "x", "n", "x**n", "f"]
    constant = vertex(found, "n")
    assert (constant.kind, constant.is_leaf, constant.requires_grad, constant.gradient) == (
        "untracked",
        True,
        False,
        None,
    )
    assert edge(found, "n", "x**n").formula is None
    assert edge(found, "x", "x**n").formula == "n*x**(n - 1)"


def test_a_variable_outside_of_wrt_asks_for_no_gradient() -> None:
    found = graph("x*y", at="x=2,y=3", wrt="x")
    y = vertex(found, "y")
    assert (y.kind, y.is_leaf, y.requires_grad, y.grad, y.check) == ("untracked", True, False, None, None)
    assert edge(found, "y", "f") == Edge(vertex(found, "y").id, vertex(found, "f").id, 1)


def test_a_comparison_is_a_vertex_that_no_gradient_flows_to() -> None:
    found = graph("where(x > 1, x**2, 0)", at=2)
    condition = vertex(found, "x > 1")
    assert (condition.operation, condition.value, condition.grad_fn, condition.kind) == ("gt", True, None, "untracked")
    assert edge(found, "x", "x > 1").local is None


def test_a_function_that_torch_composes_names_its_steps() -> None:
    found = vertex(graph("cot(x) + 1", at=1), "cot(x)")
    assert (found.grad_fn, found.steps) == ("DivBackward0", ("DivBackward0", "CosBackward0", "SinBackward0"))


def test_a_second_name_for_a_variable_is_the_same_vertex() -> None:
    assert [one.names for one in graph("y = x; y**2", at=3).vertices] == [("x", "y"), ()]


def test_a_long_formula_is_spoken_of_by_a_letter() -> None:
    found = graph("log(sin(x)*cos(x)*tan(x)*exp(x))", at=1)
    assert [one.label for one in found.vertices][-3:] == ["exp(x)", "u", "f"]
    assert found.edges[-1].formula == "1/u"


def test_a_result_without_dependence_has_torchs_refusal() -> None:
    found = graph("3*y", at="x=1,y=2", wrt="x")
    assert found.refusal == NO_GRAPH
    assert [(one.label, one.grad, one.gradient) for one in found.vertices] == [
        ("x", None, None),
        ("y", None, None),
        ("f", None, None),
    ]
    assert (verdict(vertex(found, "x")), found.verdict) == ((Verdict.AGREE, None), Verdict.AGREE)


def test_a_definition_that_is_not_used_is_named() -> None:
    assert graph("y = x**2; z = sin(x)", at=1).left_out == ("y",)


# -- the chain rule


def test_the_ways_back_are_the_products_of_the_chain_rule() -> None:
    found = graph("y = x**2; f = y + sin(y)", at=2)
    (one,) = found.chains
    assert (one.variable, one.count) == (1, 2)
    assert [[(edge.target, edge.source) for edge in way] for way in one.ways] == [
        [(4, 2), (2, 1)],
        [(4, 3), (3, 2), (2, 1)],
    ]


def test_ways_beyond_number_are_counted_and_a_few_are_shown() -> None:
    doubled = "; ".join(f"y{i} = y{i - 1} + y{i - 1}" for i in range(1, 60))
    (one,) = graph(f"y0 = x; {doubled}", at=1).chains
    assert (one.count, len(one.ways)) == (2**59, 4)


# -- against the exact engine


POINTS = {
    "a chain": (CHAIN, 3, Verdict.AGREE),
    "a kink": ("abs(x)", 0, Verdict.KINK),
    "a kink on the way, where the whole is smooth": ("x*abs(x)", 0, Verdict.KINK),
    "a kink in a branch that is not taken": ("where(x > 1, abs(x), x)", 0, Verdict.AGREE),
    "a vertical tangent": ("cbrt(x)", 0, Verdict.INFINITE),
    "no real value": ("log(x)", -1, Verdict.UNDEFINED),
    "an edge of the domain": ("x**1.5", 0, Verdict.AGREE),
    "nan from a branch that is not taken": ("where(x > 0, sqrt(x), 0)", -1, Verdict.DISAGREE),
    "a jump": ("floor(x)", 2, Verdict.UNDEFINED),
    "overflow": ("exp(x)", 1000, Verdict.DISAGREE),
}


@pytest.mark.parametrize(("expression", "at", "expected"), POINTS.values(), ids=POINTS)
def test_the_verdict_is_the_worst_of_all_derivatives_that_count(expression: str, at: float, expected: Verdict) -> None:
    assert graph(expression, at=at).verdict is expected


def test_a_kink_is_found_at_the_vertex_it_belongs_to() -> None:
    found = graph("y = sin(pi*x); z = relu(y); z + x", at=1)  # sin(pi) is 0, which torch does not know
    assert verdict(edge(found, "y", "z"))[0] is Verdict.KINK
    assert [verdict(vertex(found, name))[0] for name in ("x", "y", "z")] == [Verdict.KINK, Verdict.KINK, Verdict.AGREE]


def test_a_kink_that_cancels_further_on_stays_with_its_edge() -> None:
    found = graph("y = abs(x); y*x", at=0)
    assert [verdict(edge(found, *pair))[0] for pair in (("x", "y"), ("y", "f"))] == [Verdict.KINK, Verdict.AGREE]
    assert verdict(vertex(found, "x"))[0] is Verdict.AGREE


def test_one_sided_slopes_are_told_at_an_intermediate_vertex() -> None:
    check = vertex(graph("y = 2*x; 3*abs(y)", at=0), "y").check
    assert (check.left, check.right) == (-3.0, 3.0)  # type: ignore[union-attr]


def test_what_has_no_value_is_blamed_and_what_comes_before_it_is_not() -> None:
    found = graph("y = x - 5; log(y)", at=1)
    assert verdict(edge(found, "x", "y"))[0] is Verdict.AGREE
    assert edge(found, "y", "f").check.explanation == "`log(y)` has no real value here: log(x) needs x > 0"  # type: ignore[union-attr]


def test_lost_digits_are_told_where_they_come_from() -> None:
    found = graph("y = 1 - cos(x); z = x**2; y/z", at=1e-8)
    assert verdict(vertex(found, "x")) == (Verdict.DISAGREE, Reason.CANCELLATION)
    assert verdict(edge(found, "z", "f")) == (Verdict.DISAGREE, Reason.CANCELLATION)
    assert verdict(edge(found, "y", "f")) == (Verdict.AGREE, None)


def test_an_edge_of_a_branch_that_is_not_taken_says_so() -> None:
    found = graph("where(x > 0, log(x), x)", at=-1)
    assert [one.taken for one in found.edges if one.formula == "1/x"] == [False]
    assert found.verdict is Verdict.AGREE


def test_a_wrong_derivative_is_caught_on_its_edge_and_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engine.OPERATIONS, "sin", lambda x: x.sin() + 1e-6 * x)
    found = graph("y = x**2; z = sin(y); 2*z", at=3)
    assert [verdict(one)[0] for one in found.edges] == [Verdict.AGREE, Verdict.DISAGREE, Verdict.AGREE]
    assert [verdict(one)[0] for one in found.vertices] == [
        Verdict.DISAGREE,
        Verdict.DISAGREE,
        Verdict.AGREE,
        Verdict.AGREE,
    ]


@pytest.mark.parametrize(("rtol", "expected"), [(None, Verdict.AGREE), (1e-9, Verdict.DISAGREE)])
def test_the_tolerance_is_what_was_asked_for(rtol: float | None, expected: Verdict) -> None:
    assert graph("sin(x)/x", at=1.7, dtype="float16", rtol=rtol).verdict is expected


# -- what torch lacks


def test_the_graph_of_a_function_that_torch_lacks_has_the_true_numbers() -> None:
    found = graph("y = lambertw(x); y*x", at="x=1.5")
    omega = 0.7258613577662263  # omega * exp(omega) is 1.5
    assert (found.absent, found.verdict, found.agrees) == ("torch has no `lambertw`", None, True)
    assert [(one.value, one.gradient, one.grad_fn, one.grad) for one in found.vertices] == [
        (1.5, 1.146440539575885, None, None),
        (omega, 1.5, None, None),
        (1.0887920366493393, 1.0, None, None),
    ]
    assert [(one.formula, one.local, one.flow) for one in found.edges] == [
        ("1/(x + exp(lambertw(x, 0)))", 0.2803861212064392, None),
        ("x", 1.5, None),
        ("y", omega, None),
    ]
    assert {verdict(one) for one in (*found.vertices, *found.edges)} == {(None, Reason.NO_AUTOGRAD)}


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("where(x > 1, expi(x), -lambertw(x))", "x=2", None),
        ("abs(lambertw(x))", "x=0", Verdict.KINK),
        ("log(x - 2)*lambertw(x)", "x=1.5", Verdict.UNDEFINED),
        ("sqrt(lambertw(x))", "x=0", Verdict.INFINITE),
    ],
)
def test_what_has_no_derivative_is_told_though_torch_lacks_a_function(text: str, at: str, expected: Verdict) -> None:
    assert graph(text, at=at).verdict == expected


def test_a_choice_of_what_torch_lacks_follows_the_branch_that_is_taken() -> None:
    found = graph("where(x > 1, expi(x), -lambertw(x))", at="x=2")
    assert vertex(found, "x > 1").value is True
    assert vertex(found, "x").gradient == pytest.approx(3.694528049465325, rel=1e-15)  # exp(2)/2
    other = vertex(found, "-lambertw(x, 0)").id
    assert [one.taken for one in found.edges if one.target == other] == [False]
