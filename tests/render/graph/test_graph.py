"""A computational graph for people and for programs."""

from __future__ import annotations

import pytest

from gradcalc.lessons.graph.lesson import graph
from gradcalc.render import json, plain
from gradcalc.render.document import Branch, Tree
from gradcalc.render.graph.chain import one_line
from gradcalc.render.graph.graph import document, quiet, record
from gradcalc.render.graph.notation import Notation, factor, outside, steps

CHAIN = "y = x^2; z = sin(y); u = e^z"


def text(expression: str, at: object, **options: bool) -> str:
    return plain.render(document(graph(expression, at=at, **options)))  # type: ignore[arg-type]


def block(expression: str, at: object, number: int) -> str:
    """One block of a document, as text."""
    return text(expression, at).split("\n\n")[number]


def test_the_tree_goes_from_the_result_to_the_leaves() -> None:
    assert block(CHAIN, 3, 1) == (
        "u = e^z = 1.51001   du/du = 1\n"
        "└── u'(z): 1.51001 ← e^0.412118 ← e^z\n"
        "    z = sin(y) = 0.412118   du/dz = 1.51001\n"
        "    └── z'(y): -0.91113 ← cos(9) ← cos(y)\n"
        "        y = x² = 9   du/dy = -1.37582\n"
        "        └── y'(x): 6 ← 2·3 ← 2x\n"
        "            x = 3   du/dx = -8.25491"
    )


def test_a_shared_vertex_is_drawn_once_and_its_gradient_is_a_sum() -> None:
    assert block("y = x**2; f = y + sin(y)", 2, 1) == (
        "f = y + sin(y) = 3.2432   df/df = 1\n"
        "├── ∂f/∂y: 1\n"
        "│   y = x² = 4   df/dy = (-0.653644) + 1 = 0.346356\n"
        "│   └── ∂y/∂x: 4 ← 2·2 ← 2x\n"
        "│       x = 2   df/dx = 1.38543\n"
        "└── ∂f/∂sin(y): 1\n"
        "    sin(y) = -0.756802   df/d(sin(y)) = 1\n"
        "    └── ∂sin(y)/∂y: -0.653644 ← cos(4) ← cos(y)\n"
        "        y = 4 (see above)"
    )


def test_a_kink_is_told_where_it_is() -> None:
    assert block("f = relu(x)*n", "x=0,n=1", 1) == (
        "f = relu(x)·n = 0   df/df = 1\n"
        "├── ∂f/∂relu(x): 1 ← n\n"
        "│   relu(x) = 0   df/d(relu(x)) = 1\n"
        "│   └── ∂relu(x)/∂x: 0 ← where(0 > 0, 1, 0) ← where(x > 0, 1, 0) (kink: no derivative)\n"
        "│       x = 0   df/dx = 0 (kink: no derivative)\n"
        "└── ∂f/∂n: 0 ← relu(x)\n"
        "    n = 1   df/dn = 0"
    )


def test_a_long_sum_of_gradients_is_cut() -> None:
    line = next(line for line in block("x*x*x*x*x", 1, 1).splitlines() if line.endswith("= 5"))
    assert line.lstrip("│ ") == "x = 1   df/dx = 1 + 1 + … + 1 = 5"


def test_no_gradient_flows_to_conditions_constants_and_branches_not_taken() -> None:
    assert block("n = 3; where(x > n, n*x, log(x))", 4, 1) == (
        "f = where(x > n, n·x, log(x)) = 12   df/df = 1\n"
        "├── no gradient flows to x > n\n"
        "│   x > n = true   (requires no gradient)\n"
        "│   ├── no gradient flows to x\n"
        "│   │   x = 4   df/dx = 3 + 0 = 3\n"
        "│   └── no gradient flows to n\n"
        "│       n = 3   (requires no gradient)\n"
        "├── ∂f/∂(n·x): 1 ← where(true, 1, 0) ← where(x > n, 1, 0)\n"
        "│   n·x = 12   df/d(n·x) = 1\n"
        "│   ├── no gradient flows to n\n"
        "│   │   n = 3 (see above)\n"
        "│   └── ∂(n·x)/∂x: 3 ← n\n"
        "│       x = 4 (see above)\n"
        "└── ∂f/∂log(x): 0 ← where(true, 0, 1) ← where(x > n, 0, 1)\n"
        "    log(x) = 1.38629   df/d(log(x)) = 0\n"
        "    └── ∂log(x)/∂x: 0.25 ← 1/4 ← 1/x, a branch not taken\n"
        "        x = 4 (see above)"
    )


