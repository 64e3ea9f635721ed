"""Keys: each opens exactly what it was made for, in any case, under any secret of the ring, and nothing else does."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undivided.mail import keys
from undivided.mail.keys import KeyRing
from undivided.values import ConversationId, Unusable

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
conversations = st.text(ALPHABET, min_size=12, max_size=12).map(ConversationId)
parties = st.integers(0, keys.PARTIES - 1)
secrets = st.binary(min_size=16, max_size=64)
rings = st.dictionaries(st.integers(1, 31), secrets, min_size=1, max_size=4).map(KeyRing)
link_purposes = st.sampled_from(keys.PURPOSES[1:])
cases = st.sampled_from([str.lower, str.upper, str.title, str.swapcase])


@given(rings, conversations, parties, cases)
def test_a_reply_address_is_read_back_in_any_case(ring, conversation, party, change):
    address = keys.reply_address(ring, conversation, party, "Ask.Shop.example")
    assert len(address.partition("@")[0]) <= 64
    assert keys.read_reply_address(ring, change(address)) == (conversation, party)
    assert keys.read_reply_address(ring, f" <{change(address)}> ") == (conversation, party)


@given(rings, conversations, parties, link_purposes, link_purposes)
def test_a_link_key_opens_only_its_purpose(ring, conversation, party, purpose, other):
    key = keys.link_key(ring, conversation, party, purpose)
    opened = keys.read_link_key(ring, key.upper(), other)
    assert opened == ((conversation, party) if purpose == other else None)
    assert keys.read_reply_address(ring, f"r-{key}@ask.shop.example") is None
    assert keys.purpose_of(ring, key) == purpose


@given(rings, conversations, parties, st.integers(0, keys.KEY - 1), st.sampled_from(ALPHABET))
def test_no_other_key_is_accepted(ring, conversation, party, place, letter):
    local, _, domain = keys.reply_address(ring, conversation, party, "ask.shop.example").partition("@")
    key = local[2:]
    changed = key[:place] + letter + key[place + 1 :]
    if changed != key:
        assert keys.read_reply_address(ring, f"r-{changed}@{domain}") is None
    for near in (key, f"r-{key[:-1]}", f"r-{key}a", f"rr-{key}", f"r-{key}.", f"r-{key}\n"):
        assert keys.read_reply_address(ring, f"{near}@{domain}") is None


@given(rings, rings, conversations, parties)
def test_a_key_means_nothing_to_another_ring(ring, other, conversation, party):
    if not set(ring.secrets.values()) & set(other.secrets.values()):
        assert keys.read_reply_address(other, keys.reply_address(ring, conversation, party, "a.example")) is None


@given(st.lists(secrets, min_size=2, max_size=6, unique=True), conversations, parties)
def test_rotation_keeps_two_older_secrets_alive(several, conversation, party):
    ring = KeyRing({1: several[0]})
    address = keys.reply_address(ring, conversation, party, "a.example")
    hashed = keys.address_hash(ring, "anna@example.com")
    for turn, secret in enumerate(several[1:], start=1):
        ring = ring.rotated(secret)
        assert keys.reply_address(ring, conversation, party, "a.example") != address
        assert (keys.read_reply_address(ring, address) == (conversation, party)) == (turn <= 2)
        assert (hashed in set(keys.address_hashes(ring, "Anna@example.com"))) == (turn <= 2)


@given(rings)
def test_a_ring_is_written_and_read_and_never_shown(ring):
    assert KeyRing.from_json(ring.to_json()) == ring
    assert not any(str(secret) in repr(ring) for secret in ring.secrets.values())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '"x"',
        "null",
        '{"1": 5}',
        '{"1": "?"}',
        '{"0": "%s"}',
        '{"32": "%s"}',
        '{"x": "%s"}',
        '{"1": "c2hvcnQ="}',
    ],
)
def test_a_bad_ring_is_refused_without_showing_it(text):
    secret = b64encode(b"0123456789abcdef").decode()
    with pytest.raises(Unusable) as caught:
        KeyRing.from_json(text.replace("%s", secret))
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    ("conversation", "party", "purpose"),
    [
        ("short", 0, "status"),
        ("A" * 12, 0, "status"),
        ("a" * 12, -1, "status"),
        ("a" * 12, 1024, "status"),
        ("a" * 12, 0, "x"),
        ("a" * 12, 0, "reply"),
    ],
)
def test_no_key_is_made_for_nonsense(conversation, party, purpose):
    with pytest.raises(Unusable):
        keys.link_key(KeyRing({1: b"0" * 32}), ConversationId(conversation), party, purpose)


@given(secrets, st.text(), st.text(), st.text())
def test_one_form_with_the_same_words_is_one_question(secret, token, address, question):
    one = keys.conversation_id(secret, token, address, question)
    assert len(one) == 12
    assert set(one) <= set(ALPHABET)
    assert one == keys.conversation_id(
        KeyRing({3: secret}), f" {token} ", address, question.replace("\n", "\r\n") + "\n"
    )
    assert one != keys.conversation_id(secret, token + "x", address, question)
    assert one != keys.conversation_id(secret, token, address, question + " more")
    assert one != keys.conversation_id(secret, token, address + "x", question)


def test_words_cannot_move_between_the_parts():
    assert keys.conversation_id(b"0" * 32, "ab", "c", "d") != keys.conversation_id(b"0" * 32, "a", "bc", "d")


def test_it_imports_nothing_beyond_the_standard_library():
    code = "import sys; import undivided.mail.keys; print('\\n'.join(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = {name for name in ran.stdout.split() if name.partition(".")[0] == "undivided"}
    assert ours == {"undivided", "undivided.mail", "undivided.mail.keys", "undivided.values"}
    assert not {"boto3", "jinja2", "email", "nh3"} & set(json.loads(json.dumps(ran.stdout.split())))
