"""What can go wrong outside the heart, sorted by what callers ask: may it be tried again.

    Fault
    ├── Retryable            nothing was done; the same thing may succeed later
    │   ├── Conflict         somebody else was faster: load again, decide again
    │   ├── Throttled        too much at once: wait
    │   ├── Unavailable      no answer, or a failure on their side; what was asked may have been done
    │   ├── NotThereYet      announced, but not to be seen yet
    │   └── Unsent           SES has definitely not taken this mail
    ├── Permanent            the same thing will never succeed
    │   ├── Duplicate        it has been done already
    │   ├── TooLarge         beyond a limit of the service
    │   └── Refused          invalid, forbidden or rejected
    └── Unknown              a mail may have been sent or not: never simply send it again

`Unavailable` may be tried again because everything that we do, but for sending mail, is safe to do twice.
"""

from __future__ import annotations


class Fault(Exception):
    """Something outside the heart failed; `code` is the service's own word for it, empty when it had none."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Retryable(Fault):
    """Nothing was done, or it may be done twice: try again later."""


class Conflict(Retryable):
    """The version had moved on, or another transaction holds the item: load again, decide again."""


class Throttled(Retryable):
    """The service takes no more at the moment."""


class Unavailable(Retryable):
    """No answer, or a failure on the service's side."""


class NotThereYet(Retryable):
    """Something that was announced cannot be seen yet."""


class Unsent(Retryable):
    """SES has definitely not taken this mail: throttled, paused, or it never got there."""


class Permanent(Fault):
    """Trying again cannot help."""


class Duplicate(Permanent):
    """The event that caused this has been dealt with."""


class TooLarge(Permanent):
    """Beyond a limit of the service: an item of 400 KB, a transaction of 25 items, a mail of 10 MB."""


class Refused(Permanent):
    """The service refused it: invalid, forbidden, or rejected."""


class Unknown(Fault):
    """A mail was handed over and no answer came: it may have been sent."""
