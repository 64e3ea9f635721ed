from __future__ import annotations

import mailbox

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.local.maildirs import Maildirs


def test_addresses_ignore_case_and_mutt_finds_the_mail(tmp_path):
    boxes = Maildirs(tmp_path)
    boxes.deliver("Anna@Mail.Example", b"Subject: 1\r\n\r\nhi\r\n")
    assert boxes.addresses() == ["anna@mail.example"]
    assert boxes.has("ANNA@mail.example")
    (found,) = mailbox.Maildir(tmp_path / "anna@mail.example", create=False)
    assert found["Subject"] == "1"
    assert found.get_subdir() == "new"


def test_reading_changes_nothing(tmp_path):
    boxes = Maildirs(tmp_path)
    boxes.deliver("a@b.example", b"Subject: 1\r\n\r\n")
    boxes.keep_sent("a@b.example", b"Subject: 2\r\n\r\n")
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    letters = boxes.letters("a@b.example")
    assert [boxes.letter("a@b.example", one.key) for one in letters] == letters
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def test_newest_first_and_sent_mail_is_marked(tmp_path):
    boxes = Maildirs(tmp_path)
    for number in range(3):
        boxes.deliver("a@b.example", f"Subject: {number}\r\n\r\n".encode())
    boxes.keep_sent("a@b.example", b"Subject: mine\r\n\r\n")
    letters = boxes.letters("a@b.example")
    assert [one.arrived for one in letters] == sorted((one.arrived for one in letters), reverse=True)
    assert [one.raw for one in letters if one.sent] == [b"Subject: mine\n\n"]


@pytest.mark.parametrize(
    "address", ["", ".", "..", "../x@y.example", "a/b@c.example", ".a@b.example", "a\0@b.example", "a b@c.example"]
)
def test_no_address_leads_out_of_the_folder(tmp_path, address):
    with pytest.raises(ValueError, match="cannot be a mailbox"):
        Maildirs(tmp_path).deliver(address, b"")
    assert list(tmp_path.iterdir()) == []


@given(address=st.text(max_size=40))
def test_whatever_the_address_nothing_is_written_outside(tmp_path_factory, address):
    folder = tmp_path_factory.mktemp("mail")
    inside = folder / "inside"
    try:
        Maildirs(inside).deliver(address, b"x")
    except (ValueError, OSError):
        return
    assert [entry.name for entry in folder.iterdir()] == ["inside"]


def test_an_unknown_mailbox_is_empty(tmp_path):
    assert Maildirs(tmp_path / "none").letters("a@b.example") == []
    assert Maildirs(tmp_path / "none").addresses() == []
