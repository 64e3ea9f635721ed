from __future__ import annotations

import http.client
import re
import smtplib
from html import unescape
from urllib.parse import urlencode

import pytest

from console.local.letters import Draft, write
from console.local.mailbox_web import serve_mailboxes
from console.local.maildirs import Maildirs
from console.local.people import People, Person
from console.local.ports import HOST
from console.local.postoffice import PostOffice, open_counters
from console.local.website import Website, read_form
from tests.unit.local.test_letters import NOW, question
from tests.unit.local.test_postoffice import Receiver

ANNA = "anna@mail.example"
PEOPLE = People(
    (
        Person("Anna Schmidt", ANNA, "shopper"),
        Person("Kevin Brandt", "kevin@shop.example", "specialist"),
        Person("Owner", "owner@shop.example", "owner"),
    )
)


@pytest.fixture
def site(tmp_path, ports, ending) -> Website:
    boxes = Maildirs(tmp_path / "mail")
    for person in PEOPLE.known:
        boxes.make(person.address)
    receiver = Receiver()
    open_counters(PostOffice("ask.shop.example", boxes, receiver), ports, ending)
    told = {
        "smtp_host": HOST, "smtp_port": ports.smtp, "form_url": "http://127.0.0.1:1/ask", "maildir": "/m", "stack": "s",
        "mail_domain": "ask.shop.example", "endpoint_url": "http://127.0.0.1:2", "stack_file": "/s", "shop_name": "Kessel",
    }  # fmt: skip
    website = Website(boxes, PEOPLE, told, [{"title": "Duo <2>", "url": "http://127.0.0.1:1/ask?sku=DUO-2"}])
    website.receiver = receiver
    serve_mailboxes(ports.mail, website, ending)
    return website


