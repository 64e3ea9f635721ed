"""`undivided mail …`: what one mail says, read from a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from undivided.mail import explain as explained
from undivided.values import Unusable

if TYPE_CHECKING:
    from console.stack import Stack


def explain(path: str | Path) -> int:
    """Print as JSON what the mail in `path` ("-" for standard input) says and why; 1 if there is no such file."""
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else Path(path).read_bytes()
    except OSError as error:
        print(f"{path}: {error.strerror}; give the path of a mail saved as .eml", file=sys.stderr)
        return 1
    print(json.dumps(explained(raw), ensure_ascii=False, indent=2))
    return 0


def reprocess(ses_id: str, stack: Stack) -> int:
    """Take a mail through again that was put aside: spam, virus, loop and automatic count no more, who speaks still does.

    One that SES stored and never announced is taken in, by what SES wrote on top of it. Raise `Unusable` for a mail that
    is not there, or whose words have gone their way.
    """
    from undivided.aws.dynamo import Store  # noqa: PLC0415 - boto3 takes longer than all of `explain`
    from undivided.aws.notices import released_notice  # noqa: PLC0415
    from undivided.aws.received import Received  # noqa: PLC0415
    from undivided.errors import Refused  # noqa: PLC0415

    known = Received(Store(stack.client("dynamodb"), stack.output("TableName"))).fate(ses_id)
    try:
        notice = released_notice(known) if known else _unannounced(ses_id, stack)
    except Refused as why:
        raise Unusable(str(why)) from None
    stack.client("sqs").send_message(QueueUrl=stack.output("ReceivedQueueUrl"), MessageBody=notice)
    was = f"was {known.fate} by the rule {known.rule}; it is on its way again" if known else "is on its way"
    print(f"{ses_id} {was}")
    return 0


def _unannounced(ses_id: str, stack: Stack) -> str:
    """Return the notice that SES owes for a mail without a fate; one that failed may be taken in so, too."""
    from undivided.aws.bucket import Bucket  # noqa: PLC0415 - as above
    from undivided.aws.notices import stamped_notice  # noqa: PLC0415
    from undivided.aws.receiving import PREFIX  # noqa: PLC0415
    from undivided.errors import NotThereYet  # noqa: PLC0415

    key = f"{PREFIX}{ses_id}"
    try:
        return stamped_notice(ses_id, key, Bucket(stack.client("s3"), stack.output("MailBucket")).get(key))
    except NotThereYet:
        raise Unusable(f"no mail {ses_id} is stored; the owner's notices and the log name mails by SES's id") from None
