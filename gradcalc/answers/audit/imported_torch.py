"""A file or module of the user's, imported as what it is: alone, or as a module of the package in which it lies."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.isolation_torch import OWN
from gradcalc.answers.audit.target import TargetText
from gradcalc.base.errors import FileError

NO_MODULE = "a module of a package is looked for from the folder where the command runs"
OTHER_NAME = "give the folder another name"
INIT = "__init__"


@dataclass(frozen=True, slots=True)
class Home:
    """The name under which something is imported, and the folders where it finds the rest, the first one first.

    `file` is the file that is meant, where one is; it is imported `alone`, or as a module of a package.
    """

    name: str
    folders: tuple[Path, ...]
    file: Path | None = None
    alone: bool = False


def home(text: TargetText) -> Home:
    """Where a target belongs: a file that imports from the package in which it lies is a module of that package."""
    if not text.is_file:
        return Home(text.where, (Path.cwd(),))
    path = text.path.resolve()
    depth = _depth(path)
    if not depth:
        return Home(OWN, (path.parent,), text.path, alone=True)
    packages = [one.name for one in reversed(path.parents[:depth])]
    name = ".".join(packages if path.stem == INIT else [*packages, path.stem])
    return Home(name, (path.parents[depth], path.parent), path)


def _depth(path: Path) -> int:
    """How many folders above a file are packages of its own; 0 where it imports nothing from them.

    A file may import relatively from folders without `__init__.py` too, which are packages to Python all the same.
    """
    levels, names = _imports(path)
    depth = next((depth for depth, one in enumerate(path.parents) if not (one / f"{INIT}.py").is_file()), 0)
    needed = max(depth, levels)
    if not levels and (not depth or path.parents[depth - 1].name not in names):
        return 0
    return needed if needed < len(path.parents) and "." not in path.stem else 0


def _imports(path: Path) -> tuple[int, set[str]]:
    """How many folders up the imports of a file reach, and the first names of those that are not relative."""
    try:
        nodes = list(ast.walk(ast.parse(path.read_bytes())))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):  # as running it will tell
        return 0, set()
    absolute = [one.name for node in nodes if isinstance(node, ast.Import) for one in node.names]
    found = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    absolute += [node.module or "" for node in found if not node.level]
    return max((node.level for node in found), default=0), {name.partition(".")[0] for name in absolute}


class _Edited(SourceFileLoader):
    """Loads a file as if it read otherwise."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.source = source

    def get_code(self, fullname: str) -> Any:
        """The code of what it should read."""
        return self.source_to_code(self.source, self.path)


def missing(path: str) -> FileError:
    """What to say of a path where a Python file should be."""
    return FileError(f"cannot read `{path}`: no {'Python file' if Path(path).exists() else 'such file or directory'}")


def imported(text: TargetText, found: Home, source: str | None) -> Any:
    """The module at a home, or `source` in its place; whatever the file puts in its own place.

    Nothing is executed twice: a package that imports it has it already. Raises FileError where there is none.
    """
    spec = _alone(text) if found.alone else _of_package(text, found)
    if source is None and not found.alone:
        return import_module(found.name)
    if source is not None:
        spec.loader = _Edited(found.name, str(spec.origin), source)
    module = module_from_spec(spec)
    sys.modules[found.name] = module
    assert spec.loader is not None
    spec.loader.exec_module(module)
    return sys.modules.get(found.name, module)


def _alone(text: TargetText) -> ModuleSpec:
    spec = spec_from_file_location(OWN, text.path)
    if spec is None or spec.loader is None or not text.path.is_file():
        raise missing(text.where)
    return spec


def _of_package(text: TargetText, found: Home) -> ModuleSpec:
    """Where a module would come from, of the package that is meant."""
    top = found.name.partition(".")[0]
    if found.file is not None and str(found.folders[0] / top) not in _places(top):
        message = f"`{text.where}` lies in a package named `{top}`, as another one that Python finds is"
        raise FileError(message, hint=OTHER_NAME)
    try:
        spec = find_spec(found.name)
    except ModuleNotFoundError as error:
        if not f"{found.name}.".startswith(f"{error.name}."):
            raise  # of what a package imports
        spec = None
    if spec is None or spec.loader is None or spec.origin is None:
        raise FileError(f"cannot read `{text.where}`: no Python file", hint=NO_MODULE)
    return spec


def _places(top: str) -> Iterator[str]:
    """The folders in which Python looks for the modules of a package."""
    try:
        spec = find_spec(top)
    except ValueError:  # a module that was made by hand
        spec = None
    return iter((spec and spec.submodule_search_locations) or ())
