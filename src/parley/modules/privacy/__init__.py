"""Privacy: the keys of people, the consent ledger."""

from parley.modules.privacy.domain import MARKETING, Consent, ConsentState, confirmation_of, read_keyword
from parley.modules.privacy.processors import BudgetReached, ModelOff, ModelSettings, Reserved, Use
from parley.modules.privacy.service.people import Lookup, People, Recognised, Stranger
from parley.modules.privacy.service.processors import ModelMeter
from parley.modules.privacy.service.record_consent import record_consent
from parley.modules.privacy.store.consents import Entry as ConsentEntry
from parley.modules.privacy.store.consents import entries_of as consents_of
from parley.modules.privacy.store.consents import move as move_consents
from parley.modules.privacy.store.consents import opted_out

__all__ = [
    "MARKETING",
    "BudgetReached",
    "Consent",
    "ConsentEntry",
    "ConsentState",
    "Lookup",
    "ModelMeter",
    "ModelOff",
    "ModelSettings",
    "People",
    "Recognised",
    "Reserved",
    "Stranger",
    "Use",
    "confirmation_of",
    "consents_of",
    "move_consents",
    "opted_out",
    "read_keyword",
    "record_consent",
]
