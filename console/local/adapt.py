"""What is changed in the built template because the emulator is not AWS. docs/local.md lists the same; nothing else is.

Only the copy that `sam build` made is touched, never template.yaml: what a real account gets has none of this.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_TLS_ONLY = "OnlyOverTls"
_SENDING = "ses:SendRawEmail"
_GROUP = "schedule/${ScheduleGroup}/"


def adapt(template: Path) -> None:
    """Rewrite the built `template` in place."""
    built = yaml.safe_load(template.read_text())
    allow_plain_http(built)
    let_mail_be_sent(built)
    let_schedules_be_made(built)
    template.write_text(yaml.safe_dump(built, sort_keys=False))


def allow_plain_http(built: dict[str, Any]) -> None:
    """Take the bucket policy's demand for TLS out: the emulator speaks plain HTTP on loopback."""
    for resource in built["Resources"].values():
        if resource["Type"] == "AWS::S3::BucketPolicy":
            document = resource["Properties"]["PolicyDocument"]
            document["Statement"] = [one for one in document["Statement"] if one.get("Sid") != _TLS_ONLY]


def let_schedules_be_made(built: dict[str, Any]) -> None:
    """Name the default group in the roles: the emulator asks for rights on it, whatever group a schedule goes to."""
    for resource in built["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            resource["Properties"] = _replaced(
                resource["Properties"],
                lambda one: one.replace(_GROUP, "schedule/default/") if isinstance(one, str) else one,
            )


def let_mail_be_sent(built: dict[str, Any]) -> None:
    """Allow sending on everything: the emulator checks `ses:SendRawEmail` against the resource "*" only."""
    for resource in built["Resources"].values():
        for policy in resource["Properties"].get("Policies", []) if resource["Type"] == "AWS::IAM::Role" else []:
            for statement in policy.get("PolicyDocument", {}).get("Statement", []):
                if statement.get("Action") == [_SENDING]:
                    statement["Resource"] = "*"


def _replaced(value: Any, replace: Any) -> Any:
    """Return `value` with `replace` applied to everything in it, from the inside out."""
    if isinstance(value, dict):
        value = {key: _replaced(one, replace) for key, one in value.items()}
    elif isinstance(value, list):
        value = [_replaced(one, replace) for one in value]
    return replace(value)
