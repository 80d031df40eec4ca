"""The ways of disabling gradient tracking, and the cases after them, each really run in torch."""

from __future__ import annotations

from collections.abc import Callable

from gradcalc.engines.torch import torch
from gradcalc.engines.torch.tracking import tracked
from gradcalc.lessons.notebook_torch import Tensor, gradient, held, leaves, refusal, run
from gradcalc.lessons.tracking.branch import Branch, branch
from gradcalc.lessons.tracking.branch_torch import gradient_with_cut
from gradcalc.lessons.tracking.records import Backward, Case, Result, Run, Way
from gradcalc.lessons.words import Words
from gradcalc.problem.problem import Problem

CLASSIC_POINT = 3.0
MANY = 3  # variables; of more each is not written by itself
NO_ERROR = "no error"
Inputs = dict[str, Tensor]


@tracked
def run_ways(problem: Problem, words: Words) -> Run:
    """Every run of the lesson."""
    assert problem.point is not None
    inputs = leaves(problem, problem.point)
    tracked = run(problem, inputs)
    described = _result(tracked)
    return Run(
        tracked=described,
        backward=_backward(tracked, inputs),
        ways=tuple(_way(problem, words, name, *way) for name, way in WAYS.items()),
        cases=tuple(case for build in CASES for case in [build(problem, words)] if case is not None),
    )


def _result(tensor: Tensor) -> Result:
    recorded = tensor.grad_fn
    return Result(held(tensor.detach()), tensor.requires_grad, None if recorded is None else recorded.name())


def _backward(result: Tensor, inputs: Inputs) -> Backward:
    error = refusal(result.backward)
    return Backward(error, {name: gradient(leaf) for name, leaf in inputs.items()})


# -- the three ways


def _by_flag(problem: Problem, inputs: Inputs) -> tuple[Inputs, Tensor]:
    for name in problem.wrt:
        inputs[name].requires_grad_(False)
    return inputs, run(problem, inputs)


def _by_detach(problem: Problem, inputs: Inputs) -> tuple[Inputs, Tensor]:
    given = inputs | {name: inputs[name].detach() for name in problem.wrt}
    return given, run(problem, given)


def _by_block(problem: Problem, inputs: Inputs) -> tuple[Inputs, Tensor]:
    with torch.no_grad():
        return inputs, run(problem, inputs)


def _flag_code(problem: Problem, words: Words) -> tuple[str, ...]:
    call = f"{words.y} = {words.call()}"
    if len(problem.wrt) == 1:
        return (f"{words.x}.requires_grad_(False)", call)
    leaf, leaves_ = _in_turn(problem, words)
    return (f"for {leaf} in {leaves_}:", f"    {leaf}.requires_grad_(False)", call)


def _in_turn(problem: Problem, words: Words) -> tuple[str, str]:
    """A name for one variable after the other, and all of them."""
    return words.free(("leaf", "v", "w")), f"({', '.join(words.names[name] for name in problem.wrt)})"


def _detach_code(problem: Problem, words: Words) -> tuple[str, ...]:
    if len(problem.wrt) > MANY and problem.wrt == words.variables:
        leaf, leaves_ = _in_turn(problem, words)
        return (f"{words.y} = {words.f}(*({leaf}.detach() for {leaf} in {leaves_}))",)
    return (f"{words.y} = {words.call(problem.wrt, '.detach()')}",)


def _block_code(problem: Problem, words: Words) -> tuple[str, ...]:
    return ("with torch.no_grad():", f"    {words.y} = {words.call()}")


Action = Callable[[Problem, Inputs], tuple[Inputs, Tensor]]
Code = Callable[[Problem, Words], tuple[str, ...]]
WAYS: dict[str, tuple[Action, Code]] = {
    "requires_grad_(False)": (_by_flag, _flag_code),
    "detach()": (_by_detach, _detach_code),
    "torch.no_grad()": (_by_block, _block_code),
}