def test_an_array_step_says_what_flows() -> None:
    assert block("sum(A@x)", ["A=[[1,2]]", "x=[3,4]"], 1) == (
        "f = sum(A @ x) = 11   df/df = 1\n"
        "└── ∂f/∂(A @ x): [1]\n"
        "    A @ x = [11]   df/d(A @ x) = [1]\n"
        "    ├── [[3, 4]] flows to A\n"
        "    │   A = [[1, 2]]   df/dA = [[3, 4]]\n"
        "    └── [1, 2] flows to x\n"
        "        x = [3, 4]   df/dx = [1, 2]"
    )


def test_what_torch_holds_is_a_table() -> None:
    assert block(CHAIN, 3, 2) == (
        "in torch\n"
        "node  grad_fn       leaf  requires_grad  .grad     check\n"
        "x     None          yes   True           -8.25491  agree\n"
        "y     PowBackward0  no    True           None      agree\n"
        "z     SinBackward0  no    True           None      agree\n"
        "u     PowBackward1  no    True           None      agree"
    )


def test_the_chain_rule_goes_from_names_over_formulas_to_numbers() -> None:
    assert block(CHAIN, 3, 3) == (
        "chain rule\n"
        "du/dx = u'(z) · z'(y) · y'(x)\n"
        "      = e^z · cos(y) · 2x\n"
        "      = e^0.412118 · cos(9) · 2·3\n"
        "      = 1.51001 · (-0.91113) · 6\n"
        "      = -8.25491"
    )


def test_several_ways_are_a_sum() -> None:
    assert block("y = x**2; f = y*sin(y)", 2, 3) == (
        "chain rule\n"
        "df/dx = ∂f/∂y · ∂y/∂x\n"
        "      + ∂f/∂sin(y) · ∂sin(y)/∂y · ∂y/∂x\n"
        "      = sin(y) · 2x\n"
        "      + y · cos(y) · 2x\n"
        "      = (-0.756802) · 2·2\n"
        "      + 4 · cos(4) · 2·2\n"
        "      = (-0.756802) · 4\n"
        "      + 4 · (-0.653644) · 4\n"
        "      = -13.4855"
    )


def test_many_ways_are_counted() -> None:
    doubled = "; ".join(f"y{i} = y{i - 1}*y{i - 1}" for i in range(1, 12))
    assert (
        "dy11/dx is the sum of 2,048 products of local derivatives, one for each way back to x."
        in text(f"y0 = x; {doubled}", 1).splitlines()
    )


def test_torchs_warning_is_explained_and_not_quoted() -> None:
    *_, explanation, verdict = text(CHAIN, 3).rstrip("\n").split("\n\n")
    assert explanation == (
        "y, z and u are no leaves: backward() passes a gradient through and keeps none, so .grad is None. With "
        "--retain-grad it is kept; --json has torch's warning."
    )
    assert verdict == "Every value, every local derivative and every gradient agrees with the exact value."


def test_with_retain_grad_the_gradients_stand_in_the_table() -> None:
    *_, held, _, explanation, _ = text(CHAIN, 3, retain_grad=True).split("\n\n")
    assert held.splitlines()[3] == "y     PowBackward0  no    True           -1.37582  agree"
    assert explanation == (
        "retain_grad() was called on y, z and u before backward(), so torch kept their gradients in .grad. Without it "
        "only leaves keep theirs."
    )


