"""The passes of the accumulation lesson, and the calls around them, each really made in torch."""

from __future__ import annotations

from collections.abc import Callable

from gradcalc.engines.torch.tracking import tracked
from gradcalc.lessons.accumulation.records import Attempt, Clearing, Passes, Run
from gradcalc.lessons.lesson import Held
from gradcalc.lessons.notebook_torch import Tensor, gradient, held, leaves, optimizer, refusal, run
from gradcalc.lessons.words import Words
from gradcalc.problem.problem import Problem

RATE = 0.1  # of an optimizer that takes no step
CLEARINGS: dict[str, Callable[[Tensor], object]] = {
    "{x}.grad.zero_()": lambda x: x.grad.zero_(),  # type: ignore[union-attr]  # torch's own error where it is None
    "{x}.grad = None": lambda x: setattr(x, "grad", None),
    "optimizer.zero_grad()": lambda x: optimizer("SGD", [x], RATE).zero_grad(),
    "optimizer.zero_grad(set_to_none=False)": lambda x: optimizer("SGD", [x], RATE).zero_grad(set_to_none=False),
}


@tracked
def run_passes(problem: Problem, count: int, words: Words) -> Run:
    """Every run of the lesson."""
    inputs = leaves(problem, problem.wrt)
    value = run(problem, inputs)
    return Run(
        value=held(value),
        error=refusal(value.backward),
        passes=_passes(problem, count),
        clearing=tuple(_clearing(problem, words, text, clear) for text, clear in CLEARINGS.items()),
        attempts=(
            _zero_before_the_first(problem, words),
            _second_on_the_same_graph(problem, words),
            _retained(problem, words),
        ),
    )


def _passes(problem: Problem, count: int) -> dict[str, Passes]:
    """For each variable, `.grad` after each pass: left alone, zeroed before, and after one pass of the sum."""
    alone, cleared, whole = (leaves(problem, problem.wrt) for _ in range(3))
    accumulated = [_pass(problem, alone) for _ in range(count)]
    zeroed = [_pass(problem, cleared, clear=True) for _ in range(count)]
    total = run(problem, whole)
    for _ in range(count - 1):
        total = total + run(problem, whole)
    refusal(total.backward)
    return {
        name: Passes(tuple(one[name] for one in accumulated), tuple(one[name] for one in zeroed), gradient(whole[name]))
        for name in problem.wrt
    }


def _pass(problem: Problem, inputs: dict[str, Tensor], *, clear: bool = False) -> dict[str, Held | None]:
    """One forward and one backward pass; what `.grad` holds for each variable afterwards."""
    if clear:
        for leaf in inputs.values():
            if leaf.grad is not None:  # before the first backward() there is nothing to clear
                leaf.grad.zero_()
    refusal(run(problem, inputs).backward)
    return {name: gradient(inputs[name]) for name in problem.wrt}


def _clearing(problem: Problem, words: Words, text: str, clear: Callable[[Tensor], object]) -> Clearing:
    """Clear a gradient after one pass, and make another pass."""
    inputs = leaves(problem, problem.wrt)
    leaf = inputs[problem.wrt[0]]
    refusal(run(problem, inputs).backward)
    refusal(lambda: clear(leaf))
    left = gradient(leaf)
    refusal(run(problem, inputs).backward)
    return Clearing(text.format(x=words.x), left, gradient(leaf))


def _zero_before_the_first(problem: Problem, words: Words) -> Attempt:
    leaf = leaves(problem, problem.wrt)[problem.wrt[0]]
    error = refusal(lambda: leaf.grad.zero_())  # type: ignore[union-attr]  # its error is what is shown
    return Attempt(f"{words.x}.grad.zero_() before the first backward()", error, gradient(leaf))


def _second_on_the_same_graph(problem: Problem, words: Words) -> Attempt:
    inputs = leaves(problem, problem.wrt)
    value = run(problem, inputs)
    refusal(value.backward)
    error = refusal(value.backward)
    return Attempt(f"{words.y}.backward() a second time, on the same graph", error, gradient(inputs[problem.wrt[0]]))


def _retained(problem: Problem, words: Words) -> Attempt:
    inputs = leaves(problem, problem.wrt)
    value = run(problem, inputs)
    refusal(lambda: value.backward(retain_graph=True))  # type: ignore[no-untyped-call]  # torch has no types here
    error = refusal(value.backward)
    call = f"{words.y}.backward(retain_graph=True), then {words.y}.backward()"
    return Attempt(call, error, gradient(inputs[problem.wrt[0]]))
