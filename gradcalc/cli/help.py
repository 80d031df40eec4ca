"""The first screen: the commands by what they are for, and three to begin with."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

EXAMPLES = (
    'gradcalc diff "sin(x**2)" --at 3',
    'gradcalc check "x*exp(-x)" --gradient "(1 - x)*exp(-x)"',
    'gradcalc graph "y = x^2; z = sin(y)" --at 3',
)
BEGIN = "gradcalc lessons is a tour of the lecture, each example a command to type."
HELP = frozenset({"--help", "-h"})


class Commands(TyperGroup):
    """The commands of the program, listed under their purposes."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """A section for each purpose, in the order of the commands."""
        purposes: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            panel: Any = command
            purposes.setdefault(panel.rich_help_panel, []).append((name, command.get_short_help_str(limit=1000)))
        for purpose, lines in purposes.items():
            with formatter.section(purpose):
                formatter.write_dl(lines)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Examples that run as they stand."""
        with formatter.section("Examples"):
            formatter.write("".join(f"  {example}\n" for example in EXAMPLES))
        formatter.write(f"\n{BEGIN}\n")
