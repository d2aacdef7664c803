"""Consent: what a person said about being written to, and the words that say it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from parley.core.ids import ContactId, MessageId, WorkspaceId
from parley.core.text import fold

MARKETING = "marketing"
"""The purpose that a person can stop; answers and service messages are not marketing."""

ConsentState = Literal["granted", "withdrawn"]

STOP_WORDS: dict[str, tuple[str, ...]] = {
    "en": ("stop", "stop all", "unsubscribe", "cancel", "end", "quit", "opt out", "optout", "remove me"),
    "es": ("baja", "salir", "parar", "cancelar", "darme de baja", "alto"),
    "pt": ("sair", "parar", "cancelar", "descadastrar", "remover"),
    "fr": ("arreter", "arrêter", "stopper", "desabonner", "désabonner", "me désinscrire"),
    "de": ("stopp", "abmelden", "abbestellen", "beenden"),
    "it": ("ferma", "basta", "annulla", "disiscrivimi", "cancellami"),
    "nl": ("stoppen", "afmelden", "uitschrijven"),
    "pl": ("wypisz", "zatrzymaj", "rezygnuję"),
    "tr": ("dur", "iptal", "çık", "aboneliği iptal et"),
    "id": ("berhenti", "batal", "keluar"),
    "hi": ("बंद", "रोकें", "बंद करो"),
    "ar": ("توقف", "إلغاء", "الغاء", "إيقاف"),
    "he": ("הסר", "הפסק", "עצור"),
    "ru": ("стоп", "отписаться", "отмена"),
}
"""Whole messages that withdraw from marketing, by language. Any of them counts in any conversation."""

START_WORDS: dict[str, tuple[str, ...]] = {
    "en": ("start", "subscribe", "unstop", "opt in", "resume"),
    "es": ("alta", "iniciar", "suscribir", "reanudar"),
    "pt": ("iniciar", "voltar", "inscrever"),
    "fr": ("démarrer", "demarrer", "reprendre", "abonner"),
    "de": ("anmelden", "starten", "fortsetzen"),
    "it": ("inizia", "iscrivimi", "riprendi"),
    "nl": ("starten", "aanmelden", "hervatten"),
    "pl": ("zapisz", "wznów"),
    "tr": ("başla", "abone ol"),
    "id": ("mulai", "langganan"),
    "hi": ("शुरू", "चालू"),
    "ar": ("ابدأ", "اشتراك"),
    "he": ("התחל", "הרשם"),
    "ru": ("старт", "подписаться"),
}
"""Whole messages that allow marketing again, by language."""

_WORDS: dict[str, ConsentState] = {
    **{fold(word): "granted" for words in START_WORDS.values() for word in words},
    **{fold(word): "withdrawn" for words in STOP_WORDS.values() for word in words},
}
_LONGEST = max(map(len, _WORDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One entry of the ledger: who said what, how, and the evidence."""

    workspace: WorkspaceId
    contact: ContactId
    purpose: str = MARKETING
    state: ConsentState
    method: Literal["keyword", "provider_preference", "provider_error", "api", "import"]
    occurred_at: datetime
    message: MessageId | None = None
    evidence: str | None = None
    """What makes this entry the same as another when a provider repeats itself."""


def read_keyword(text: str | None) -> ConsentState | None:
    """Whether a whole message is a word that stops or resumes marketing, in any language, case and punctuation."""
    if text is None or len(text) > 2 * _LONGEST:
        return None
    return _WORDS.get(fold(text))
