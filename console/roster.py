"""`undivided roster`: check undivided.yaml, load it into a deployed stack, or compile it for the layer's build."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from undivided.values import Unusable

from console import shopfile
from console.announce import unproven
from console.announce import welcome as welcomed
from console.changes import changes

if TYPE_CHECKING:
    from console.stack import Stack

KEY = "config/shop.json"
"""Where the stack reads its shop, in the bucket of the output `ConfigBucket`."""


def check(path: Path) -> int:
    """Print every problem of `path` with its line; return 1 if one of them is an error, else 0."""
    return 1 if _sound(path) is None else 0


def compile(path: Path, out: Path, *, always: bool = False) -> int:  # noqa: A001 - the word of the command line
    """Write the shop as JSON to `out`, for the layer; return 1 and write nothing if `path` has an error."""
    shop = _sound(path)
    if shop is None:
        return 1
    fresh = out.with_suffix(".new")
    fresh.write_text(_text(shopfile.always_on_duty(shop) if always else shop), encoding="utf-8")
    fresh.replace(out)
    return 0


def apply(path: Path, stack: Stack, *, as_written: bool = False) -> int:
    """Load `path` into the deployed `stack` and print what changed; applying the same file again changes nothing.

    The demo (a stack on this machine) has everybody on duty at all hours, unless `as_written`.
    Raise `Unusable` if the stack receives mail for another domain: answers would go where nobody reads them.
    """
    shop = _sound(path)
    if shop is None:
        return 1
    if _is_demo(stack) and not as_written:
        shop = shopfile.always_on_duty(shop)
        print("this is the demo: everybody is on duty day and night, whatever hours the file says")
    _same_mail_domain(shop, stack)
    s3, bucket = stack.client("s3"), stack.output("ConfigBucket")
    before = applied(s3, bucket)
    if before == shop:
        print(f"{stack.name}: nothing has changed")
        return 0
    for line in changes(before or {}, shop):
        print(line)
    s3.put_object(Bucket=bucket, Key=KEY, Body=_text(shop).encode(), ContentType="application/json")
    print(f"{stack.name}: applied {path}; it counts within a minute, newcomers are welcomed within four")
    return 0


def welcome(stack: Stack) -> int:
    """Welcome everybody on the applied roster whose answer to a welcome mail has not come back yet."""
    shop = applied(stack.client("s3"), stack.output("ConfigBucket"))
    if shop is None:
        raise Unusable(f"{stack.name} has no shop yet; run `undivided roster apply` first")
    for who in welcomed(unproven(shop, stack), stack):
        print(f"welcoming {who}")
    print(f"{stack.name}: everybody else has answered one before")
    return 0


def _sound(path: Path) -> dict[str, Any] | None:
    """Read `path` and print what is wrong with it; None if that is an error."""
    try:
        found = shopfile.read(path, datetime.now(UTC).date())
    except OSError as error:
        raise Unusable(f"{path} cannot be read ({error.strerror}); name the shop's undivided.yaml") from None
    for problem in found.problems:
        print(problem, file=sys.stderr)
    if found.shop is not None:
        print(f"{path}: {len(found.shop['specialists'])} specialists, {len(found.shop['products'])} products, no error")
    return found.shop


def _text(shop: dict[str, Any]) -> str:
    return json.dumps(shop, ensure_ascii=False, separators=(",", ":")) + "\n"


def _is_demo(stack: Stack) -> bool:
    host = urlsplit(stack.endpoint_url or "").hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _same_mail_domain(shop: dict[str, Any], stack: Stack) -> None:
    deployed = stack.outputs.get("MailDomain")
    if deployed and deployed.casefold() != shop["mail_domain"]:
        raise Unusable(
            f"{stack.name} receives mail for {deployed}, but mail_domain is {shop['mail_domain']}: "
            f"write {deployed}, or deploy again with MailDomain={shop['mail_domain']}"
        )


def applied(s3: Any, bucket: str) -> dict[str, Any] | None:
    """Return the shop that the stack has now; None if it has none, or one that cannot be read any more."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - boto3 is imported only when a stack is used

    try:
        found = json.loads(s3.get_object(Bucket=bucket, Key=KEY)["Body"].read())
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("NoSuchKey", "404"):
            raise
        return None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def main(argv: Sequence[str] | None = None) -> int:
    """Run `python -m console.roster compile FILE OUT` or `check FILE`, where the `undivided` command is not installed."""
    parser = argparse.ArgumentParser(prog="python -m console.roster")
    words = parser.add_subparsers(required=True, dest="word")
    words.add_parser("check").add_argument("file", type=Path)
    compiling = words.add_parser("compile")
    compiling.add_argument("file", type=Path)
    compiling.add_argument("out", type=Path)
    compiling.add_argument("--always", action="store_true", help="everybody is on duty at every hour, as in the demo")
    given = parser.parse_args(argv)
    try:
        return check(given.file) if given.word == "check" else compile(given.file, given.out, always=given.always)
    except Unusable as error:
        print(f"undivided: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
