"""Orders and refunds as shop systems tell them: checked, and read into one form. Nothing is decided here.

| source | signature | sales | taken back by |
|---|---|---|---|
| `shopify` | `X-Shopify-Hmac-Sha256` | `orders/paid`, `orders/create`, `orders/updated`, once paid | `refunds/create`, `orders/cancelled` |
| `woocommerce` | `X-WC-Webhook-Signature` | `order.created`, `order.updated`, once processing or completed | its refunds; status refunded, cancelled |
| `generic` | Standard Webhooks | `order.paid` | `order.refunded` |

One call may tell several things: an order that is told late brings its refunds along.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from undivided.sale.webhooks import Untrusted, signed_body, signed_standard
from undivided.values import Money, Unusable

SHOPIFY, WOOCOMMERCE, GENERIC = "shopify", "woocommerce", "generic"
SOURCES = (SHOPIFY, WOOCOMMERCE, GENERIC)
EVERYTHING = "everything"
"""The id of the refund that takes back whatever is left of an order: it was cancelled."""
MOST_BYTES = 1_000_000
_MOST_ID = 100
_LONGEST_NOTE = 5000

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """A paid order, or with `refund_of` money given back; `id` is then the refund's."""

    source: str
    id: str
    amount: Money | None
    """None only for a refund of everything that is left."""
    placed_at: datetime
    email: str = ""
    note: str = ""
    """What the buyer wrote: a place for the conversation's code."""
    links: tuple[str, ...] = ()
    """Where a tracked link may have left its key: landing page, attributes."""
    skus: tuple[str, ...] = ()
    refund_of: str = ""
    """The id of the order that it is a refund of."""

    @property
    def key(self) -> str:
        """The order's name among all sources; the order's, also for a refund."""
        return f"{self.source}:{self.refund_of or self.id}"


def check(source: str, headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...], now: datetime) -> None:
    """Raise `Untrusted` unless the call is signed by `source`, and recent where the signature covers a time."""
    if not secrets:
        raise Untrusted(f"there is no secret for {source}; run `undivided orders secret {source}`")
    if source == SHOPIFY:
        return signed_body(body, headers.get("x-shopify-hmac-sha256", ""), secrets)
    if source == WOOCOMMERCE:
        return signed_body(body, headers.get("x-wc-webhook-signature", ""), secrets)
    signed_standard(body, headers, secrets, now)
    return None


def is_ping(source: str, body: bytes) -> bool:
    """Say whether it is the unsigned `webhook_id=7` that WooCommerce sends when a webhook is saved; it wants a 200."""
    name, _, number = body[:40].partition(b"=")
    return source == WOOCOMMERCE and name == b"webhook_id" and number.isdigit()


