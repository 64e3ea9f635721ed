"""What no schema can say: how the parts of the file fit together. The order is that of the problems' importance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from undivided.config import LANGUAGES, Pace
from undivided.sale.inserts import PLACES, unknown_places

from console.shopfile import hours, written
from console.shopfile.document import Document, Part, parts_of, value_of
from console.shopfile.problems import instead, nearest


def check(document: Document) -> None:
    """Complain about every pair of parts that cannot stand together."""
    for rule in RULES:
        rule(document.root)


def _people(root: Part) -> list[Part]:
    return parts_of(root, "specialists")


def _fallback(root: Part) -> None:
    named, people = root.get("fallback"), value_of(root, "specialists")
    if named is None or not people:
        return
    if named.value not in people:
        named.complain(f'fallback: nobody in specialists is called "{named.value}"; {instead(named.value, people)}')
    elif value_of(root, "specialists", named.value, "hours") == "never":
        named.complain(
            "the fallback person has no hours, so some shoppers get no reply time; give them some", warning=True
        )


def _addresses(person: Part) -> Iterator[Part]:
    if email := person.get("email"):
        yield email
    yield from parts_of(person, "aliases")


def _one_address_one_person(root: Part) -> None:
    owners: dict[str, str] = {}
    for person in _people(root):
        for address in _addresses(person):
            owner = owners.setdefault(address.value.strip().casefold(), person.key)
            if owner != person.key:
                words = "mail from it could not be told apart; each person needs an address of their own"
                address.complain(f"{address.value} is {owner}'s address too; {words}")
        _each_once(person)


def _each_once(person: Part) -> None:
    seen: set[str] = set()
    for address in _addresses(person):
        if address.value.strip().casefold() in seen:
            address.complain(f"{address.value} stands twice for {person.key}; remove one of them")
        seen.add(address.value.strip().casefold())


def _nobody_at_the_mail_domain(root: Part) -> None:
    """The receipt rule takes all mail of the mail domain: a person there would lose theirs."""
    domain, owner = root.get("mail_domain"), root.get("owner")
    people = [owner] if owner else []
    people += [address for person in _people(root) for address in _addresses(person)]
    there = [one for one in people if domain and one.value.rpartition("@")[2].casefold() == domain.value]
    if domain and there:
        whose = f"{there[0].value} (line {there[0].document.lines[there[0].path]})"
        words = f"Undivided takes all mail of its mail domain, so {whose} would get none"
        domain.complain(f"mail_domain: {words}; use a domain where nobody has a mailbox, like ask.{domain.value}")


def _ask_address(root: Part) -> None:
    address, domain = root.get("ask_address"), value_of(root, "mail_domain")
    if not address or not domain:
        return
    local, _, host = address.value.rpartition("@")
    if host.casefold() != domain:
        address.complain(f"ask_address: {address.value} is not at the mail domain; write {local}@{domain}")
    elif local.casefold().startswith("r-"):
        address.complain(f"ask_address: addresses that start with r- are reply addresses; write ask@{domain}")


def _hours_apart(root: Part) -> None:
    for person in _people(root):
        part = person.get("hours")
        texts = (
            [part.value]
            if part and isinstance(part.value, str)
            else [one.value for one in (part.parts() if part else ())]
        )
        clash = hours.overlap(window for text in texts for window in hours.windows(text))
        if part and clash:
            one, other = map(hours.shown, clash)
            part.complain(f"hours: {one} and {other} overlap; write one window that covers both, or change one")


def _products_exist(root: Part) -> None:
    """Only a warning: an article may come into the shop later than into somebody's care."""
    for kind, key in (("skus", "sku"), ("categories", "category"), ("brands", "brand")):
        known = {value for product in parts_of(root, "products") if (value := value_of(product, key))}
        for claim in (one for person in _people(root) for one in parts_of(person, "products", kind)):
            if known and not any(_covers(claim.value, value, key) for value in known):
                meant = nearest(claim.value, known)
                say = f'did you mean "{meant}"?' if meant else "check the spelling, or remove it"
                claim.complain(f'no product has the {key} "{claim.value}"; {say}', warning=True)


def _covers(claim: str, value: str, key: str) -> bool:
    claim, value = claim.strip().casefold(), value.strip().casefold()
    above = key == "category" and value.startswith(claim) and value[len(claim) :].lstrip()[:1] in tuple(">/|")
    return claim == value or above


def _skus_once(root: Part) -> None:
    first: dict[str, Part] = {}
    for product in parts_of(root, "products"):
        sku = product.get("sku")
        if sku and sku.value in first:
            line = sku.document.lines[first[sku.value].path]
            sku.complain(f'the sku "{sku.value}" stands in line {line} already; each product needs its own')
        elif sku:
            first[sku.value] = sku


def _links_at_home(root: Part) -> None:
    own = [one.value for one in parts_of(root, "page_domains")]
    url = value_of(root, "url")
    own = own or ([urlsplit(url).hostname] if url else [])
    for product in parts_of(root, "products"):
        link = product.get("url")
        host = urlsplit(link.value).hostname if link else None
        if link and own and not any(host == one or str(host).endswith(f".{one}") for one in own):
            link.complain(f"{host} is none of the shop's hosts; add it to page_domains", warning=True)


def _languages_spoken(root: Part) -> None:
    spoken = {one.value for person in _people(root) for one in parts_of(person, "languages")}
    for language in parts_of(root, "languages"):
        if spoken and language.value not in spoken:
            words = f'nobody answers in "{language.value}"; add it to a specialist\'s languages, or remove it here'
            language.complain(words, warning=True)
    for person in _people(root):
        own = [one.value for one in parts_of(person, "languages")]
        if own and not set(own) & set(LANGUAGES):
            words = f"mails to {person.key} will be in the shop's first language: Undivided is written in {', '.join(LANGUAGES)}"
            person.complain(words, warning=True)


def _pace_in_order(root: Part) -> None:
    default = Pace()
    pair = [(root.get("pace", name), getattr(default, name)) for name in ("remind_after", "hand_over_after")]
    first, second = (written.duration(part.value) if part else usual for part, usual in pair)
    wrong = pair[0][0] or pair[1][0]
    if wrong and first >= second:
        wrong.complain(
            "remind_after must be shorter than hand_over_after (2h and 4h if not written); change one of them"
        )


def _templates_filled_in(root: Part) -> None:
    for template in parts_of(root, "templates"):
        for part in [template] if isinstance(template.value, str) else template.parts():
            for place in unknown_places(part.value):
                words = f"nothing is filled in for {{{place}}}; {instead(place, PLACES)}"
                part.complain(f"templates: {words}")


Rule = Callable[[Part], None]
RULES: tuple[Rule, ...] = (
    _fallback,
    _one_address_one_person,
    _nobody_at_the_mail_domain,
    _ask_address,
    _hours_apart,
    _skus_once,
    _pace_in_order,
    _products_exist,
    _links_at_home,
    _templates_filled_in,
    _languages_spoken,
)
