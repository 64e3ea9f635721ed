"""The AWS clients, each built once per process when it is first needed, with patience that fits a Lambda."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_ses import SESClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

_CONNECT = 2
"""Seconds; within a region a connection stands in milliseconds or not at all."""


@cache
def dynamodb() -> DynamoDBClient:
    client: DynamoDBClient = _client("dynamodb", read=4, attempts=4)
    return client


@cache
def s3() -> S3Client:
    """Signs links by version 4, also in us-east-1, where boto3 still takes version 2, which new buckets refuse."""
    client: S3Client = _client("s3", read=15, attempts=3, signature_version="s3v4")
    return client


@cache
def s3_brief() -> S3Client:
    """For what a mail can do without: one try, and no long wait for it."""
    client: S3Client = _client("s3", read=1, attempts=1, connect=1)
    return client


@cache
def sqs() -> SQSClient:
    client: SQSClient = _client("sqs", read=5, attempts=4)
    return client


@cache
def scheduler() -> EventBridgeSchedulerClient:
    client: EventBridgeSchedulerClient = _client("scheduler", read=5, attempts=4)
    return client


@cache
def events() -> EventBridgeClient:
    client: EventBridgeClient = _client("events", read=5, attempts=4)
    return client


@cache
def ssm() -> SSMClient:
    client: SSMClient = _client("ssm", read=5, attempts=4)
    return client


@cache
def ses() -> SESClient:
    """Never retried by itself: SES has no idempotency, and a lost answer may have been a sent mail."""
    client: SESClient = _client("ses", read=20, attempts=1)
    return client


def _client(
    service: Any, *, read: int, attempts: int, connect: int = _CONNECT, signature_version: str | None = None
) -> Any:
    config = Config(
        connect_timeout=connect,
        read_timeout=read,
        retries={"mode": "standard", "total_max_attempts": attempts},
        signature_version=signature_version,
    )
    return boto3.client(service, config=config)
