"""Non-delivery notices: standard ones (RFC 3464), and those of the many systems that never read it.

A standard report is believed first, then `X-Failed-Recipients`, then the notice's words (`bounce_texts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from undivided.mail import bounce_texts
from undivided.mail.bodies import Content, read_content
from undivided.mail.bounce_texts import Failure, Notice
from undivided.mail.headers import Fields, ids, people, read_fields, words
from undivided.mail.mime import Part, Tree, read_tree

__all__ = ["Bounce", "Failure", "complaint", "of"]

_ACTIONS_DONE = frozenset({"delivered", "relayed", "expanded"})
_ADDRESS = re.compile(r"[^\s<>;,\"()\[\]]{1,250}@[^\s<>;,\"()\[\]]{1,250}")
_RETURNED = frozenset(
    {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers"}
)
_READ = 100_000
_WEIRD_PAUSE = re.compile(rb"\r?\n[ \t]*(?:\r?\n)+")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a non-delivery notice says: who was not reached, and by which mail of ours ("" if it does not say)."""

    recipients: tuple[Failure, ...]
    original_message_id: str = ""
    rule: str = ""

    @property
    def permanent(self) -> bool:
        """Whether somebody will not be reached by trying again."""
        return any(one.permanent for one in self.recipients)


def of(tree: Tree, content: Content, text: str) -> Bounce | None:
    """Read a non-delivery notice; None if the mail is none."""
    if wrapped := _wrapped(tree, content):
        return of(*wrapped)
    fields, original = tree.root.fields, _original(tree)
    reported = list(_reported(content))
    done = reported and all(action in _ACTIONS_DONE for _, action in reported)
    if done:
        return None
    failures, rule = [one for one, action in reported if one.address and action not in _ACTIONS_DONE], "delivery status"
    if not failures:
        failures, rule = _failed_recipients(fields, text), "x-failed-recipients"
    notice = Notice(fields, words(fields.first("subject")), text, original, reported=bool(reported) or _is_report(tree))
    if not failures and bounce_texts.is_notice(notice):
        failures, rule = bounce_texts.failures(notice), "words"
        rule = rule if failures else "words, without a recipient"
    elif not failures:
        return None
    return Bounce(_once(failures), _original_id(fields, original, text), rule)


def _wrapped(tree: Tree, content: Content) -> tuple[Tree, Content, str] | None:
    """Open a report that a gateway attached whole to a mail of its own, below which it put a disclaimer."""
    if content.machine or not _is_report(tree):
        return None
    for part in tree.root.walk():
        if part.type == "message/rfc822" and part is not tree.root:
            inner = read_tree(part.body()[:_READ])
            words_of = read_content(inner.root)
            return (inner, words_of, words_of.plain()) if words_of.machine else None
    return None


def _once(failures: list[Failure]) -> tuple[Failure, ...]:
    return tuple({one.address.casefold(): one for one in reversed(failures)}.values())[::-1]


def _is_report(tree: Tree) -> bool:
    return tree.root.params.get("report-type", "").lower() == "delivery-status" or any(
        "delivery-status" in part.type for part in tree.root.walk()
    )


def _reported(content: Content) -> Iterator[tuple[Failure, str]]:
    for part in content.machine:
        if "delivery-status" not in part.type:
            continue
        for group in _WEIRD_PAUSE.split(part.body()[:_READ]):
            fields = read_fields(group.strip())
            if any(name in fields for name in ("final-recipient", "original-recipient", "x-actual-recipient")):
                yield _failure(fields), words(fields.first("action")).lower().partition(" ")[0].strip(";,.")


def _failure(fields: Fields) -> Failure:
    """Read one recipient's fields; the original recipient is whom we wrote to, the final one whom a forward led to."""
    address = next(
        (
            found
            for name in ("original-recipient", "final-recipient", "x-actual-recipient")
            if (found := _typed(fields.first(name)))
        ),
        "",
    )
    status = re.search(r"[245]\.\d{1,3}\.\d{1,3}", fields.first("status"))
    diagnostic = words(fields.first("diagnostic-code")) or words(fields.first("status"))
    action = fields.first("action").strip().lower()
    permanent = action.startswith("fail") or not (action.startswith("delayed") or (status and status[0][0] == "4"))
    return Failure(address, permanent, diagnostic[:500])


def _typed(value: str) -> str:
    """Return the address of `rfc822; anna@example.com`; other address types (X.400, local names) are none."""
    _, _, text = value.rpartition(";")
    found = _ADDRESS.search(_xtext(words(text)))
    return found[0].strip(".'") if found else ""


def _xtext(text: str) -> str:
    return (
        re.sub(r"\+([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), text)
        if "+40" in text or "+3D" in text
        else text
    )


def _failed_recipients(fields: Fields, text: str) -> list[Failure]:
    found = [person.address for value in fields.get("x-failed-recipients", []) for person in people(value)]
    permanent = not bounce_texts.is_transient(text)
    return [Failure(address, permanent, bounce_texts.diagnostic(text, address)) for address in found]


def _original(tree: Tree) -> Fields:
    """Return the header of the mail that came back, as far as it is in the notice."""
    for part in tree.root.walk():
        if part.type in _RETURNED and part is not tree.root:
            body = (
                part.body()
                if part.fields.first("content-transfer-encoding")
                else part.buffer[part.start : min(part.end, part.start + _READ)]
            )
            return read_fields(_head(body[:_READ]))
    return Fields()


def _head(data: bytes) -> bytes:
    return re.split(rb"\r?\n\r?\n", data.lstrip(), maxsplit=1)[0]


def _original_id(fields: Fields, original: Fields, text: str) -> str:
    found = ids(original.first("message-id"))
    if not found and (inside := re.search(r"(?im)^[\s>]{0,4}message-id:\s*(<[^<>\s]{3,500}>)", text)):
        found = (inside[1],)
    return (found or ids(fields.first("in-reply-to")) or ids(fields.first("references"))[-1:] or ("",))[0]


def complaint(tree: Tree, content: Content) -> str:
    """Return who complained about our mail (RFC 5965), "unknown" if the report hides it, "" if this is no complaint."""
    for part in content.machine:
        if part.type == "message/feedback-report":
            fields = read_fields(part.body()[:_READ].strip())
            if fields.first("feedback-type").strip().lower() in ("not-spam", "auth-failure", "dmarc"):
                return ""
            return _complainer(part, fields, _original(tree))
    return ""


def _complainer(_part: Part, fields: Fields, original: Fields) -> str:
    given = (*fields.get("original-rcpt-to", []), *fields.get("removal-recipient", []), *original.get("to", []))
    return next((person.address for value in given for person in people(value)), "unknown")
