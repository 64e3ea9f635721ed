"""The one bootstrap: a runtime from the environment that the template sets. Nothing is built before it is needed."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

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
    from undivided.ports.attention import Desks, Lines, Rosters
    from undivided.ports.conversations import Askers, Conversations, Due, MailIndex, Orders, Schedules
    from undivided.ports.learning import KnowledgeStore, LearnedStore, Lessons, Publications
    from undivided.ports.objects import Files, MailStore, Received, Texts
    from undivided.ports.outside import Alarms, Bus, Figures, Later, Queue, Secrets, Web
    from undivided.ports.sending import Entries, Outbox, Quiet, Ses, Turns


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
    def learned(self) -> LearnedStore:
        from undivided.aws.learnedstore import LearnedStore  # noqa: PLC0415

        return LearnedStore(self._bucket, _now)

    @cached_property
    def lessons(self) -> Lessons:
        from undivided.aws.queues import Lessons  # noqa: PLC0415

        return Lessons(clients.sqs(), os.environ["LESSONS_QUEUE"])

    @cached_property
    def knowledge(self) -> KnowledgeStore:
        from undivided.aws.knowledgestore import KnowledgeStore  # noqa: PLC0415

        brief = Bucket(clients.s3_brief(), os.environ["MAIL_BUCKET"])
        return KnowledgeStore(self._bucket, brief, _now)

    @cached_property
    def publications(self) -> Publications:
        from undivided.aws.publications import Publications  # noqa: PLC0415

        return Publications(self._store)

    @cached_property
    def conversations(self) -> Conversations:
        from undivided.aws.table import Conversations  # noqa: PLC0415 - see the class

        return Conversations(self._store, self._bucket, self.shop.pace.retention)

    @cached_property
    def askers(self) -> Askers:
        from undivided.aws.sales import Askers  # noqa: PLC0415

        return Askers(self._store)

    @cached_property
    def orders(self) -> Orders:
        from undivided.aws.sales import Orders  # noqa: PLC0415

        return Orders(self._store, self.shop.pace.retention)

    @cached_property
    def order_secrets(self) -> Secrets:
        return Secret(clients.ssm(), os.environ["ORDERS_PARAMETER"])

    @cached_property
    def desks(self) -> Desks:
        from undivided.aws.desks import Desks  # noqa: PLC0415

        return Desks(self._store)

    @cached_property
    def lines(self) -> Lines:
        from undivided.aws.desks import Lines  # noqa: PLC0415

        return Lines(self._store)

    @cached_property
    def outbox(self) -> Outbox:
        from undivided.aws.outbox import Outbox  # noqa: PLC0415

        return Outbox(self._store, self.shop.pace.retention)

    @cached_property
    def entries(self) -> Entries:
        from undivided.aws.outbox import Entries  # noqa: PLC0415

        return Entries(self._store, self.shop.pace.retention)

    @cached_property
    def rosters(self) -> Rosters:
        from undivided.aws.desks import Rosters  # noqa: PLC0415

        return Rosters(self._store)

    @cached_property
    def turns(self) -> Turns:
        from undivided.aws.outbox import Turns  # noqa: PLC0415

        return Turns(self._store)

    @cached_property
    def quiet(self) -> Quiet:
        from undivided.aws.quiet import Quiet  # noqa: PLC0415

        return Quiet(self._store, self.shop.pace.retention)

    @cached_property
    def index(self) -> MailIndex:
        from undivided.aws.received import MailIndex  # noqa: PLC0415

        return MailIndex(self._store)

    @cached_property
    def received(self) -> Received:
        from undivided.aws.received import Received  # noqa: PLC0415

        return Received(self._store, self.shop.pace.retention)

    @cached_property
    def due(self) -> Due:
        from undivided.aws.due import Due  # noqa: PLC0415

        return Due(self._store)

    @cached_property
    def questions(self) -> Queue:
        from undivided.aws.queues import Queue  # noqa: PLC0415

        return Queue(clients.sqs(), os.environ["QUESTIONS_QUEUE"])

    @cached_property
    def schedules(self) -> Schedules:
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
    def mails(self) -> MailStore:
        from undivided.aws.bucket import MailStore  # noqa: PLC0415

        return MailStore(self._bucket)

    @cached_property
    def files(self) -> Files:
        from undivided.aws.filestore import Files  # noqa: PLC0415

        return Files(self._bucket)

    @cached_property
    def texts(self) -> Texts:
        return self._bucket

    @cached_property
    def ses(self) -> Ses:
        from undivided.aws.post import Ses  # noqa: PLC0415

        return Ses(clients.ses())

    @cached_property
    def bus(self) -> Bus:
        from undivided.aws.bus import Bus  # noqa: PLC0415

        return Bus(clients.events(), os.environ["EVENT_BUS"])

    @cached_property
    def web(self) -> Web:
        from undivided.aws.web import Web  # noqa: PLC0415

        return Web()

    @cached_property
    def later(self) -> Later:
        from undivided.aws.later import Later  # noqa: PLC0415

        return Later(clients.sqs(), os.environ["WEBHOOK_QUEUE"])

    @cached_property
    def mailroom(self) -> Queue:
        from undivided.aws.queues import Queue  # noqa: PLC0415

        return Queue(clients.sqs(), os.environ["RECEIVED_QUEUE"])

    @cached_property
    def soon(self) -> Later:
        from undivided.aws.later import OURS, Later  # noqa: PLC0415

        return Later(clients.sqs(), os.environ["RECEIVED_QUEUE"], OURS)

    @cached_property
    def alarms(self) -> Alarms:
        from undivided.aws.alarms import Alarms  # noqa: PLC0415

        return Alarms(os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "none"), _now)

    @cached_property
    def figures(self) -> Figures:
        from undivided.aws.alarms import Figures  # noqa: PLC0415

        return Figures(os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "none"), _now)

    @cached_property
    def webhook_secrets(self) -> Secrets:
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
