"""Training loops under `gradcalc.watch`: where they stop, what they then say, and that nothing else has changed."""

from __future__ import annotations

import contextlib
import random
import runpy
import shlex
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

import gradcalc
from gradcalc import NotFiniteError
from gradcalc.answers.audit.random_torch import Randomness
from gradcalc.answers.watch.judging_torch import Late, Prompt
from gradcalc.answers.watch.taken_torch import Taken
from gradcalc.cli.app import main
from gradcalc.engines.torch.autograd import torch  # as the engine loads it: it keeps quiet about NumPy
from gradcalc.render.formats import text

Tensor = Any
DATA = torch.tensor([[1.0, 2.0], [3.0, -1.0]])


class Net(torch.nn.Module):  # type: ignore[misc]  # torch's own class is seen as Any here
    """A layer, with random numbers and statistics, and a number that a batch can spoil."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(2, 2)
        self.norm = torch.nn.BatchNorm1d(2)
        self.drop = torch.nn.Dropout(0.5)

    def forward(self, x: Tensor) -> Tensor:
        return self.drop(self.norm(self.layer(x)))


def loss_of(model: Any, x: Tensor, gap: Tensor) -> Tensor:
    """Finite, and with a finite gradient, unless the gap is 0."""
    return (model(x) ** 2).mean() + torch.sqrt(gap * model.layer.bias.square().sum()).sum()


GAPS = [torch.ones(1), torch.ones(1), torch.zeros(1), torch.ones(1)]  # the third is bad: the slope of a root at 0


@pytest.fixture
def model() -> Net:
    torch.manual_seed(3)
    return Net()


def by_optimizer(model: Any, step: Any, gaps: list[Tensor]) -> None:
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    for gap in gaps:
        optimizer.zero_grad()
        step(DATA, gap).backward()
        optimizer.step()


def by_hand(model: Any, step: Any, gaps: list[Tensor]) -> None:
    for gap in gaps:
        step(DATA, gap).backward()
        with torch.no_grad():
            for one in model.parameters():
                one -= 0.01 * one.grad
                one.grad = None


def by_closure(model: Any, step: Any, gaps: list[Tensor]) -> None:
    optimizer = torch.optim.LBFGS(model.parameters(), 0.01, max_iter=1)
    for gap in gaps:

        def closure(gap: Tensor = gap) -> Tensor:
            optimizer.zero_grad()
            loss = step(DATA, gap)
            loss.backward()
            return loss

        optimizer.step(closure)


def accumulated(model: Any, step: Any, gaps: list[Tensor]) -> None:
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    for gap in gaps:
        (step(DATA, gap) / len(gaps)).backward()
    optimizer.step()


def weighed(model: Any, step: Any, gaps: list[Tensor]) -> None:
    """As a GradScaler would do it, but nobody skips anything."""
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    for gap in gaps:
        optimizer.zero_grad()
        (8 * step(DATA, gap)).backward()
        optimizer.step()


LOOPS = {one.__name__: one for one in (by_optimizer, by_hand, by_closure, accumulated, weighed)}


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS)
def test_a_loop_stops_at_the_step_that_is_bad_before_its_weights_are(loop: Callable[..., None], model: Net) -> None:
    with pytest.raises(NotFiniteError) as raised, gradcalc.watch(model, loss_of, save=None) as step:
        loop(model, step, GAPS)
    error = raised.value
    assert (error.step, error.saved, error.command) == (3, None, None)
    assert "step 3: the loss is" in str(error) and "the gradient by `layer.bias` is nan" in str(error)
    assert (
        error.audit.blame[0].source[slice(*error.audit.blame[0].span)]
        == "torch.sqrt(gap * model.layer.bias.square().sum())"
    )
    assert all(bool(one.isfinite().all()) for one in model.parameters())


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS)
def test_a_good_loop_goes_as_it_would_by_itself(loop: Callable[..., None]) -> None:
    def trained(watched: bool) -> list[Tensor]:
        torch.manual_seed(3)
        model = Net()
        if watched:
            with gradcalc.watch(model, loss_of, save=None) as step:
                loop(model, step, GAPS[:2])
        else:
            loop(model, lambda *batch: loss_of(model, *batch), GAPS[:2])
        return [*model.parameters(), *model.buffers(), torch.rand(1)]

    assert all(torch.equal(one, other) for one, other in zip(trained(True), trained(False), strict=True))


LOOKED_AT: dict[str, tuple[list[Tensor], bool]] = {
    "one nan among many": ([torch.ones(50), torch.tensor([1.0] * 49 + [float("nan")])], False),
    "infinities that would cancel": ([torch.tensor([float("inf"), float("-inf")])], False),
    "numbers whose norm overflows": ([torch.full((3,), 3e38)], True),
    "halves whose norm overflows": ([torch.full((4,), 6e4, dtype=torch.float16)], True),
    "a nan in a half": (
        [torch.tensor([float("nan")], dtype=torch.bfloat16), torch.ones(1, dtype=torch.float64)],
        False,
    ),
    "a sparse gradient": ([torch.eye(2).to_sparse()], True),
    "an infinity in a sparse gradient": (
        [(torch.eye(2) * float("inf")).nan_to_num(0, float("inf")).to_sparse()],
        False,
    ),
    "complex numbers": ([torch.tensor([complex(1, float("nan"))])], False),
    "none at all": ([], True),
}


@pytest.mark.parametrize(("gradients", "finite"), LOOKED_AT.values(), ids=LOOKED_AT)
def test_every_number_of_a_gradient_is_looked_at(gradients: list[Tensor], finite: bool) -> None:
    weights = [SimpleNamespace(grad=one, is_complex=one.is_complex) for one in gradients]
    judge = Prompt(weights, stopped)
    outcome = contextlib.nullcontext() if finite else pytest.raises(StoppedError)
    with outcome:
        judge.see(Taken(1, (), {}, Randomness.now(), (), None, loss=1.0), torch.ones(()))
    assert len(judge.history.steps) == finite


class StoppedError(Exception):
    """The run was stopped."""


def stopped(_taken: Taken) -> NoReturn:
    raise StoppedError


def test_a_loss_that_is_not_finite_stops_where_its_gradient_is() -> None:
    judge = Prompt([SimpleNamespace(grad=torch.full((3,), 3e38), is_complex=lambda: False)], stopped)
    with pytest.raises(StoppedError):
        judge.see(Taken(1, (), {}, Randomness.now(), (), None, loss=float("nan")), torch.ones(()))


# -- what others skip


def scaled(model: Any, step: Any, scaler: Any, gaps: list[Tensor]) -> None:
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    for gap in gaps:
        optimizer.zero_grad()
        scaler.scale(step(DATA, gap)).backward()
        scaler.step(optimizer)
        scaler.update()


def large(model: Any, x: Tensor, factor: Tensor) -> Tensor:
    """A loss whose gradient overflows once it is scaled."""
    return (model(x) ** 2).mean() * factor.sum()


def test_what_a_scaler_skips_stops_nothing(model: Net) -> None:
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**120)
    with gradcalc.watch(model, large, save=None) as step:
        scaled(model, step, scaler, [torch.full((1,), 1e6)] * 8)
    assert scaler.get_scale() == 2.0**112
    assert step.steps == 8


def test_what_a_scaler_skips_for_ever_stops_once_its_scale_is_no_excuse(model: Net) -> None:
    scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
    with pytest.raises(NotFiniteError) as raised, gradcalc.watch(model, loss_of, save=None) as step:
        scaled(model, step, scaler, [GAPS[2]] * 8)
    assert (raised.value.step, scaler.get_scale()) == (4, 1.0)


def test_a_loss_without_a_backward_pass_stops_at_the_next_step(model: Net) -> None:
    with pytest.raises(NotFiniteError, match="step 1: the loss is nan"):  # noqa: SIM117  # the inner one is what raises
        with gradcalc.watch(model, lambda model, x: (model(x) * float("nan")).sum(), save=None) as step:
            step(DATA)
            step(DATA)


# -- nothing else changes


def test_an_exception_of_the_users_passes_and_every_hook_is_gone(model: Net) -> None:
    from torch.optim.optimizer import _global_optimizer_pre_hooks

    def broken(model: Any, x: Tensor) -> Tensor:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"), gradcalc.watch(model, broken) as step:
        assert len(_global_optimizer_pre_hooks) == 1
        step(DATA)
    assert len(_global_optimizer_pre_hooks) == 0


def state(model: Any) -> list[Any]:
    """All that an audit must leave as it was."""
    held = [one.clone() for one in (*model.parameters(), *model.buffers())]
    grads = [None if one.grad is None else one.grad.clone() for one in model.parameters()]
    return [
        held, grads, [one.training for one in model.modules()], torch.get_rng_state(), random.getstate(),
        torch.is_grad_enabled(), torch.get_default_dtype(), torch.backends.mkldnn.enabled,
        [len(one._forward_hooks) for one in model.modules()], torch.autograd.Function.apply.__func__,
        torch.Tensor.register_hook, torch.tensor,
    ]  # fmt: skip


def same(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, list | tuple) and one and isinstance(one[0], torch.Tensor | type(None)):
        return all(map(same, one, other))
    return bool(one == other)


def awkward(x: Tensor, model: Any) -> Tensor:
    """Changes whatever it can."""
    model.eval().train()
    model.drop.eval()
    model.layer.weight.data.add_(1)
    torch.set_default_dtype(torch.float64)
    random.random()
    (model(x).sum() * 0).backward()
    return model(x).sum() + torch.rand(1, dtype=x.dtype).sum()


def raising(x: Tensor, model: Any) -> Tensor:
    model.eval()
    raise KeyError(float(torch.rand(1)))


AUDITED: dict[str, tuple[Callable[..., Tensor], dict[str, Any]]] = {
    "a module that trains": (lambda x, model: model(x), {}),
    "a function that changes whatever it can": (awkward, {}),
    "a gradient's own gradient": (lambda x, model: (model.layer(x) ** 3).sum(), {"order": 2}),
    "too much for exact work": (lambda x, model: model(x), {"timeout": 0.001}),
    "one that raises": (raising, {}),
}


@pytest.mark.parametrize("tracked", [True, False])
@pytest.mark.parametrize(("function", "options"), AUDITED.values(), ids=AUDITED)
def test_an_audit_leaves_all_as_it_was(function: Any, options: dict[str, Any], tracked: bool, model: Net) -> None:
    model(DATA).sum().backward()
    with torch.set_grad_enabled(tracked):
        before = state(model)
        with contextlib.suppress(gradcalc.GradcalcError):
            gradcalc.audit(function, DATA, model, **options)
        assert [same(*pair) for pair in zip(before, state(model), strict=True)] == [True] * len(before)


def test_a_graph_that_lives_on_is_still_good_after_an_audit(model: Net) -> None:
    alive = (model(DATA) ** 2).sum()
    assert gradcalc.audit(model.layer, DATA).verdict == "agree"
    alive.backward()


# -- what is saved, and the command that makes the audit again

SCRIPT = """
import sys, torch, gradcalc

