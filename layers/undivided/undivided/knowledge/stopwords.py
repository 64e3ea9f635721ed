"""Words that say nothing about what is asked: while there are few answers, counting cannot tell them from the others."""

from __future__ import annotations

from functools import cache

from undivided.expertise.features import words

_WORDS = """
the and for you are can could does did not with this that these those have has had will would should what which how when
where why who but from they them there their its was were been any some one your our about into than then also just like
please thanks thank hello dear regards hey all very really
der die das den dem des ein eine einen einem einer eines und oder aber ist sind war waren wird werden wurde kann koennen
können hat haben habe hatte nicht kein keine mit von vom zum zur fuer für auf aus bei nach über ueber unter was wie wann
wo warum wer welche welcher welches ich sie wir ihr mir mich uns ihnen ihre ihren mein meine meinen dass wenn auch noch nur
schon sehr mal bitte danke hallo gruss gruß gruesse grüße gibt man sich hier dann als
les des une est sont que qui quoi pour avec dans sur par pas plus mais vous nous ils elle elles mon mes votre vos notre son
ses cette ces quel quelle quels quelles comment quand pourquoi peut merci bonjour avez avoir etre être fait aux
los las una uno unos unas del que qué por para con sin sobre pero como cómo cuando cuándo donde dónde este esta estos estas
ese esa hay son está estan están ser tiene tengo puede puedo muy más mas gracias hola buenos dias días mis sus nos
gli uno una del della dei delle dello nel nella per con senza come quando dove perche perché che chi cosa quale quali sono
non più piu anche questo questa questi queste hai avete posso può puo mio mia miei suo sua grazie buongiorno salve ciao
"""


@cache
def stopwords() -> frozenset[str]:
    """Return them as `expertise.features.words` writes words: small letters, no accents."""
    return frozenset(words(_WORDS[:4000]))
