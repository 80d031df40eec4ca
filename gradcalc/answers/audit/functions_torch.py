"""Each call of a custom autograd.Function judged against its own forward: its backward, and the backward of that."""

from __future__ import annotations

import ast
import inspect
import linecache
import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gradcalc.answers.audit.blame import text, wrong_ones
from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.answers.audit.records import CodeBlame
from gradcalc.answers.audit.run_torch import Recorded
from gradcalc.base.floating import Format
from gradcalc.engines.exact.ball import Ball, working
from gradcalc.engines.torch import torch
from gradcalc.tracing.evaluate import Run, flows
from gradcalc.tracing.rules import Flow
from gradcalc.tracing.sight_torch import Application
from gradcalc.tracing.tape import Tape
from gradcalc.tracing.truth import Truth

SEED = 7  # of the gradient that is sent back
LEAST_SHARE = 1e-6


@dataclass(frozen=True, slots=True)
class Slip:
    """A component of an argument where a backward is wrong: what it gives, and what is true."""

    argument: int
    places: tuple[int, ...]
    inputs: tuple[float, ...]
    found: tuple[float, ...]
    true: tuple[float, ...]
    exact: str | None


def functions(recorded: Recorded, truth: Truth, form: Format) -> Iterator[CodeBlame]:
    """The custom functions whose backward is wrong, one blame a function."""
    met: set[type] = set()
    for call in recorded.recorder.applications:
        if call.function not in met and call.outputs and (slip := _slip(call, truth, form)) is not None:
            met.add(call.function)
            yield _blamed(call, slip)


def _slip(call: Application, truth: Truth, form: Format) -> Slip | None:
    """The first argument by which the backward is wrong."""
    generator = torch.Generator().manual_seed(SEED)
    upstream = [
        torch.rand(one.shape, generator=generator, dtype=torch.float64).to(one) + 0.5 for one, _ in call.outputs
    ]
    found = sent_back(call, upstream)
    with working(truth.bits):
        true = true_gradients(call, truth.tape, truth.run, upstream)
    for place, (gradient, flow) in enumerate(zip(found, true, strict=True)):
        if gradient is None or flow is None:
            continue
        numbers = gradient.double().reshape(-1).tolist()
        zeros: Flow = [Ball(0) if one is None else one for one in flow]
        bad = [
            one for one in wrong_ones(numbers, zeros, form)
            if (true_one := zeros[one]) is not None and true_one.is_finite()
        ] or [place for place, number in enumerate(numbers) if math.isnan(number)]  # fmt: skip
        if bad:
            given = call.inputs[place].double().reshape(-1).tolist()
            first = zeros[bad[0]]
            return Slip(
                place, tuple(bad), tuple(given), tuple(numbers),
                tuple(math.nan if one is None else float(one) for one in zeros),
                None if first is None else text(first),
            )  # fmt: skip
    return None


def sent_back(call: Application, upstream: Sequence[Any]) -> list[Any]:
    """What the backward gives for each argument; None for one that is no tensor of floats."""
    copies = [
        one.clone().requires_grad_() if isinstance(one, torch.Tensor) and one.is_floating_point() else one
        for one in call.inputs
    ]
    wanted = [one for one in copies if isinstance(one, torch.Tensor) and one.is_floating_point()]
    result = guarded(lambda: call.function.apply(*copies), f"`{call.function.__name__}`")
    outputs = [one for one in (result if isinstance(result, tuple) else (result,)) if one.is_floating_point()]
    pairs = [(one, g) for one, g in zip(outputs, upstream, strict=True) if one.requires_grad]
    if not pairs:
        return [None] * len(copies)
    grads = guarded(
        lambda: torch.autograd.grad(
            [one for one, _ in pairs], wanted, [g for _, g in pairs], allow_unused=True, materialize_grads=True
        ),
        f"the backward of `{call.function.__name__}`",
    )
    rest = iter(grads)
    return [next(rest) if isinstance(one, torch.Tensor) and one.is_floating_point() else None for one in copies]


