"""Parts of libraries that no number needs: where only gradcalc's own code runs, they load when they are asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NamedTuple


class Part(NamedTuple):
    """What stands for a module that is deferred, and what has it loaded."""

    classes: tuple[str, ...] = ()  # that others ask of it merely to see what is none of its objects
    brings: tuple[str, ...] = ()  # modules that it loads, and that take it for granted: who loads one gets the part too


PARTS = {
    # how torch works out shapes without numbers, for compilers: a sixth of what `import torch` takes
    "torch._meta_registrations": Part(
        brings=("torch._decomp", "torch._prims", "torch._refs", "torch.utils._content_store")
    ),
    # and all of `sympy.combinatorics` with it, for SymPy's sums to see that no term is a tensor
    "sympy.tensor.tensor": Part(classes=("TensExpr", "TensAdd")),
}


def defer() -> None:
    """From here on the parts load when anything is asked of them; where one is loaded it stays so.

    Only for a process that runs nobody else's code: torch's tensors without numbers know some of their operations only
    once its part is there.
    """
    sys.meta_path.insert(0, _Finder())


def complete(part: str) -> None:
    """Load a part, if it is deferred: what needs it without asking it for anything says so."""
    _fetch(part)


class _Finder(MetaPathFinder):
    """Finds a part, and what would bring it."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name in PARTS:
            return ModuleSpec(name, _StandIn())
        part = next((part for part, about in PARTS.items() if name in about.brings), None)
        return ModuleSpec(name, _Bringer(part)) if part in sys.modules and part is not None else None


class _StandIn(Loader):
    """Makes what stands for a part."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Deferred(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Give it the classes, of which there can be no object as long as the part itself is not there."""
        vars(module).update({name: type(name, (), {}) for name in PARTS[module.__name__].classes})


class _Bringer(Loader):
    """Loads a part, and hands out what came with it."""

    def __init__(self, part: str) -> None:
        self.part = part

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        _fetch(self.part)
        found = importlib.import_module(spec.name)
        spec.loader_state = found.__spec__
        return found

    def exec_module(self, module: ModuleType) -> None:
        """Leave it as it is, its own origin included."""
        assert module.__spec__ is not None
        module.__spec__ = module.__spec__.loader_state


class _Deferred(ModuleType):
    """Stands for a part until it is asked for something that it does not have."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked of every module by whoever looks through them all
            raise AttributeError(name)
        _fetch(self.__name__)
        return getattr(sys.modules[self.__name__], name)


def _fetch(name: str) -> None:
    """Put a part itself in the place of what stands for it; nothing is deferred from here on."""
    if isinstance(sys.modules.get(name), _Deferred):
        sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, _Finder)]
        del sys.modules[name]
        importlib.import_module(name)