class Net(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer, self.norm, self.drop = torch.nn.Linear(width, 2), torch.nn.BatchNorm1d(2), torch.nn.Dropout(0.5)

    def forward(self, x):
        return self.norm(self.drop(self.layer(x)))

def main():
    model = Net(int(sys.argv[1]))
    loss_fn = lambda model, x, more: torch.exp(model(x["x"]) * more[0]).sum()
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    with gradcalc.watch(model, loss_fn, save=sys.argv[2]) as step:
        for number in range(9):
            optimizer.zero_grad()
            step({"x": torch.randn(4, 3)}, [20 * number, None, "name"]).backward()
            optimizer.step()
"""
ENTRIES = {
    "a script": ("", "main()\n"),
    "a guarded script": ("", 'if __name__ == "__main__":\n    main()\n'),
    "a function": (":main", ""),
}
Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(("name", "end"), ENTRIES.values(), ids=ENTRIES)
@pytest.mark.parametrize("extra", [True, False])
def test_the_command_makes_the_audit_again(
    name: str,
    end: str,
    extra: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if extra and not find_spec("safetensors"):
        pytest.skip("safetensors is not installed")
    if not extra:
        monkeypatch.setattr("gradcalc.answers.watch.saved_torch.find_spec", lambda name: None)
    (tmp_path / "train.py").write_text(SCRIPT + end)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["train.py", "3", "runs"])
    with pytest.raises(NotFiniteError) as raised, torch.random.fork_rng():
        torch.manual_seed(1)
        found = runpy.run_path("train.py", run_name="__main__" if not name else "train")
        found["main"]()
    error = raised.value
    suffix = "safetensors" if extra else "pt"
    assert error.command == f"gradcalc audit train.py{name} --saved runs/not-finite-{error.step}.{suffix}"
    assert str(error).endswith(f"the same audit again: {error.command}")
    capsys.readouterr()
    assert main(shlex.split(error.command)[1:]) == 1
    assert capsys.readouterr().out == text(error.audit, "plain")
    assert f"\n\n{error.audit}\n\n" in str(error)
    assert 'torch.exp(model(x["x"]) * more[0])' in str(error.audit)


REFUSED = {
    "no file": ("train.py --saved none.pt", "`none.pt` is no file that gradcalc.watch saved"),
    "a file of another kind": ("train.py --saved other.pt", "`other.pt` holds no step"),
    "a program that does not come to it": (
        "other.py --saved right.pt",
        "`other.py` does not come to the",
    ),
    "no program": ("none.py --saved right.pt", "cannot read `none.py`"),
    "another model": ("train.py --saved wider.pt", "`wider.pt` is of another model"),
}


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a program, and steps that it and others saved."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gradcalc.answers.watch.saved_torch.find_spec", lambda name: None)
    (tmp_path / "train.py").write_text(SCRIPT + "main()\n")
    (tmp_path / "other.py").write_text("x = 1\n")
    torch.save({"x": torch.ones(1)}, "other.pt")
    for width, name in ((3, "right"), (3, "wider")):
        monkeypatch.setattr(sys, "argv", ["train.py", str(width), "."])
        with pytest.raises(NotFiniteError) as raised, torch.random.fork_rng():
            torch.manual_seed(1)
            runpy.run_path("train.py", run_name="__main__")
        assert raised.value.saved is not None
        raised.value.saved.rename(f"{name}.pt")
    held = torch.load("wider.pt", weights_only=True)
    torch.save({**held, "weights.0": torch.ones(4, 4)}, "wider.pt")
    return tmp_path


@pytest.mark.parametrize(("arguments", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_made_again_is_said(arguments: str, says: str, saved: Path, capsys: Capture) -> None:
    assert main(["audit", *arguments.split()]) == 2
    assert says in capsys.readouterr().err


# -- late: as on a device that nothing should wait for


@pytest.mark.parametrize("loop", [by_optimizer, by_hand, weighed])
def test_told_a_step_late_the_weights_are_those_before_that_step(loop: Callable[..., None], model: Net) -> None:
    def stopped(late: bool) -> tuple[NotFiniteError, list[Tensor]]:
        torch.manual_seed(3)
        model = Net()
        watch = gradcalc.watch(model, loss_of, save=None)
        if late:
            watch.late, watch.judge = True, Late(watch.weights, watch._stop)
        with pytest.raises(NotFiniteError) as raised, watch as step:
            loop(model, step, GAPS * 2)
        return raised.value, [one.detach().clone() for one in model.parameters()]

    (prompt, before), (late, after) = stopped(False), stopped(True)
    assert (late.step, str(late)) == (prompt.step, str(prompt))
    assert all(map(torch.equal, before, after))


def test_late_too_what_a_scaler_skips_stops_nothing(model: Net) -> None:
    watch = gradcalc.watch(model, large, save=None)
    watch.late, watch.judge = True, Late(watch.weights, watch._stop)
    with watch as step:
        scaled(model, step, torch.amp.GradScaler("cpu", init_scale=2.0**120), [torch.full((1,), 1e6)] * 8)
    assert step.steps == 8


# -- what else explains it

X = torch.tensor([[1.0, 2.0]])


def squared(model: Any, x: Tensor) -> Tensor:
    return (model(x) ** 2).mean()


def told(batch: Tensor, lr: float = 0.1, spoil: Callable[[Any], None] = lambda model: None) -> str:
    torch.manual_seed(1)
    model = torch.nn.Linear(2, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr)
    with pytest.raises(NotFiniteError) as raised, gradcalc.watch(model, squared, save=None) as step:
        for number in range(60):
            optimizer.zero_grad()
            step(batch if number else X).backward()
            optimizer.step()
            spoil(model)
    return str(raised.value)


def test_a_batch_that_is_not_finite_is_named() -> None:
    assert "`x[1,2]` of the batch is nan, 1 of 2 are not finite" in told(torch.tensor([[1.0, float("nan")]]))


def test_a_run_that_has_diverged_is_no_fault_of_the_line() -> None:
    assert "the run had diverged: the gradient grew" in told(X, lr=5.0)


def test_weights_that_something_else_spoilt_are_named() -> None:
    text = told(X, spoil=lambda model: model.bias.data.fill_(float("inf")))
    assert "`bias[1]` before this step is inf, 2 of 2 are not finite" in text
    assert "after this update of SGD, whose lr is 0.1, weights are not finite" in text.partition("\n")[0]


def test_no_optimizer_is_blamed_for_weights_that_it_does_not_update() -> None:
    student, teacher = nn.Linear(2, 2), nn.Linear(2, 2)
    optimizer = torch.optim.SGD(student.parameters(), 0.1)
    loss_fn = lambda model, x: F.mse_loss(model(x), teacher(x).detach())  # noqa: E731  # it reaches the teacher
    with pytest.raises(NotFiniteError) as raised, gradcalc.watch(student, loss_fn, save=None) as step:
        for _ in range(2):
            optimizer.zero_grad()
            step(X).backward()
            optimizer.step()
            teacher.bias.data /= 0
    assert "`teacher.bias[1]` before this step is" in raised.value.message
    assert not raised.value.audit.blame


RESULTS: dict[str, Any] = {
    "a loss of torch's, which knows no model": torch.nn.functional.mse_loss,
    "one that is a module": torch.nn.MSELoss(),
    "the only number of several results": lambda model, x, y: {"loss": ((model(x) - y) ** 2).mean(), "out": model(x)},
    "the number that is called so": lambda model, x, y: {"l1": (model(x) - y).norm(), "loss": F.mse_loss(model(x), y)},
    "the number that has a gradient": lambda model, x, y: {"step": torch.ones(()), "mse": F.mse_loss(model(x), y)},
}


@pytest.mark.parametrize("loss_fn", RESULTS.values(), ids=RESULTS)
def test_a_step_gives_what_the_loss_gives(loss_fn: Any) -> None:
    model = torch.nn.Linear(2, 2)
    with gradcalc.watch(model, loss_fn, save=None) as step:
        found = step(X, torch.zeros(1, 2))
    loss = found.get("loss", found.get("mse")) if isinstance(found, dict) else found
    assert torch.equal(loss, (model(X) ** 2).mean())


nn, F = torch.nn, torch.nn.functional


class Length(torch.autograd.Function):  # type: ignore[misc]  # torch's own class is seen as Any here
    """A norm whose backward divides by it."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x, x.norm())
        return x.norm()

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> Tensor:
        x, length = ctx.saved_tensors
        return upstream * x / length


def hooked(x: Tensor) -> Tensor:
    x.register_hook(lambda flow: flow / (flow - flow))
    return x.sum()


LINES: dict[str, tuple[Callable[[], Any], Any, tuple[Tensor, ...], str, str]] = {  # the piece to blame, the sentence
    "a loss of torch's own stands where the step is called": (
        lambda: nn.Linear(2, 2), F.cross_entropy, (X, torch.tensor([-100])),
        "step(*batch)", "all of its targets are ignored or have weight 0: their mean is 0 / 0, which is nan",
    ),
    "a number that divides": (
        lambda: nn.Linear(2, 2), lambda model, x: model(x).square().mean() / 0.0, (X,),
        "model(x).square().mean() / 0.0", " / 0 has no value, and becomes inf",
    ),
    "a logarithm of 0": (
        lambda: nn.Linear(2, 2), lambda model, x: torch.log(model(x).square().sum() * 0), (X,),
        "torch.log(model(x).square().sum() * 0)", "log of 0 has no value, and becomes -inf",
    ),
    "a mean of nothing": (
        lambda: nn.Linear(2, 2), lambda model, x: model(x)[x > 5].mean(), (X,),
        "model(x)[x > 5].mean()", "mean of no numbers at all is nan",
    ),
    "a loss of no rows": (
        lambda: nn.Linear(2, 2), lambda model, x: F.mse_loss(model(x[:0]), x[:0]), (X,),
        "F.mse_loss(model(x[:0]), x[:0])", "mse_loss of no numbers at all is nan",
    ),
    "a deviation of a single row": (
        lambda: nn.Linear(2, 2), lambda model, x: (model(x) - x.std(0)).sum(), (X,),
        "x.std(0)", "std of a single number is nan, as it divides by n - 1 = 0",
    ),
    "a quotient of a row and one number": (
        lambda: nn.Linear(2, 2), lambda model, x: (model(x) * 0 / (x - x).sum()).sum(), (X,),
        "model(x) * 0 / (x - x).sum()", "0 / 0 is nan; an eps",
    ),
    "a power of a negative number": (
        lambda: nn.Linear(2, 2), lambda model, x: (-(model(x) ** 2) - 1).sum() ** 0.5, (X,),
        "(-(model(x) ** 2) - 1).sum() ** 0.5", " to the power of 0.5 has no real value",
    ),
    "a backward of the user's own": (
        lambda: nn.Linear(2, 2), lambda model, x: Length.apply(model(x) * 0), (X,),
        "upstream * x / length", "0 / 0 is nan; an eps",
    ),
    "a hook of the user's own": (
        lambda: nn.Linear(2, 2), lambda model, x: hooked(model(x)), (X,),
        "flow / (flow - flow)", "1 / 0 has no value, and becomes inf",
    ),
    "a gradient of a sparse embedding": (
        lambda: nn.Embedding(3, 2, sparse=True), lambda model, x: (model(x) * 0).norm(dim=1).sqrt().mean(),
        (torch.tensor([0, 2]),),
        "(model(x) * 0).norm(dim=1).sqrt()", "the slope of sqrt is infinite here",
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:std")  # torch itself says that of a single row
@pytest.mark.parametrize(("model", "loss_fn", "batch", "piece", "sentence"), LINES.values(), ids=LINES)
def test_the_line_and_the_sentence_are_told(
    model: Any, loss_fn: Any, batch: tuple[Tensor, ...], piece: str, sentence: str
) -> None:
    with pytest.raises(NotFiniteError) as raised, gradcalc.watch(model(), loss_fn, save=None) as step:
        step(*batch).backward()
    found = [(one.source[slice(*one.span)], one.sentence) for one in raised.value.audit.blame]
    assert any(text == piece and sentence in said for text, said in found), found
    assert not any("leaf" in note for note in raised.value.audit.notes)


def test_what_is_added_outside_of_the_step_is_not_laid_to_it() -> None:
    model = nn.Linear(2, 2)
    with pytest.raises(NotFiniteError) as raised, gradcalc.watch(model, squared, save=None) as step:
        (step(X) + (model.weight * 0).norm().sqrt()).backward()
    assert "those of the step by itself are: what was added to its loss, or to .grad?" in raised.value.message
