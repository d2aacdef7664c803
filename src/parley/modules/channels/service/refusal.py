"""A provider's refusal of something a person or program asked for right now, in the words of the API."""

from parley.core.errors import Conflict, InvalidInput, ParleyError, Refused, Unavailable
from parley.modules.channels.ports import Remedy, SendFailed

AGAIN_SECONDS = 30.0
"""When a provider that is away or too busy is asked again, where it did not say."""


def told_by_provider(error: SendFailed) -> ParleyError:
    """What to raise for a failed call that somebody waits for."""
    words = f"{error.title} {error.detail}" if error.detail and error.code else error.title
    said = f"The provider says: {words} (code {error.code})" if error.code else words
    match error.remedy:
        case Remedy.RETRY | Remedy.THROTTLE_NUMBER | Remedy.THROTTLE_PAIR:
            return Unavailable(said, retry_after=error.retry_after or AGAIN_SECONDS, code="provider_unavailable")
        case Remedy.UNSURE:
            sentence = f"{said} It may have been done; look before you repeat it."
            return Conflict(sentence, code="outcome_unknown")
        case Remedy.REFRESH_TOKEN:
            sentence = f"{said} Give the channel a new token: PATCH /v1/channels/{{id}}."
            return Refused(sentence, code="token_refused")
        case Remedy.TELL_SENDER:
            return InvalidInput(said, code="refused_by_provider")
    return Refused(said, code="refused_by_provider")
