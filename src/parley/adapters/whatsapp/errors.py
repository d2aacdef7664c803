"""From Meta's errors to what they ask of us. The table is `error_table`; here is only how it is looked up."""

from collections.abc import Mapping
from typing import Final

import msgspec

from parley.adapters.whatsapp.error_table import RULES, Rule
from parley.adapters.whatsapp.wire import ErrorAnswer, GraphError
from parley.modules.channels.inbound import ProviderError
from parley.modules.channels.ports import Refusal, Remedy, SendFailed

DOC_URL: Final = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
MAX_DETAIL_CHARS: Final = 1_000
MAX_REFUSAL_BYTES: Final = 8_192
"""Meta's error objects are a few hundred bytes."""
UNKNOWN_SENTENCE: Final = "Meta refused the message with a code that is not in its list. Read the detail."

BAD_TOKEN, FORBIDDEN, TOO_MANY, SERVER_ERROR = 401, 403, 429, 500
_usage_decoder = msgspec.json.Decoder()
_error_decoder = msgspec.json.Decoder(ErrorAnswer)


def rule_of(code: int) -> Rule:
    """The rule of a code, also for errors that come later in a webhook; an unknown code concerns its message only."""
    return RULES.get(code) or Rule(Remedy.TELL_SENDER, UNKNOWN_SENTENCE)


def explain(error: ProviderError) -> SendFailed:
    """An error of a webhook in the terms of a failed send. Meta has given its verdict there: nothing is unsure."""
    rule = rule_of(error.code)
    remedy = Remedy.TELL_SENDER if rule.remedy is Remedy.UNSURE else rule.remedy
    return SendFailed(
        remedy,
        code=error.code,
        title=rule.sentence,
        detail=error.detail or error.title,
        retry_after=rule.retry_after,
        doc_url=error.doc_url or DOC_URL,
    )


def classify(status: int, body: bytes, headers: Mapping[str, str]) -> SendFailed:
    """What an answer other than success asks for. Header names are in lower case.

    The code decides, never the HTTP status, which Meta changes at will; without a known code the status does. A 5xx
    that is no error object of Meta's may come from something in between after Meta took the message: unsure.
    """
    error = _error_in(body)
    code = _number(error.code) if error else None
    rule = RULES.get(code) if code is not None else None
    if rule is None:
        rule = _by_status(status)
    remedy = rule.remedy
    if remedy is Remedy.UNSURE and error is not None and error.is_transient is True:
        # Meta says that this very request failed for the moment, so it was not taken.
        remedy = Remedy.RETRY
    return SendFailed(
        remedy,
        code=status if code is None else code,
        title=rule.sentence,
        detail=_detail(error) if error else f"HTTP {status}",
        retry_after=_waiting_time(headers) or rule.retry_after,
        doc_url=error.href if error and isinstance(error.href, str) else DOC_URL,
        refusal=Refusal(status, body) if error and len(body) <= MAX_REFUSAL_BYTES else None,
        subcode=_number(error.error_subcode) if error else None,
    )


def _by_status(status: int) -> Rule:
    if status >= SERVER_ERROR:
        return Rule(Remedy.UNSURE, "Meta's answer was broken; the message may have gone out. Wait for its status.")
    if status == TOO_MANY:
        return Rule(Remedy.THROTTLE_NUMBER, "Too many requests; sending slows down.")
    if status in (BAD_TOKEN, FORBIDDEN):
        return Rule(Remedy.REFRESH_TOKEN, "The access token was not accepted. Replace it.")
    return Rule(Remedy.TELL_SENDER, UNKNOWN_SENTENCE)


def _error_in(body: bytes) -> GraphError | None:
    try:
        return _error_decoder.decode(body).error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _number(code: object) -> int | None:
    if isinstance(code, str):
        return int(code) if code.isascii() and code.isdecimal() and len(code) < MAX_DETAIL_CHARS else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _detail(error: GraphError) -> str | None:
    data = error.error_data
    told = data.get("details") if isinstance(data, dict) else data
    for text in (told, error.error_user_msg, error.message):
        if isinstance(text, str) and text:
            return text[:MAX_DETAIL_CHARS]
    return None


def _waiting_time(headers: Mapping[str, str]) -> float | None:
    """Seconds that Meta asks to wait: `Retry-After`, or the minutes in its usage header."""
    after = headers.get("retry-after", "")
    if after.isascii() and after.isdecimal():
        return float(after[:6])
    usage = headers.get("x-business-use-case-usage")
    return _regain_seconds(usage) if usage else None


def _regain_seconds(usage: str) -> float | None:
    try:
        accounts = _usage_decoder.decode(usage)
    except (msgspec.MsgspecError, RecursionError):
        return None
    found = accounts.values() if isinstance(accounts, dict) else ()
    uses = [use for account in found if isinstance(account, list) for use in account]
    minutes = [use.get("estimated_time_to_regain_access") for use in uses if isinstance(use, dict)]
    known = [minute for minute in minutes if isinstance(minute, int) and minute > 0]
    return max(known) * 60.0 if known else None
