"""`undivided explain --product SKU --lang de "…"`: who would get this question now, why, and what would be promised.

A dry run: it decides as intake and router would, against the deployed desk or against a file, and writes nothing.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from undivided.attention.duty import Given, is_away
from undivided.attention.ring import AT_ONCE
from undivided.config import LANGUAGES, Shop
from undivided.expertise.asked import Reason, Score
from undivided.expertise.model import Model
from undivided.promise.calibration import Calibration
from undivided.promise.hours import next_on_duty, on_duty
from undivided.promise.quote import say
from undivided.promise.zones import local
from undivided.shopjson import shop_from
from undivided.state import Place
from undivided.steps.given import MOST_AHEAD
from undivided.values import SpecialistId, Unusable
from undivided.why import listed, said

from console import shopfile
from console.dryrun import Asking, Choice, Dry, NoDesks, NoLines, Outlook, look
from console.stack import NoStack, find_stack

if TYPE_CHECKING:
    from console.stack import Stack

SHOWN = 5
"""So many of the best are shown with their reasons."""
_PART = 0.005
"""A part that would print as 0.00 is left out."""


def main(argv: Sequence[str]) -> int:
    """Print what would become of a question; return 0, or raise `Unusable` or `NoStack` with what to do."""
    given = _parser().parse_args(argv)
    where, dry = _desk(given)
    asking = Asking(given.question, given.lang or dry.shop.languages[0], given.product)
    if asking.language not in dry.shop.languages:
        raise Unusable(f"{dry.shop.name} does not answer in {asking.language!r}; use {', '.join(dry.shop.languages)}")
    print("\n".join(report(look(asking, dry), where, given.words)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="undivided explain", description="Who would get this question now, and why.")
    parser.add_argument("question", help="what a shopper might ask")
    parser.add_argument("--product", default="", metavar="SKU", help="the product it is about, as in the catalogue")
    parser.add_argument("--lang", default="", help="the shopper's language (default: the shop's first)")
    parser.add_argument(
        "--words", default="en", choices=LANGUAGES, help="language of the reasons, as mails say them (default: en)"
    )
    parser.add_argument(
        "--at", default="", help="another time, like 2027-03-01T09:30 on the shop's clock (default: now)"
    )
    parser.add_argument("--shop", type=Path, help="decide by this file, with empty lines, instead of by a stack")
    parser.add_argument("--stack", help="name of the deployed stack; without it: the running demo, else undivided.yaml")
    parser.add_argument("--region", help="default: AWS_REGION, then us-east-1")
    return parser


# --- where the desk comes from ----------------------------------------------------------------------------------


def _desk(given: argparse.Namespace) -> tuple[str, Dry]:
    """Return the words for where the desk was read, and the desk: of a stack, or of a file with empty lines."""
    if given.shop:
        return _of_file(given.shop, given.at)
    try:
        stack = find_stack(given.stack, given.region)
    except NoStack:
        if given.stack or os.environ.get("UNDIVIDED_STACK"):
            raise
        return _of_file(Path("undivided.yaml"), given.at)
    return _of_stack(stack, given.at)


def _of_file(path: Path, at: str) -> tuple[str, Dry]:
    try:
        found = shopfile.read(path, datetime.now(UTC).date())
    except OSError as error:
        raise Unusable(
            f"no stack runs here, and {path} cannot be read ({error.strerror}); use --stack or --shop"
        ) from None
    if found.shop is None:
        raise Unusable(f"{path} has errors: run `undivided roster check {path}`\n" + "\n".join(map(str, found.errors)))
    shop = shop_from(found.shop)
    return f"{path}, nobody busy", Dry(shop, Model.new(), Calibration(), NoDesks(), NoLines(), _moment(at, shop))


def _of_stack(stack: Stack, at: str) -> tuple[str, Dry]:
    """Read shop, model, desks and lines of a stack as its router does: with the router's environment."""
    from undivided.aws import wiring  # noqa: PLC0415 - boto3 is imported only when a stack is used

    from console.replay import configuration, environment  # noqa: PLC0415

    os.environ.update(environment(stack, configuration(stack, "router")))
    rt = wiring.runtime()
    return f"stack {stack.name}", Dry(rt.shop, rt.model, rt.calibration, rt.desks, rt.lines, _moment(at, rt.shop))


def _moment(at: str, shop: Shop) -> datetime:
    if not at:
        return datetime.now(UTC)
    try:
        read = datetime.fromisoformat(at)
    except ValueError:
        raise Unusable(f"{at!r} is not a time; write it like 2027-03-01T09:30") from None
    if read.tzinfo:
        return read.astimezone(UTC)
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - for this option alone

    return read.replace(tzinfo=ZoneInfo(shop.zone)).astimezone(UTC)


# --- in words ---------------------------------------------------------------------------------------------------


def report(found: Outlook, where: str, words: str = "en") -> list[str]:
    """Return the lines that are printed: choice, promise, scores with their parts, the lines, what would change it.

    `words` is the language in which reasons are written, as the specialist would read them.
    """
    shop, now = found.given.shop, found.given.now
    return [
        f"Dry run on {where}, {local(now, shop.zone):%Y-%m-%d %H:%M} {shop.zone}: nothing is written.",
        "",
        f"Who gets it   {_chosen(found.choice, found.given)}",
        *(f"Why           {line}" for line in (listed(_reasons(found), words),) if line),
        f"Promise       {_promised(found)}",
        *_remarks(found),
        "",
        "Scores (only their ratio counts; parts add up in the logarithm)",
        *(
            line
            for number, one in enumerate(found.ranking.scores[:SHOWN], 1)
            for line in _scored(number, one, found, words)
        ),
        *_others(found),
        "",
        "What would have changed the choice",
        *_decided(found, words),
        *_changed(found),
    ]


