"""Cross checks of the owner's own words: forms, their fields, and texts in the shop's languages."""

from __future__ import annotations

from collections.abc import Iterator

from undivided.config import FORM

from console.shopfile.document import Document, Part, parts_of, value_of

BUILT_IN = frozenset(
    [
        "id",
        "form",
        "token",
        "name",
        "email",
        "question",
        "sku",
        "title",
        "category",
        "brand",
        "price",
        "url",
        "page",
        "language",
        "zone",
        "phone",
        "consent",
    ]
)
"""Names of the form's built-in fields; intake reads the owner's beside them."""
_MOST_PHOTOS = 5
_MEANT_FOR = {
    "choices": ("choice",),
    "least": ("number",),
    "unit": ("number",),
    "most": ("number", "text", "photo"),
}


def check(document: Document) -> None:
    """Complain about forms that cannot be shown, and warn about texts that a shopper would miss."""
    root = document.root
    forms = root.get("forms")
    if forms and FORM not in forms.value:
        forms.complain(f"forms: the form that stands at /ask is missing; write {FORM}: {{}} for one without own fields")
    for form in parts_of(forms):
        for field in parts_of(form, "fields"):
            _field(field)
    _spoken(root)


def _field(field: Part) -> None:
    kind = value_of(field, "type")
    if field.key in BUILT_IN:
        field.complain(f'"{field.key}" is a field that every form has; choose another name, like own_{field.key}')
    for part in field.parts():
        if kind and kind not in _MEANT_FOR.get(part.key, (kind,)):
            part.complain(f'"{part.key}" means nothing for a {kind}; it belongs to {" or ".join(_MEANT_FOR[part.key])}')
    _bounds(field, kind)


def _bounds(field: Part, kind: str | None) -> None:
    least, most = field.get("least"), field.get("most")
    if kind == "photo" and most and most.value > _MOST_PHOTOS:
        most.complain(f"most: {most.value} photos are too many; write {_MOST_PHOTOS} or less")
    if least and most and least.value > most.value:
        least.complain(f"least: {least.value} is more than most, {most.value}; exchange them")


def _texts(root: Part) -> Iterator[Part]:
    yield from parts_of(root, "texts")
    for form in parts_of(root, "forms"):
        yield from (part for name in ("title", "intro") if (part := form.get(name)))
        for field in parts_of(form, "fields"):
            yield from (part for part in [field.get("label")] if part)
            yield from parts_of(field, "choices")


def _spoken(root: Part) -> None:
    """A shopper who misses a text reads another language's; one that nobody can ask for is told of once."""
    languages = [one.value for one in parts_of(root, "languages")]
    several = [text for text in _texts(root) if isinstance(text.value, dict)] if languages else []
    unused = {part.key: part for text in reversed(several) for part in text.parts() if part.key not in languages}
    for part in unused.values():
        words = f'the shop does not answer in "{part.key}", so texts in it are never shown; add it to languages, or remove them'
        part.complain(words, warning=True)
    for text in several:
        there = [one for one in languages if one in text.value]
        missing = [one for one in languages if one not in text.value]
        if missing:
            instead = f"who reads it gets {there[0]}; add it" if there else "add one"
            text.complain(f"{text.key}: there is no text in {', '.join(missing)}; {instead}", warning=True)
