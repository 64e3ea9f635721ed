"""Where the deployed stack is: on a real account, or on the emulator that `make demo` started.

Every subcommand that touches the stack takes a `Stack`. `find_stack` builds one: a name given on the command line (or
`UNDIVIDED_STACK`) means a real account with the usual AWS credentials; without one, the running demo is used.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from console.local import state

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class NoStack(Exception):
    """There is no stack to work on; the message says how to get one."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One deployed stack; `outputs` are those of template.yaml (`TableName`, `MailBucket`, `QuestionsQueueUrl`, …)."""

    name: str
    region: str
    outputs: Mapping[str, str]
    endpoint_url: str | None = None
    """None: the real AWS."""
    credentials: Mapping[str, str] = field(default_factory=dict)
    """`aws_access_key_id` and `aws_secret_access_key`; empty: what boto3 finds by itself."""

    def client(self, service: str) -> Any:
        """Return a boto3 client of `service` for this stack's account."""
        return aws_client(service, self.region, self.endpoint_url, self.credentials)

    def output(self, name: str) -> str:
        """Return one output; raise `NoStack` naming it when this stack was deployed from an older template."""
        try:
            return self.outputs[name]
        except KeyError:
            raise NoStack(f"the stack {self.name} has no output {name}; deploy it again with this version") from None


def aws_client(service: str, region: str, endpoint_url: str | None, credentials: Mapping[str, str]) -> Any:
    """Return a boto3 client; boto3 is imported here because its import takes longer than most subcommands."""
    import boto3  # noqa: PLC0415 - see above
    import botocore.session  # noqa: PLC0415 - see above

    core = botocore.session.get_session()
    core.register_component("data_loader", _models())
    session: Any = boto3.session.Session(botocore_session=core)
    return session.client(service, region_name=region, endpoint_url=endpoint_url, **credentials)


@cache
def _models() -> Any:
    """Return what reads the services' models, and reads each once: that is most of what making a client takes."""
    import botocore.loaders  # noqa: PLC0415 - see aws_client

    return botocore.loaders.create_loader()


def outputs_of(name: str, region: str, endpoint_url: str | None, credentials: Mapping[str, str]) -> dict[str, str]:
    """Read the outputs of the deployed stack `name` from CloudFormation; raise `NoStack` when there is none."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - as in aws_client

    cloudformation = aws_client("cloudformation", region, endpoint_url, credentials)
    try:
        found = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        raise NoStack(f"no stack {name} in {region}: {error.response['Error'].get('Message', error)}") from error
    return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}


def find_stack(name: str | None = None, region: str | None = None, local: Path | None = None) -> Stack:
    """Return the stack called `name` on the real AWS, or without a name the one of the running demo."""
    name = name or os.environ.get("UNDIVIDED_STACK")
    if name:
        region = region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
        endpoint_url = os.environ.get("AWS_ENDPOINT_URL")
        return Stack(name, region, outputs_of(name, region, endpoint_url, {}), endpoint_url)
    return local_stack(local)


def local_stack(local: Path | None = None) -> Stack:
    """Return the stack of the running demo from its `stack.json`; raise `NoStack` when no demo is running."""
    path = state.stack_file(local)
    told = state.read(path)
    if told is None:
        raise NoStack(
            f"no demo is running here ({path} is missing): start it with `make demo`, or name a deployed stack with --stack"
        )
    return Stack(told["stack"], told["region"], told["outputs"], told["endpoint_url"], told["credentials"])
