"""Run in a bare interpreter: import one built handler, give it one event, print its answer. Arguments: event, paths."""

import importlib
import json
import sys


class Context:
    """What Lambda hands over beside the event."""

    function_name = memory_limit_in_mb = aws_request_id = "artifact"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:artifact"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


sys.path[:0] = sys.argv[2:]
handler = importlib.import_module("handler").handler
print("answer:" + json.dumps(handler(json.loads(sys.argv[1]), Context())))
