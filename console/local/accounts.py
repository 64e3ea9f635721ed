"""The two users of the emulated account: the owner, who deploys and uses the console, and the post office.

The emulator's `test` keys are root, which no policy binds: whatever they do says nothing about the policies. So root
only makes these two users, and everything else runs under the policies below.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from console.local import state
from console.stack import Stack, aws_client

if TYPE_CHECKING:
    from pathlib import Path

ROOT_KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
OWNER = "undivided-owner"
POST_OFFICE = "undivided-post-office"
_OWNER_SERVICES = (
    "apigateway", "cloudformation", "cloudwatch", "dynamodb", "events", "kms", "lambda", "logs", "s3", "scheduler",
    "ses", "sns", "sqs", "ssm",
)  # fmt: skip
_ROLE_ACTIONS = (
    "AttachRolePolicy", "CreateRole", "DeleteRole", "DeleteRolePolicy", "DetachRolePolicy", "GetRole", "GetRolePolicy",
    "ListAttachedRolePolicies", "ListRolePolicies", "PassRole", "PutRolePolicy", "TagRole", "UntagRole",
    "UpdateAssumeRolePolicy", "UpdateRole",
)  # fmt: skip

Keys = dict[str, str]


def owner_policy() -> dict[str, Any]:
    """Return what an owner needs to deploy and run the console: the services of the template, and roles but no users."""
    return _policy(
        {"Effect": "Allow", "Action": [f"{service}:*" for service in _OWNER_SERVICES], "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": [f"iam:{action}" for action in _ROLE_ACTIONS],
            "Resource": "arn:aws:iam::*:role/*",
        },
    )


def post_office_policy(bucket: str, topics: list[str]) -> dict[str, Any]:
    """Return what SES itself may do on a real account: store received mail, and publish to the two topics."""
    return _policy(
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/received/*"},
        {"Effect": "Allow", "Action": "sns:Publish", "Resource": sorted(set(topics))},
    )


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def owner_keys(local: Path, endpoint_url: str, region: str) -> Keys:
    """Return the owner's keys, made on the first run."""
    iam = aws_client("iam", region, endpoint_url, ROOT_KEYS)
    return _user(iam, local, OWNER, owner_policy())


def post_office_keys(local: Path, stack: Stack) -> Keys:
    """Return the post office's keys; its policy follows the stack's outputs on every start."""
    iam = aws_client("iam", stack.region, stack.endpoint_url, ROOT_KEYS)
    topics = [stack.output("ReceivedTopicArn"), stack.output("EventsTopicArn")]
    return _user(iam, local, POST_OFFICE, post_office_policy(stack.output("MailBucket"), topics))


def _user(iam: Any, local: Path, name: str, policy: dict[str, Any]) -> Keys:
    with contextlib.suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=json.dumps(policy))
    path = local / f"{name}.json"
    kept = state.read(path)
    known = {key["AccessKeyId"] for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]}
    if kept and kept["aws_access_key_id"] in known:
        return kept
    for key in known:
        iam.delete_access_key(UserName=name, AccessKeyId=key)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    keys = {"aws_access_key_id": made["AccessKeyId"], "aws_secret_access_key": made["SecretAccessKey"]}
    state.write(path, keys)
    return keys
