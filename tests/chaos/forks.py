"""Copies of this process in which something else happens: what is the same for all of them costs once."""

from __future__ import annotations

import gc
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


def in_fork(work: Callable[[], Any]) -> Any:
    """Do `work` in a copy of this process and return what it returned: nothing of it happens here."""
    fork = Fork()
    if fork.here:
        try:
            fork.tell(work())
        finally:
            fork.end()
    return fork.told()


@dataclass(slots=True)
class Fork:
    """A copy of this process, made here: `here` is True in the copy, which tells its outcome and ends."""

    here: bool = field(init=False)
    _pid: int = field(init=False)
    _pipe: int = field(init=False)

    def __post_init__(self) -> None:
        read, write = os.pipe()
        gc.freeze()  # what is shared stays shared: a collection in the fork would copy every page
        self._pid = os.fork()
        self.here = not self._pid
        self._pipe = write if self.here else read
        os.close(read if self.here else write)
        if self.here:
            gc.disable()

    def tell(self, outcome: Any) -> None:
        with os.fdopen(self._pipe, "wb") as pipe:
            pickle.dump(outcome, pipe)

    def end(self) -> None:
        """Leave, whatever is raised: a copy must never return into the test."""
        if sys.exc_info()[0]:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(0)

    def told(self) -> Any:
        """Wait for the copy's outcome."""
        with os.fdopen(self._pipe, "rb") as pipe:
            found = pipe.read()
        os.waitpid(self._pid, 0)
        assert found, "the forked run ended without an answer; its traceback is in the output"
        return pickle.loads(found)