def true_gradients(call: Application, tape: Tape, run: Run, upstream: Sequence[Any]) -> list[Flow | None]:
    """The true gradients by the arguments, of the same gradient sent back."""
    seeds: dict[int, Flow] = {}
    for (_, read), gradient in zip(call.outputs, upstream, strict=True):
        flow = seeds.setdefault(read.node, [None] * tape.nodes[read.node].size)
        numbers = gradient.double().reshape(-1).tolist()
        for place, number in zip(range(len(numbers)) if read.index is None else read.index, numbers, strict=True):
            flow[place] = Ball(number)
    back = flows(tape, run, seeds, since=call.first + 1)
    found: list[Flow | None] = []
    for read_ in call.reads:
        if read_ is None or not tape.varies(read_):
            found.append(None)
            continue
        node = back[read_.node] or [None] * tape.nodes[read_.node].size
        found.append(node if read_.index is None else [node[place] for place in read_.index])
    return found


def _blamed(call: Application, slip: Slip) -> CodeBlame:
    """The line of the backward, and what is wrong with it."""
    function: Any = call.function
    file, line, source, names = where(function)
    name = names[slip.argument] if slip.argument < len(names) else f"argument {slip.argument + 1}"
    first = slip.places[0]
    stripped = source.strip()
    begin = len(source) - len(source.lstrip())
    sentence = f"the backward of `{function.__name__}`, line {line}, {_fault(slip)}{_domain(slip, name)}"
    more = f": by `{name}` at {slip.inputs[first]:.6g} it gives {_ratio(slip)}"
    return CodeBlame(
        file, line, (begin, begin + len(stripped)), source, f"{function.__name__}.backward", "backward",
        sentence + more, slip.found[first], slip.exact,
    )  # fmt: skip


def _ratio(slip: Slip) -> str:
    first = slip.places[0]
    true = f", the truth is {slip.true[first]:.6g}" if math.isfinite(slip.true[first]) else ""
    return f"{slip.found[first]:.6g}{true}"


def _fault(slip: Slip) -> str:
    """What the wrong numbers have in common."""
    pairs = [(slip.found[one], slip.true[one]) for one in slip.places]
    ratios = [found / true for found, true in pairs if true]
    if all(not math.isfinite(found) for found, _ in pairs):
        return "gives no number"
    if all(found == 0 for found, _ in pairs):
        return "gives nothing back"
    if len(ratios) == len(pairs) and max(ratios) - min(ratios) < LEAST_SHARE * max(map(abs, ratios)):
        return (
            "has the wrong sign" if abs(ratios[0] + 1) < LEAST_SHARE else f"is {ratios[0]:.4g} times what it should be"
        )
    return "is wrong"


def _domain(slip: Slip, name: str) -> str:
    """For which arguments it is wrong, where a bound tells them apart."""
    bad = set(slip.places)
    if len(slip.inputs) < max(slip.places) + 1 or len(bad) == len(slip.found) or len(slip.inputs) != len(slip.found):
        return ""
    wrong = [slip.inputs[one] for one in bad]
    right = [one for place, one in enumerate(slip.inputs) if place not in bad]
    for sign, test in ((" < 0", lambda x: x < 0), (" > 0", lambda x: x > 0)):
        if all(map(test, wrong)) and not any(map(test, right)):
            return f" where {name}{sign}"
    low, high = min(wrong), max(wrong)
    if low > max(right):
        return f" where {name} is {low:.4g} and more"
    return f" where {name} is {high:.4g} and less" if high < min(right) else ""


def where(function: Any) -> tuple[str, int, str, list[str]]:
    """File, line and source of what the backward returns, and the names of forward's arguments."""
    code = inspect.unwrap(function.backward).__code__
    lines, start = inspect.getsourcelines(code)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    returns = [node for node in ast.walk(tree) if isinstance(node, ast.Return)]
    line = start + (returns[-1].lineno - 1 if returns else 0)
    forward = inspect.unwrap(function.forward)
    own = function.setup_context is torch.autograd.Function.setup_context
    names = list(inspect.signature(forward).parameters)[1 if own else 0 :]
    return code.co_filename, line, linecache.getline(code.co_filename, line).rstrip("\n"), names
