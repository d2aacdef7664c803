"""What WhatsApp takes in one message. Source: Meta, Cloud API messages reference; state of September 2026."""

BUTTONS = 3
BUTTON_TITLE = 20
ROWS = 10
"""In all sections of one list together."""
ROW_TITLE = 24
ROW_DESCRIPTION = 72
SECTIONS = 10
SECTION_TITLE = 24
LIST_BUTTON = 20
HEADER = 60
FOOTER = 60
BUTTONS_BODY = 1024
LIST_BODY = 4096
TEXT_BODY = 4096
CAPTION = 1024
LINK_BUTTON = 20
FORM_BUTTON = 30
PRODUCTS = 30
"""In all sections of one message together."""
FILENAME = 240