REMARKS = {
    "a composed function": ("cot(x)", 1, "f is one step here, torch takes 3: DivBackward0, CosBackward0, SinBackward0"),
    "a definition without use": ("y = x; z = x**2; w = 3*x; w", 1, "The result does not use z."),
    "no way back": (
        "where(x > 0, 1, 2)",
        1,
        "backward() has nothing to go back through, and torch says so: RuntimeError: element 0 of tensors does not "
        "require grad and does not have a grad_fn",
    ),
    "a reason not to agree": (
        "f = abs(x)",
        0,
        "df/dx and f'(x): the graph has a corner here: its slope is -1 on the left and 1 on the right, so there is no "
        "one derivative; autograd answers 0 by convention, another library may pick any slope of the sub-differential "
        "[-1, 1]",
    ),
    "what is not verified": (
        "y = exp(x); sum(log(y)*[1, 1])",
        1000,
        "Not every gradient is verified: a number here is not finite, and what depends on it is not verified.",
    ),
}


@pytest.mark.parametrize(("expression", "at", "remark"), REMARKS.values(), ids=REMARKS)
def test_what_a_student_may_stumble_over_has_a_sentence(expression: str, at: float, remark: str) -> None:
    assert remark in text(expression, at).splitlines()


def test_a_deep_graph_goes_on_in_further_trees() -> None:
    deep = "; ".join(f"y{i} = sin(y{i - 1})" for i in range(1, 13))
    blocks = text(f"y0 = x; {deep}", 1).split("\n\n")
    assert blocks[1].splitlines()[-1].strip() == "└── …"
    assert blocks[2].splitlines()[0] == "y3 = sin(y2) = 0.67843   dy12/dy3 = 0.241913"


def test_a_huge_graph_is_cut_and_says_so() -> None:
    shown = text("+".join(f"sin({k}*x)" for k in range(1, 101)), 1)
    assert "47 of 300 nodes are shown, --json has them all." in shown.splitlines()
    assert len(shown.splitlines()) < 200
    assert max(map(len, shown.splitlines()[1:])) < 250


def test_quiet_is_the_true_gradient_alone() -> None:
    assert quiet(graph("x**2*y", at="x=3,y=2")) == "12.0\n9.0\n"
    assert quiet(graph("abs(x)", at=0)) == "nan\n"
    assert quiet(graph("sum(x**2)", at="[1,2]")) == "2.0\n4.0\n"


# -- for programs


def test_the_record_of_a_chain() -> None:
    found = json.whole(record(graph(CHAIN, at=3)))
    assert list(found) == [
        "schema", "expression", "at", "dtype", "value", "forward", "retain_grad", "nodes", "edges", "chain", "result",
        "left_out", "warning", "refusal", "absent", "verdict",
    ]  # fmt: skip
    assert [list(node)[:8] for node in found["nodes"]] == [
        ["id", "name", "operation", "value", "grad_fn", "is_leaf", "requires_grad", "grad"]
    ] * 4
    assert {key: found["nodes"][1][key] for key in list(found["nodes"][1])[:13]} == {
        "id": 2,
        "name": "y",
        "operation": "pow",
        "value": 9.0,
        "grad_fn": "PowBackward0",
        "is_leaf": False,
        "requires_grad": True,
        "grad": None,
        "gradient": -1.3758188499467534,
        "kind": "intermediate",
        "names": ("y",),
        "label": "y",
        "expression": "x**2",
    }
    assert [tuple(edge.values())[:7] for edge in found["edges"]] == [
        (1, 2, 6.0, "2*x", 1, -8.25491309968052, True),
        (2, 3, -0.9111302618846769, "cos(y)", 1, -1.3758188499467534, True),
        (3, 4, 1.5100133400254603, "e**z", 2, 1.5100133400254603, True),
    ]
    assert found["chain"] == [{"variable": 1, "ways": [[2, 1, 0]], "count": 1}]
    assert found["nodes"][0]["check"]["exact"] == "-8.2549130996805202411"


