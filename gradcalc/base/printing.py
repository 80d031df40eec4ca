"""What a result looks like where Python or a notebook shows it, told by who knows the pages of results."""

TYPE_CHECKING = False  # as in gradcalc/__init__.py, which imports this
if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike
    from typing import Any

    Writer = Callable[[object, str], str | None]
    Drawer = Callable[[object, PathLike[str] | str, bool, bool], None]

_writers: "list[Writer]" = []
_drawers: "list[Drawer]" = []


def shown_by(writer: "Writer", drawer: "Drawer") -> None:
    """From here on results are shown by `writer`: as `text`, `latex` or `html`, None where one has no such form.

    Pictures are saved by `drawer`: in a file, dark or not, which may be replaced or not.
    """
    _writers[:], _drawers[:] = [writer], [drawer]


class Printed:
    """A result that shows itself: `print` has what the terminal shows, a notebook what it can typeset of that."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        """IPython asks a class that has a `__repr__`, as every record has, and not its bases."""
        cls._repr_pretty_ = Printed._repr_pretty_  # type: ignore[method-assign]  # it is the same

    def __str__(self) -> str:
        text = _written(self, "text")
        return repr(self) if text is None else text

    def _repr_pretty_(self, printer: "Any", cycle: bool) -> None:
        """What IPython shows in a terminal, and a notebook where it can show nothing else."""
        printer.text(str(self))

    def _repr_html_(self) -> str | None:
        return _written(self, "html")

    def _repr_latex_(self) -> str | None:
        return _written(self, "latex")


def _written(result: object, form: str) -> str | None:
    return _writers[0](result, form) if _writers else None


class Drawn(Printed):
    """A result that is a picture."""

    __slots__ = ()

    def save(self, file: "PathLike[str] | str", *, dark: bool = False, force: bool = False) -> None:
        """Draw it in a file, .png, .svg or .pdf, with matplotlib; `dark` for a dark slide, `force` to replace a file.

        Raises UsageError at another suffix and without matplotlib, FileError where the file cannot be written.
        """
        _drawers[0](self, file, dark, force)
