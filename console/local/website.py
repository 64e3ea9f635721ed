"""What the page with the mailboxes shows: the start page, a mailbox, a mail, and writing one."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import getaddresses
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, quote, unquote

from jinja2 import Environment, FileSystemLoader

from console.local.letters import Attachment, Draft, Shown, reply_to, show, write
from console.local.maildirs import Letter, Maildirs
from console.local.parsed import parse
from console.local.people import People, Person

PAGES = Path(__file__).parent / "pages"
AGAIN = PAGES / "again.js"
"""What keeps a page fresh. A page that reloads itself takes the focus and the place away from whoever reads it."""
_FRAME_POLICY = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"
_FRESH_POLICY = f"{_PAGE_POLICY}; script-src 'self'; connect-src 'self'"
"""Of the pages that keep themselves fresh, on which no mail is shown."""


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes = b""
    type: str = "text/html; charset=utf-8"
    status: int = HTTPStatus.OK
    headers: tuple[tuple[str, str], ...] = (("Content-Security-Policy", _PAGE_POLICY),)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a mailbox."""

    key: str
    sent: bool
    when: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class Box:
    """One mailbox on the start page."""

    person: Person
    count: int
    latest: str


class Website:
    """Turns a path into a page. `told` is what `stack.json` says, `products` are those of the shop with form links."""

    def __init__(
        self, maildirs: Maildirs, people: People, told: dict[str, Any], products: list[dict[str, str]]
    ) -> None:
        self.maildirs = maildirs
        self.people = people
        self.told = told
        self.products = products
        self.templates = Environment(loader=FileSystemLoader(PAGES), autoescape=True)

    def get(self, path: str, query: dict[str, list[str]]) -> Answer:
        parts = [unquote(part) for part in path.split("/") if part]
        if not parts:
            return self.start()
        if parts == [AGAIN.name]:
            return Answer(AGAIN.read_bytes(), "text/javascript; charset=utf-8")
        if parts[0] != "mailbox" or len(parts) == 1 or not self._exists(parts[1]):
            return self._missing()
        person = self.people.find(parts[1])
        if len(parts) == 2:  # noqa: PLR2004 - /mailbox/ADDRESS
            return self.mailbox(person, sent="sent" in query)
        if parts[2:] == ["compose"]:
            return self.compose(person, Draft(person.address, person.name, "", "", ""))
        letter = self.maildirs.letter(person.address, parts[2])
        return self.letter_page(person, letter, parts[3:]) if letter else self._missing()

    def start(self) -> Answer:
        boxes = [self._box(address) for address in self.maildirs.addresses()]
        shopper = next(one.address for one in self.people.known if one.role == "shopper")
        return self._page(
            "start.html", again=True, boxes=boxes, shopper=shopper, products=self.products,
            smtp=f"{self.told['smtp_host']}:{self.told['smtp_port']}",
        )  # fmt: skip

    def _box(self, address: str) -> Box:
        letters = [letter for letter in self.maildirs.letters(address) if not letter.sent]
        return Box(self.people.find(address), len(letters), show(letters[0].raw).subject if letters else "")

    def mailbox(self, person: Person, *, sent: bool) -> Answer:
        letters = [_row(letter) for letter in self.maildirs.letters(person.address)]
        return self._page("mailbox.html", again=True, person=person, letters=letters, sent=sent)

    def letter_page(self, person: Person, letter: Letter, rest: list[str]) -> Answer:
        """Answer what is under one mail: the page itself, its HTML, its source, an attachment, or a reply to it."""
        shown = show(letter.raw)
        here = f"{_box_path(person)}/{quote(letter.key)}"
        match rest:
            case []:
                return self._page(
                    "letter.html", person=person, box=_box_path(person), here=here, letter=letter, shown=shown
                )
            case ["html"]:
                return Answer(_framed(letter.raw, shown, here), headers=(("Content-Security-Policy", _FRAME_POLICY),))
            case ["raw"]:
                return Answer(letter.raw, "text/plain; charset=utf-8")
            case ["reply"]:
                return self.compose(person, reply_to(letter.raw, person.address, person.name), answered=letter.key)
            case ["attachment", number] if number.isdecimal() and int(number) < len(shown.attachments):
                return _download(shown.attachments[int(number)])
        return self._missing()

    def compose(self, person: Person, draft: Draft, answered: str = "", problem: str = "") -> Answer:
        page = self._page(
            "compose.html", person=person, box=_box_path(person), draft=draft, answered=answered, problem=problem
        )
        return page if not problem else Answer(page.body, status=HTTPStatus.BAD_REQUEST)

    def post(self, path: str, content_type: str, body: bytes) -> Answer:
        """Send what the compose page posted, and show the mailbox; or the page again, with what went wrong."""
        parts = [unquote(part) for part in path.split("/") if part]
        if len(parts) != 3 or parts[0] != "mailbox" or parts[2] != "send" or not self._exists(parts[1]):  # noqa: PLR2004
            return self._missing()
        person = self.people.find(parts[1])
        fields, files = read_form(content_type, body)
        answered = fields.get("answered", "")
        draft = self._draft(person, answered, fields, files)
        try:
            self.send(draft)
        except (smtplib.SMTPException, OSError, ValueError) as failure:
            return self.compose(person, draft, answered, _explained(failure))
        return Answer(status=HTTPStatus.SEE_OTHER, headers=(("Location", f"{_box_path(person)}?sent=1"),))

    def _draft(self, person: Person, answered: str, fields: dict[str, str], files: list[Attachment]) -> Draft:
        letter = self.maildirs.letter(person.address, answered) if answered else None
        thread = reply_to(letter.raw, person.address, person.name) if letter else None
        return Draft(
            sender=person.address,
            name=person.name,
            to=fields.get("to", ""),
            subject=fields.get("subject", ""),
            text=fields.get("text", ""),
            attachments=tuple(files),
            in_reply_to=thread.in_reply_to if thread else "",
            references=thread.references if thread else (),
        )

    def send(self, draft: Draft) -> None:
        """Send by SMTP like every mail program, and keep a copy."""
        mail = write(draft, datetime.now(UTC))
        recipients = [address for _, address in getaddresses([draft.to]) if address]
        if not recipients:
            raise ValueError("write an address in the field To, like kevin@shop.example")
        with smtplib.SMTP(self.told["smtp_host"], self.told["smtp_port"], timeout=30) as connection:
            connection.sendmail(draft.sender, recipients, mail.as_bytes())
        self.maildirs.keep_sent(draft.sender, mail.as_bytes())

    def _exists(self, address: str) -> bool:
        return address.lower() in self.maildirs.addresses()

    def _missing(self) -> Answer:
        return Answer(
            b"There is nothing here. The mailboxes are on /\n", "text/plain; charset=utf-8", HTTPStatus.NOT_FOUND
        )

    def _page(self, name: str, **values: Any) -> Answer:
        policy = _FRESH_POLICY if values.get("again") else _PAGE_POLICY
        page = self.templates.get_template(name).render(self.told | values)
        return Answer(page.encode(), headers=(("Content-Security-Policy", policy),))


