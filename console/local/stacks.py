"""What CloudFormation knows of the demo's stack: whether it stands, why it fell, and clearing a fallen one away."""

from __future__ import annotations

import time
from typing import Any

from console.local.failures import DemoFailure

STANDING = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}
_FALLEN = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "REVIEW_IN_PROGRESS"}
"""CloudFormation updates none of these; only deleting helps."""
_DELETE_SECONDS = 60
_SHOWN = 3


def status(cloudformation: Any, stack: str) -> str:
    """Return the stack's status, empty if there is no such stack."""
    try:
        found: str = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except cloudformation.exceptions.ClientError:
        return ""
    return found if found != "DELETE_COMPLETE" else ""


def clear_fallen(cloudformation: Any, stack: str) -> None:
    """Delete a stack that an earlier deployment left behind in a state that nothing can update."""
    if status(cloudformation, stack) not in _FALLEN:
        return
    cloudformation.delete_stack(StackName=stack)
    deadline = time.monotonic() + _DELETE_SECONDS
    while status(cloudformation, stack):
        if time.monotonic() > deadline:
            raise DemoFailure("the stack of a failed run cannot be deleted; start with `make demo FRESH=1`")
        time.sleep(0.2)


def why_failed(cloudformation: Any, stack: str) -> str:
    """Return the first resources that failed, with their reasons; empty when nothing is known."""
    try:
        events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    except cloudformation.exceptions.ClientError:
        return ""
    failed = [one for one in reversed(events) if one["ResourceStatus"].endswith("_FAILED")]
    return "\n".join(
        f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason', 'no reason told')}" for one in failed[:_SHOWN]
    )
