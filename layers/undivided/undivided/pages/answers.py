"""Published answers as other pages take them: JSON, and HTML with schema.org's QAPage as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from undivided.config import Shop
from undivided.texts import say, shortened
from undivided.values import stamp

if TYPE_CHECKING:
    from undivided.knowledge.publishing import Decided

_TITLE = 110
"""Letters of a question's name."""


def as_json(sku: str, several: Sequence[Decided], shop: Shop) -> str:
    product = shop.products.get(sku)
    about = {"sku": sku, "title": product.title if product else "", "url": product.url if product else ""}
    said = {"product": about, "answers": [_plain(one) for one in several]}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def as_html(sku: str, several: Sequence[Decided], shop: Shop, language: str) -> str:
    """Return a fragment without styles or scripts of its own; nothing at all for a product without answers."""
    from markupsafe import Markup  # noqa: PLC0415

    from undivided.rendering import html  # noqa: PLC0415 - whoever asks for JSON needs no Jinja2

    product = shop.products.get(sku)
    values = {
        "sku": sku,
        "title": say(language, "published.title", product=product.title if product else sku),
        "answers": [(one.proposal, one.name, _by(one, shop, language)) for one in several],
        "linked": Markup(linked_data(several, product.url if product else "")),  # noqa: S704 - JSON in which every < is escaped
    }
    return html("pages/answers.html.j2", values) if several else ""


def linked_data(several: Sequence[Decided], page: str) -> str:
    """Return the JSON-LD, safe within a script element: a QAPage has one question, so each answer has one of its own.

    `page` is where it will be read, so that each answer can be led to; empty if nobody knows. Votes are left out, and who
    asked: there are none, and it is nobody's business.
    """
    pages = [
        {"@context": "https://schema.org", "@type": "QAPage", "mainEntity": _question(one, page)} for one in several
    ]
    text = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _question(one: Decided, page: str) -> Mapping[str, object]:
    said = one.proposal
    answer = {
        "@type": "Answer",
        "text": said.answer,
        "dateCreated": stamp(said.answered),
        "datePublished": stamp(one.at),
        "author": {"@type": "Person", "name": said.who},
        **({"url": f"{page.partition('#')[0]}#answer-{one.name}"} if page else {}),
    }
    return {
        "@type": "Question",
        "name": shortened(" ".join(said.question.split()), _TITLE),
        "text": said.question,
        "inLanguage": said.language,
        "answerCount": 1,
        "dateCreated": stamp(said.asked),
        "datePublished": stamp(one.at),
        "acceptedAnswer": answer,
    }


def _plain(one: Decided) -> Mapping[str, object]:
    said = one.proposal
    return {
        "id": one.name,
        "question": said.question,
        "answer": said.answer,
        "author": said.who,
        "language": said.language,
        "asked": stamp(said.asked),
        "answered": stamp(said.answered),
        "published": stamp(one.at),
    }


def _by(one: Decided, shop: Shop, language: str) -> str:
    from undivided.promise.quote import day  # noqa: PLC0415 - whoever asks for JSON reads no times

    return say(language, "published.by", who=one.proposal.who, when=day(one.proposal.answered, shop.zone, language))
