import pytest

from parley.core.errors import TooManyRequests
from parley.core.ids import new_uuid
from parley.entrypoints.http.rate_limit import BURST, RateLimiter


def test_a_bucket_empties_and_fills(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 0.0
    monkeypatch.setattr("parley.entrypoints.http.rate_limit.elapsed_seconds", lambda: moment)
    limiter, key, headers = RateLimiter(), new_uuid(), dict[str, str]()
    for _ in range(BURST):
        limiter.take(key, headers)
    assert headers == {"ratelimit-policy": '"key";q=400;w=2', "ratelimit": '"key";r=0;t=2'}
    with pytest.raises(TooManyRequests):
        limiter.take(key, headers)
    limiter.take(new_uuid(), headers)
    moment = 1.0
    limiter.take(key, headers)
    assert headers["ratelimit"] == '"key";r=199;t=2'
