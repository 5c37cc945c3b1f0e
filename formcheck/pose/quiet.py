"""Keep MediaPipe's log lines off the terminal.

Its native library writes them straight to the process's standard error: to the file descriptor,
past `sys.stderr`, and no variable or option of the library turns that off (tried with 0.10.31).
They would run through the progress bar and frighten people. So the descriptor is caught while the
library may speak, and everything that is not one of its own lines is passed on.
"""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

_STDERR = 2
# Notes and warnings only; errors of the library (E…, F…) still show.
_CHATTER = re.compile(
    rb"^(?:[IW]\d{4} \d\d:\d\d:[^\n]*\]|WARNING: All log messages before absl|INFO: Created T)"
    rb"[^\n]*\n",
    re.MULTILINE,
)

# The descriptor belongs to the whole process, whose trackers may run in several threads.
_lock = threading.Lock()
_inside = 0
_caught: tuple[IO[bytes], int] | None = None


@contextmanager
def quiet() -> Iterator[None]:
    """Drop the library's log lines while the block runs; what others write comes a little late."""
    global _inside, _caught
    with _lock:
        if _inside == 0:
            _caught = _catch()
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0 and _caught is not None:
                _release(*_caught)
                _caught = None


def _catch() -> tuple[IO[bytes], int] | None:
    try:
        terminal = os.dup(_STDERR)
    except OSError:  # there is no standard error: nothing can disturb it
        return None
    file = tempfile.TemporaryFile()  # noqa: SIM115, closed in _release
    os.dup2(file.fileno(), _STDERR)
    return file, terminal


def _release(file: IO[bytes], terminal: int) -> None:
    os.dup2(terminal, _STDERR)
    with file:
        file.seek(0)
        others = _CHATTER.sub(b"", file.read())
    if others:
        os.write(terminal, others)
    os.close(terminal)
