"""The stack's resources in moto, as template.yaml describes them, and clients for them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import yaml
from botocore.config import Config
from moto import mock_aws
from moto.events.models import events_backends
from moto.s3.models import s3_backends
from moto.scheduler.models import scheduler_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-central-1"
ACCOUNT = "123456789012"
TABLE = "undivided"
BUCKET = "undivided-mail"
GROUP = "undivided"
BUS = "undivided"
KEYS = "/undivided/keys"
QUEUES = ("questions", "received", "timers", "deliveries")
LESSONS = "lessons.fifo"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/schedules"


class _Loader(yaml.CSafeLoader):
    """Reads the template with CloudFormation's short forms left as they stand; libyaml does it in an eighth of the time."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: (suffix, getattr(node, "value", None)))


@cache
def _resources() -> dict[str, Any]:
    return yaml.load((ROOT / "template.yaml").read_text(), _Loader)["Resources"]


def resource(name: str) -> dict[str, Any]:
    """Return the properties of one resource of template.yaml."""
    return _resources()[name]["Properties"]


@dataclass(frozen=True, slots=True)
class Stack:
    """Clients for one account that holds the stack's resources."""

    dynamodb: Any
    s3: Any
    sqs: Any
    ses: Any
    scheduler: Any
    events: Any
    ssm: Any

    def clients(self) -> tuple[Any, ...]:
        return self.dynamodb, self.s3, self.sqs, self.ses, self.scheduler, self.events, self.ssm

    def queue_url(self, name: str) -> str:
        return self.sqs.get_queue_url(QueueName=name)["QueueUrl"]

    def queue_arn(self, name: str) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


@contextmanager
def stack(mail_domain: str = "ask.shop.example") -> Iterator[Stack]:
    """Make the resources in a fresh moto account; nothing of it remains afterwards."""
    with mock_aws():
        made = Stack(*(_client(name) for name in ("dynamodb", "s3", "sqs", "ses", "scheduler", "events", "ssm")))
        untouched = [dict(vars(client)) for client in made.clients()]
        _make(made, mail_domain)
        try:
            yield made
        finally:
            for client, attributes in zip(made.clients(), untouched, strict=True):
                vars(client).clear()
                vars(client).update(attributes)


@cache
def _client(service: Any) -> Any:
    """Make each client once: reading the service's model takes longer than all that a test does with it."""
    config = Config(retries={"mode": "standard", "total_max_attempts": 1})
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, region_name=REGION, config=config, **keys)


def _make(made: Stack, mail_domain: str) -> None:
    """Ask moto itself, but for the table: the way through botocore would take longer than many a test."""
    described = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    table = {name: resource("Table")[name] for name in described}
    stream = {"StreamEnabled": True, **resource("Table")["StreamSpecification"]}
    made.dynamodb.create_table(TableName=TABLE, StreamSpecification=stream, **table)
    s3_backends[ACCOUNT]["aws"].create_bucket(BUCKET, REGION)
    queues = sqs_backends[ACCOUNT][REGION]
    for queue in QUEUES:
        queues.create_queue(queue)
    queues.create_queue(LESSONS, FifoQueue="true")
    ses_backends[ACCOUNT][REGION].verify_domain(mail_domain)
    scheduler_backends[ACCOUNT][REGION].create_schedule_group(GROUP, [])
    events_backends[ACCOUNT][REGION].create_event_bus(BUS)