def _reasons(found: Outlook) -> tuple[Reason, ...]:
    """Return the three strongest reasons of whoever gets it, or would first."""
    first = found.choice.at_once or next((one.specialist for one in found.choice.places), None)
    scores = found.ranking.scores if found.ranking.fits else ()
    place = next((place for place, one in enumerate(scores) if one.specialist == first), None)
    return () if place is None else found.ranking.reasons(place)


def _decided(found: Outlook, words: str) -> Iterator[str]:
    if found.ranking.fits and (turn := found.ranking.turning_point()):
        part, second = turn
        name = found.given.shop.specialists[second].name
        yield f"  {part.name} counted for nothing ({said(part.reason, words)}): {name} would be the best match"


def _chosen(choice: Choice, given: Given) -> str:
    if choice.at_once:
        return f"{given.shop.specialists[choice.at_once].name}, at once"
    who = [f"{given.shop.specialists[one.specialist].name} ({_when(one, given)})" for one in choice.places]
    return f"nobody yet; it waits for whoever is free first of {', '.join(who)}"


def _when(place: Place, given: Given) -> str:
    if place.eligible_at <= given.now:
        return "from now on"
    return f"from {local(place.eligible_at, given.shop.zone):%H:%M} on"


def _promised(found: Outlook) -> str:
    made, shop = found.promise, found.given.shop
    if made is None:
        return "no time yet: nobody is expected to answer within 14 days, and the owner would be told"
    words = say(made.due, found.given.now, shop.zone, found.asking.language)
    due = f"{local(made.due, shop.zone):%Y-%m-%d %H:%M}"
    raw = timedelta(minutes=round(made.predicted_seconds / 60))
    return f'"{words}" (due {due}; {made.kind}: {raw} of open time × {made.factor:.2f}, kept in {made.quantile:.0%})'


def _remarks(found: Outlook) -> Iterator[str]:
    shop, asking = found.given.shop, found.asking
    if shop.paused:
        yield "Remark        the desk is paused: questions wait, nothing is delivered"
    if not found.ranking.fits:
        yield f"Remark        nobody fits: it goes to {shop.specialists[shop.fallback].name}, and the owner is told"
    if asking.sku and asking.sku not in shop.products:
        yield f"Remark        the catalogue has no {asking.sku}: only who names that SKU knows it"
    for dropped in found.ranking.dropped:
        yield f"Remark        the filter by {dropped} would have left nobody, so it was not used"


def _scored(number: int, one: Score, found: Outlook, words: str) -> Iterator[str]:
    given = found.given
    yield f"  {number}. {given.shop.specialists[one.specialist].name}  {one.estimate:.2f}  {_turn(one, found)}"
    yield f"       {_standing(one.specialist, found)}"
    for part in sorted(one.parts, key=lambda part: -abs(part.value)):
        if abs(part.value) >= _PART:
            yield f"       {part.value:+.2f}  {part.name}: {said(part.reason, words)}"


def _turn(one: Score, found: Outlook) -> str:
    place = next((place for place in found.places if place.specialist == one.specialist), None)
    if place is None:
        return "would be asked when those before are over or away"
    minutes = (place.eligible_at - found.given.now) / timedelta(minutes=1)
    return (
        "may take it at once"
        if minutes <= 0
        else f"may take it after {minutes:.0f} min (under {AT_ONCE:.0%} of the best)"
    )


def _standing(who: SpecialistId, found: Outlook) -> str:
    """Say how a specialist stands now: on duty or not, how many they have, how many wait before this question."""
    given = found.given
    person, desk, ahead = given.shop.specialists[who], given.desk(who), found.ahead.get(who, 0)
    duty = "on duty" if on_duty(person.hours, given.now) else f"off duty{_until(who, given)}"
    if is_away(desk, given.now) and desk.away_until:
        duty = f"away until {local(desk.away_until, given.shop.zone):%Y-%m-%d %H:%M}"
    if desk.silent:
        duty = "silent: nothing new until they write"
    waiting = f"at least {MOST_AHEAD}" if ahead >= MOST_AHEAD else str(ahead)
    return f"{duty}, {len(desk.focus)} of {person.capacity} in focus, {waiting} before it in line"


def _until(who: SpecialistId, given: Given) -> str:
    begins = next_on_duty(given.shop.specialists[who].hours, given.now)
    return f" until {local(begins, given.shop.zone):%a %Y-%m-%d %H:%M}" if begins else " for more than 14 days"


def _others(found: Outlook) -> Iterator[str]:
    rest = len(found.ranking.scores) - SHOWN
    if rest > 0:
        yield f"  and {rest} more, all below {found.ranking.scores[SHOWN - 1].estimate:.2f}"


def _changed(found: Outlook) -> Iterator[str]:
    same = [one.what for one in found.changes if one.choice.key == found.choice.key]
    for one in found.changes:
        if one.what not in same:
            yield f"  {one.what}: {_chosen(one.choice, found.given)}"
    if same:
        yield f"  not: {'; '.join(same)}"
