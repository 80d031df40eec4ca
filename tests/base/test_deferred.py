"""What is deferred is not loaded until it is asked for, is whole from then on, and is loaded where others run code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradcalc.base import deferred
from gradcalc.base.deferred import defer

LIBRARY = {
    "__init__.py": "",
    "part.py": "import library.brought\nfound = 'the part'\n",
    "brought.py": "times = []\ntimes.append(1)\n",
    "user.py": "import library.brought as brought\nimport library.part\n",
}
REAL = """
import sys
from gradcalc.base.deferred import defer
defer()
import torch
x = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
torch.sin(x**2).backward()
print(x.grad.item(), "torch._refs" in sys.modules)
import gradcalc
print(gradcalc.nn(iq=10, placed=1).verdict)  # whose generator of random numbers needs the part of torch
print(type(torch._meta_registrations).__name__)
"""
CHILD = """
import sys
from gradcalc.cli import child
child.allow()
child.supervise(10, foreign={})
print("_Finder" in [type(one).__name__ for one in sys.meta_path])
sys.stdout.flush()
child.speak()
"""


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A library with a part, deferred."""
    for name, text in LIBRARY.items():
        (tmp_path / "library").mkdir(exist_ok=True)
        (tmp_path / "library" / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(deferred, "PART", "library.part")
    monkeypatch.setattr(deferred, "BROUGHT", ("library.brought",))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    defer()
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "library"]:
        del sys.modules[name]


def test_a_part_is_not_loaded_until_it_is_asked_for_something() -> None:
    import library.part as part  # type: ignore[import-not-found]  # the fixture writes it

    assert "library.brought" not in sys.modules
    assert part.found == "the part"
    assert sys.modules["library.part"] is not part
    assert "library.brought" in sys.modules


def test_what_is_asked_of_every_module_loads_nothing() -> None:
    import library.part as part

    assert not hasattr(part, "__file__")
    assert "library.brought" not in sys.modules


def test_who_loads_what_a_part_brings_gets_the_part_and_nothing_twice() -> None:
    import library.part
    import library.user  # type: ignore[import-not-found]  # as above

    assert library.part.found == "the part"
    assert library.user.brought.times == [1]
    assert library.user.brought.__spec__.origin.endswith("brought.py")


def test_what_comes_before_its_part_is_loaded_as_ever() -> None:
    import library.brought  # type: ignore[import-not-found]  # as above

    assert library.brought.times == [1]


def test_numbers_do_without_the_part_of_torch_and_compilers_find_it() -> None:
    done = subprocess.run([sys.executable, "-c", REAL], capture_output=True, text=True, check=True)
    assert done.stdout == "-5.466781571308061 False\nagree\nmodule\n"


@pytest.mark.parametrize("foreign", [False, True])
def test_a_child_defers_unless_it_runs_code_of_others(foreign: bool) -> None:
    done = subprocess.run([sys.executable, "-c", CHILD.format(foreign)], capture_output=True, text=True, check=False)
    assert done.stdout.split()[0] == str(not foreign)