def test_a_record_is_strict_json_also_where_numbers_are_not_finite() -> None:
    line = json.render(record(graph("where(x > 0, sqrt(x), 0)", at=-1)))
    assert '"value": "NaN", "grad_fn": "SqrtBackward0"' in line
    assert '"operation": "gt", "value": false' in line


def test_a_node_without_a_name_has_none() -> None:
    assert [one["name"] for one in record(graph("sin(x**2)", at=1))["nodes"]] == ["x", None, None]


# -- notation


FACTORS = {
    "a name": ("x", "x"),
    "a sum": ("x + 1", "(x + 1)"),
    "a sum inside a call": ("cos(x + 1)", "cos(x + 1)"),
    "a sign": ("-x", "(-x)"),
    "a small number": ("2e-05", "2e-05"),
    "a product": ("2·3", "2·3"),
}


@pytest.mark.parametrize(("written", "expected"), FACTORS.values(), ids=FACTORS)
def test_a_factor_is_enclosed_where_it_must_be(written: str, expected: str) -> None:
    assert factor(written) == expected


def test_what_stands_outside_of_parentheses() -> None:
    assert outside("a + f(b, g(c))*x[1] + (d)") == "a + f*x + "


NAMES = {
    "a chain of names": (CHAIN, 3, ["du/dx", "du/dy", "du/dz", "du/du"], ["y'(x)", "z'(y)", "u'(z)"]),
    "a chain without names": ("sin(x**2)", 3, ["df/dx", "df/d(x²)", "df/df"], ["d(x²)/dx", "df/d(x²)"]),
    "a product": ("f = sin(2*x)", 1, ["df/dx", "df/d(2x)", "df/df"], ["d(2x)/dx", "df/d(2x)"]),
    "a function of two": (
        "f = hypot(x, sin(x))",
        1,
        ["df/dx", "df/d(sin(x))", "df/df"],
        ["∂sin(x)/∂x", "∂f/∂x", "∂f/∂sin(x)"],
    ),
    "several arguments": ("f = x*y", "x=1,y=2", ["df/dx", "df/dy", "df/df"], ["∂f/∂x", "∂f/∂y"]),
    "an array": ("f = sum(x)", "[1,2]", ["df/dx", "df/df"], ["∂f/∂x"]),
}


@pytest.mark.parametrize(("expression", "at", "gradients", "locals_"), NAMES.values(), ids=NAMES)
def test_derivatives_are_named_as_on_a_blackboard(
    expression: str, at: object, gradients: list[str], locals_: list[str]
) -> None:
    found = graph(expression, at=at)  # type: ignore[arg-type]
    notation = Notation(found)
    assert [notation.gradient(one) for one in found.vertices] == gradients
    assert [notation.local(one) for one in found.edges] == locals_


def test_equal_steps_stand_once() -> None:
    assert [steps(one) for one in graph("x + 2*y", at="x=1,y=3").edges] == [("2",), ("1",), ("1",)]


ONE_LINE = {
    "a product": (CHAIN, 3, ["du/dx = e^z · cos(y) · 2x = 1.51001 · (-0.91113) · 6 = -8.25491"]),
    "one factor": ("x**2", 3, ["df/dx = 2x = 6"]),
    "too long to fit": ("(sin(x) + cos(x))*(sin(x) + 1/cos(x))*(x + exp(x))", 1, ["df/dx = 28.4032"]),
}


@pytest.mark.parametrize(("expression", "at", "lines"), ONE_LINE.values(), ids=ONE_LINE)
def test_the_chain_rule_in_one_line(expression: str, at: float, lines: list[str]) -> None:
    found = graph(expression, at=at)
    assert one_line(found, Notation(found)) == lines


def test_a_tree_block_is_drawn_with_guides() -> None:
    leaf = Branch("leaf", "edge")
    assert plain.drawn(Tree(Branch("root", None, (Branch("a", None, (leaf,)), leaf))).root) == [
        "root",
        "├── a",
        "│   └── edge",
        "│       leaf",
        "└── edge",
        "    leaf",
    ]
