"""`undivided replay events/<function>/<case>.json`: run one handler, as it stands in the sources, on a sample event.

`sam local invoke` needs Docker; this needs nothing but a stack. The handler runs in this process (a debugger works),
with the environment of the deployed function and the caller's rights.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from console.local.state import ROOT
from console.stack import NoStack, Stack

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


@dataclass(slots=True)
class Context:
    """What handlers read of Lambda's context object."""

    function_name: str
    invoked_function_arn: str
    seconds: int = 900
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 512
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    _began: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        return int(1000 * (self.seconds - (time.monotonic() - self._began)))


def replay(path: Path, stack: Stack) -> int:
    """Run the handler of the folder that holds `path` on the event in it and print what it returns."""
    function = path.resolve().parent.name
    event = read_event(path)
    deployed = configuration(stack, function)
    os.environ.update(environment(stack, deployed))
    module = load(function)
    answer = module.handler(event, Context(deployed["FunctionName"], deployed["FunctionArn"]))
    print(json.dumps(answer, indent=2, default=str))
    return 0


def read_event(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise NoStack(f"{path} does not exist; the sample events are events/<function>/<case>.json") from None
    except ValueError as error:
        raise NoStack(f"{path} is no JSON: {error}") from error


def configuration(stack: Stack, function: str) -> dict[str, Any]:
    """Return the deployed configuration of `function` (a folder of functions/)."""
    resource = "".join(word.capitalize() for word in function.split("_")) + "Function"
    cloudformation = stack.client("cloudformation")
    try:
        found = cloudformation.describe_stack_resource(StackName=stack.name, LogicalResourceId=resource)
    except cloudformation.exceptions.ClientError as error:
        raise NoStack(
            f"the stack {stack.name} has no {resource}; put the event into a folder called like one of functions/: {error}"
        ) from error
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    told: dict[str, Any] = stack.client("lambda").get_function_configuration(FunctionName=name)
    return told


def environment(stack: Stack, deployed: dict[str, Any]) -> dict[str, str]:
    """Return the environment that the deployed function has, with the endpoint and the keys of `stack`."""
    own = dict(deployed.get("Environment", {}).get("Variables", {}))
    own |= {name.upper(): value for name, value in stack.credentials.items()}
    own |= {"AWS_ENDPOINT_URL": stack.endpoint_url} if stack.endpoint_url else {}
    return own | {"AWS_DEFAULT_REGION": stack.region, "AWS_REGION": stack.region, "POWERTOOLS_TRACE_DISABLED": "true"}


def load(function: str) -> ModuleType:
    """Import `functions/<function>/handler.py` with the layer's package on the path, as Lambda does."""
    folder = ROOT / "functions" / function
    sys.path[:0] = [str(folder), str(ROOT / "layers" / "undivided")]
    spec = importlib.util.spec_from_file_location("handler", folder / "handler.py")
    if spec is None or spec.loader is None or not (folder / "handler.py").exists():
        raise NoStack(f"{folder} has no handler.py; the folder of the event must be called like one of functions/")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
