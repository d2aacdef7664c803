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

CONFIRMATIONS: dict[str, tuple[str, str]] = {
    "en": (
        "You will get no more marketing messages from us. Write START if you change your mind.",
        "Welcome back! You will hear from us again. Write STOP at any time to end it.",
    ),
    "es": (
        "No recibirás más mensajes promocionales. Escribe ALTA si cambias de opinión.",
        "¡Bienvenido de nuevo! Escribe BAJA cuando quieras dejar de recibirlos.",
    ),
    "pt": (
        "Você não receberá mais mensagens promocionais. Escreva VOLTAR se mudar de ideia.",
        "Que bom ter você de volta! Escreva SAIR quando quiser parar.",
    ),
    "fr": (
        "Vous ne recevrez plus de messages promotionnels. Écrivez REPRENDRE si vous changez d'avis.",
        "Heureux de vous retrouver ! Écrivez STOP à tout moment pour arrêter.",
    ),
    "de": (
        "Sie bekommen keine Werbenachrichten mehr von uns. Schreiben Sie START, wenn Sie es sich anders überlegen.",
        "Willkommen zurück! Schreiben Sie STOPP, wenn Sie nichts mehr hören möchten.",
    ),
    "it": (
        "Non riceverai più messaggi promozionali. Scrivi RIPRENDI se cambi idea.",
        "Bentornato! Scrivi STOP quando vuoi smettere.",
    ),
}
"""What is answered once, by the language of the word: (withdrawn, granted). Other languages get English."""

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
    method: Literal["keyword", "provider_preference", "provider_error", "api", "import", "flow"]
    occurred_at: datetime
    message: MessageId | None = None
    evidence: str | None = None
    """What makes this entry the same as another when a provider repeats itself."""


def read_keyword(text: str | None) -> ConsentState | None:
    """Whether a whole message is a word that stops or resumes marketing, in any language, case and punctuation."""
    if text is None or len(text) > 2 * _LONGEST:
        return None
    return _WORDS.get(fold(text))


def confirmation_of(text: str | None) -> str:
    """The sentence that confirms a word of STOP_WORDS or START_WORDS, in its language."""
    word = fold(text or "")
    stopped = _WORDS.get(word) == "withdrawn"
    words = STOP_WORDS if stopped else START_WORDS
    language = next((tongue for tongue, each in words.items() if word in map(fold, each)), "en")
    withdrawn, granted = CONFIRMATIONS.get(language, CONFIRMATIONS["en"])
    return withdrawn if stopped else granted
