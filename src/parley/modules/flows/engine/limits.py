"""How far one flow may go. Each limit protects the customer, the author or the neighbours, and says so when it is hit.

Provider limits (characters of a button, rows of a list) are in `whatsapp_limits`: they are dated facts, not ours.
"""

STEPS_PER_SPRINT = 100
"""A flow that loops without ever asking stops here, with an event that its author can read."""

MESSAGES_PER_SPRINT = 20
"""Nobody wants more messages in one go; a loop that talks would cost money and the number's quality."""

SPRINTS_PER_SESSION = 500
"""A conversation of 500 turns is a person held in a circle, or a bot that talks with a bot."""

RUNS_PER_SESSION = 500
"""Flows entered and jumped to in one session: as many as it may have sprints."""

RUN_DEPTH = 5
"""Flows that wait for each other's result; with VARIABLES_BYTES it bounds what a session can grow to."""

WAIT_DAYS = 366
"""How long a flow may wait by itself; whoever plans further ahead wants a campaign."""

TEXT_CHARACTERS = 4096
"""The longest text a channel takes (WhatsApp); longer is cut with an ellipsis."""

TEMPLATE_CHARACTERS = 10_000
"""An authored text; more belongs into a document that the flow sends."""

VALUE_BYTES = 8_192
"""One variable or field, as JSON. A whole answer of an API is mapped by paths, not kept."""

TAG_CHARACTERS = 64
"""The longest name of a tag that contacts take."""

VARIABLES_BYTES = 16_384
"""All variables of a run, and all of a session: it is loaded, decrypted and saved with every message."""

LIQUID_LOOPS = 1_000
"""Rounds of all loops in one text: a menu has ten lines, an order a hundred."""

LIQUID_OUTPUT_BYTES = 32_768
"""What one text may write: a little over the longest text in a script of four bytes a character."""

LIQUID_NAMESPACE_BYTES = 65_536
"""What `assign` and `capture` may hold in one text."""

LIQUID_LIST_ITEMS = 1_000
"""Items of a list inside a filter, as LIQUID_LOOPS."""

HTTP_BODY_BYTES = 262_144
"""An answer is read into memory and parsed while a customer waits; the host cuts it off there too."""

HTTP_SECONDS = 20
"""Longer, and the customer thinks that we are broken."""

MODEL_SECONDS = 40
"""One request to a language model: less than a worker holds an effect, more than a long answer takes."""

MODEL_CALLS = 200
"""Requests to language models in one conversation; more is a talk between two machines."""

MODEL_TOKENS = 1_000_000
"""Tokens of language models in one conversation, in and out."""

RETRIES = 5
"""How often a question may be put again; after that people leave or get angry."""

DEFAULT_RETRIES = 2
"""How often a question is put again when the author does not say."""

PATTERN_BYTES = 1_048_576
"""Memory of one compiled pattern (RE2): enough for any sane expression, too little for a bomb."""

DOCUMENT_DEPTH = 24
"""Nesting of a definition: deeper is no flow but an attack on the reader."""

NODES = 1_000
"""Steps of one flow; larger ones cannot be read by people and want to be several flows."""
