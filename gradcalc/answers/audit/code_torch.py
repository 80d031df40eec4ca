"""A function of the user's own PyTorch file, loaded: this runs the user's code."""

from __future__ import annotations

import inspect
import linecache
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.imported_torch import home, imported
from gradcalc.answers.audit.isolation_torch import guarded, search
from gradcalc.answers.audit.target import Made, TargetText
from gradcalc.base.errors import UsageError, UserCodeError, did_you_mean
from gradcalc.engines.torch import torch

Tensor = Any
MOST_NAMES = 12  # of a file, in a hint
EMPTY = inspect.Parameter.empty
Kind = inspect.Parameter
KINDS = (
    Kind.POSITIONAL_ONLY, Kind.POSITIONAL_OR_KEYWORD, Kind.VAR_POSITIONAL, Kind.KEYWORD_ONLY, Kind.VAR_KEYWORD,
)  # fmt: skip
WHOLE = {"int", "<class 'int'>", "int | None", "typing.Optional[int]", "Optional[int]"}  # annotations, or their text
TEXT = {"str", "<class 'str'>", "str | None", "typing.Optional[str]", "Optional[str]"}
POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True, slots=True)
class Target:
    """A differentiable callable, its arguments, and its own parameters where it is a module.

    `names` are the arguments that must be given, `others` those that may be, and with `open` any name is one. `placed`
    have a place too, and a default; the first `only` of them are given by their place, the others by name, unless
    `spread`, the `*` argument, comes behind them. `whole` are annotated as int, `words` as str. `path` is the file that
    it was loaded from, where it is one.
    """

    call: Callable[..., Any]
    names: tuple[str, ...]
    parameters: Mapping[str, Tensor]
    others: tuple[str, ...] = ()
    placed: Mapping[str, Any] = field(default_factory=dict)
    only: int = 0
    spread: str | None = None
    open: bool = False
    whole: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    path: Path | None = None
    text: TargetText | None = None

    def run(self, arguments: Mapping[str, Any]) -> Any:
        """What it returns for its arguments."""
        named = dict(arguments)
        rest = named.pop(self.spread, ()) if self.spread is not None else ()
        count = len(self.placed) if self.spread in arguments else self.only
        by_place = [named.pop(name, default) for name, default in list(self.placed.items())[:count]]
        return self.call(*by_place, *(rest if isinstance(rest, list | tuple) else (rest,)), **named)

    @property
    def module(self) -> Any:
        """The module whose parameters they are; None of a function."""
        owner = getattr(self.call, "__self__", self.call)
        return owner if isinstance(owner, torch.nn.Module) else None


def load_target(text: TargetText, source: str | None = None) -> Target:
    """The object that a target names, whose file is run, or `source` in its place.

    Raises FileError, UsageError or UserCodeError.
    """
    linecache.checkcache()  # a file that has changed since it was last quoted
    place, where = home(text), f"`{text.where}`"
    search(place.folders, place.name)
    module = guarded(lambda: imported(text, place, source), where)
    torch.autograd.set_detect_anomaly(False)  # it raises where an audit is to say why
    first, *rest = text.steps
    assert isinstance(first, str)
    found, name = _named(guarded(lambda: vars(module), where), text.where, first), first
    for step in rest:
        found, name = _called(found, step, name) if isinstance(step, Made) else _member(found, step, name)
    file = vars(module).get("__file__")
    return replace(_target(found, name), path=Path(file).resolve() if isinstance(file, str) else None, text=text)


def _named(names: Mapping[str, Any], where: str, name: str) -> Any:
    """The object of that name in a file."""
    if name in names:
        return names[name]
    if callable(hook := names.get("__getattr__")):
        return guarded(lambda: hook(name), f"`{where}`")
    known = [key for key, value in names.items() if callable(value) and not key.startswith("_")]
    nothing = "it defines nothing that can be audited"
    hint = did_you_mean(name, known) or (f"it has {', '.join(known[:MOST_NAMES])}" if known else nothing)
    raise UsageError(f"`{where}` has no `{name}`", hint=hint)


def _called(found: Any, call: Made, name: str) -> tuple[Any, str]:
    """What a call with literals gives, and what to call it."""
    if not callable(found):
        raise UsageError(f"`{name}` is nothing that can be called")
    return guarded(lambda: found(*call.arguments, **call.named), f"`{name}(…)`"), f"{name}(…)"


