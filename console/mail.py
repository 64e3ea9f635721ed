"""`undivided mail …`: what one mail says, read from a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from undivided.mail import explain as explained


def explain(path: str) -> int:
    """Print as JSON what the mail in `path` ("-" for standard input) says and why; 1 if there is no such file."""
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        print(f"{path}: {error.strerror}; give the path of a mail saved as .eml", file=sys.stderr)
        return 1
    print(json.dumps(explained(raw), ensure_ascii=False, indent=2))
    return 0
