"""What `functions/setup` does for CloudFormation: signing keys, the packaged configuration, the receipt rule.

Everything may be done twice. On removal only the receipt rule goes: keys, table and bucket stay, so that links and
reply addresses in people's mailboxes work again when the stack comes back (docs/runbook.md says how to remove them).

The resource's physical id is `<rule set>/<rule>`, or `no-receipt-rule/<rule>`. When it changes, because another rule set
became active or receiving was switched off, CloudFormation itself asks for the removal of the old one.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from undivided.aws import receiving
from undivided.aws.answering import Answer
from undivided.errors import Refused

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ses import SESClient
    from mypy_boto3_ssm import SSMClient

SHOP = "config/shop.json"
PACKAGED = "config/packaged.sha256"
"""Which packaged file was copied last. An object of its own: `roster apply` replaces the shop and knows nothing of it."""
NO_RULE = "no-receipt-rule"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clients:
    """The three services that setup works with."""

    ssm: SSMClient
    s3: S3Client
    ses: SESClient


def clients() -> Clients:
    """Return clients that give up in time for an answer: 5 s to connect, 20 s for a reply, 4 tries."""
    import boto3  # noqa: PLC0415 - imports have no cost until something is called
    from botocore.config import Config  # noqa: PLC0415 - as above

    patience = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 4, "mode": "standard"})
    return Clients(
        boto3.client("ssm", config=patience), boto3.client("s3", config=patience), boto3.client("ses", config=patience)
    )


def packaged_shop() -> bytes:
    """Return the configuration that was compiled into the layer."""
    return files("undivided").joinpath("shop.json").read_bytes()


def handle(
    event: Mapping[str, Any],
    seconds: float,
    *,
    make: Callable[[], Clients] = clients,
    packaged: Callable[[], bytes] = packaged_shop,
    answer: Answer | None = None,
) -> dict[str, Any] | None:
    """Do what CloudFormation asks for within `seconds`, answer it, and return the answer."""
    answer = answer or Answer(event)
    with answer.always(seconds):
        if event["RequestType"] == "Delete":
            _remove(event, make())
            answer.success(event["PhysicalResourceId"], {})
        else:
            resource = _install(event["ResourceProperties"], make(), packaged())
            answer.success(resource, {"Resource": resource})
    return answer.given


def _install(wanted: Mapping[str, str], given: Clients, packaged: bytes) -> str:
    """Keys, configuration, and the receipt rule last: a failure before it leaves nothing that somebody else can feel."""
    rule = _rule(wanted)
    _same_domain(packaged, rule.domain)
    make_keys(given.ssm, wanted["KeysParameter"])
    copy_packaged(given.s3, rule.bucket, packaged)
    rule_set = receiving.install(given.ses, rule) if wanted["Receiving"] == "ses" else NO_RULE
    return f"{rule_set}/{rule.name}"


def _remove(event: Mapping[str, Any], given: Clients) -> None:
    rule = _rule(event["ResourceProperties"])
    rule_set, made, _ = event["PhysicalResourceId"].partition("/")
    if made and rule_set != NO_RULE:
        receiving.remove(given.ses, rule, rule_set)
    elif not made and event["ResourceProperties"]["Receiving"] == "ses":
        # The creation failed, but perhaps only its answer came too late.
        receiving.remove(given.ses, rule)


def _rule(wanted: Mapping[str, str]) -> receiving.ReceiptRule:
    return receiving.ReceiptRule(wanted["RuleName"], wanted["MailDomain"], wanted["MailBucket"], wanted["TopicArn"])


def _same_domain(packaged: bytes, domain: str) -> None:
    """Raise `Refused` if the shop writes from another domain than the stack receives for: no answer would come back."""
    written = json.loads(packaged)["mail_domain"]
    if written != domain:
        raise Refused(
            f"undivided.yaml says mail_domain: {written}, the stack is deployed with MailDomain={domain}: "
            "make them the same, build and deploy again"
        )


def make_keys(ssm: SSMClient, parameter: str) -> bool:
    """Make the first signing key unless there are keys; say whether it did. Never overwrites: that would cut all links."""
    keys = json.dumps({"1": b64encode(secrets.token_bytes(32)).decode()})
    try:
        ssm.put_parameter(
            Name=parameter,
            Value=keys,
            Type="SecureString",
            Overwrite=False,
            Description="Undivided: secrets by version that sign reply addresses and links; see docs/runbook.md",
        )
    except ssm.exceptions.ParameterAlreadyExists:
        return False
    log.info("made the first signing key in %s", parameter)
    return True


def copy_packaged(s3: S3Client, bucket: str, packaged: bytes) -> bool:
    """Load the packaged shop if it differs from the one copied last, or if there is none; say whether it did.

    What `roster apply` has loaded since then stays as long as nobody deploys another file.
    """
    digest = hashlib.sha256(packaged).hexdigest().encode()
    if _object(s3, bucket, PACKAGED) == digest and _object(s3, bucket, SHOP) is not None:
        return False
    s3.put_object(Bucket=bucket, Key=SHOP, Body=packaged, ContentType="application/json")
    s3.put_object(Bucket=bucket, Key=PACKAGED, Body=digest, ContentType="text/plain")
    log.info("loaded the packaged configuration %s", digest.decode()[:12])
    return True


def _object(s3: S3Client, bucket: str, key: str) -> bytes | None:
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except s3.exceptions.NoSuchKey:
        return None