def _explained(failure: Exception) -> str:
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return "; ".join(
            f"{address}: {text.decode(errors='replace')}" for address, (_, text) in failure.recipients.items()
        )
    if isinstance(failure, smtplib.SMTPResponseException):
        text = failure.smtp_error
        return text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return str(failure)


def _box_path(person: Person) -> str:
    return f"/mailbox/{quote(person.address)}"


def _row(letter: Letter) -> Row:
    when = datetime.fromtimestamp(letter.arrived).astimezone().strftime("%d %b %H:%M:%S")
    return Row(letter.key, letter.sent, when, show(letter.raw))


def _framed(raw: bytes, shown: Shown, here: str) -> bytes:
    """Return the HTML part with its inline images pointed at their attachments, and its links opening in a new tab."""
    html = shown.html
    cids = [str(part.get("Content-ID", "")).strip("<> ") for part in parse(raw).walk() if part.get("Content-ID")]
    names = {one.content: number for number, one in enumerate(shown.attachments)}
    for part in parse(raw).walk():
        cid = str(part.get("Content-ID", "")).strip("<> ")
        content = part.get_payload(decode=True)
        if cid in cids and isinstance(content, bytes) and content in names:
            html = html.replace(f"cid:{cid}", f"{here}/attachment/{names[content]}")
    return f'<base target="_blank">{html}'.encode()


def _download(one: Attachment) -> Answer:
    """Send images to be shown, everything else to be saved: an attached page must not run here."""
    shown = one.type in {"image/png", "image/jpeg", "image/gif", "image/webp"}
    where = "inline" if shown else f"attachment; filename*=UTF-8''{quote(one.name)}"
    kind = one.type if shown else "application/octet-stream"
    return Answer(one.content, kind, headers=(("Content-Disposition", where), ("X-Content-Type-Options", "nosniff")))


def read_form(content_type: str, body: bytes) -> tuple[dict[str, str], list[Attachment]]:
    """Read a multipart or urlencoded form: its fields and its files."""
    if not content_type.startswith("multipart/form-data"):
        return {
            name: values[-1]
            for name, values in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()
        }, []
    whole = message_from_bytes(
        b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body, policy=policy.HTTP
    )
    fields: dict[str, str] = {}
    files: list[Attachment] = []
    for part in whole.iter_parts():
        content = cast("bytes", part.get_payload(decode=True) or b"")
        name = str(part.get_param("name", "", header="content-disposition"))
        filename = part.get_filename()
        if filename is None:
            fields[name] = content.decode("utf-8", "replace")
        elif filename:
            files.append(Attachment(filename, part.get_content_type(), content))
    return fields, files
