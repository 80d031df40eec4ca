"""Code that does what it likes: raises, ends the program, prints, forks; the audit says so, its output is whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gradcalc.answers.audit.code import audit_code
from gradcalc.answers.audit.drawn import graph_code
from gradcalc.base.errors import GradcalcError

CODE = """
import os, sys, threading, torch

def loud(x):
    os.write(1, b"spoilt")
    os.system("echo spoilt")
    print("spoilt")
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "30.125"])
    return x.sum()

def ends(x):
    os._exit(0)

def forks(x):
    if os.fork() == 0:
        return x.sum() * 2
    os.wait()
    return x.sum()

def interrupts(x):
    raise KeyboardInterrupt

def closes(x):
    raise GeneratorExit

class Mute(Exception):
    def __str__(self):
        raise ValueError

def mute(x):
    raise Mute

def long(x):
    raise ValueError("a" * 100_000)

async def awaited(x):
    return x

def awaits(x):
    async def inner():
        return x
    return inner()

def yields(x):
    yield x

class Signed:
    __signature__ = 3

    def __call__(self, x):
        return x.sum()

signed = Signed()

def threaded(x):
    found = []
    worker = threading.Thread(target=lambda: found.append((x**2).sum()))
    worker.start()
    worker.join()
    return found[0]

def nested(x):
    return torch.nested.nested_tensor([x[:1], x], layout=torch.jagged)

def __getattr__(name):
    if name == "lazy":
        return lambda x: x.sum()
    raise AttributeError(name)
"""
REFUSED = [
    ("interrupts", "the function raised KeyboardInterrupt (line 22)"),
    ("closes", "the function raised GeneratorExit (line 25)"),
    ("mute", "the function raised Mute: an exception that cannot be put in words (line 32)"),
    ("long", f"the function raised ValueError: {'a' * 300}… (line 35)"),
    ("awaited", "`awaited` is a coroutine: it gives no tensor until it is awaited"),
    ("awaits", "the function returns coroutine, expected a tensor"),
    ("yields", "the function returns generator, expected a tensor"),
    ("threaded", "the result was computed where no operation of it is seen, as in another thread"),
    ("nested", "the function returns a nested tensor, expected one shape"),
    ("signed", "the arguments of the function cannot be told from its signature"),
]


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A user's file, beside a file with SymPy's name."""
    path = tmp_path / "code.py"
    path.write_text(CODE)
    (tmp_path / "sympy.py").write_text("raise RuntimeError('this is no SymPy')\n")
    return path


@pytest.mark.parametrize(("name", "message"), REFUSED)
def test_whatever_it_raises_is_told_with_its_line(code: Path, name: str, message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        audit_code(f"{code}:{name}", at="[1, 2]" if name == "nested" else "1")
    assert (raised.value.message, raised.value.exit_code) == (message, 2)


def test_a_module_may_make_its_names_when_they_are_asked_for(code: Path) -> None:
    assert audit_code(f"{code}:lazy", at="[1, 2]").verdict == "agree"
    with pytest.raises(GradcalcError, match="raised AttributeError: nothing"):
        audit_code(f"{code}:nothing", at="1")


def test_an_empty_file_defines_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.py"
    path.touch()
    with pytest.raises(GradcalcError) as raised:
        audit_code(f"{path}:f", at="1")
    assert raised.value.hint == "it defines nothing that can be audited"


WHATEVER = [  # what a file does to torch and to where it runs, and what is made of it all the same
    ("import torch\nimport torch.nn.functional as fn\n", "F.softplus(x)", "fn.softplus(x)"),
    ("import torch as t, os\nos.chdir('/')\ntorch = t\n", "F.softplus(x)", "t.nn.functional.softplus(x)"),
    ("import sys, torch\ndel sys.modules['torch']\n", "F.softplus(x)", "torch.nn.functional.softplus(x)"),
    ("import torch\ntorch.autograd.set_detect_anomaly(True)\n", "F.softplus(x)", "torch.nn.functional.softplus(x)"),
]


@pytest.mark.parametrize(("head", "cure", "write"), WHATEVER)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a mark of its encoding"])
def test_a_cure_suits_the_file(tmp_path: Path, head: str, cure: str, write: str, mark: bytes) -> None:
    path, folder = tmp_path / "code.py", Path.cwd()
    body = "def f(x):\n    return torch.log(1 + torch.exp(x)).sum()\n"
    path.write_bytes(mark + (head + body).replace("\n", "\r\n").encode())
    found = audit_code(f"{path}:f", at="[1000, 1]").blame[0]
    assert (found.cure, found.write, found.whole) == (cure, write, True)
    assert Path.cwd() == folder


def test_inference_mode_is_a_cut_that_can_be_mended(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text("import torch\n\n@torch.inference_mode()\ndef f(x):\n    return (x**2).sum()\n")
    found = audit_code(f"{path}:f", at="[1, 2]")
    assert [(one.line, one.reason, one.cure) for one in found.blame] == [(5, "cut", "torch.enable_grad() in line 3")]


@pytest.mark.parametrize("result", ["x[:0]", "x.to_sparse()"])
def test_a_result_without_numbers_of_its_own_has_a_graph(tmp_path: Path, result: str) -> None:
    path = tmp_path / "code.py"
    path.write_text(f"def f(x):\n    return {result}\n")
    assert graph_code(f"{path}:f", at="[1, 2]").verdict == "agree"


def audited(code: Path, name: str) -> tuple[int, dict[str, Any], str]:
    """The audit as a program: its exit code, its JSON, and what stands on stderr."""
    command = [sys.executable, "-c", "from gradcalc.cli.process import run; run()", "audit", f"{code}:{name}"]
    done = subprocess.run(
        [*command, "--at", "[1, 2]", "--json"], capture_output=True, text=True, timeout=120,
        cwd=Path(__file__).parents[3], env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout), done.stderr


def test_what_it_prints_and_starts_by_any_way_neither_spoils_the_json_nor_outlives_the_audit(code: Path) -> None:
    status, record, errors = audited(code, "loud")
    assert (status, record["verdict"]) == (0, "agree")
    assert "spoilt\nspoilt" in errors
    assert subprocess.run(["pgrep", "-f", "sleep 30.125"], capture_output=True).stdout == b""


def test_a_program_that_ends_has_not_finished(code: Path) -> None:
    status, record, _ = audited(code, "ends")
    assert (status, record["error"]["kind"]) == (2, "code")
    assert record["error"]["message"] == "the code ended the program before there was a result"


def test_what_it_forks_does_not_print_twice(code: Path) -> None:
    assert audited(code, "forks")[0] == 0
