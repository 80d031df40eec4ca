"""`gradcalc nograd` as a user and as a script meets it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gradcalc.lessons.tracking import lesson
from gradcalc.render.formats import text
from tests.running import Run

COMMAND = "nograd"
UNTRACKED = "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn"


WAYS = [
    ("requires_grad_(False)", False, False, None, 4.0, UNTRACKED),
    ("detach()", True, False, None, 4.0, UNTRACKED),
    ("torch.no_grad()", True, False, None, 4.0, UNTRACKED),
]
KEYS = ("way", "x_requires_grad", "y_requires_grad", "grad_fn", "value", "backward")


def test_the_record_has_the_three_ways(run: Run) -> None:
    found = run.record("x**2", "--at", "2")
    assert [tuple(way[key] for key in KEYS) for way in found["ways"]] == WAYS
    assert found["tracked"] == {
        "y_requires_grad": True,
        "grad_fn": "PowBackward0",
        "value": 4.0,
        "backward": None,
        "grad": 4.0,
    }
    assert (found["schema"], found["expression"], found["at"], found["verdict"]) == (1, "x**2", {"x": 2.0}, "agree")
    assert len(found["more"]) == 5


def test_with_several_variables_the_flags_are_objects_by_name(run: Run) -> None:
    ways = run.record("x*w", "--at", "x=2,w=3", "--wrt", "w")["ways"]
    assert [way["x_requires_grad"] for way in ways] == [
        {"x": True, "w": False}, {"x": True, "w": True}, {"x": True, "w": True},
    ]  # fmt: skip
    assert [way["grad"] for way in ways] == [
        {"x": 3.0, "w": None}, {"x": 3.0, "w": None}, {"x": None, "w": None},
    ]  # fmt: skip
    assert [way["backward"] for way in ways] == [None, None, UNTRACKED]


ADVICE = {
    "--training": """\
requires_grad_(False)
x.requires_grad_(False)
y = f(x)

Freeze the parameters that shall not learn: call it on each of them before the first forward pass.

detach()
y = f(x.detach())

Cut one branch: what is computed from x.detach() counts as a constant. Log loss.detach(), not loss.

torch.no_grad()
with torch.no_grad():
    y = f(x)

Only around what is no part of the loss: the update of the parameters by hand, a validation pass.
""",
    "--inference": """\
requires_grad_(False)
x.requires_grad_(False)
y = f(x)

Not needed: torch.no_grad() leaves the parameters as they are, and training can go on afterwards.

detach()
y = f(x.detach())

For one result that leaves the model, such as y.detach(): it holds no graph in memory.

torch.no_grad()
with torch.no_grad():
    y = f(x)

Put the forward pass inside: no graph is recorded. torch.inference_mode() is stricter and faster. \
Neither calls model.eval(): do that too.
""",
}


@pytest.mark.parametrize(("option", "said"), ADVICE.items(), ids=ADVICE)
def test_advice_is_short(run: Run, option: str, said: str) -> None:
    assert run("x**2", "--at", "2", option) == (0, said, "")


def test_quiet_prints_the_value_in_each_way(run: Run) -> None:
    assert run("x**2", "--at", "2", "-q") == (0, "4.0\n4.0\n4.0\n", "")


def test_the_program_prints_what_the_lesson_saw(run: Run) -> None:
    program = run("y = x**2; z = w*sin(y)/3", "--at", "x=2,w=3", "--wrt", "x", "--code").out
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    found = run.record("y = x**2; z = w*sin(y)/3", "--at", "x=2,w=3", "--wrt", "x")
    tracked, flag, detached, block = found["tracked"], *found["ways"]
    assert lines[0].startswith("tracked, as usual: True True True <DivBackward0 ")
    assert lines[0].endswith(f"> {tracked['value']!r}")
    assert lines[1] == f"{tracked['grad']['x']!r} {tracked['grad']['w']!r}"
    assert lines[2].startswith("requires_grad_(False): False True True <DivBackward0 ")
    assert lines[3] == f"None {flag['grad']['w']!r}"
    assert lines[4].startswith("detach(): True True True <DivBackward0 ")
    assert lines[5] == f"None {detached['grad']['w']!r}"
    assert lines[6:] == [f"torch.no_grad(): True True False None {block['value']!r}", block["backward"]]


PROMPTS = 2  # lines: that of the command, and that of the next one
SCREENS = [("x**2", PROMPTS), ("sin(x)*exp(-x**2)", 0), ("y = x**2; z = sin(y); u = e**z", 0)]


@pytest.mark.parametrize(("expression", "besides"), SCREENS)
def test_the_ways_fit_a_terminal(expression: str, besides: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = text(lesson.disable(expression, at=2), "terminal").splitlines()
    assert len(lines) + besides <= 24


def test_many_variables_stay_short(run: Run) -> None:
    out = run("x*y*z*u*v", "--at", "x=1,y=2,z=3,u=4,v=5").out
    assert "f = g(*(leaf.detach() for leaf\n      in (x, y, z, u, v))) " in out
    assert " 120.0, 60.0, …\n" in out
    assert out.count("\n") <= 24


def test_wide_gradients_leave_room_for_the_code(run: Run) -> None:
    code, out, _ = run("w1*x1 + w2*x2 + b", "--at", "w1=1,x1=2e-9,w2=3,x2=4e-9,b=5e-9", "--wrt", "w1,w2,b")
    assert (code, "y = f(w1.detach(), x1,\n" in out) == (0, True)


def test_long_code_has_a_line_for_each_statement(run: Run) -> None:
    out = run("x*w", "--at", "x=2,w=3").out
    assert "\nfor leaf in (x, w):\n    leaf.requires_grad_(False)\ny = f(x, w)  " in out
