"""Whether somebody says thanks and nothing else, in the five languages: nobody has to answer that.

Every word must be one that thanks are made of; one other word, a question mark or a digit, and it is a message. To take a
message for bare thanks costs more than the reverse.
"""

from __future__ import annotations

import re

MOST_WORDS = 14
_THANKS = "thanks thank thx cheers danke dank dankeschön merci gracias grazie"
_AROUND = """
    you so very much many a lot again ok okay great perfect super lovely brilliant for your the quick fast kind help answer
    reply that helped helps best regards wishes bye all hi hello dear
    ihnen dir euch vielen sehr schön herzlichen besten lieben tausend nochmal nochmals prima toll top klasse für die deine
    ihre eure schnelle hilfe antwort auskunft das hat geholfen hilft mir viele liebe grüße gruß mfg lg hallo
    beaucoup bien parfait mille encore à vous toi pour votre ta réponse aide rapide bonne journée cordialement bonjour
    muchas mil muy perfecto genial por su tu la respuesta ayuda rápida un saludo saludos hola
    molte tante perfetto ottimo ancora di per sua tua risposta aiuto rapida saluti cordiali ciao
"""
_CORE = frozenset(_THANKS.split())
_KNOWN = _CORE | frozenset(_AROUND.casefold().split())
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TELLS_MORE = re.compile(r"[?¿\d@/]")


def only_thanks(text: str, name: str = "") -> bool:
    """Say whether `text` is thanks and nothing else; `name` is its writer's, who may sign."""
    words = [one.casefold() for one in _WORD.findall(text)]
    own = {one.casefold() for one in _WORD.findall(name)}
    if not words or len(words) > MOST_WORDS or _TELLS_MORE.search(text):
        return False
    return bool(_CORE & {*words}) and {*words} <= _KNOWN | own
