"""Files in and out: an input is a file, and a result appears whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from formcheck.errors import FormcheckError

# A scheme of one letter is a drive. `Path` makes one slash of two.
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+):/+|www\.", re.IGNORECASE)


def check_no_address(path: str | os.PathLike[str]) -> None:
    """Refuse an address on the web, or of any other scheme, where a file is wanted.

    Parameters
    ----------
    path
        What was given. A file that really has such a name is a file.

    Raises
    ------
    FormcheckError
        If it is an address.
    """
    given = os.fspath(path)
    address = _ADDRESS.match(given)
    if address is None or os.path.exists(given):
        return
    scheme = address[1]
    if scheme is not None:
        rest = given[address.end() :]
        if scheme.lower() == "file":
            raise FormcheckError(f"file:///{rest}: this is an address; give the file's path")
        given = f"{scheme}://{rest}"
    raise FormcheckError(
        f"{given}: this is an address, not a file; download the video first, then give the file"
    )


def check_writable(path: str | os.PathLike[str]) -> None:
    """Make sure that a result can be written, before the work for it starts.

    Parameters
    ----------
    path
        The file to be written; it need not exist yet, and is not touched.

    Raises
    ------
    FormcheckError
        If its folder does not exist or lets nothing be written, or if the path is a folder, a
        device or a write-protected file.
    """
    try:
        _new_file_beside(_target(path)).unlink()
    except OSError as error:
        raise _cannot_write(path, error) from error


@contextmanager
def replace_when_done(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give an empty temporary file beside `path`, which takes its place when the block succeeds.

    When the block fails, or Ctrl-C ends it, the temporary file is removed and whatever was at
    `path` before stays as it was.

    Parameters
    ----------
    path
        The file to be written.

    Yields
    ------
    Path
        The temporary file.

    Raises
    ------
    FormcheckError
        If the file cannot be written: see `check_writable`; also when the disk is full.
    """
    try:
        target = _target(path)
        temporary = _new_file_beside(target)
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        yield temporary
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        if error.filename is not None and str(error.filename) != str(temporary):
            raise  # the block failed at some other file
        raise _cannot_write(path, error) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_text_atomically(path: str | os.PathLike[str], text: str) -> None:
    """Write a text file (UTF-8, line ends as given), whole or not at all.

    Raises
    ------
    FormcheckError
        If the file cannot be written.
    """
    with replace_when_done(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def _target(path: str | os.PathLike[str]) -> Path:
    """Find the file that is really meant (a link stays a link), and refuse what is no file."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise FormcheckError(f"cannot write {path}: this is a folder; name a file in it")
    if not target.parent.is_dir():
        raise FormcheckError(f"cannot write {path}: there is no folder {target.parent}")
    if target.exists() and not target.is_file():
        raise FormcheckError(f"cannot write {path}: this is not a plain file")
    effective = os.access in os.supports_effective_ids
    if target.exists() and not os.access(target, os.W_OK, effective_ids=effective):
        raise FormcheckError(f"cannot write {path}: the file is write-protected")
    return target


def _new_file_beside(target: Path) -> Path:
    # Not tempfile.mkstemp, whose files nobody else may read: a result gets the usual permissions.
    temporary = target.with_name(f".{secrets.token_hex(8)}.part")
    temporary.open("xb").close()
    return temporary


def _cannot_write(path: str | os.PathLike[str], error: OSError) -> FormcheckError:
    return FormcheckError(f"cannot write {path}: {error.strerror or error}")
