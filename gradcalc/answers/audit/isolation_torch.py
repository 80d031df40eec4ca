"""The user's code kept apart: nothing that it does stays, spoils the output, or passes for gradcalc's own fault."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from gradcalc.answers.audit.random_torch import seeded
from gradcalc.base.errors import GradcalcError, UserCodeError, shortened
from gradcalc.engines.torch import torch
from gradcalc.tracing.watching_torch import watching

SEED = 20240101  # of what the user's code draws at random, such as weights: the same in every run
OWN = "gradcalc_audited"  # the user's file among the loaded modules
LONGEST = 300  # characters of what an exception says
OUT, ERR = 1, 2
OF_A_PACKAGE = "give it as package.module:NAME, from the folder in which the package lies"
OTHER_FORMAT = "the arguments are float64 unless --dtype says otherwise: for a module of the file, --dtype float32"
PLAIN_NUMBERS = "a number of Python's own, and no tensor, is written k=2:int, or p=0.5:float"
NOT_A_TENSOR = re.compile(r"not Tensor\b|of type Tensor\b|got \(.*\bTensor\b|'Tensor' object cannot be interpreted")
WHOLE_NUMBERS = "every argument is given as floats: call .long() inside, where whole numbers are wanted"


_folders: list[str] = []  # on the user's own search path: there while the user's code runs, and at no other time


_modules: set[str] = set()  # the names of the user's modules that are audited


def search(folders: Sequence[Path], module: str = OWN) -> None:
    """Let the user's code, of which `module` is audited, find what lies beside it."""
    _folders[:0] = map(str, folders)
    _modules.add(module)


class Interrupted(BaseException):
    """Ctrl-C, told apart from a KeyboardInterrupt that the user's code raises."""


@contextlib.contextmanager
def isolated() -> Iterator[None]:
    """Run the user's code so that nothing of it stays: random numbers, grad mode, number format, folder, path,
    modules.

    What it prints goes to stderr, by whichever way, and no compiled file is left beside its own.
    """
    path, cached, dtype, loaded = list(sys.path), sys.dont_write_bytecode, torch.get_default_dtype(), set(sys.modules)
    folder, anomalies = Path.cwd(), torch.is_anomaly_enabled()
    sys.dont_write_bytecode = True
    try:
        with seeded(SEED), torch.enable_grad(), watching(), _to_stderr(), _ctrl_c():
            yield
    except Interrupted:
        raise KeyboardInterrupt from None
    finally:
        torch.set_default_dtype(dtype)
        sys.dont_write_bytecode = cached
        os.chdir(folder)
        torch.autograd.set_detect_anomaly(anomalies)
        sys.path[:] = path
        _forget(set(sys.modules) - loaded, _folders)
        _folders.clear()
        _modules.clear()


def _forget(names: set[str], folders: list[str]) -> None:
    """Unload the modules of the user's: a `sympy.py` of theirs must not be taken for SymPy.

    Libraries stay that are installed in a folder of theirs, as in `.venv`.
    """
    own = {name for name in names if name.partition(".")[0] == "gradcalc"}
    theirs = [name for name in names - own if name == OWN or _lies_in(sys.modules.get(name), folders)]
    for name in theirs:  # when all are known: a package without `__init__.py` looks for the one above it
        sys.modules.pop(name, None)


def _lies_in(module: Any, folders: list[str]) -> bool:
    """Is a module, or a package without `__init__.py`, of one of these folders, and not installed there?"""
    file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", None) or ()), None)
    if not isinstance(file, str) or "site-packages" in Path(file).parts:
        return False
    return any(Path(file).is_relative_to(one) for one in folders)


@contextlib.contextmanager
def _to_stderr() -> Iterator[None]:
    """Standard output goes to stderr, of C code and of programs that are started too."""
    with contextlib.redirect_stdout(sys.stderr):
        try:
            kept = os.dup(OUT)
        except OSError:  # closed by whoever called
            yield
            return
        try:
            os.dup2(ERR, OUT)
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, OUT)
            os.close(kept)


@contextlib.contextmanager
def _ctrl_c() -> Iterator[None]:
    """Ctrl-C raises an exception of its own in the body."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def guarded(work: Callable[[], Any], what: str) -> Any:
    """The result of the user's code. Raises UserCodeError where it raises anything, or ends the program."""
    process, own = os.getpid(), list(sys.path)
    sys.path[:] = [*_folders, *own]
    try:
        return work()
    except BaseException as error:
        if type(error).__module__.partition(".")[0] == "gradcalc" and not isinstance(error, GradcalcError):
            raise  # the time is up, or Ctrl-C
        if isinstance(error, GradcalcError):
            raise
        raise UserCodeError(_message(what, error), hint=_hint(error)) from None
    finally:
        _folders[:] = [folder for folder in sys.path if folder not in own]
        sys.path[:] = own
        sys.modules.setdefault("torch", torch)  # or what is loaded later would load it once more
        if os.getpid() != process:
            os._exit(0)  # a process that the user's code forked: it has nothing to say


def _message(what: str, error: BaseException) -> str:
    """What was raised and where; an exception may not even be able to say what it is."""
    try:
        says = str(error.msg if isinstance(error, SyntaxError) else error)
    except BaseException:
        says = "an exception that cannot be put in words"
    colon = ": " if says else ""
    return f"{what} raised {type(error).__name__}{colon}{shortened(says, LONGEST)}{_line(error)}".replace("\n", " ")


def _hint(error: BaseException) -> str | None:
    if not isinstance(error, RuntimeError | IndexError | TypeError | ImportError):
        return None
    try:
        plain = str(error)
    except BaseException:
        return None
    if isinstance(error, TypeError) and NOT_A_TENSOR.search(plain.replace("\n", " ")):
        return PLAIN_NUMBERS
    says = plain.title()
    if says.startswith("Attempted Relative Import"):
        return OF_A_PACKAGE
    if any(words in says for words in ("Same Dtype", "Expected Scalar Type", "Found Dtype")):
        return WHOLE_NUMBERS if "Scalar Type Long" in says else OTHER_FORMAT
    return WHOLE_NUMBERS if any(word in says for word in ("Long", "Indices", "Int64", "Integer")) else None


def _line(error: BaseException) -> str:
    """Where in the user's file the error came from."""
    if isinstance(error, SyntaxError) and error.lineno is not None:
        return f" (line {error.lineno})"
    trace, number = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") in _modules:
            number = trace.tb_lineno
        trace = trace.tb_next
    return "" if number is None else f" (line {number})"
