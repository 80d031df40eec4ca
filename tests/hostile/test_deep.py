"""Large honest expressions are answered, however slow the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.console import code_of

CHAIN = "sin(" * 2_000 + "x" + ")" * 2_000
SUM = " + ".join("x" * 10_000)
TERMS = " + ".join("x" * 4_000)
PRODUCT = "*".join(f"v{i}" for i in range(300))
FACTORS = "*".join(f"v{i}" for i in range(100))
POINT = "--at=" + ",".join(f"v{i}=1" for i in range(300))
PROGRAM = "; ".join(["a0 = x", *(f"a{i} = sin(a{i - 1})*x" for i in range(1, 1_000))])
NO_FORM = "% \\frac{d f}{d x}: the closed form is too long to show"
LEFT_OUT = "9,601 characters left out; --json has the whole"
LARGE = [
    (["diff", CHAIN, "--at=0.3"], 0, "agree"),
    (["diff", CHAIN], 0, "the closed form is too long to show"),
    (["check", CHAIN, "--gradient=1", "--at=0.3"], 1, "wrong"),
    (["diff", SUM, "--at=0.3"], 0, "agree"),
    (["diff", SUM], 0, "the closed form is too long to show"),
    (["diff", PRODUCT, POINT], 0, "the expression is nested too deep for a closed form"),
    (["graph", PRODUCT, POINT], 0, "agrees with the exact value"),
    (["accumulate", PRODUCT, POINT], 0, "v299.grad"),
    (["diff", CHAIN, "--latex"], 0, NO_FORM),
    (["diff", CHAIN, "--at=0.3"], 0, LEFT_OUT),
    (["graph", TERMS, "--at=0.3"], 0, "agrees with the exact value"),
    (["check", FACTORS, "--gradient=v0=1,v99=1", "--wrt=v0,v99"], 1, "wrong"),
    (["jacobian", PROGRAM, "--at=0.3"], 0, "agree"),
    (["hessian", PROGRAM, "--at=0.3"], 0, "agree"),
    (["nograd", PROGRAM, "--at=0.3"], 0, "requires_grad_(False)"),
    (["nograd", CHAIN, "--at=0.3", "--code"], 0, "torch.no_grad()"),
]


@pytest.mark.parametrize(("arguments", "code", "words"), LARGE)
def test_it_is_answered(arguments: list[str], code: int, words: str, tmp_path: Path) -> None:
    found, said = code_of([*arguments, "--timeout=90"], tmp_path, seconds=90)
    assert (found, words in said) == (code, True)
