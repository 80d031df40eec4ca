"""A part of torch that no number needs: where only gradcalc's own code runs, it loads when it is asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

PART = (
    "torch._meta_registrations"  # works out shapes without numbers, for compilers: a sixth of what `import torch` takes
)
BROUGHT = ("torch._decomp", "torch._prims", "torch._refs", "torch.utils._content_store")  # by it, and made to be so


def defer() -> None:
    """From here on the part loads when anything is asked of it; where it is loaded it stays so.

    Only for a process that runs nobody else's code: torch's tensors without numbers know some of their operations only
    once the part is there.
    """
    sys.meta_path.insert(0, _Finder())


def complete() -> None:
    """Load the part, if it is deferred: what needs it without asking it for anything says so."""
    if isinstance(sys.modules.get(PART), _Deferred):
        sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, _Finder)]
        del sys.modules[PART]
        importlib.import_module(PART)


class _Finder(MetaPathFinder, Loader):
    """Finds what stands for the part; and what the part would bring, which whoever loads it gets with the part."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        found = name == PART or (name in BROUGHT and PART in sys.modules)
        return ModuleSpec(name, self) if found else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        if spec.name == PART:
            return _Deferred(PART)
        complete()
        found = importlib.import_module(spec.name)
        spec.loader_state = found.__spec__
        return found

    def exec_module(self, module: ModuleType) -> None:
        """Leave it as it is; what was brought, with the origin that it had."""
        assert module.__spec__ is not None
        module.__spec__ = module.__spec__.loader_state or module.__spec__


class _Deferred(ModuleType):
    """Stands for the part until it is asked for something that it does not have."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked of every module by whoever looks through them all
            raise AttributeError(name)
        complete()
        return getattr(sys.modules[PART], name)
