"""Help: three examples to begin with, the commands by what they are for, and the options of one in panels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from typer.core import TyperGroup

EXAMPLES = (
    'gradcalc diff "sin(x**2)" --at 3',
    'gradcalc check "x*exp(-x)" --gradient "(1 - x)*exp(-x)"',
    'gradcalc graph "y = x^2; z = sin(y)" --at 3',
)
BEGIN = "gradcalc lessons is a tour of the lecture, each example a command to type."
HELP, VERSION = frozenset({"--help", "-h"}), frozenset({"--version", "-V"})
ARGUMENTS, OWN = "Arguments", "Options"  # the panels of what is in no other


class Commands(TyperGroup):
    """The commands of the program, listed under their purposes."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Examples that run as they stand, then the commands, then the few options that are no command's."""
        with formatter.section("Examples"):
            formatter.write("".join(f"  {example}\n" for example in EXAMPLES))
        formatter.write(f"\n{BEGIN}\n")
        self.format_commands(ctx, formatter)
        write_panels(self.get_params(ctx), ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """A section for each purpose, in the order of the commands."""
        purposes: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            panel: Any = command
            purposes.setdefault(panel.rich_help_panel, []).append((name, command.get_short_help_str(limit=1000)))
        for purpose, lines in purposes.items():
            with formatter.section(purpose):
                formatter.write_dl(lines)


def write_panels(parameters: Iterable[Any], ctx: Any, formatter: Any) -> None:
    """A section for each panel, in the order of their first options; what all commands have in common comes last."""
    panels: dict[str, list[tuple[str, str]]] = {}
    for one in parameters:
        own = ARGUMENTS if one.param_type_name == "argument" else OWN
        common = list(panels)[-1] if panels and one.name == "help" else None
        if record := one.get_help_record(ctx):
            panels.setdefault(getattr(one, "rich_help_panel", None) or common or own, []).append(record)
    for title, records in panels.items():
        with formatter.section(title):
            formatter.write_dl(records)
