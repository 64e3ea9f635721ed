"""Files above 6 MB together go as links: named with size and end, kept by themselves, led to for their reader alone."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import timedelta
from unittest import mock
from urllib.parse import parse_qsl

import pytest
from moto import mock_aws
from undivided.aws import clients
from undivided.aws.bucket import Bucket
from undivided.aws.filestore import Files, disposition
from undivided.errors import NotThereYet
from undivided.links import FILE_FOR, file_key, file_url
from undivided.mail.compose import compose
from undivided.mail.enclosures import MOST_BYTES
from undivided.mail.keys import FILE, link_key, read_link_key
from undivided.mail.ours import leaks
from undivided.message import File, Message
from undivided.pages.page import Page, Request
from undivided.state import Outcome
from undivided.steps.download import download, served_as
from undivided.texts import LANGUAGES
from undivided.values import SHOPPER
from unit.mail_writing.letters import CONTEXT, ID, RING, in_language, written
from unit.mail_writing.test_compose import page, plain, read
from unit.rules.mailroom import ANNA, CONVERSATION, KEY, NOW, runtime
from unit.rules.mailroom import RING as ROOM_RING

MB = 1024 * 1024
PHOTOS = tuple(File(f"photo-{one}.jpg", "image/jpeg", 4 * MB + 512 * 1024, one) for one in (1, 2))


def with_files(name: str, *files: File):
    entry, record = written(name)
    number = entry.mail.message or 1
    messages = tuple(
        replace(one, files=files, raw="received/x") if one.number == number else one for one in record.messages
    )
    return entry, replace(record, messages=messages)


def composed(entry, record, context=CONTEXT):
    kept: dict[str, bytes] = {}
    context = replace(context, keep=lambda key, content, _kind: kept.__setitem__(key, content))
    return read(compose(entry, record, context).raw), kept


@pytest.mark.parametrize("name", ["question", "answer"])
def test_what_has_no_room_goes_as_a_link_with_its_size_and_end(name):
    entry, record = with_files(name, *PHOTOS)
    mail, kept = composed(entry, record)
    number = entry.mail.message or 1
    attached = [part.get_filename() for part in mail.iter_attachments() if part.get_content_type() != "text/calendar"]
    assert attached == ["photo-1.jpg"]
    assert kept == {file_key(ID, f"{number}-2"): b"received/x:2"}
    party = 0 if entry.mail.to == SHOPPER else 2
    url = file_url(CONTEXT.public_url, RING, ID, party, f"{number}-2", CONTEXT.now + FILE_FOR)
    assert read_link_key(RING, link_key(RING, ID, party, FILE), FILE) == (ID, party)
    for said in (plain(mail), page(mail)):
        assert url in said
        assert "photo-2.jpg (4.5 MB)" in said
        assert "photo-1.jpg (" not in said
    assert [one.purpose for one in leaks(plain(mail), RING) if one.purpose == FILE] == [FILE], "found if it comes back"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_is_explained_in_every_language(language):
    entry, record, context = in_language(language, "answer")
    messages = tuple(
        replace(one, files=PHOTOS, raw="x") if one.number == entry.mail.message else one for one in record.messages
    )
    mail, _ = composed(entry, replace(record, messages=messages), context)
    assert "/f/" in plain(mail)
    assert not re.search(r"\{\w+\}", plain(mail))


def test_what_runs_is_held_back_and_never_linked():
    entry, record = with_files("answer", replace(PHOTOS[0], name="photo.jpg.exe", size=MOST_BYTES + 1))
    mail, kept = composed(entry, record)
    assert "/f/" not in plain(mail)
    assert kept == {}


# --- the page ------------------------------------------------------------------------------------------------------

FILES = (
    File("photo.jpg", "image/jpeg", 9 * MB, 2),
    File("page.txt", "text/html", 9 * MB, 3),
    File("ida@mail.example plan.dwg", "image/vnd.dwg", 9 * MB, 4),
    File("photo.jpg.exe", "application/x-msdownload", 9 * MB, 5),
)


def room(**changed):
    said = Message(1, SHOPPER, NOW, "See these.", files=FILES, raw="received/in-1")
    note = Message(2, ANNA, NOW, "For us.", note=True, files=FILES[:1], raw="received/in-2")
    back = Message(3, ANNA, NOW, "No.", files=FILES[:1], raw="received/in-3")
    rt = runtime(replace(CONVERSATION, taken_back=(3,), **changed), said=(said, note, back))
    rt.files.objects = {file_key(KEY, f"{number}-{part}"): b"x" for number in (1, 2, 3) for part in (2, 3, 4, 5)}
    return rt


def get(rt, name: str, party: int = 1, until: timedelta = FILE_FOR, method: str = "GET", as_: str = "") -> Page:
    url = file_url("https://x.example", ROOM_RING, KEY, party, name, NOW + until)
    key, _, rest = url.partition("/f/")[2].partition("/")
    query = dict(parse_qsl(rest.partition("?")[2]))
    return download(Request(method, "", {"key": key, "name": as_ or name}, query), rt)


def test_the_link_leads_on_for_both_parties_and_changes_nothing():
    rt = room()
    before = repr(rt.memory)
    for party in (0, 1):
        for method in ("GET", "HEAD"):
            found = get(rt, "1-2", party, method=method)
            assert found.status == 302
            assert found.headers["Location"] == f"https://bucket.example/files/{KEY}/1-2?as=image/jpeg&name=photo.jpg"
            assert found.headers["Cache-Control"] == "no-store"
            assert found.headers["Referrer-Policy"] == "no-referrer"
    assert repr(rt.memory) == before


def test_no_page_is_shown_and_no_address_told():
    assert "as=application/octet-stream" in get(room(), "1-3").headers["Location"]
    assert "ida@mail.example" not in get(room(), "1-4").headers["Location"]
    assert served_as("image/svg+xml") == served_as("TEXT/HTML; charset=x") == "application/octet-stream"
    assert served_as("Video/MP4; x=y") == "video/mp4"


@pytest.mark.parametrize(
    ("rt", "options", "status"),
    [
        (room(), {"name": "1-5"}, 410),
        (room(), {"name": "1-9"}, 410),
        (room(), {"name": "9-2"}, 410),
        (room(), {"name": "x-2"}, 410),
        (room(), {"name": "3-2"}, 410),
        (room(), {"name": "2-2", "party": 0}, 410),
        (room(), {"name": "2-2", "party": 1}, 302),
        (room(), {"name": "1-2", "until": timedelta(seconds=-1)}, 410),
        (room(outcome=Outcome.ERASED), {"name": "1-2"}, 410),
        (room(outcome=Outcome.WON), {"name": "1-2"}, 302),
        (room(), {"name": "1-2", "as_": "1-3"}, 404),
    ],
)
def test_who_may_have_what(rt, options, status):
    assert get(rt, **options).status == status


def test_a_file_whose_retention_is_over_says_so():
    rt = room()
    rt.files.objects.clear()
    assert get(rt, "1-2").status == 410


def test_a_key_of_another_purpose_opens_nothing():
    rt = room()
    for key in ("a" * 31, link_key(ROOM_RING, KEY, 1, "act"), link_key(RING, KEY, 1, FILE)):
        assert download(Request("GET", "", {"key": key, "name": "1-2"}, {"s": "1-2.99.aaaa"}), rt).status == 404


def test_the_bucket_gives_it_to_be_saved_for_five_minutes():
    """In us-east-1, where boto3 by itself signs in a way that new buckets refuse."""
    with mock_aws(), mock.patch.dict(os.environ, {"AWS_DEFAULT_REGION": "us-east-1"}):
        clients.s3.cache_clear()
        client = clients.s3()
        client.create_bucket(Bucket="mail")
        files = Files(Bucket(client, "mail"))
        files.keep("files/a/1-2", b"bytes", "text/html")
        url = files.address("files/a/1-2", "Plän.pdf", "application/pdf")
        assert "response-content-disposition=attachment" in url
        assert "response-content-type=application%2Fpdf" in url
        assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in url
        assert "X-Amz-Expires=300" in url
        with pytest.raises(NotThereYet):
            files.address("files/a/9", "x", "x")
    clients.s3.cache_clear()


@pytest.mark.parametrize("name", ['a"b\\c;d%.pdf', "Plän\r\nX: y.pdf", "漢字.pdf"])
def test_no_name_ends_the_header(name):
    said = disposition(name)
    assert said.isascii()
    assert "\r" not in said
    assert "\n" not in said
    assert said.count('"') == 2
