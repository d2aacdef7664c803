"""Meta's error codes as data: what each asks of us, and a sentence for people. State of September 2026.

Source: Meta's table of error codes and the pages of templates, groups, calling and flows. A code is missing here when
Meta has not published it; `errors.classify` then goes by the HTTP status.
"""

from typing import Final, NamedTuple

from parley.modules.channels.ports import Remedy

RETRY, THROTTLE, PAIR = Remedy.RETRY, Remedy.THROTTLE_NUMBER, Remedy.THROTTLE_PAIR
TOKEN, PAUSE, TEMPLATE = Remedy.REFRESH_TOKEN, Remedy.PAUSE_NUMBER, Remedy.PAUSE_TEMPLATE
TELL, STOPPED, FINAL, UNSURE = Remedy.TELL_SENDER, Remedy.OPTED_OUT, Remedy.FINAL, Remedy.UNSURE

MINUTE: Final = 60.0
HOUR: Final = 3_600.0
DAY: Final = 86_400.0


class Rule(NamedTuple):
    """What one code means: the remedy, a sentence that says what to do, seconds to wait where Meta tells them."""

    remedy: Remedy
    sentence: str
    retry_after: float | None = None


ACCESS: Final[dict[int, Rule]] = {
    0: Rule(TOKEN, "Meta could not verify the access token. Replace it."),
    1: Rule(UNSURE, "Meta reports an unknown fault; the message may have gone out. Wait for its status."),
    2: Rule(RETRY, "Meta's service is down for the moment; the message is sent again."),
    3: Rule(PAUSE, "The app lacks a capability or permission. Check the app's permissions."),
    4: Rule(THROTTLE, "The app made too many requests; sending slows down.", HOUR),
    10: Rule(TOKEN, "The permission for this account was not given or was removed. Connect the account again."),
    33: Rule(PAUSE, "The business number was deleted. Connect a number that exists."),
    100: Rule(TELL, "Meta refused a parameter of this message. Correct it as the detail says."),
    190: Rule(TOKEN, "The access token expired or was revoked. Replace it."),
    368: Rule(PAUSE, "The account is blocked for breaking WhatsApp's policies. See WhatsApp Manager."),
    506: Rule(FINAL, "Meta took this for a duplicate and did not send it."),
    613: Rule(THROTTLE, "Too many calls of this kind; they slow down."),
    80007: Rule(THROTTLE, "The WhatsApp account made too many requests in an hour; sending slows down.", HOUR),
}
MESSAGES: Final[dict[int, Rule]] = {
    130403: Rule(FINAL, "The person and the business have blocked one another; the message can't be delivered."),
    130429: Rule(THROTTLE, "The number sends faster than Meta allows; sending slows down."),
    130472: Rule(TELL, "Meta keeps marketing from this person for an experiment. Do not send it again.", DAY),
    130497: Rule(TELL, "This business may not message people in that country."),
    130501: Rule(FINAL, "This type of message is not supported here, for example in groups. Send another type."),
    131000: Rule(UNSURE, "Meta reports an unknown fault; the message may have gone out. Wait for its status."),
    131005: Rule(TOKEN, "Access was denied. Check the token's permissions and replace it."),
    131008: Rule(TELL, "A required part of the message is missing. Add what the detail names."),
    131009: Rule(TELL, "A part of the message has a wrong value. Correct what the detail names."),
    131016: Rule(RETRY, "Meta's service is overloaded for the moment; the message is sent again."),
    131021: Rule(FINAL, "The sender and the recipient are the same number. Choose another recipient."),
    131026: Rule(
        TELL, "It can't be delivered: the number has no WhatsApp, an old version, or has not taken the terms."
    ),
    131030: Rule(TELL, "A test number writes only to the recipients on its list. Add this one in the app's dashboard."),
    131031: Rule(PAUSE, "The account is locked. See WhatsApp Manager for the reason."),
    131035: Rule(FINAL, "An event was lost, because it could not be delivered within the no-storage time."),
    131037: Rule(PAUSE, "The display name is not approved yet. Have it approved in WhatsApp Manager."),
    131042: Rule(PAUSE, "There is a problem with the payment method. Mend it in WhatsApp Manager."),
    131044: Rule(PAUSE, "A call came without a valid payment method on the business's side. Add one."),
    131045: Rule(PAUSE, "The number is not registered properly. Register it again."),
    131047: Rule(TELL, "More than 24 hours passed since the person last wrote. Send a template."),
    131048: Rule(PAUSE, "Too many messages of this number were marked as spam; Meta limits it. Let it rest.", DAY),
    131049: Rule(TELL, "This person got enough marketing for now. Try again after a day at the earliest.", DAY),
    131050: Rule(STOPPED, "The person stopped marketing messages from this business. Send none."),
    131051: Rule(FINAL, "This type of message is not supported. Send another type."),
    131052: Rule(TELL, "The file could not be fetched: too big, expired, or its link does not answer. Give it again."),
    131053: Rule(TELL, "The file could not be taken: wrong type or unreadable. Convert it, or upload it again."),
    131055: Rule(PAUSE, "This way of sending is not switched on for the number."),
    131056: Rule(PAIR, "Too many messages to this one person; the next ones wait."),
    131057: Rule(RETRY, "The number is being upgraded; the message is sent again in a minute.", MINUTE),
    131059: Rule(RETRY, "The list changed while it was read; reading begins again at its first page."),
    131060: Rule(FINAL, "A message of the Business app can't be shown here. Look at it on the phone."),
    131062: Rule(TELL, "This kind of message needs a phone number; a user id is not enough. Ask for the number."),
    131063: Rule(PAUSE, "Marketing goes through the marketing messages API for this account. Switch to it."),
    131064: Rule(PAUSE, "Too many templates were of the wrong category; Meta limits the account.", HOUR),
}
GROUPS: Final[dict[int, Rule]] = {
    131020: Rule(FINAL, "The group has no other member; nobody would read it."),
    131041: Rule(FINAL, "The group does not exist or the business is not its member."),
    131201: Rule(TELL, "It failed for a part of the participants; the detail names them."),
    131202: Rule(TELL, "A participant is named twice. Name each once."),
    131204: Rule(TELL, "There are too many participants. Name at most eight."),
    131207: Rule(PAUSE, "The group is suspended by WhatsApp."),
    131208: Rule(THROTTLE, "Too many operations on groups; they slow down."),
    131209: Rule(TELL, "The group's picture must be square."),
    131210: Rule(TELL, "The group's picture must be at least 192 pixels wide."),
    131211: Rule(TELL, "The number has as many groups as it may. Delete one first."),
    131212: Rule(TELL, "That person is not in the group."),
    131213: Rule(TELL, "The request to join is gone."),
    131214: Rule(THROTTLE, "New groups are paused, because of too much marketing.", HOUR),
    131215: Rule(PAUSE, "This number may not use groups."),
}
TEMPLATES: Final[dict[int, Rule]] = {
    132000: Rule(TELL, "The number of parameters differs from the template's. Give exactly as many."),
    132001: Rule(TELL, "There is no approved template of this name and language. Choose another."),
    132005: Rule(TELL, "The template's text gets too long with these parameters. Shorten them."),
    132007: Rule(TELL, "The content breaks WhatsApp's policy. Change it."),
    132008: Rule(TELL, "A parameter has the wrong format. Correct it."),
    132012: Rule(TELL, "A parameter has the wrong type or format for this template. Correct it."),
    132015: Rule(TEMPLATE, "The template is paused for low quality. It can be sent again when Meta unpauses it."),
    132016: Rule(TEMPLATE, "The template is disabled for good, for low quality. Make another."),
    132018: Rule(TELL, "The parameters don't fit the template, for example named ones for numbered. Correct them."),
    132068: Rule(TELL, "The form in this message is blocked. Mend or replace it."),
    132069: Rule(RETRY, "The form is throttled to ten messages an hour; the message waits.", HOUR),
    134011: Rule(PAUSE, "The payments terms are not accepted. Accept them in WhatsApp Manager."),
    134100: Rule(TELL, "Only marketing templates go through the marketing messages API."),
    134101: Rule(RETRY, "The template is being prepared for marketing; the message waits.", 10 * MINUTE),
    134102: Rule(RETRY, "The template is not available for marketing yet; the message waits.", 10 * MINUTE),
    135000: Rule(TELL, "Meta refused the message without saying why, often a form or buttons. Check its content."),
    137000: Rule(TELL, "The person's identity changed. Acknowledge it before writing again."),
    200005: Rule(TELL, "Template analytics are not switched on."),
    200006: Rule(TELL, "Template analytics can't be switched off once on."),
    200007: Rule(TELL, "The time range asked for is not available."),
}
NUMBERS: Final[dict[int, Rule]] = {
    133000: Rule(RETRY, "An earlier deregistration is not complete; it is tried again."),
    133004: Rule(RETRY, "Meta's server is down for the moment; it is tried again."),
    133005: Rule(PAUSE, "The PIN is wrong. Give the two-step PIN of this number."),
    133006: Rule(PAUSE, "The number must be verified again before it is registered."),
    133008: Rule(PAUSE, "Too many wrong PINs. Wait as long as the detail says."),
    133009: Rule(PAUSE, "The PIN was entered too fast. Wait a little.", MINUTE),
    133010: Rule(PAUSE, "The number is not registered. Register it."),
    133015: Rule(RETRY, "The number was deleted just now; it is tried again in five minutes.", 5 * MINUTE),
    133016: Rule(PAUSE, "The number was registered too often. Wait three days.", 3 * DAY),
    2494100: Rule(RETRY, "The number is in maintenance; it is tried again in a minute.", MINUTE),
    2593107: Rule(TELL, "The Business app's data were synchronised already; it works only once."),
    2593108: Rule(TELL, "More than 24 hours passed since the number was connected; it can't be synchronised."),
    2593109: Rule(FINAL, "The owner of the Business app does not share its history."),
    1752041: Rule(TELL, "The account already uses the marketing messages API."),
}
CALLS: Final[dict[int, Rule]] = {
    138000: Rule(PAUSE, "Calling is not switched on for this number."),
    138001: Rule(TELL, "The person can't take WhatsApp calls."),
    138002: Rule(THROTTLE, "As many calls as allowed are going on; wait for one to end."),
    138003: Rule(FINAL, "There is already a call with this person."),
    138004: Rule(RETRY, "The call could not be connected; it is tried again."),
    138005: Rule(THROTTLE, "Calls are started too fast; they slow down."),
    138006: Rule(TELL, "The person has not allowed calls. Ask for permission first."),
    138007: Rule(RETRY, "The call timed out while connecting; it is tried again."),
    138009: Rule(TELL, "Permission was asked for as often as allowed. Wait for the person.", DAY),
    138012: Rule(TELL, "This person was called as often as allowed today.", DAY),
    138013: Rule(PAUSE, "Businesses of this country may not start calls."),
    138014: Rule(PAUSE, "Calling is switched off for a time, for low quality."),
    138015: Rule(PAUSE, "Calling needs a messaging limit of at least 2,000."),
    138017: Rule(TELL, "The person has given permission for good. Just call."),
    138018: Rule(PAUSE, "Calling can't be switched on: subscribe the app to `calls`, or set up SIP."),
    138019: Rule(RETRY, "The person's phone could not set up the call. Try later."),
    138020: Rule(RETRY, "The person's phone could not reach the relay. Try later."),
    138021: Rule(TELL, "The person's phone got no sound for too long. Check the media path."),
    138022: Rule(TELL, "The person's phone sent no sound for too long. Check the media path."),
    138023: Rule(TELL, "The call was accepted but no media came. Check the media path."),
}
OTHERS: Final[dict[int, Rule]] = {
    139000: Rule(PAUSE, "The form is blocked for breaking a policy."),
    139001: Rule(TELL, "A published form can't be changed. Make a new version."),
    139002: Rule(TELL, "Only a valid draft can be published."),
    139003: Rule(TELL, "Only a published form can be retired."),
    139004: Rule(TELL, "A published form can't be deleted. Retire it."),
    139100: Rule(TELL, "Some of the people could not be blocked; the detail names them."),
    139101: Rule(TELL, "The list of blocked people is full at 64,000."),
    139102: Rule(RETRY, "The list of blocked people changed meanwhile; it is tried again."),
    139103: Rule(RETRY, "Blocking failed inside Meta; it is tried again."),
    147001: Rule(TELL, "The username is taken or not allowed. Choose another."),
    147002: Rule(TELL, "A username needs a higher messaging limit."),
    147003: Rule(TELL, "Link the Facebook Page of that name first."),
    147004: Rule(TELL, "Link the Instagram account of that name first."),
    147005: Rule(TELL, "Another of your numbers has this username. Transfer it explicitly."),
}
_TEMPLATE_EDITS: Final = {
    2388012: "The template could not be changed as asked. Read the detail.",
    2388019: "The account has as many templates as it may. Delete some.",
    2388024: "A template of this name and language exists. Choose another name.",
    2388039: "The template could not be changed as asked. Read the detail.",
    2388040: "A part of the template is too long. Shorten it.",
    2388047: "The header's format is wrong. Correct it.",
    2388072: "The body's format is wrong. Correct it.",
    2388073: "The footer's format is wrong. Correct it.",
    2388091: "The template could not be changed as asked. Read the detail.",
    2388093: "The template can't be edited now. Read the detail.",
    2388103: "The number is in use elsewhere. Release it there first.",
    2388293: "The body has too many variables for its length. Add words.",
    2388299: "The body begins or ends with a variable. Put words there.",
}
RULES: Final[dict[int, Rule]] = {
    **dict.fromkeys(range(200, 300), Rule(TOKEN, "The token lacks a permission. Connect the account again.")),
    **dict.fromkeys(range(2494164, 2494180), Rule(TELL, "The sign-up request was refused. Read the detail.")),
    **{code: Rule(TELL, sentence) for code, sentence in _TEMPLATE_EDITS.items()},
    **ACCESS,
    **MESSAGES,
    **GROUPS,
    **TEMPLATES,
    **NUMBERS,
    **CALLS,
    **OTHERS,
}
