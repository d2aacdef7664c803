"""Buckets against a plain model, and over several processes that tell each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.core.ids import new_uuid
from parley.kit import rates
from parley.kit.rates import Quota, QuotaExceeded, Rates

QUOTA = Quota("key", 10, 20)
SUBJECT = new_uuid()


class Moment:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = 0.0
        monkeypatch.setattr(rates, "elapsed_seconds", lambda: self.at)


def passes(process: Rates) -> bool:
    try:
        process.take([(SUBJECT, QUOTA)])
    except QuotaExceeded:
        return False
    return True


@given(pauses=st.lists(st.integers(0, 30), max_size=80))
def test_a_bucket_lets_through_what_a_filling_bucket_would(pauses: list[int]) -> None:
    """The model is a bucket of whole tokens in steps of a tenth of a second, in which one token flows in."""
    with pytest.MonkeyPatch.context() as patch:
        moment, process, tokens = Moment(patch), Rates(), QUOTA.burst
        for pause in pauses:
            moment.at += pause / 10
            tokens = min(QUOTA.burst, tokens + pause)
            assert passes(process) == (tokens >= 1)
            tokens -= tokens >= 1


def test_what_is_left_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    moment, process = Moment(monkeypatch), Rates()
    standing = process.take([(SUBJECT, QUOTA)])[0]
    assert (standing.left, standing.full_in) == (19, 1)
    for _ in range(19):
        process.take([(SUBJECT, QUOTA)])
    with pytest.raises(QuotaExceeded) as refusal:
        process.take([(SUBJECT, QUOTA), (new_uuid(), Quota("workspace", 1, 1))])
    assert refusal.value.violated == ("key",)
    assert refusal.value.retry_after == pytest.approx(0.1)
    moment.at = 0.1
    process.take([(SUBJECT, QUOTA)])


def test_a_refused_request_counts_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    Moment(monkeypatch)
    process, other, small = Rates(), new_uuid(), Quota("workspace", 1, 1)
    process.take([(other, small)])
    for _ in range(3):
        with pytest.raises(QuotaExceeded):
            process.take([(SUBJECT, QUOTA), (other, small)])
    assert process.take([(SUBJECT, QUOTA)])[0].left == 19


@pytest.mark.parametrize("count", [2, 4])
def test_processes_that_tell_each_other_keep_the_rate_together(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Asked without end for five minutes: at most 1 % beyond burst and rate, and what each lets through in a second."""
    moment, processes = Moment(monkeypatch), [Rates() for _ in range(count)]
    arrival, passed, seconds = 0.0, 0, 300
    for second in range(seconds):
        for tick in range(20):
            moment.at = second + tick / 20
            passed += sum(passes(process) for process in processes for _ in range(3))
        for process in processes:
            for owed in process.owed().values():
                arrival = max(arrival, moment.at) + owed
            process.settle({SUBJECT: arrival - moment.at})
    lawful = QUOTA.burst + QUOTA.rate * seconds
    beyond = (count - 1) * (QUOTA.burst + QUOTA.rate)
    assert lawful * 0.99 <= passed <= lawful * 1.01 + beyond