@pytest.fixture
def ask(site, ports):
    def ask(path: str, body: str | None = None, method: str = "", **headers: str) -> tuple[int, str, dict[str, str]]:
        connection = http.client.HTTPConnection(HOST, ports.mail, timeout=10)
        told = {"Content-Type": "application/x-www-form-urlencoded"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        connection.request(method or ("POST" if body is not None else "GET"), path, body, told)
        answer = connection.getresponse()
        content = answer.read().decode()
        connection.close()
        return answer.status, content, dict(answer.headers)

    return ask


def key(site: Website, address: str = ANNA) -> str:
    return site.maildirs.letters(address)[0].key


def test_the_start_page_leads_to_the_form_and_every_mailbox(site, ask):
    status, page, _ = ask("/")
    assert status == 200
    links = re.findall(r'href="([^"]+)"', page)
    assert "http://127.0.0.1:1/ask" in links
    assert "http://127.0.0.1:1/ask?sku=DUO-2" in links
    assert {unescape(link) for link in links if link.startswith("/mailbox/")} == {
        f"/mailbox/{person.address.replace('@', '%40')}" for person in PEOPLE.known
    }
    assert "Duo &lt;2&gt;" in page


def test_no_get_changes_anything(site, ask, tmp_path):
    site.maildirs.deliver(ANNA, question())
    before = sorted((str(path), path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    base = f"/mailbox/{ANNA}"
    one = f"{base}/{key(site)}"
    paths = [
        "/",
        base,
        f"{base}?sent=1",
        f"{base}/compose",
        one,
        f"{one}/html",
        f"{one}/raw",
        f"{one}/reply",
        "/nope",
        f"{base}/nope",
    ]
    for path in paths:
        for method in ("GET", "HEAD"):
            assert ask(path, method=method)[0] == (404 if "nope" in path else 200), path
    assert sorted((str(path), path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


def test_a_mail_shows_its_words_and_runs_none_of_its_html(site, ask):
    site.maildirs.deliver(ANNA, question(Subject="<script>alert(1)</script>"))
    _, page, headers = ask(f"/mailbox/{ANNA}/{key(site)}")
    assert "<script" not in page
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    _, html, headers = ask(f"/mailbox/{ANNA}/{key(site)}/html")
    assert "<p>Yes.</p>" in html
    assert headers["Content-Security-Policy"].startswith("sandbox ")
    assert "allow-scripts" not in headers["Content-Security-Policy"]


def fields_of(page: str) -> dict[str, str]:
    """Read the form as a browser would post it."""
    found = {name: unescape(value) for name, value in re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', page)}
    (text,) = re.findall(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    return found | {"text": unescape(text)}


def test_a_reply_goes_over_smtp_with_its_thread(site, ask):
    site.maildirs.deliver(ANNA, question())
    _, page, _ = ask(f"/mailbox/{ANNA}/{key(site)}/reply")
    fields = fields_of(page)
    status, _, headers = ask(f"/mailbox/{ANNA}/send", urlencode(fields | {"text": "Thank you!" + fields["text"]}))
    assert (status, headers["Location"]) == (303, "/mailbox/anna%40mail.example?sent=1")
    ((source, recipients, raw),) = site.receiver.received
    assert (source, recipients) == (ANNA, ["r-anna@ask.shop.example"])
    mail = raw.decode()
    assert "In-Reply-To: <3@email.amazonses.com>\r\n" in mail
    assert "References: <3@email.amazonses.com>\r\n" in mail
    assert "Subject: Re: Your question [ab2c]\r\n" in mail
    assert "\r\n\r\nThank you!\r\n\r\nOn Fri, 01 May 2026 at 09:00, Kevin at Shop wrote:\r\n> Hello,\r\n" in mail
    sent = [letter for letter in site.maildirs.letters(ANNA) if letter.sent]
    assert len(sent) == 1


def test_a_refused_mail_comes_back_with_its_words_and_the_reason(site, ask):
    status, page, _ = ask(
        f"/mailbox/{ANNA}/send", urlencode({"to": "x@nowhere.example", "subject": "s", "text": "my words"})
    )
    assert status == 400
    assert "mailbox unavailable" in page
    assert "my words" in page
    assert [letter for letter in site.maildirs.letters(ANNA) if letter.sent] == []


@pytest.mark.parametrize("to", ["", " ", "no address"])
def test_a_mail_to_nobody_is_refused(site, ask, to):
    assert ask(f"/mailbox/{ANNA}/send", urlencode({"to": to, "text": "my words"}))[0] == 400


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_other_websites_cannot_send_mail(site, ask, origin):
    fields = urlencode({"to": "r-x@ask.shop.example", "text": "buy now"})
    assert ask(f"/mailbox/{ANNA}/send", fields, Origin=origin)[0] == 403
    assert site.receiver.received == []


def test_a_name_pointed_at_loopback_reads_nothing(ask):
    assert ask("/", Host="evil.example")[0] == 421


@pytest.mark.parametrize(
    "path", ["/mailbox/", "/mailbox/..%2F..", "/mailbox/nobody@mail.example", "/etc/passwd", f"/mailbox/{ANNA}/x/y/z"]
)
def test_there_is_nothing_elsewhere(ask, path):
    assert ask(path)[0] == 404
    assert ask(f"{path}/send", "to=a")[0] == 404


def test_a_browsers_upload_is_read_with_its_files():
    body = (
        b'--xyz\r\nContent-Disposition: form-data; name="to"\r\n\r\nr-x@ask.shop.example\r\n'
        b'--xyz\r\nContent-Disposition: form-data; name="text"\r\n\r\ngr\xc3\xbc\xc3\x9fe\r\nzwei\r\n'
        b'--xyz\r\nContent-Disposition: form-data; name="files"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n'
        b'--xyz\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89\x00\xff\r\n'
        b"--xyz--\r\n"
    )
    fields, files = read_form("multipart/form-data; boundary=xyz", body)
    assert fields == {"to": "r-x@ask.shop.example", "text": "grüße\r\nzwei"}
    assert [(one.name, one.type, one.content) for one in files] == [("a.png", "image/png", b"\x89\x00\xff")]


def test_an_attached_page_is_saved_not_shown(site, ask, ports):
    from console.local.letters import Attachment

    files = (Attachment("evil.html", "text/html", b"<script>1</script>"), Attachment("a.png", "image/png", b"\x89PNG"))
    draft = Draft("kevin@shop.example", "Kevin", ANNA, "s", "t", files)
    with smtplib.SMTP(HOST, ports.smtp) as connection:
        connection.sendmail("kevin@shop.example", [ANNA], write(draft, NOW).as_bytes())
    base = f"/mailbox/{ANNA}/{key(site)}/attachment"
    assert ask(f"{base}/0")[2]["Content-Disposition"].startswith("attachment;")
    assert ask(f"{base}/0")[2]["Content-Type"] == "application/octet-stream"
    assert ask(f"{base}/9")[0] == 404
