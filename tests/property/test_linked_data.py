"""The linked data of published answers: what search engines require of a QAPage, whatever people wrote.

Required and recommended is what Google documents for Q&A pages; of what is recommended, votes, comments and pictures are
left out, which do not exist here, and the asker, who is nobody's business.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from undivided.config import Product
from undivided.knowledge.publishing import Decided, Proposal, Standing
from undivided.pages.answers import as_html
from undivided.texts import LANGUAGES
from undivided.values import ConversationId
from unit.pages.shops import SHOP

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
PAGE = "https://shop.example/p/tr-300?size=42&x=1"
HERE = replace(SHOP, products={"TR-300": Product("TR-300", "Trail <3>", url=PAGE)})
ELEMENTS = {"section", "h2", "article", "h3", "p", "br", "small", "script", "a"}
words = st.lists(
    st.text(max_size=20) | st.sampled_from(("</script>", "<!--", "]]>", "<script>", "&lt;", '"', "\\u003c", "\u2028", "ß €", "\n\n")),
    min_size=1, max_size=6,
).map("".join)  # fmt: skip
proposals = st.builds(
    Proposal, question=words, answer=words, who=words, asked=st.just(NOW), answered=st.just(NOW + timedelta(minutes=9)),
    language=st.sampled_from(LANGUAGES), sku=st.just("TR-300"),
)  # fmt: skip
decided = st.builds(
    Decided, proposals, st.just(ConversationId("abcdefghijkl")), st.integers(1, 9), st.just(Standing.PUBLISHED),
    st.just(NOW + timedelta(days=1)),
)  # fmt: skip


class Read(HTMLParser):
    """A browser's view: elements, their ids, and what the one script holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.scripts[-1] += data


@given(st.lists(decided, min_size=1, max_size=4))
def test_whatever_was_written_each_answer_is_a_qa_page_and_nothing_escapes(several: list[Decided]) -> None:
    read = Read(as_html("TR-300", several, HERE, "en"))
    assert {tag for tag, _ in read.elements} <= ELEMENTS
    assert [attrs["type"] for tag, attrs in read.elements if tag == "script"] == ["application/ld+json"]
    ids = {attrs.get("id") for tag, attrs in read.elements if tag == "article"}
    pages = json.loads(read.scripts[0])
    assert len(pages) == len(several)
    for page, one in zip(pages, several, strict=True):
        is_qa_page(page)
        question = page["mainEntity"]
        assert question["text"] == one.proposal.question
        answer = question["acceptedAnswer"]
        assert (answer["text"], answer["author"]["name"]) == (one.proposal.answer, one.proposal.who)
        assert answer["url"].startswith(PAGE)
        assert answer["url"].partition("#")[2] in ids, "the link leads to the answer"
        assert one.conversation not in json.dumps(page)


def is_qa_page(page: dict[str, Any]) -> None:
    assert (page["@context"], page["@type"]) == ("https://schema.org", "QAPage")
    question = page["mainEntity"]
    assert question["@type"] == "Question", "one question, not a list"
    assert (
        question["answerCount"] == len([one for one in ("acceptedAnswer", "suggestedAnswer") if one in question]) == 1
    )
    assert {"name", "text", "datePublished"} <= set(question)
    answer = question["acceptedAnswer"]
    assert answer["@type"] == "Answer"
    assert {"text", "author", "datePublished", "url"} <= set(answer)
    assert answer["author"]["@type"] == "Person"
    for moment in (question["datePublished"], question["dateCreated"], answer["datePublished"], answer["dateCreated"]):
        assert datetime.fromisoformat(moment).tzinfo is not None


def test_without_an_address_of_the_page_answers_have_none_either() -> None:
    one = Decided(Proposal("Is it?", "Yes.", "Kevin", NOW, NOW, "en", "else"), ConversationId("abcdefghijkl"), 2, Standing.PUBLISHED, NOW)  # fmt: skip
    ((page),) = json.loads(Read(as_html("else", [one], HERE, "en")).scripts[0])
    assert "url" not in page["mainEntity"]["acceptedAnswer"]
