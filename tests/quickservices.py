"""moto's other services without the way there and back, as quickmoto.py does it for the table.

Each way names the parameters that it understands. A call with others, or one that moto refuses, goes through all of botocore;
so a way must refuse before it changes anything. What is refused all day long, an object that is missing or not modified, is
refused here. tests/chaos/test_straight.py compares both ways.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from types import ModuleType
from typing import Any, NamedTuple

from botocore.response import StreamingBody
from moto.events.models import events_backends
from moto.s3.models import s3_backends
from moto.scheduler.models import scheduler_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

Answer = dict[str, Any]


def _import_parameters() -> None:
    """Import moto's SSM without its EC2, which only runs commands on machines; here are none.

    A list of machines would fill a third of the process, and every fork pays for what the process holds.
    """
    machines = ModuleType("moto.ec2")
    vars(machines)["ec2_backends"] = {}
    known = sys.modules.setdefault("moto.ec2", machines)
    import_module("moto.ssm.models")
    if known is machines:
        del sys.modules["moto.ec2"]


_import_parameters()


class Refusal(Exception):
    """What AWS says, its HTTP status, and what else stands beside the words."""

    def __init__(self, code: str, words: str, status: int, **more: str) -> None:
        super().__init__(code)
        metadata = {"HTTPStatusCode": status, "MaxAttemptsReached": True, "RetryAttempts": 0}
        self.response = {"Error": {"Code": code, "Message": words, **more}, "ResponseMetadata": metadata}


class Place(NamedTuple):
    """Where a call goes to."""

    account: str
    region: str


class Way(NamedTuple):
    """What does one operation, and the parameters that it knows."""

    go: Callable[[Place, dict[str, Any]], Answer]
    knows: frozenset[str]


def answered(name: str, place: Place, params: dict[str, Any]) -> Answer | None:
    """Return the answer to the call `service.Operation`, or raise a `Refusal`; None where only botocore can tell."""
    way = WAYS.get(name)
    if way is None or not params.keys() <= way.knows:
        return None
    try:
        return way.go(place, params)
    except Refusal:
        raise
    except Exception:  # noqa: BLE001 - whatever it is, botocore says it as it is said
        return None


def _get_object(place: Place, params: dict[str, Any]) -> Answer:
    found = s3_backends[place.account]["aws"].get_object(params["Bucket"], params["Key"])
    if found is None:
        raise Refusal("NoSuchKey", "The specified key does not exist.", 404, Key=params["Key"])
    if found.etag == params.get("IfNoneMatch"):
        raise Refusal("304", "Not Modified", 304)
    content = found.value
    kind = found.metadata["Content-Type"]
    body = StreamingBody(BytesIO(content), len(content))
    return {"Body": body, "ETag": found.etag, "ContentLength": len(content), "ContentType": kind}


def _put_object(place: Place, params: dict[str, Any]) -> Answer:
    store, bucket, key = s3_backends[place.account]["aws"], params["Bucket"], params["Key"]
    if params.get("IfNoneMatch") and store.get_object(bucket, key):
        raise FileExistsError(key)
    put = store.put_object(bucket, key, bytes(params["Body"]), storage="STANDARD")
    put.set_metadata({"Content-Type": params.get("ContentType", "binary/octet-stream")})
    put.set_acl(store.get_bucket(bucket).acl)
    return {"ETag": put.etag}


def _send_raw_email(place: Place, params: dict[str, Any]) -> Answer:
    raw = params["RawMessage"]["Data"].decode()
    taken = ses_backends[place.account][place.region].send_raw_email(
        params["Source"], list(params["Destinations"]), raw
    )
    return {"MessageId": taken.id}


def _send_message(place: Place, params: dict[str, Any]) -> Answer:
    taken = sqs_backends[place.account][place.region].send_message(
        params["QueueUrl"].rpartition("/")[2],
        params["MessageBody"],
        delay_seconds=params.get("DelaySeconds"),
        deduplication_id=params.get("MessageDeduplicationId"),
        group_id=params.get("MessageGroupId"),
    )
    return {"MessageId": taken.id, "MD5OfMessageBody": taken.body_md5}


def _create_schedule(place: Place, params: dict[str, Any]) -> Answer:
    made = scheduler_backends[place.account][place.region].create_schedule(
        description=None,
        end_date=None,
        flexible_time_window=params["FlexibleTimeWindow"],
        group_name=params["GroupName"],
        kms_key_arn=None,
        name=params["Name"],
        schedule_expression=params["ScheduleExpression"],
        schedule_expression_timezone=params["ScheduleExpressionTimezone"],
        start_date=None,
        state=None,
        target=params["Target"],
        action_after_completion=params["ActionAfterCompletion"],
    )
    return {"ScheduleArn": made.arn}


def _delete_schedule(place: Place, params: dict[str, Any]) -> Answer:
    scheduler_backends[place.account][place.region].delete_schedule(params["GroupName"], params["Name"])
    return {}


def _put_events(place: Place, params: dict[str, Any]) -> Answer:
    entries = events_backends[place.account][place.region].put_events([dict(one) for one in params["Entries"]])
    failed = sum("ErrorCode" in one for one in entries)
    return {"FailedEntryCount": failed, "Entries": entries}


def _get_parameter(place: Place, params: dict[str, Any]) -> Answer:
    parameters = import_module("moto.ssm.models").ssm_backends[place.account][place.region]
    found = parameters.get_parameter(params["Name"])
    if found is None:
        raise Refusal("ParameterNotFound", f"Parameter {params['Name']} not found.", 400)
    told = found.response_object(params["WithDecryption"], place.region)
    return {"Parameter": {name: told[name] for name in ("Name", "Type", "Value", "Version")}}


WAYS = {
    "s3.GetObject": Way(_get_object, frozenset({"Bucket", "Key", "IfNoneMatch"})),
    "s3.PutObject": Way(_put_object, frozenset({"Bucket", "Key", "Body", "ContentType", "IfNoneMatch"})),
    "ses.SendRawEmail": Way(_send_raw_email, frozenset({"Source", "Destinations", "RawMessage"})),
    "sqs.SendMessage": Way(
        _send_message,
        frozenset({"QueueUrl", "MessageBody", "DelaySeconds", "MessageGroupId", "MessageDeduplicationId"}),
    ),
    "scheduler.CreateSchedule": Way(
        _create_schedule,
        frozenset(
            {
                "Name",
                "GroupName",
                "ScheduleExpression",
                "ScheduleExpressionTimezone",
                "FlexibleTimeWindow",
                "ActionAfterCompletion",
                "Target",
            }
        ),
    ),
    "scheduler.DeleteSchedule": Way(_delete_schedule, frozenset({"Name", "GroupName"})),
    "ssm.GetParameter": Way(_get_parameter, frozenset({"Name", "WithDecryption"})),
    "events.PutEvents": Way(_put_events, frozenset({"Entries"})),
}