def read(source: str, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[Order, ...]:
    """Return what a checked call tells, the sale before its refunds; nothing for what is no sale (yet).

    Raise `Unusable` for a body that is not what the source sends.
    """
    said = _object(body)
    try:
        return tuple(_READERS[source](said, headers, now))
    except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
        raise Unusable(f"this is no {source} webhook about an order: {type(error).__name__} {error}") from error


def _object(body: bytes) -> Json:
    try:
        said = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Unusable("the body is not JSON") from None
    if not isinstance(said, dict):
        raise Unusable("the body is not a JSON object")
    return said


# --- Shopify -------------------------------------------------------------------------------------------------------

_SHOPIFY_PAID = frozenset({"paid", "partially_refunded", "refunded"})


def _shopify(said: Json, headers: Mapping[str, str], now: datetime) -> Iterator[Order]:
    topic = headers.get("x-shopify-topic", "")
    if topic == "refunds/create":
        yield from _shopify_refund(said, _id(said["order_id"]), now)
    elif topic == "orders/cancelled":
        yield Order(SHOPIFY, EVERYTHING, None, now, refund_of=_id(said["id"]))
    elif topic in ("orders/paid", "orders/create", "orders/updated") and said.get("financial_status") in _SHOPIFY_PAID:
        yield _shopify_order(said, now)
        for one in said.get("refunds") or ():
            yield from _shopify_refund(one, _id(said["id"]), now)


def _shopify_order(said: Json, now: datetime) -> Order:
    attributes = _texts(one.get("value") for one in said.get("note_attributes") or ())
    return Order(
        source=SHOPIFY,
        id=_id(said["id"]),
        amount=_money(said["total_price"], said["currency"]),
        placed_at=_moment(said.get("created_at"), now),
        email=_text(said.get("email") or said.get("contact_email")),
        note="\n".join((_text(said.get("note")), *attributes))[:_LONGEST_NOTE],
        links=(*_texts((said.get("landing_site"), said.get("referring_site"))), *attributes),
        skus=_texts(one.get("sku") for one in said.get("line_items") or ()),
    )


def _shopify_refund(said: Json, order: str, now: datetime) -> Iterator[Order]:
    """Yield what was really paid back; a refund without a transaction gave goods back, and no money."""
    paid = [one for one in said.get("transactions") or () if (one["kind"], one["status"]) == ("refund", "success")]
    amounts = [_shop_money(one) for one in paid]
    if amounts:
        whole = amounts[0]
        for one in amounts[1:]:
            whole += one
        yield Order(SHOPIFY, _id(said["id"]), whole, _moment(said.get("created_at"), now), refund_of=order)


def _shop_money(transaction: Json) -> Money:
    """Return the amount in the shop's own currency, which is also that of the order's `total_price`."""
    own = (transaction.get("amount_set") or {}).get("shop_money") or {}
    if own:
        return _money(own["amount"], own["currency_code"])
    return _money(transaction["amount"], transaction["currency"])


# --- WooCommerce ---------------------------------------------------------------------------------------------------

_WOO_PAID = frozenset({"processing", "completed", "refunded"})
_WOO_GONE = frozenset({"cancelled", "refunded", "failed", "trash"})


def _woocommerce(said: Json, headers: Mapping[str, str], now: datetime) -> Iterator[Order]:
    topic, status = headers.get("x-wc-webhook-topic", ""), said.get("status", "")
    if topic == "order.deleted":
        yield Order(WOOCOMMERCE, EVERYTHING, None, now, refund_of=_id(said["id"]))
    if topic not in ("order.created", "order.updated", "order.restored"):
        return
    if status in _WOO_PAID:
        yield _woocommerce_order(said, now)
    for one in said.get("refunds") or () if status in _WOO_PAID else ():
        back = _money(one["total"], said["currency"])  # a negative total, like "-10.00"
        yield Order(WOOCOMMERCE, _id(one["id"]), Money(abs(back.amount), back.currency), now, refund_of=_id(said["id"]))
    if status in _WOO_GONE:
        yield Order(WOOCOMMERCE, EVERYTHING, None, now, refund_of=_id(said["id"]))


def _woocommerce_order(said: Json, now: datetime) -> Order:
    meta = _texts(one.get("value") for one in said.get("meta_data") or () if isinstance(one.get("value"), str))
    return Order(
        source=WOOCOMMERCE,
        id=_id(said["id"]),
        amount=_money(said["total"], said["currency"]),
        placed_at=_moment(said.get("date_created_gmt"), now),
        email=_text((said.get("billing") or {}).get("email")),
        note=_text(said.get("customer_note"))[:_LONGEST_NOTE],
        links=meta,
        skus=_texts(one.get("sku") for one in said.get("line_items") or ()),
    )


# --- generic -------------------------------------------------------------------------------------------------------


def _generic(said: Json, _headers: Mapping[str, str], now: datetime) -> Iterator[Order]:
    data = said["data"]
    if said["type"] == "order.paid":
        yield Order(
            source=GENERIC,
            id=_id(data["id"]),
            amount=_money(data["amount"], data["currency"]),
            placed_at=_moment(data.get("placed_at"), now),
            email=_text(data.get("email")),
            note=_text(data.get("note"))[:_LONGEST_NOTE],
            links=_texts((data.get("link"),)),
            skus=_texts(data.get("skus") or ()),
        )
    elif said["type"] == "order.refunded":
        everything = data.get("amount") is None
        amount = None if everything else _money(data["amount"], data["currency"])
        name = EVERYTHING if everything else _id(data["id"])
        yield Order(GENERIC, name, amount, now, refund_of=_id(data["order"]))


_READERS: Mapping[str, Callable[[Json, Mapping[str, str], datetime], Iterator[Order]]] = {
    SHOPIFY: _shopify,
    WOOCOMMERCE: _woocommerce,
    GENERIC: _generic,
}


# --- single values -------------------------------------------------------------------------------------------------


def _id(value: object) -> str:
    name = str(value).strip()
    if isinstance(value, bool) or not isinstance(value, int | str) or not name or len(name) > _MOST_ID:
        raise Unusable(f"{name[:80]!r} is no id of an order")
    return name


def _money(amount: object, currency: object) -> Money:
    if isinstance(amount, bool) or not isinstance(amount, int | str | Decimal):
        raise Unusable(f"{amount!r:.80} is no amount; write it as a text like 49.90")
    return Money(Decimal(str(amount).strip()), str(currency).strip().upper())


def _moment(value: object, now: datetime) -> datetime:
    """Read a time; one without a zone is UTC (WooCommerce's `…_gmt`), and one in the future is now."""
    if not isinstance(value, str) or not value:
        return now
    read = datetime.fromisoformat(value)
    return min(now, read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(one for one in map(_text, values) if one)
