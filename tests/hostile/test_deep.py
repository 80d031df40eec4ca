"""Large honest expressions are answered within the default time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.console import code_of

CHAIN = "sin(" * 2_000 + "x" + ")" * 2_000
SUM = " + ".join("x" * 10_000)
PRODUCT = "*".join(f"v{i}" for i in range(300))
POINT = "--at=" + ",".join(f"v{i}=1" for i in range(300))
LARGE = [
    (["diff", CHAIN, "--at=0.3"], 0, "agree"),
    (["diff", CHAIN], 0, "the closed form is too long to show"),
    (["check", CHAIN, "--gradient=1", "--at=0.3"], 1, "wrong"),
    (["diff", SUM, "--at=0.3"], 0, "agree"),
    (["diff", SUM], 0, "the closed form is too long to show"),
    (["diff", PRODUCT, POINT], 0, "the expression is nested too deep for a closed form"),
    (["graph", PRODUCT, POINT], 0, "agrees with the exact value"),
    (["accumulate", PRODUCT, POINT], 0, "v299.grad"),
]


@pytest.mark.parametrize(("arguments", "code", "words"), LARGE)
def test_it_is_answered(arguments: list[str], code: int, words: str, tmp_path: Path) -> None:
    found, said = code_of(arguments, tmp_path, seconds=30)
    assert (found, words in said) == (code, True)
