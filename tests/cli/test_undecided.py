"""What no precision decides, command by command: the verdict, the exit code, and what is known all the same."""

from __future__ import annotations

import pytest

from tests.running import Run

CHOICE = "where(1 + exp(-x) > 1, x, 2*x)"  # at 1e7 the condition holds by 14 million bits

COMMANDS = [  # arguments, the exit code, a line that comes out
    (["diff", CHOICE, "--at", "1e7"], 3, "value = undecided"),
    (["diff", CHOICE, "--at", "1e7", "--order", "2"], 3, "undecided"),
    (["diff", f"{CHOICE}*y", "--at", "x=1e7,y=2", "--direction", "x=1,y=1"], 3, "undecided"),
    (["diff", CHOICE, "--at", "1e7", "--dtype", "float32,float64"], 3, "undecided"),
    (["diff", f"{CHOICE} + abs(y)", "--at", "x=1e7,y=0"], 3, "undecided"),
    (["diff", "1 + abs(1 + exp(-x) - 1) + abs(y)", "--at", "x=1e7,y=0"], 1, "kink: no derivative"),
    (["diff", "sum(x*where(1 + exp(-x) > 1, x, 2*x))", "--at", "x=[1, 1e7]"], 3, "undecided"),
    (["jacobian", f"[x, {CHOICE}]", "--at", "1e7"], 3, "1 of 2 entries agree"),
    (["hessian", CHOICE, "--at", "1e7"], 3, "value = undecided"),
    (["check", CHOICE, "--at", "1e7", "--gradient", "1"], 3, "undecided"),
]


@pytest.mark.parametrize(("arguments", "code", "line"), COMMANDS)
def test_every_command_says_so(arguments: list[str], code: int, line: str, run: Run) -> None:
    text = run.printed(*arguments, code=code)
    assert line in text
    assert "with 524,288 bits a number in it cannot be told from 0" in text or "--dtype" in arguments


def test_json_has_the_verdict_and_the_limit(run: Run) -> None:
    found = run.record("diff", CHOICE, "--at", "1e7", code=3)
    row = found["gradient"]["x"]
    assert (found["verdict"], row["verdict"], row["reason"], row["exact"]) == ("undecided", "undecided", None, None)
    assert "524,288 bits" in row["explanation"]
