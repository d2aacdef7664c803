"""A template's components compiled: which variables it has, their JSON Schema, their filling, what a person will read.

Pure. The components are Meta's, as they are created and listed; filled in they become the `components` of a send.
"""

from parley.modules.templates.compile.compare import compare
from parley.modules.templates.compile.fill import Filling, fill
from parley.modules.templates.compile.plan import Plan, Slot, plan_of
from parley.modules.templates.compile.preview import Preview, preview
from parley.modules.templates.compile.schema import schema_of

__all__ = ["Filling", "Plan", "Preview", "Slot", "compare", "fill", "plan_of", "preview", "schema_of"]
