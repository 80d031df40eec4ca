"""Doors: functions by signature alone, which load what answers them when they are first called."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from gradcalc.base.loading import load

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
ADDRESSES: dict[str, str] = {}  # where each question is answered


def answered_by(address: str) -> Callable[[Callable[Asked, Answer]], Callable[Asked, Answer]]:
    """Makes a function, of which only the signature and the docstring count, the door to the one at `address`."""

    def door(question: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
        ADDRESSES[question.__name__] = address

        @wraps(question)
        def ask(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
            answer: Answer = load(address)(*args, **kwargs)
            return answer

        return ask

    return door


def prepare(*questions: Callable[..., object]) -> None:
    """Load the engines that answer these questions, before any is asked."""
    for question in questions:
        load(ADDRESSES[question.__name__])
