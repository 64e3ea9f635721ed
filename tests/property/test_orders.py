"""Orders and refunds in any order, any number of times: the result is as if each had come once."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from undivided.sale.credits import net, sale_of, totals
from undivided.state import Credit, Outcome
from undivided.values import Money
from unit.sale.calls import call_generic, call_woocommerce, euros, generic, shop, stands, woocommerce_order

cents = st.integers(1, 100_000).map(lambda one: Decimal(one) / 100)
money = st.builds(Money, cents, st.sampled_from(("EUR", "CHF", "USD")))


@given(st.lists(st.sampled_from(("order", "other", "r1", "r2", "all")), max_size=12))
def test_repetitions_and_any_order_end_in_the_same_sale(events):
    rt = shop()
    for one in events:
        if one in ("order", "other"):
            call_generic(rt, generic(id=one, amount="100.00"))
        else:
            amount = {"r1": {"amount": "30.00", "currency": "EUR"}, "r2": {"amount": "20.00", "currency": "EUR"}}.get(
                one, {}
            )
            call_generic(rt, {"type": "order.refunded", "data": {"order": "order", "id": one, **amount}})
    counts = "order" in events and "all" not in events[: events.index("order")]
    expected = Decimal(100) if "other" in events else Decimal(0)
    if counts:
        back = {"r1": 30, "r2": 20, "all": 100}
        expected += max(Decimal(100 - sum(back[one] for one in {*events} & {*back})), Decimal(0))
    after = stands(rt)
    assert (after.sale.amount if after.sale else Decimal(0)) == expected
    if after.sale:
        assert after.outcome is Outcome.WON
    elif counts:
        assert after.outcome is Outcome.LOST


@given(st.lists(st.sampled_from((None, "10.00", "20.00")), max_size=6))
def test_woocommerce_tells_the_whole_order_each_time(seen):
    rt = shop()
    refunds: list[dict[str, object]] = []
    for number, amount in enumerate(seen):
        if amount:
            refunds.append({"id": number, "total": f"-{amount}"})
        call_woocommerce(rt, woocommerce_order(refunds=list(refunds)))
    given_back = sum((Decimal(amount) for amount in seen if amount), Decimal(0))
    left = max(euros("129.90").amount - given_back, Decimal(0))
    after = stands(rt)
    assert (after.sale.amount if after.sale else Decimal(0)) == (left if seen else Decimal(0))


@given(st.dictionaries(st.text(max_size=3), st.builds(Credit, money, st.just("link")), max_size=6))
def test_sums_are_by_currency_and_lose_nothing(credits_):
    sums = totals(credits_)
    for currency, total in sums.items():
        assert total == Money(
            sum((one.amount.amount for one in credits_.values() if one.amount.currency == currency), Decimal(0)),
            currency,
        )
    assert sale_of(credits_, "EUR") == (sums.get("EUR") or next(iter(sums.values()), None))


@given(cents, st.dictionaries(st.text(max_size=3), cents, max_size=5))
def test_what_is_left_is_never_below_zero(paid, back):
    left = net(Credit(Money(paid, "EUR"), "link", {name: Money(one, "EUR") for name, one in back.items()}))
    assert left.amount == max(paid - sum(back.values()), Decimal(0))
