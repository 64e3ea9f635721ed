"""What in a text is somebody's and not the product's: patterns, in the five languages of the product.

They would rather take too much than too little. What no pattern can know (a friend's name in the middle of a sentence)
is why a person looks at an answer before it is published.
"""

from __future__ import annotations

import re

from undivided.mail.keys import KEY as KEY_LETTERS
from undivided.mail.ours import BLANK

ADDRESS, PHONE, ORDER, LINK, PLACE, NAME = "address", "phone", "order", "link", "place", "name"
KINDS = (NAME, ADDRESS, PHONE, ORDER, LINK, PLACE)

_CAPITAL = r"[^\W\d_a-zäöüßáéíóúàèìòùâêîôûçñ][\w'’-]+"
"""A word with a capital first letter, in any of the languages."""
_FILLER = r"(?:(?:nr|no|n|num|id|code|number|nummer|num[eé]ro|n[uú]mero|is|was|war|ist|est|es|lautet|lauten|vom|:|#|°|º)\W{0,3}){0,3}"
_UNITS = "Watt|Volt|Hertz|Euro?|EUR|USD|CHF|Dollar|Umdr|Upm|Rpm|RPM|Kilo|Meter|Gramm|Liter|Lumen|Lux|Zyklen|Stück|Pixel|Pascal|Teile|Seiten|Stunden|Tage"
"""Nouns that German writes with a capital letter behind a number of five digits that is no postcode."""
_ORDERED = (
    r"order|invoice|tracking|parcel|shipment|customer|ticket|bestell\w*|auftrag\w*|rechnung\w*|sendung\w*|kunden?\w*|vorgang\w*|"
    r"commande|facture|colis|suivi|client|pedido|factura|env[ií]o|seguimiento|cliente|ordine|fattura|spedizione|conto"
)