def _way(problem: Problem, words: Words, name: str, act: Action, code: Code) -> Way:
    """Run one way, and look at everything that it left behind."""
    assert problem.point is not None
    inputs = leaves(problem, problem.point)
    given, result = act(problem, inputs)
    disabled = [(inputs[name], given[name]) for name in problem.wrt]
    return Way(
        name=name,
        code=code(problem, words),
        requires_grad={name: leaf.requires_grad for name, leaf in inputs.items()},
        new_tensor=any(after is not before for before, after in disabled),
        shares_memory=all(after.data_ptr() == before.data_ptr() for before, after in disabled),
        changes_variable=not all(before.requires_grad for before, _ in disabled),
        result=_result(result),
        later=run(problem, inputs).requires_grad,
        backward=_backward(result, inputs),
    )


# -- what people meet next


def _inference_mode(problem: Problem, words: Words) -> Case:
    inputs = leaves(problem, problem.wrt)
    with torch.inference_mode():
        result = run(problem, inputs)
    x, y, leaf = words.x, words.y, inputs[problem.wrt[0]]
    return Case(
        "torch.inference_mode(): stricter than no_grad",
        ("with torch.inference_mode():", f"    {y} = {words.call()}"),
        {
            f"{y}.requires_grad": result.requires_grad,
            f"{y}.is_inference()": result.is_inference(),
            f"{x} * {y}": refusal(lambda: leaf * result) or NO_ERROR,
        },
    )


def _not_a_leaf(problem: Problem, words: Words) -> Case:
    result = run(problem, leaves(problem, problem.wrt))
    y = words.y
    return Case(
        "requires_grad_(False) on a result",
        (f"{y} = {words.call()}",),
        {
            f"{y}.is_leaf": result.is_leaf,
            f"{y}.requires_grad_(False)": refusal(lambda: result.requires_grad_(False)) or NO_ERROR,
        },
    )


def _in_place(problem: Problem, words: Words) -> Case:
    inputs = leaves(problem, problem.wrt)
    result, leaf = run(problem, inputs), inputs[problem.wrt[0]]
    name = words.free(("d", "v", "w"))
    leaf.detach().add_(1)
    return Case(
        f"a change in place reaches {words.x} through detach()",
        (f"{words.y} = {words.call()}", f"{name} = {words.x}.detach()", f"{name}.add_(1)"),
        {
            words.x: held(leaf.detach()),
            f"{words.y}.backward()": refusal(result.backward) or NO_ERROR,
        },
    )


def _parameter(problem: Problem, words: Words) -> Case:
    with torch.no_grad():
        parameter = torch.nn.Parameter(torch.tensor(2.0))
    name = words.free(("w", "p", "v"))
    return Case(
        "a parameter made inside no_grad",
        ("with torch.no_grad():", f"    {name} = torch.nn.Parameter(torch.tensor(2.0))"),
        {
            f"{name}.requires_grad": parameter.requires_grad,
            f"({name} * {name}).requires_grad": (parameter * parameter).requires_grad,
        },
    )


def _classic(problem: Problem, words: Words) -> Case:
    cut, whole = (torch.tensor(CLASSIC_POINT, requires_grad=True) for _ in range(2))
    (cut * cut.detach()).backward()  # type: ignore[no-untyped-call]  # torch has no types here
    (whole * whole).backward()  # type: ignore[no-untyped-call]  # torch has no types here
    return Case(
        "cutting one branch",
        (f"x = torch.tensor({CLASSIC_POINT}, requires_grad=True)", "y = x * x.detach()", "y.backward()"),
        {"x.grad": gradient(cut), "x.grad without detach()": gradient(whole)},
    )


def _own_branch(problem: Problem, words: Words) -> Case | None:
    found: Branch | None = branch(problem, problem.wrt[0])
    if found is None:
        return None
    cut, whole = gradient_with_cut(problem, found, problem.wrt[0])
    return Case(
        "cutting one branch of this expression",
        (f"{words.y} = {found.text}", f"{words.y}.backward()"),
        {f"{words.x}.grad": cut, f"{words.x}.grad without detach()": whole},
    )


CASES: tuple[Callable[[Problem, Words], Case | None], ...] = (
    _inference_mode, _not_a_leaf, _in_place, _parameter, _classic, _own_branch,
)  # fmt: skip
