"""SES's receiving end one step at a time: what the post office does at once, a test may do twice, late or never."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from e2e.world import World

from console.local.receiving import PREFIX, Received, accept, notice


@dataclass(frozen=True)
class Mailroom:
    s3: Any
    sns: Any
    outputs: Mapping[str, str]

    @classmethod
    def of(cls, world: World) -> Mailroom:
        return cls(world.aws("s3"), world.aws("sns"), world.told["outputs"])

    def take(self, mail: EmailMessage) -> Received:
        """Take a mail in, without storing or announcing it yet."""
        (source,) = (address for _, address in getaddresses([str(mail["From"])]))
        recipients = [address for _, address in getaddresses([str(mail["To"])])]
        return accept(source, recipients, mail.as_bytes(), datetime.now(UTC))

    def store(self, mail: Received) -> None:
        self.s3.put_object(Bucket=self.outputs["MailBucket"], Key=PREFIX + mail.id, Body=mail.raw)

    def announce(self, mail: Received) -> None:
        said = notice(mail, self.outputs["MailBucket"], self.outputs["ReceivedTopicArn"])
        self.sns.publish(TopicArn=self.outputs["ReceivedTopicArn"], Message=json.dumps(said))