MAIL = re.compile(
    r"(?:mailto:)?[\w.+'=%-]{1,64}(?:@|＠|\s?[\[(]at[\])]\s?)[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.IGNORECASE
)
URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'()\[\]]+(?<![.,;:!?])", re.IGNORECASE)
KEY = re.compile(rf"(?<![^\W_])[a-z2-7]{{{KEY_LETTERS}}}(?![^\W_])", re.IGNORECASE)
"""What opens something of ours: a key by itself, outside of any link or address."""
DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\s?\d{1,2}[./]\s?(?:19|20)\d\d|\d{1,2}[./]\d{1,2}[./]\d\d(?!\d)")
"""Looks like a number to call, and is none."""
NUMBER = re.compile(
    r"(?<![\w.,])(?:\+|00|\(0|0(?=[1-9]))[\d\s()/.\u00a0-]{5,22}\d(?!\w)"
    r"|(?<![\w.,])\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?!\w)"
    r"|(?<![\w.,])\d[\d\s]{8,20}\d(?!\w)"
)
"""Telephone numbers, with a leading + or 0 or as written in North America; and any ten digits in a row."""
ORDERS = (
    re.compile(
        rf"(?<!\w)(?P<kept>(?:{_ORDERED})\W{{0,3}}{_FILLER})(?P<code>[\w/-]{{0,20}}\d[\w/-]{{1,30}})", re.IGNORECASE
    ),
    re.compile(r"(?<!\w)(?P<kept>#\s?)(?P<code>\d{3,})"),
    re.compile(r"(?<!\w)(?P<kept>)(?P<code>[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?)(?!\w)"),
    re.compile(r"(?<![\w/.-])(?P<kept>)(?P<code>(?=(?:\w*\d){5})(?=\w*[A-Za-z])\w{9,})(?![\w/])"),
)
"""Codes behind a word for an order; bare `#1234`; bank accounts (IBAN); long tokens of letters and five or more digits."""
PLACES = (
    re.compile(r"(?<!\w)(?:[\w.'’-]*(?i:stra(?:ß|ss)e|str\.)|[\w.'’-]{3,}(?i:gasse|allee|platz|weg|ufer|damm|ring))\s?\d{1,4}\s?[a-z]?(?!\w)"),
    re.compile(rf"(?<!\w)\d{{1,5}}\s+(?:{_CAPITAL}\s+){{1,3}}(?i:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|boulevard|blvd|way|place|square)(?!\w)\.?"),
    re.compile(rf"(?<!\w)\d{{1,4}}\s?(?:bis|ter)?,?\s+(?i:rue|avenue|boulevard|chemin|all[ée]e|impasse|quai|place)\s+(?:(?:de|du|des|la|le|les|l['’])\s?)*{_CAPITAL}(?:[\s-](?:(?:de|du|des|la|le|les)\s)*{_CAPITAL}){{0,3}}"),
    re.compile(rf"(?<!\w)(?i:calle|c/|avenida|avda\.?|paseo|plaza|via|viale|piazza|corso|vicolo|largo)\s+(?:(?:de|del|della|dei|la|las|los)\s)*(?:{_CAPITAL}\s?){{1,4}},?\s?(?:n[.º°]?\s?)?\d{{1,4}}(?!\w)"),
    re.compile(rf"(?<![\w.,])(?:[A-Z]{{1,2}}-\d{{4,5}}|\d{{5}}|(?<={re.escape(BLANK)}, )\d{{4}})\s+(?!(?:{_UNITS}))({_CAPITAL})(?:\s(?:am|an|der|im|bei|sur|de|la)(?:\s{_CAPITAL})?)?"),
    re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}(?!\w)"),
    re.compile(rf"(?<!\w){_CAPITAL},\s[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?(?!\w)"),
)  # fmt: skip
"""Street and number, postcode and town: German, English, French, Spanish and Italian; British and American postcodes."""
SELF = re.compile(
    r"(?P<kept>(?<!\w)(?i:my name is|i['’]m called|mein name ist|ich hei(?:ß|ss)e|je m['’]appelle|mon nom est|me llamo|mi nombre es|mi chiamo|il mio nome [eè])\s+)"
    rf"(?P<code>{_CAPITAL}(?:\s{_CAPITAL}){{0,2}})"
)
"""How somebody tells their name."""
GREETING = re.compile(
    r"\W*(?:hi|hello|hey|dear|good (?:morning|evening|afternoon|day)|hallo|moin|servus|guten (?:tag|morgen|abend)|liebe[rs]?|"
    r"sehr geehrte[rs]?|bonjour|bonsoir|salut|ch[eè]re?s?|hola|buenos d[ií]as|buenas (?:tardes|noches)|estimad[oa]s?|querid[oa]s?|"
    r"ciao|salve|buongiorno|buonasera|gentile|car[oa])(?!\w)[^.!?\n]{0,60}[,.!]?\W*",
    re.IGNORECASE,
)
"""A whole line that only greets."""
CLOSING = re.compile(
    r"\W*(?:(?:kind|best|warm|many)?\s?regards|best wishes|best|cheers|sincerely|yours(?: sincerely| truly)?|many thanks|thanks(?: a lot| in advance)?|thank you(?: very much| in advance)?|"
    r"(?:mit )?(?:freundlichen?|besten?|lieben?|vielen?|sch[öo]ne[nr]?|herzlichen?)\s(?:gr(?:ü|ue)(?:ß|ss)en?|dank)(?: im voraus)?|gr(?:u|ü|ue)(?:ß|ss)e?|vg|lg|mfg|danke(?: im voraus)?|"
    r"cordialement|bien [àa] vous|merci(?: d['’]avance| beaucoup)?|bien cordialement|salutations|"
    r"saludos(?: cordiales)?|un saludo|atentamente|(?:muchas )?gracias(?: de antemano)?|"
    r"(?:cordiali |distinti )?saluti|grazie(?: mille| in anticipo)?|un saluto)(?!\w)[^.?\n]{0,50}",
    re.IGNORECASE,
)
"""A whole line that only closes."""
