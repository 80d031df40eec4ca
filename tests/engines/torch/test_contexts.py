"""mpmath's contexts are kept, for each thread its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from gradcalc.engines.exact.arithmetic import context_for


def test_a_context_is_made_once() -> None:
    assert context_for(192) is context_for(192)


def test_precisions_do_not_share_a_context() -> None:
    assert context_for(192) is not context_for(384)


def test_threads_do_not_share_a_context() -> None:
    with ThreadPoolExecutor(1) as other:
        assert other.submit(context_for, 192).result() is not context_for(192)