def _member(found: Any, name: str, owner: str) -> tuple[Any, str]:
    """A method or a part of an object, by its own name, and what to call it."""
    if isinstance(found, type) and issubclass(found, torch.nn.Module) and not _is_static(found, name):
        found = _made(found, owner)
    own = dict(vars(found)) if hasattr(found, "__dict__") and not isinstance(found, type) else {}
    own |= own.get("_modules", {})
    called = f"{owner}.{name}"
    if name in own:
        return own[name], called
    kind = found if isinstance(found, type) else type(found)
    held = [vars(one) for one in kind.__mro__]
    for one in held:
        if name in one:
            return guarded(partial(_bound, one[name], found, kind), f"`{called}`"), called
    known = [key for one in (own, *held[:-1]) for key in one if not key.startswith("_")]
    raise UsageError(f"`{owner}` has no `{name}`", hint=did_you_mean(name, known))


def _is_static(kind: type, name: str) -> bool:
    """Does a class hold something under a name that needs no object of it?"""
    held = next((vars(one)[name] for one in kind.__mro__ if name in vars(one)), None)
    return isinstance(held, staticmethod | classmethod)


def _bound(held: Any, found: Any, kind: type) -> Any:
    """What a class holds under a name, as an object of it has it."""
    if not hasattr(type(held), "__get__"):
        return held
    return held.__get__(None if isinstance(found, type) else found, kind)


def _target(found: Any, name: str) -> Target:
    """A module, an autograd function, or a plain function."""
    if isinstance(found, type) and issubclass(found, torch.nn.Module):
        found = _made(found, name)
    if isinstance(found, torch.nn.Module):
        return replace(_arguments(found, found.forward), parameters=trained(found))
    if isinstance(found, type) and issubclass(found, torch.autograd.Function):
        custom: Any = found
        own_context = custom.setup_context is torch.autograd.Function.setup_context
        taken = _parameters(custom.forward)[1 if own_context else 0 :]
        names = tuple(one.name for one in taken if one.kind in POSITIONAL and one.default is EMPTY)
        return Target(custom.apply, names, {}, placed=dict.fromkeys(names, EMPTY), only=len(names))
    if inspect.iscoroutinefunction(found):
        raise UsageError(f"`{name}` is a coroutine: it gives no tensor until it is awaited", hint="audit a plain def")
    if not callable(found):
        raise UsageError(f"`{name}` is no function, module or autograd function")
    target = _arguments(found, found)
    return target if target.module is None else replace(target, parameters=trained(target.module))


def trained(module: Any) -> dict[str, Tensor]:
    """The parameters of a module that require grad."""
    return {key: one for key, one in module.named_parameters() if one.requires_grad}


def _made(module: Any, name: str) -> Any:
    """A module of a class, which is called without arguments."""
    needed = [one for one in _parameters(module) if one.default is EMPTY and one.kind in POSITIONAL]
    if needed:
        raise UsageError(f"`{name}` needs arguments to be made", hint=f"give literals: {name}({needed[0].name}=…)")
    return guarded(module, f"`{name}()`")


def _arguments(call: Any, signature: Any) -> Target:
    """A callable with the arguments that it must and may be given."""
    parameters = _parameters(signature)
    kinds = {kind: [one for one in parameters if one.kind is kind] for kind in KINDS}
    placed = [*kinds[Kind.POSITIONAL_ONLY], *kinds[Kind.POSITIONAL_OR_KEYWORD]]
    taken = [*placed, *kinds[Kind.KEYWORD_ONLY]]
    spread = next((one.name for one in kinds[Kind.VAR_POSITIONAL]), None)
    others = [one.name for one in taken if one.default is not EMPTY]
    return Target(
        call,
        tuple(one.name for one in taken if one.default is EMPTY),
        {},
        (*others, *([] if spread is None else [spread])),
        {one.name: one.default for one in placed},
        len(kinds[Kind.POSITIONAL_ONLY]),
        spread,
        bool(kinds[Kind.VAR_KEYWORD]),
        frozenset(one.name for one in taken if str(one.annotation) in WHOLE),
        frozenset(one.name for one in taken if str(one.annotation) in TEXT or isinstance(one.default, str)),
    )


def _parameters(function: Any) -> list[inspect.Parameter]:
    """The parameters of a signature. Raises UsageError where they cannot be told."""
    try:
        return guarded(lambda: list(inspect.signature(function).parameters.values()), "the signature")  # type: ignore[no-any-return]  # whatever the guarded code returns
    except UserCodeError:
        raise UsageError(
            "the arguments of the function cannot be told from its signature",
            hint="wrap it: def f(x): return …",
        ) from None
