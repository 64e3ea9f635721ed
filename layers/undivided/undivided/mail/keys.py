"""Keys that people carry in addresses and links: who may speak as which party of which conversation.

A key is 31 characters of lower-case base32, so that it survives mail programs that change the case of local parts:

    conversation (12) | party (2) | version of the secret (1) | MAC (16 characters = 80 bits)

The MAC is HMAC-SHA256 over the purpose and everything before it, so that a key made for one purpose opens nothing else.
Standard library only, because the shopper waits for the function that imports this.
"""

from __future__ import annotations

import hmac
import json
from base64 import b32encode, b64decode, b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256

from undivided.values import Address, AddressHash, ConversationId, Unusable

KEY = 31
"""Characters of a key."""
REPLY = "reply"
STATUS = "status"
ACT = "act"
FILE = "file"
OFFER = "offer"
PUBLISH = "publish"
SATISFACTION = "satisfaction"
CHOICE = "choice"
PURPOSES = (REPLY, STATUS, ACT, FILE, "release", "report", PUBLISH, OFFER, SATISFACTION, CHOICE)
"""Every purpose that a key may have; the list is closed, so that `mail.ours` can find any key in a text."""
PARTIES = 1024
"""Two characters of base32."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_VERSIONS = len(_ALPHABET)
_SHORTEST_SECRET = 16
_CONVERSATION = 12
_LETTERS = frozenset(_ALPHABET)


class KeyRing:
    """Secrets by version (1 to 31): the highest version signs, all verify. Drop a version and its keys open nothing.

    A plain class, because making a dataclass costs 2 ms at import; it shows no secret when it is printed.
    """

    __slots__ = ("secrets",)

    def __init__(self, secrets: Mapping[int, bytes]) -> None:
        self.secrets = dict(secrets)
        if not self.secrets:
            raise Unusable('the key ring is empty; write at least one key like {"1": "<32 random bytes in base64>"}')
        for version, secret in self.secrets.items():
            if not 0 < version < _VERSIONS:
                raise Unusable(f"{version} is not a version of a key; use 1 to {_VERSIONS - 1}")
            if len(secret) < _SHORTEST_SECRET:
                raise Unusable(f"key {version} has only {len(secret)} bytes; use 32 random ones")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeyRing) and self.secrets == other.secrets

    def __hash__(self) -> int:
        return hash(frozenset(self.secrets.items()))

    @classmethod
    def from_json(cls, text: str) -> KeyRing:
        """Read `{"1": "<base64>", "2": ...}`; the error never repeats the text, because it holds secrets."""
        try:
            return cls({int(version): b64decode(secret, validate=True) for version, secret in json.loads(text).items()})
        except Unusable:
            raise
        except (ValueError, TypeError, AttributeError):
            raise Unusable('the key ring is unreadable; write it like {"1": "<32 random bytes in base64>"}') from None

    def to_json(self) -> str:
        return json.dumps(
            {str(version): b64encode(secret).decode() for version, secret in sorted(self.secrets.items())}
        )

    @property
    def newest(self) -> int:
        return max(self.secrets)

    def rotated(self, secret: bytes, *, keep: int = 2) -> KeyRing:
        """Return a ring in which `secret` signs and the last `keep` older secrets still verify."""
        if self.newest + 1 >= _VERSIONS:
            raise Unusable(
                f"there is no version after {self.newest}; start a new ring at 1 once the old keys have expired"
            )
        older = sorted(self.secrets)[-keep:] if keep else []
        return KeyRing({self.newest + 1: secret, **{version: self.secrets[version] for version in older}})


def reply_address(ring: KeyRing, conversation: ConversationId, party: int, mail_domain: str) -> Address:
    """Return the address at which `party` (0 is the shopper) speaks in `conversation`: `r-<key>@<mail domain>`."""
    return Address(f"r-{_key(ring, conversation, party, REPLY)}@{mail_domain.lower()}")


def read_reply_address(ring: KeyRing, address: str) -> tuple[ConversationId, int] | None:
    """Return conversation and party of one of our reply addresses in any case; None for every other address.

    The domain is not looked at: SES only hands over mail to the mail domain.
    """
    local = address.strip().strip("<>").rpartition("@")[0].lower()
    return _read(ring, local.removeprefix("r-"), REPLY) if local.startswith("r-") else None


def link_key(ring: KeyRing, conversation: ConversationId, party: int, purpose: str) -> str:
    """Return the key that stands in a link for `purpose`, one of `PURPOSES`."""
    if purpose == REPLY:
        raise Unusable("a key for reply addresses never stands in a link; choose another purpose")
    return _key(ring, conversation, party, purpose)


def read_link_key(ring: KeyRing, key: str, purpose: str) -> tuple[ConversationId, int] | None:
    """Return conversation and party if `key` was made for exactly this purpose; None for anything else."""
    return _read(ring, key.strip().lower(), purpose)


def seal(ring: KeyRing, key: str, said: str) -> str:
    """Return `said` with a MAC that binds it to the key of the same link; `said` is letters, digits and dots."""
    return f"{said}.{_mac(ring.secrets[_version(key)], 16, 'seal', key, said)}"


def unsealed(ring: KeyRing, key: str, sealed: str) -> str | None:
    """Return what was sealed to a key that verifies; None if a letter of either was changed."""
    said, _, mac = sealed.rpartition(".")
    secret = ring.secrets.get(_version(key))
    if secret is None or not mac.isascii() or not hmac.compare_digest(_mac(secret, 16, "seal", key, said), mac):
        return None
    return said


def purpose_of(ring: KeyRing, key: str) -> str | None:
    """Return what `key` was made for; None if it is none of ours. Only for finding keys in a text, never to admit one."""
    return next((purpose for purpose in PURPOSES if _read(ring, key.lower(), purpose)), None)


def conversation_id(ring: KeyRing | bytes, token: str, address: str, question: str) -> ConversationId:
    """Return the id of what one form sent: the same form with the same words is the same question, however often sent.

    Line ends and runs of space are not told apart, because browsers and JSON clients write them differently.
    """
    secret = ring.secrets[ring.newest] if isinstance(ring, KeyRing) else ring
    words = " ".join(question.split())
    return ConversationId(_mac(secret, _CONVERSATION, "conversation", token.strip(), address.strip().casefold(), words))


def address_hash(ring: KeyRing, address: str) -> AddressHash:
    """Return 32 characters that stand for an address in keys of the table, where the address itself must not stand."""
    return next(address_hashes(ring, address))


def address_hashes(ring: KeyRing, address: str) -> Iterator[AddressHash]:
    """Yield the hash under each secret, newest first: where to look for what was written before a rotation."""
    for version in sorted(ring.secrets, reverse=True):
        yield AddressHash(_mac(ring.secrets[version], 32, "address", address.strip().casefold()))


def _key(ring: KeyRing, conversation: ConversationId, party: int, purpose: str) -> str:
    if len(conversation) != _CONVERSATION or not _LETTERS.issuperset(conversation):
        raise Unusable(f"{conversation!r} is not a conversation; its id has 12 characters of lower-case base32")
    if not 0 <= party < PARTIES:
        raise Unusable(f"{party} is not a party; use 0 for the shopper and 1 to {PARTIES - 1} for specialists")
    if purpose not in PURPOSES:
        raise Unusable(f"{purpose!r} is not a purpose of a key; use one of {', '.join(PURPOSES)}")
    head = conversation + _ALPHABET[party // _VERSIONS] + _ALPHABET[party % _VERSIONS] + _ALPHABET[ring.newest]
    return head + _mac(ring.secrets[ring.newest], 16, "key", purpose, head)


def _read(ring: KeyRing, key: str, purpose: str) -> tuple[ConversationId, int] | None:
    if len(key) != KEY or not _LETTERS.issuperset(key):
        return None
    head, mac = key[:-16], key[-16:]
    high, low, version = (_ALPHABET.index(letter) for letter in head[_CONVERSATION:])
    secret = ring.secrets.get(version)
    if secret is None or not hmac.compare_digest(_mac(secret, 16, "key", purpose, head), mac):
        return None
    return ConversationId(head[:_CONVERSATION]), high * _VERSIONS + low


def _version(key: str) -> int:
    return _ALPHABET.index(key[_CONVERSATION + 2])


def _mac(secret: bytes, length: int, *parts: str) -> str:
    """Return `length` characters of base32; each part goes in with its length, so that no two lists of parts are one text."""
    text = b"".join(len(part).to_bytes(4) + part for part in (one.encode("utf-8", "surrogatepass") for one in parts))
    return b32encode(hmac.digest(secret, text, sha256)[: length * 5 // 8 + 1]).decode()[:length].lower()
