"""What tests share: where the footage and the samples are, and the exercises."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from filelock import ReadWriteLock

from formcheck.spec import LoadedSpec, catalogue
from formcheck.web.samples import FOLDER as SAMPLES

# Started in the background, a shell's children ignore Ctrl-C, and so would all that the tests
# start: a handler of our own is not inherited, so they get the default again.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]
LOCK = "FORMCHECK_TESTS_LOCK"  # where the lock is that a test takes to be alone
FOOTAGE = ROOT.parent / "shared" / "footage"


def pytest_configure(config: pytest.Config) -> None:
    """Make a lock for this run's processes, which inherit its name."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="formcheck-tests-")
        os.environ[LOCK] = str(Path(folder.name) / "alone.lock")
        config.add_cleanup(folder.cleanup)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let nothing run beside a test that must be alone, whichever process it is in.

    Beside others, a browser analyses fewer than the five pictures a second that form is judged by.
    It comes first, so that no test's time limit runs while it waits.
    """
    lock = ReadWriteLock(os.environ[LOCK])
    with lock.write_lock() if item.get_closest_marker("alone") else lock.read_lock():
        return (yield)


@pytest.fixture(scope="session")
def footage() -> Path:
    """The clips and recordings of real people, which are not part of the project."""
    if not FOOTAGE.is_dir():
        pytest.skip("../shared/footage is not here")
    return FOOTAGE


@pytest.fixture(scope="session")
def bridge_sample() -> Path:
    """A rendered bridge, part of the project."""
    path = SAMPLES / "bridge.mp4"
    if not path.is_file():
        pytest.skip("sample_videos/bridge.mp4 is not here")
    return path


@pytest.fixture(scope="session")
def bridge_count(bridge_sample: Path) -> int:
    """How many of the sample's bridges are whole ones, by its truth."""
    truth = json.loads(bridge_sample.with_suffix(".json").read_text())
    short = {fault["repetition"] for fault in truth["faults"] if fault["id"] == "too_low"}
    return len(truth["repetitions"]) - len(short)


@pytest.fixture(scope="session")
def exercises() -> dict[str, LoadedSpec]:
    """All exercises by id."""
    return catalogue()
