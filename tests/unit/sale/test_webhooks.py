"""Signatures: the published vector, and every way in which a call may be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undivided.sale.webhooks import STALE, Untrusted, signed_body, signed_standard, standard_headers, standard_key
from undivided.values import Unusable
from unit.sale.calls import NOW, SECRETS, hashed, standard

SECRET = SECRETS["generic"][0]


def test_the_vector_of_the_specification():
    """From the reference implementations of Standard Webhooks."""
    sent = datetime.fromtimestamp(1614265330, UTC)
    made = standard_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', sent
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=200), st.text("abc_123", min_size=1, max_size=20), st.integers(-299, 299))
def test_what_is_signed_is_believed_for_five_minutes(body, name, seconds):
    headers = standard_headers(SECRET, name, body, NOW + timedelta(seconds=seconds))
    assert signed_standard(body, headers, [SECRET], NOW) == name


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_another_body_is_refused(body, other):
    headers, hash_ = standard_headers(SECRET, "m", body, NOW), hashed(b"s", body)
    if body == other:
        return
    with pytest.raises(Untrusted):
        signed_standard(other, headers, [SECRET], NOW)
    with pytest.raises(Untrusted):
        signed_body(other, hash_, ["s"])


@pytest.mark.parametrize("away", [STALE + timedelta(seconds=1), -STALE - timedelta(seconds=1), timedelta(days=900)])
def test_stale_calls_and_calls_from_the_future_are_refused(away):
    with pytest.raises(Untrusted, match="more than"):
        signed_standard(b"{}", standard(b"{}", NOW - away), [SECRET], NOW)


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_every_header_is_needed(missing):
    headers = {name: value for name, value in standard(b"{}", NOW).items() if name != missing}
    with pytest.raises(Untrusted):
        signed_standard(b"{}", headers, [SECRET], NOW)


@pytest.mark.parametrize("change", [
    {"webhook-id": "msg_2"}, {"webhook-timestamp": str(int(NOW.timestamp()) + 1)}, {"webhook-signature": "v1,"},
    {"webhook-signature": "v1a," + hashed(b"x", b"{}")}, {"webhook-timestamp": "²"}, {"webhook-timestamp": "-1"},
    {"webhook-timestamp": "9" * 400}, {"webhook-signature": "\ud800"},
])  # fmt: skip
def test_changed_headers_are_refused(change):
    with pytest.raises(Untrusted):
        signed_standard(b"{}", {**standard(b"{}", NOW), **change}, [SECRET], NOW)


def test_one_of_several_signatures_and_secrets_is_enough():
    headers = standard(b"{}", NOW)
    several = {**headers, "webhook-signature": f"v2,xyz v1,bm9wZQ== {headers['webhook-signature']}"}
    other = "whsec_" + "QUFB" * 8
    assert signed_standard(b"{}", several, [other, SECRET], NOW) == "msg_1"
    signed_body(b"x", hashed(b"older", b"x"), ["hush", "older"])


@pytest.mark.parametrize("signature", ["", " ", "x", "\ud800"])
def test_no_signature_and_an_empty_secret_open_nothing(signature):
    with pytest.raises(Untrusted):
        signed_body(b"", signature, [""])
    with pytest.raises(Untrusted):
        signed_body(b"", hashed(b"", b""), ["", *[]])


@pytest.mark.parametrize("secret", ["whsec_", "whsec_AAAA", "whsec_ä", "x"])
def test_an_unusable_secret_is_not_repeated(secret):
    with pytest.raises(Unusable) as refused:
        standard_key(secret)
    assert secret == "x" or secret[6:] not in str(refused.value) or secret == "whsec_"
