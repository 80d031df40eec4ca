"""What an audit proposes, written into the file as it says: value and gradient are right then, or it said less."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcalc.answers.audit.code import audit_code

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # what torch says of the users' code
HEAD = "import torch\nimport torch.nn.functional as F\n\n\n"
PASTED = [  # a function's lines, the point, what to write, and the piece in whose place it stands
    (
        "x, y: p = torch.softmax(x, 1); return F.nll_loss(torch.log(p), y)",
        ("x=[[120, 0, -5], [0, 1, 2]]", "y=[2, 1]"),
        "torch.log_softmax(x, 1) in place of torch.log(p)",
    ),
    (
        "x: p = torch.softmax(x, -1); t = p[:, 1]; return -torch.log(t).mean()",
        ("[[200, 1], [0, 1]]",),
        "torch.log_softmax(x, -1)[:, 1] in place of torch.log(t)",
    ),
    (
        "x, y: p = torch.softmax(x, -1); t = p.gather(1, y[:, None]).squeeze(1); return t.log().mean()",
        ("x=[[200, 1], [0, 1]]", "y=[1, 0]"),
        "torch.log_softmax(x, -1).gather(1, y[:, None]).squeeze(1) in place of t.log()",
    ),
    ("x: a = torch.tanh(x); return 2 * torch.atanh(a).sum()", ("[12]",), "x"),
    (
        "x: y = x * 2; y += torch.log(1 + torch.exp(x)); return y.sum()",
        ("[100]",),
        "F.softplus(x) in place of torch.log(1 + torch.exp(x))",
    ),
    (
        "x: return -torch.log(torch.cosh(x)).sum() * x[0]",
        ("[100]",),
        "(x + F.softplus(-2*x) - 0.6931471824645996) in place of torch.log(torch.cosh(x))",
    ),
    (
        "a, b: margin = 0.5 * (a - b); return -torch.log(torch.sigmoid(margin)).mean()",
        ("a=[-300, 1]", "b=[2, 0]"),
        "F.logsigmoid(margin) in place of torch.log(torch.sigmoid(margin))",
    ),
    (
        "x, y: d = ((x - y)**2).sum(); return torch.acosh(1 + d)",
        ("x=[0.1, 0.2]", "y=[0.1, 0.20001]"),
        "2*torch.asinh(torch.sqrt(d/2)) in place of torch.acosh(1 + d)",
    ),
]


def written(path: Path, code: str) -> str:
    """A user's file, and its function `f`."""
    arguments, _, body = code.partition(": ")
    path.write_text(HEAD + f"def f({arguments}):\n" + "".join(f"    {line}\n" for line in body.split("; ")))
    return f"{path}:f"


@pytest.mark.parametrize(("code", "at", "text"), PASTED, ids=[text for _, _, text in PASTED])
def test_what_is_proposed_works_where_it_is_to_be_written(
    tmp_path: Path, code: str, at: tuple[str, ...], text: str
) -> None:
    (tmp_path / "cured").mkdir()
    found = audit_code(written(tmp_path / "code.py", code), at=list(at), dtype="float32").blame[0]
    assert (found.written, found.whole, found.write is None) == (text, True, False)
    old = found.replaces or found.source[slice(*found.span)]
    assert code.count(old) == 1
    cured = written(tmp_path / "cured" / "code.py", code.replace(old, str(found.write)))
    assert audit_code(cured, at=list(at), dtype="float32").verdict == "agree"


def test_what_mends_its_own_piece_alone_says_no_more(tmp_path: Path) -> None:
    code = "x: return (x / (x.norm() + 1e-8)).sum()"
    found = audit_code(written(tmp_path / "code.py", code), at="[0, 0]", dtype="float16")
    assert [(one.written, one.whole) for one in found.blame] == [("x.norm().float() + 1e-08", False)]
    assert "checked: this piece is right with it here" in str(found)


def test_lines_are_blamed_for_what_was_asked_for(tmp_path: Path) -> None:
    code = "z, p: return F.kl_div(F.log_softmax(z, -1), p, reduction='sum')"
    target, at = written(tmp_path / "code.py", code), ["z=[[1, 2, 3]]", "p=[[0, 0.5, 0.5]]"]
    assert [one.reason for one in audit_code(target, at=at).blame] == ["infinite"]
    asked = audit_code(target, at=at, wrt="z")
    assert (asked.verdict, asked.blame) == ("agree", ())


FLAT = ["torch.sign(x @ w).mean()", "torch.round(F.linear(w, x)).sum()", "torch.round(torch.linalg.inv(x)).sum()",
        "((x @ w) > 0).double().sum()", "torch.round(torch.linalg.cholesky(x @ x.T)).sum()"]  # fmt: skip


@pytest.mark.parametrize("text", FLAT)
def test_a_step_behind_a_product_of_matrices_is_flat(tmp_path: Path, text: str) -> None:
    target = written(tmp_path / "code.py", f"x, w: return {text}")
    found = audit_code(target, at=["x=[[1, 2.2], [3, 0.1]]", "w=[0.5, -1]"], wrt="x")
    assert (found.verdict, len(found.blame)) == ("flat", 1)


def test_a_corner_that_the_result_does_not_feel_is_not_blamed(tmp_path: Path) -> None:
    code = "x: return F.normalize(x, dim=0).abs().sum()"
    found = audit_code(written(tmp_path / "code.py", code), at="[2, 0]")
    assert [(one.source[slice(*one.span)], one.reason) for one in found.blame] == [
        ("F.normalize(x, dim=0).abs()", "kink")
    ]
