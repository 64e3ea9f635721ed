"""The words of the commands, in five languages; accents and case do not matter, `ue` stands for `ü` as well."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

WORDS: Mapping[str, Mapping[str, str]] = {
    "won": {"en": "won sold", "de": "gewonnen verkauft", "fr": "gagné vendu", "es": "ganado vendido", "it": "vinto venduto"},
    "lost": {"en": "lost", "de": "verloren", "fr": "perdu", "es": "perdido", "it": "perso"},
    "close": {"en": "close done", "de": "schließen fertig erledigt", "fr": "fermer terminé", "es": "cerrar listo", "it": "chiudi fatto"},
    "pass": {"en": "pass", "de": "weitergeben abgeben", "fr": "passer transmettre", "es": "pasar", "it": "passa"},
    "not_mine": {"en": "notmine", "de": "nichtmeins", "fr": "pasmoi", "es": "noesmío", "it": "nonmio"},
    "release": {"en": "release", "de": "zurückgeben freigeben", "fr": "rendre libérer", "es": "devolver liberar", "it": "restituisci libera"},
    "ask": {"en": "ask", "de": "fragen frage", "fr": "demander", "es": "preguntar", "it": "chiedi"},
    "note": {"en": "note", "de": "notiz intern", "fr": "note", "es": "nota", "it": "nota"},
    "snooze": {"en": "snooze later", "de": "später wiedervorlage", "fr": "reporter", "es": "posponer", "it": "rimanda"},
    "away": {"en": "away", "de": "abwesend weg", "fr": "absent", "es": "ausente", "it": "assente"},
    "back": {"en": "back", "de": "zurück", "fr": "retour", "es": "vuelvo", "it": "rientro"},
    "offer": {"en": "offer", "de": "angebot", "fr": "offre", "es": "oferta", "it": "offerta"},
    "call": {"en": "call", "de": "anruf anrufen", "fr": "appeler", "es": "llamar", "it": "chiama"},
    "template": {"en": "template", "de": "vorlage", "fr": "modèle", "es": "plantilla", "it": "modello"},
    "publish": {"en": "publish", "de": "veröffentlichen", "fr": "publier", "es": "publicar", "it": "pubblica"},
    "undo": {"en": "undo", "de": "rückgängig", "fr": "annuler", "es": "deshacer", "it": "annulla"},
    "help": {"en": "help", "de": "hilfe", "fr": "aide", "es": "ayuda", "it": "aiuto"},
}  # fmt: skip
"""Command -> language -> words, the first of which is shown."""
NAMES = tuple(WORDS)

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def plain(word: str) -> str:
    """Return `word` in small letters without accents: `Rückgängig` -> `ruckgangig`."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def shown(name: str, language: str) -> str:
    """Return the word for a command that is shown to a reader of `language`."""
    return WORDS[name].get(language, WORDS[name]["en"]).split()[0]


@lru_cache(maxsize=64)
def vocabulary(languages: tuple[str, ...]) -> Mapping[str, str]:
    """Return plain word -> command, for the given languages and always English."""
    found: dict[str, str] = {}
    for language in dict.fromkeys((*languages, "en")):
        for name, words in WORDS.items():
            for word in words.get(language, "").split():
                found.update(dict.fromkeys(_spellings(word), name))
    return found


def _spellings(word: str) -> Iterable[str]:
    return {plain(word), plain(unicodedata.normalize("NFC", word.casefold()).translate(_UMLAUTS))}
