"""Options in records: one declaration for every command that takes them."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, get_args

import pytest
import typer

from gradcalc.base.errors import UsageError
from gradcalc.cli.app import COMMANDS
from gradcalc.cli.options import FORMS, Common, Expression, Point, used
from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.cli.typed import function

pytestmark = pytest.mark.smoke

Loud = Annotated[bool, typer.Option("--loud", help="Louder.")]
SEEN: list[Any] = []


@dataclass(frozen=True, slots=True)
class Volume:
    """How loud."""

    panel: ClassVar[str] = "Volume"
    loud: Loud = False
    level: Annotated[int, typer.Option("--level", help="From 1 to 10.")] = 5


@command(level="From 1 to 3.")
def shout(text: Annotated[str, typer.Argument()], volume: Volume, *, twice: Loud = False, out: Output) -> int:
    """Say something."""
    SEEN.append((text, volume, twice, out))
    return 0


@dataclass(frozen=True, slots=True)
class Song:
    """What is sung, and how loud."""

    panel: ClassVar[str | None] = None
    lyrics: Annotated[str, typer.Option("--lyrics", help="The words.")]
    volume: Volume


@command()
def sing(song: Song, expression: Expression, *, out: Output) -> int:
    """Say something beautiful.

    sing "x" --lyrics "la la"
    """
    return song.volume.level + len(song.lyrics)


def help_of(function: Any, name: str) -> str:
    """The help of an option."""
    _, info = get_args(inspect.signature(function).parameters[name].annotation)
    text: str = info.help
    return text


def options(function: Any) -> dict[str, Any]:
    """Names and defaults of the options."""
    parameters = inspect.signature(function).parameters.values()
    return {one.name: None if one.default is one.empty else one.default for one in parameters}


def test_a_record_is_taken_apart_in_its_place() -> None:
    assert options(shout) == {
        "text": None, "loud": False, "level": 5, "twice": False,
        "timeout": 10.0, **dict.fromkeys(FORMS, False), "html": None, "places": None, "output": None, "force": False,
    }  # fmt: skip


GIVEN: dict[str, Any] = {
    "text": "hey", "loud": True, "level": 2, "twice": True, "timeout": 1.0, "json": True, "quiet": False,
    "places": None, "output": None, "force": False,
}  # fmt: skip


def test_the_options_of_a_record_stand_in_its_panel() -> None:
    panels = [get_args(one.annotation)[1].rich_help_panel for one in inspect.signature(shout).parameters.values()]
    assert panels == [None, "Volume", "Volume", None, *["Output"] * (5 + len(FORMS))]


def test_a_record_is_put_together() -> None:
    shout(**GIVEN)
    assert SEEN.pop() == ("hey", Volume(loud=True, level=2), True, Output(timeout=1.0, form="json"))


def test_an_option_may_mean_something_of_its_own() -> None:
    assert [help_of(one, "level") for one in (shout, sing)] == ["From 1 to 3.", "From 1 to 10."]


def test_an_option_may_be_left_out() -> None:
    @command(level=None)
    def whisper(volume: Volume) -> int:
        return volume.level

    assert options(whisper) == {"loud": False}
    assert whisper(loud=False) == 5


def test_of_two_forms_one_is_too_many() -> None:
    with pytest.raises(UsageError, match="--json and --quiet exclude each other"):
        shout(**GIVEN | {"quiet": True})


WITHOUT = {  # the common options that a command has no use for
    "code": {"places"}, "plot": {"places", "latex"},
    "batch": {*FORMS, "places", "html"}, "functions": {"timeout", "places", "latex"},
    "map": {"timeout", "places", "latex", "html"}, "lessons": {"timeout"},
    "accumulate": {"latex"}, "nograd": {"latex"},
    "explain": {"timeout", "places", "latex"}, "schema": {*FORMS, "places", "timeout", "html"},
    "repl": {*FORMS, "html", "places", "output", "force", "timeout"},
    "serve": {*FORMS, "html", "places", "output", "force", "timeout"},  # it prints one line about itself
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_common_options(name: str) -> None:
    known = {field.name for field in fields(Common)} - {"form"} | set(FORMS)
    assert known - set(options(function(name))) == WITHOUT.get(name, set())


def test_a_record_of_options_has_defaults() -> None:
    assert Point() == Point(at=None, wrt=None)


def test_a_record_in_a_record_is_taken_apart_too() -> None:
    assert [*options(sing)][:3] == ["lyrics", "loud", "level"]
    assert sing(expression="x", lyrics="la", loud=True, level=3) == 5


def test_an_option_without_a_default_is_required() -> None:
    with pytest.raises(UsageError) as told:
        sing(expression="x", lyrics=None, loud=True, level=3)
    assert (told.value.message, told.value.hint) == ("--lyrics is missing", 'for instance: sing "x" --lyrics "la la"')


def test_no_option_is_required_for_a_reading(capsys: pytest.CaptureFixture[str]) -> None:
    assert sing(expression="2x", lyrics=None, reading=True, timeout=10.0) == 0
    assert capsys.readouterr().out == "2*x\n"


def test_the_options_that_are_given_are_told() -> None:
    assert used(Volume(level=3), Point(at=["3"])) == {"--level", "--at"}
    assert used(Volume(), Point(wrt=[])) == set()
