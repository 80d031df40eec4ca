"""What `import gradcalc` offers: every record is exported, every function has its command's arguments and answers."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

import gradcalc
from gradcalc.cli import app, typed
from gradcalc.cli.options import FORMS, Common, Run

ROOT = Path(__file__).parents[1] / "gradcalc"
SOURCE = ast.parse((ROOT / "__init__.py").read_text("utf-8"))
FUNCTIONS = {name: one for name in gradcalc.__all__ if inspect.isfunction(one := getattr(gradcalc, name))}
INSIDE = "gradcalc.files"  # whose classes are files of gradcalc's own


def imported_for_types() -> set[str]:
    """The names that `__init__` imports where types are checked."""
    found = [one for one in ast.walk(SOURCE) if isinstance(one, ast.ImportFrom) and one.module != "typing"]
    return {alias.asname or alias.name for one in found if one.module for alias in one.names} - NOT_OFFERED


NOT_OFFERED = {"PathLike", "shown_by", "load", "save", "shown"}  # what `__init__` imports for itself


def test_what_is_offered_is_listed_and_has_its_type() -> None:
    placed = {name.partition("=")[0] for names in gradcalc.PLACES.values() for name in names.split()}
    assert set(gradcalc.__all__) == placed - {"load_ipython_extension"} | {"__version__"}
    assert imported_for_types() == placed - {"load_ipython_extension"}
    assert len(gradcalc.__all__) == len(set(gradcalc.__all__))


def made_of(hint: Any, seen: set[type]) -> set[type]:
    """The classes of gradcalc that a type is made of, their fields and properties too."""
    for one in get_args(hint):
        made_of(one, seen)
    if not isinstance(hint, type) or not hint.__module__.startswith("gradcalc") or hint in seen:
        return seen
    seen.add(hint)
    for one in get_type_hints(hint).values() if is_dataclass(hint) else ():
        made_of(one, seen)
    for place in vars(hint).values():
        if isinstance(place, property):
            made_of(get_type_hints(place.fget)["return"], seen)
    return seen


def returned() -> set[str]:
    """What the public functions return, by the names in their annotations, which may be text."""
    hints = [one.__annotations__["return"] for one in FUNCTIONS.values()]
    texts = [hint if isinstance(hint, str) else inspect.formatannotation(hint) for hint in hints]
    return {one.rpartition(".")[2] for text in texts for one in text.split(" | ")}


def test_every_record_of_a_result_is_exported() -> None:
    results = [*(getattr(gradcalc, name) for name in returned() & {*gradcalc.__all__}), gradcalc.NotFiniteError]
    records = {one for kind in results for one in made_of(kind, set()) if is_dataclass(one) or issubclass(one, Enum)}
    exported = {one for name in gradcalc.__all__ if isinstance(one := getattr(gradcalc, name), type)}
    assert {gradcalc.Row, gradcalc.VertexKind, gradcalc.MapWorst} <= records
    assert {f"{one.__module__}.{one.__name__}" for one in records - exported} == set()


def test_what_a_function_returns_is_exported_under_its_name() -> None:
    plain = {"None", "str", "Watch"}  # of which the last is what stands behind `with gradcalc.watch(…)`
    assert returned() - plain - set(gradcalc.__all__) == set()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_documented(name: str) -> None:
    assert "raises" in (FUNCTIONS[name].__doc__ or "").lower()


# -- the arguments of a function are those of its command

CALLED = ("diff", "jacobian", "hessian", "critical", "plot", "code", "check", "steps", "graph", "nn", "accumulate",
          "nograd", "quiz", "map", "audit")  # fmt: skip
SHOWN = {one.name for one in fields(Common)} | set(FORMS) | {"reading", "form", "html"}  # how a result is shown
OTHERWISE = {"no_zero_grad": "zero_grad", "seconds": "timeout"}  # called so in Python
RUN = {one.name for one in fields(Run)}  # of code in a file
COMMAND_ALONE = {  # what only a command does, as it writes files, draws, or asks at many points
    "diff": {"range", "samples", "points", "column", *RUN},
    "check": {"points", "column"},
    "plot": {"dark"},  # which is an argument of `save`
    "graph": {"chosen", *RUN},
    "nn": {"save", "plot"},
    "nograd": {"code"},
    "map": {"scheduler", "column"},
    "audit": {"saved"},
}
PYTHON_ALONE = {"code": {"module"}, "map": {"output", "force", "columns"}}


@pytest.mark.parametrize("name", [one for one in CALLED if one != "audit"])
def test_a_function_has_the_arguments_of_its_command(name: str) -> None:
    command = {OTHERWISE.get(key, key): one for key, one in inspect.signature(typed.function(name)).parameters.items()}
    function = inspect.signature(FUNCTIONS[name]).parameters
    wanted = command.keys() - (SHOWN - {"timeout"}) - COMMAND_ALONE.get(name, set())
    assert wanted - function.keys() == set()
    assert function.keys() - command.keys() - PYTHON_ALONE.get(name, set()) - {"timeout"} == set()
    apart = {
        key: (one.default, command[key].default)
        for key, one in function.items()
        if key in command and isinstance(one.default, bool | int | float | str) and key not in ("zero_grad", "timeout")
    }
    assert {key: pair for key, pair in apart.items() if pair[0] != pair[1]} == {}


# -- what a function returns is what its command prints with --json

MODEL = "import torch\n\n\ndef loss(x):\n    return torch.log(torch.exp(x).sum())\n"
TABLE = "x,y\n1,2\n3,4\n"
ANSWERS: list[tuple[tuple[str, ...], Callable[[], Any]]] = [
    (("diff", "sin(x**2)", "--at", "3"), lambda: gradcalc.diff("sin(x**2)", at=3)),
    (("diff", "x*sum(w)", "--at", "x=2,w=[1,2]"), lambda: gradcalc.diff("x*sum(w)", at={"x": 2, "w": [1, 2]})),
    (("jacobian", "[x*y, x]", "--at", "x=1,y=2"), lambda: gradcalc.jacobian("[x*y, x]", at={"x": 1, "y": 2})),
    (("hessian", "x**2*y", "--at", "x=1,y=2"), lambda: gradcalc.hessian("x**2*y", at="x=1,y=2")),
    (
        ("critical", "a*x**2", "--range", "x=-1:1", "--at", "a=2"),
        lambda: gradcalc.critical("a*x**2", {"x": (-1, 1)}, at={"a": 2}),
    ),
    (("plot", "a*x", "--range", "x=0:pi", "--at", "a=2"), lambda: gradcalc.plot("a*x", {"x": (0, "pi")}, at={"a": 2})),
    (("plot", "x*y", "--range", "x=0:1,y=0:2"), lambda: gradcalc.plot("x*y", "x=0:1,y=0:2")),
    (("code", "x**2", "--to", "numpy", "--test"), lambda: gradcalc.code("x**2", to="numpy", test=True)),
    (("code", "x**2", "--to", "latex"), lambda: gradcalc.code("x**2", to="latex")),
    (("check", "x**2", "--gradient", "x"), lambda: gradcalc.check("x**2", "x")),
    (("steps", "sin(x**2)"), lambda: gradcalc.steps("sin(x**2)")),
    (("steps", "sum(x**2)", "--shape", "x=n"), lambda: gradcalc.steps("sum(x**2)", shape={"x": "n"})),
    (
        ("graph", "y = x^2; sin(y)", "--at", "3", "--retain-grad"),
        lambda: gradcalc.graph("y = x^2; sin(y)", at=3, retain_grad=True),
    ),
    (
        ("accumulate", "x*y", "--at", "x=2,y=3", "--wrt", "y", "--passes", "2"),
        lambda: gradcalc.accumulate("x*y", at={"x": 2, "y": 3}, wrt="y", passes=2),
    ),
    (("nograd", "x**2", "--at", "2", "--inference"), lambda: gradcalc.nograd("x**2", at=2, training=False)),
    (("nn", "--iq", "10", "--placed", "1", "--weight", "0.5"), lambda: gradcalc.nn(iq=10, placed=1, weight=0.5)),
    (
        ("nn", "--data", "rows.csv", "--features", "x", "--label", "placed", "--epochs", "2", "--predict-row", "x=2"),
        lambda: gradcalc.nn(data="rows.csv", features=["x"], label="placed", epochs=2, predict_row="x=2"),
    ),
    (("quiz", "--topic", "chain", "--seed", "7", "--answers", "--count", "2"),
     lambda: gradcalc.quiz("chain", seed=7, answers=True, count=2)),
    (("audit", "model.py:loss", "--at", "x=[1, 2]"), lambda: gradcalc.audit("model.py:loss", at={"x": [1, 2]},
                                                                               formula=True)),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with code and tables, which is the current one."""
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "points.csv").write_text(TABLE)
    (tmp_path / "rows.csv").write_text("x,placed\n1,0\n2,1\n3,1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("command", "call"), ANSWERS, ids=[" ".join(command) for command, _ in ANSWERS])
def test_a_result_is_what_the_command_prints(
    command: tuple[str, ...], call: Callable[[], Any], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.main([*command, "--json"]) in (0, 1)
    found = call()
    assert gradcalc.to_json(found) + "\n" == capsys.readouterr().out
    assert "\x1b" not in str(found)
    assert found._repr_html_().startswith("<div")
    assert (found._repr_latex_() or "$$").startswith("$$")


def test_a_map_is_that_of_the_command(folder: Path) -> None:
    assert app.main(["map", "x*y", "--points", "points.csv", "--output", "command.csv", "--column", "x=y"]) == 0
    found = gradcalc.map("x*y", folder / "points.csv", "python.csv", columns={"x": "y"})
    assert (found.rows, found.verdict, found.output) == (2, "agree", "python.csv")
    assert (folder / "python.csv").read_text() == (folder / "command.csv").read_text()


@pytest.mark.usefixtures("matplotlib")
def test_a_picture_is_saved_as_the_command_draws_it(folder: Path) -> None:
    assert app.main(["plot", "x**2", "--range", "x=-1:1", "--dark", "--output", "command.svg"]) == 0
    picture = gradcalc.plot("x**2", {"x": (-1, 1)})
    picture.save("python.svg", dark=True)
    assert (folder / "python.svg").read_bytes() == (folder / "command.svg").read_bytes()
    with pytest.raises(gradcalc.FileError, match="exists"):
        picture.save(folder / "python.svg")
    with pytest.raises(gradcalc.UsageError, match=r"no picture can be drawn into `a\.txt`"):
        picture.save("a.txt")


REFUSED: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: gradcalc.graph("x"), gradcalc.PointError, "no value for `x`"),
    (lambda: gradcalc.graph("model.py:loss", at=1), gradcalc.GradcalcError, ""),
    (lambda: gradcalc.accumulate("x", at=1, passes=0), gradcalc.UsageError, "the passes are 0"),
    (lambda: gradcalc.nograd("sin(", at=1), gradcalc.ExpressionSyntaxError, "`(` is never closed"),
    (lambda: gradcalc.nn(), gradcalc.UsageError, "there is nothing to learn from"),
    (lambda: gradcalc.nn(data="none.csv"), gradcalc.FileError, "cannot read `none.csv`"),
    (lambda: gradcalc.nn(iq=1, placed=1, timeout=0), gradcalc.UsageError, "--timeout is 0"),
    (lambda: gradcalc.quiz("algebra"), gradcalc.UsageError, "unknown topic `algebra`"),
    (lambda: gradcalc.plot("x", {"x": (1, -1)}), gradcalc.UsageError, "the range of `x` is empty"),
    (lambda: gradcalc.plot("x", {"x": 3}), gradcalc.UsageError, "the range of `x` is no pair"),  # type: ignore[dict-item]  # on purpose
    (lambda: gradcalc.critical("x", "x=0:1", at=3), gradcalc.UsageError, "beside --range, a value has a name"),
    (lambda: gradcalc.code("x", to="cobol"), gradcalc.UsageError, "unknown language `cobol`"),
    (lambda: gradcalc.map("x", "none.csv", "out.csv"), gradcalc.FileError, "cannot read `none.csv`"),
    (lambda: gradcalc.map("x", "points.csv", "out.csv", on_error="stay"), gradcalc.UsageError, "unknown --on-error"),
    (lambda: gradcalc.map("x", "points.csv", "out.csv", device="tpu"), gradcalc.UsageError, "unknown --device `tpu`"),
    (lambda: gradcalc.to_json(3), TypeError, "expected a result of gradcalc, found int"),  # type: ignore[arg-type]  # on purpose
]


@pytest.mark.parametrize(("call", "kind", "message"), REFUSED)
def test_what_goes_wrong_is_an_exception_of_its_kind(
    call: Callable[[], Any], kind: type[Exception], message: str, folder: Path
) -> None:
    with pytest.raises(kind) as raised:
        call()
    assert str(raised.value).startswith(message)
