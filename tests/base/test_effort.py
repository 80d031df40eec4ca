"""Effort is counted, not timed: grants nest, pieces of work share an allowance, threads count for themselves."""

from __future__ import annotations

from threading import Thread

import pytest

from gradcalc.base.effort import Allowance, Exhausted, granted, spend


def test_work_without_a_grant_has_no_end() -> None:
    spend(10**15)


def test_a_grant_can_be_used_up_to_the_last_step() -> None:
    with granted(10):
        spend(6)
        spend(4)
        with pytest.raises(Exhausted):
            spend(1)


def test_the_smaller_of_two_grants_holds() -> None:
    with granted(10), pytest.raises(Exhausted), granted(100):
        spend(11)


def test_what_is_spent_in_a_grant_is_spent_from_the_one_around_it() -> None:
    with granted(10):
        with granted(8):
            spend(7)
        spend(3)
        with pytest.raises(Exhausted):
            spend(1)


def test_no_library_takes_the_end_of_its_steps_for_an_error_of_its_own() -> None:
    assert not issubclass(Exhausted, Exception)


def test_an_allowance_is_for_several_pieces_of_work() -> None:
    allowance = Allowance(10)
    with allowance.drawn():
        spend(7)
    with pytest.raises(Exhausted), allowance.drawn():
        spend(4)
    with pytest.raises(Exhausted), allowance.drawn():
        spend(1)


def test_a_thread_has_grants_of_its_own() -> None:
    with granted(10):
        thread = Thread(target=spend, args=(10**6,))
        thread.start()
        thread.join()
        spend(10)
