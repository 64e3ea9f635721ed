"""The one bootstrap: a runtime from the environment that the template sets. Nothing is built before it is needed."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

from undivided import ports
from undivided.aws import clients
from undivided.aws.bucket import Bucket
from undivided.aws.dynamo import Store
from undivided.aws.keystore import Secret
from undivided.aws.shopstore import ShopStore
from undivided.config import Shop
from undivided.mail.keys import KeyRing
from undivided.promise.calibration import Calibration
from undivided.runtime import Runtime, Settings

if TYPE_CHECKING:
    from undivided.expertise.model import Model


@cache
def runtime() -> Runtime:
    """Return this process's runtime; the environment is read when an attribute is first asked for."""
    return AwsRuntime()


class AwsRuntime:
    """`runtime.Runtime` on AWS. Adapters are imported where they are built: each function pays for its own."""

    def __init__(self) -> None:
        self._ring: tuple[str, KeyRing | None] = ("", None)

    @cached_property
    def settings(self) -> Settings:
        return Settings(
            public_url=os.environ["PUBLIC_URL"],
            region=os.environ.get("AWS_REGION", "us-east-1"),
            configuration_set=os.environ["CONFIGURATION_SET"],
            webhook_url=os.environ.get("WEBHOOK_URL", ""),
        )

    @property
    def now(self) -> Callable[[], datetime]:
        return _now

    @property
    def shop(self) -> Shop:
        return self._shops.shop()

    @property
    def ring(self) -> KeyRing:
        text = self._keys.secret()
        known, ring = self._ring
        if ring is None or text != known:
            ring = KeyRing.from_json(text)
            self._ring = (text, ring)
        return ring

    @property
    def model(self) -> Model:
        return self.learned.current().model

    @property
    def calibration(self) -> Calibration:
        return self.learned.current().calibration

    @cached_property
    def learned(self) -> ports.LearnedStore:
        from undivided.aws.learnedstore import LearnedStore  # noqa: PLC0415

        return LearnedStore(self._bucket, _now)

    @cached_property
    def lessons(self) -> ports.Lessons:
        from undivided.aws.queues import Lessons  # noqa: PLC0415

        return Lessons(clients.sqs(), os.environ["LESSONS_QUEUE"])

    @cached_property
    def knowledge(self) -> ports.KnowledgeStore:
        from undivided.aws.knowledgestore import KnowledgeStore  # noqa: PLC0415

        brief = Bucket(clients.s3_brief(), os.environ["MAIL_BUCKET"])
        return KnowledgeStore(self._bucket, brief, _now)

    @cached_property
    def publications(self) -> ports.Publications:
        from undivided.aws.publications import Publications  # noqa: PLC0415

        return Publications(self._store)

    @cached_property
    def conversations(self) -> ports.Conversations:
        from undivided.aws.table import Conversations  # noqa: PLC0415 - see the class

        return Conversations(self._store, self._bucket, self.shop.pace.retention)

    @cached_property
    def askers(self) -> ports.Askers:
        from undivided.aws.sales import Askers  # noqa: PLC0415

        return Askers(self._store)

    @cached_property
    def orders(self) -> ports.Orders:
        from undivided.aws.sales import Orders  # noqa: PLC0415

        return Orders(self._store, self.shop.pace.retention)

    @cached_property
    def order_secrets(self) -> ports.Secrets:
        return Secret(clients.ssm(), os.environ["ORDERS_PARAMETER"])

    @cached_property
    def desks(self) -> ports.Desks:
        from undivided.aws.desks import Desks  # noqa: PLC0415

        return Desks(self._store)

    @cached_property
    def lines(self) -> ports.Lines:
        from undivided.aws.desks import Lines  # noqa: PLC0415

        return Lines(self._store)

    @cached_property
    def outbox(self) -> ports.Outbox:
        from undivided.aws.outbox import Outbox  # noqa: PLC0415

        return Outbox(self._store, self.shop.pace.retention)

    @cached_property
    def entries(self) -> ports.Entries:
        from undivided.aws.outbox import Entries  # noqa: PLC0415

        return Entries(self._store, self.shop.pace.retention)

    @cached_property
    def rosters(self) -> ports.Rosters:
        from undivided.aws.desks import Rosters  # noqa: PLC0415

        return Rosters(self._store)

    @cached_property
    def turns(self) -> ports.Turns:
        from undivided.aws.outbox import Turns  # noqa: PLC0415

        return Turns(self._store)

    @cached_property
    def quiet(self) -> ports.Quiet:
        from undivided.aws.quiet import Quiet  # noqa: PLC0415

        return Quiet(self._store, self.shop.pace.retention)

    @cached_property
    def index(self) -> ports.MailIndex:
        from undivided.aws.received import MailIndex  # noqa: PLC0415

        return MailIndex(self._store)

    @cached_property
    def received(self) -> ports.Received:
        from undivided.aws.received import Received  # noqa: PLC0415

        return Received(self._store, self.shop.pace.retention)

    @cached_property
    def due(self) -> ports.Due:
        from undivided.aws.due import Due  # noqa: PLC0415

        return Due(self._store)

    @cached_property
    def questions(self) -> ports.Queue:
        from undivided.aws.queues import Queue  # noqa: PLC0415

        return Queue(clients.sqs(), os.environ["QUESTIONS_QUEUE"])

    @cached_property
    def schedules(self) -> ports.Schedules:
        from undivided.aws.queues import Queue, Schedules  # noqa: PLC0415

        return Schedules(
            client=clients.scheduler(),
            queue=Queue(clients.sqs(), os.environ["TIMERS_QUEUE"]),
            group=os.environ["SCHEDULE_GROUP"],
            target=os.environ["TIMERS_QUEUE_ARN"],
            role=os.environ["SCHEDULE_ROLE_ARN"],
            dead_letters=os.environ["SCHEDULE_DLQ_ARN"],
        )

    @cached_property
    def mails(self) -> ports.MailStore:
        from undivided.aws.bucket import MailStore  # noqa: PLC0415

        return MailStore(self._bucket)

    @cached_property
    def files(self) -> ports.Files:
        from undivided.aws.filestore import Files  # noqa: PLC0415

        return Files(self._bucket)

    @cached_property
    def texts(self) -> ports.Texts:
        return self._bucket

    @cached_property
    def ses(self) -> ports.Ses:
        from undivided.aws.post import Ses  # noqa: PLC0415

        return Ses(clients.ses())

    @cached_property
    def bus(self) -> ports.Bus:
        from undivided.aws.bus import Bus  # noqa: PLC0415

        return Bus(clients.events(), os.environ["EVENT_BUS"])

    @cached_property
    def web(self) -> ports.Web:
        from undivided.aws.web import Web  # noqa: PLC0415

        return Web()

    @cached_property
    def later(self) -> ports.Later:
        from undivided.aws.later import Later  # noqa: PLC0415

        return Later(clients.sqs(), os.environ["WEBHOOK_QUEUE"])

    @cached_property
    def mailroom(self) -> ports.Queue:
        from undivided.aws.queues import Queue  # noqa: PLC0415

        return Queue(clients.sqs(), os.environ["RECEIVED_QUEUE"])

    @cached_property
    def soon(self) -> ports.Later:
        from undivided.aws.later import OURS, Later  # noqa: PLC0415

        return Later(clients.sqs(), os.environ["RECEIVED_QUEUE"], OURS)

    @cached_property
    def alarms(self) -> ports.Alarms:
        from undivided.aws.alarms import Alarms  # noqa: PLC0415

        return Alarms(os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "none"), _now)

    @cached_property
    def webhook_secrets(self) -> ports.Secrets:
        return Secret(clients.ssm(), os.environ["WEBHOOK_PARAMETER"])

    @cached_property
    def _store(self) -> Store:
        return Store(clients.dynamodb(), os.environ["TABLE"])

    @cached_property
    def _bucket(self) -> Bucket:
        return Bucket(clients.s3(), os.environ["MAIL_BUCKET"])

    @cached_property
    def _shops(self) -> ShopStore:
        return ShopStore(clients.s3(), os.environ["MAIL_BUCKET"], _now)

    @cached_property
    def _keys(self) -> Secret:
        return Secret(clients.ssm(), os.environ["KEYS_PARAMETER"])


def _now() -> datetime:
    return datetime.now(UTC)
