"""Templates: their mirror and history, created and checked here, compiled so that a wrong variable never leaves."""

from parley.modules.templates.domain import NewTemplate, Template
from parley.modules.templates.service.accounts import channel_meant
from parley.modules.templates.service.desk import TemplateDesk
from parley.modules.templates.service.follow import follow_notices
from parley.modules.templates.service.read import find_template, get_template, list_templates, templates_among
from parley.modules.templates.service.sync import Syncing, request_sync, sync_added
from parley.modules.templates.service.use import Usage, language_of, use_template
from parley.modules.templates.store import Wanted
from parley.modules.templates.store import pause as pause_template

__all__ = [
    "NewTemplate",
    "Syncing",
    "Template",
    "TemplateDesk",
    "Usage",
    "Wanted",
    "channel_meant",
    "find_template",
    "follow_notices",
    "get_template",
    "language_of",
    "list_templates",
    "pause_template",
    "request_sync",
    "sync_added",
    "templates_among",
    "use_template",
]
