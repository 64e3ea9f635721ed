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


def explain(path: str) -> int:
    """Print as JSON what the mail in `path` ("-" for standard input) says and why; 1 if there is no such file."""
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        print(f"{path}: {error.strerror}; give the path of a mail saved as .eml", file=sys.stderr)
        return 1
    print(json.dumps(explained(raw), ensure_ascii=False, indent=2))
    return 0


def reprocess(ses_id: str, stack: Stack) -> int:
    """Take a mail through again that was put aside: spam, virus, loop and automatic count no more, who speaks still does.

    Raise `Unusable` for a mail that has no fate, or whose words have gone their way.
    """
    from undivided.aws.dynamo import Store  # noqa: PLC0415 - boto3 takes longer than all of `explain`
    from undivided.aws.notices import released_notice  # noqa: PLC0415
    from undivided.aws.received import Received  # noqa: PLC0415
    from undivided.errors import Refused  # noqa: PLC0415

    known = Received(Store(stack.client("dynamodb"), stack.output("TableName"))).fate(ses_id)
    if known is None:
        raise Unusable(f"no mail {ses_id} has a fate; one that failed is in the dead letters, see docs/runbook.md")
    try:
        notice = released_notice(known)
    except Refused as why:
        raise Unusable(str(why)) from None
    stack.client("sqs").send_message(QueueUrl=stack.output("ReceivedQueueUrl"), MessageBody=notice)
    print(f"{ses_id} was {known.fate} by the rule {known.rule}; it is on its way again")
    return 0
