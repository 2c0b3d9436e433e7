"""The state on disk: the newest snapshot, and the one before in case the newest cannot be read."""

import fcntl
import hashlib
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import IO

from .settings import log

FORMAT = 1
"""To be raised when a snapshot of the code before cannot be restored."""
UNREADABLE = "The emulated resources of the last run could not be read"
LOCK_SECONDS = 15
"""How long to wait for the emulators of a run that is just ending."""


class Snapshots:
    """Reads and writes the snapshots in a folder."""

    def __init__(self, folder: Path) -> None:
        self._newest = folder / "state"
        self._previous = folder / "state.previous"
        self._next = folder / "state.next"

    def save(self, content: bytes) -> None:
        """Whatever happens meanwhile, a whole snapshot stays on disk."""
        with self._next.open("wb") as file:
            file.write(header(content))
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if self._newest.exists():
            os.replace(self._newest, self._previous)
        os.replace(self._next, self._newest)
        fsync_folder(self._newest.parent)

    def load(self, restore: Callable[[bytes], None]) -> tuple[str, str | None]:
        """Restores the newest snapshot that can be read. Gives how that went, and what to tell."""
        problem = None
        # a crash amid save may leave the newest under its name of before
        for path in (self._newest, self._next, self._previous):
            try:
                restore(read(path))
            except FileNotFoundError:
                continue
            except Exception as error:
                log.exception("cannot read %s", path)
                problem = problem or str(error)
            else:
                if problem is None:
                    return "restored", None
                return "older", f"{UNREADABLE} ({problem}); those of a moment before were."
        if problem is None:
            return "new", None
        return "lost", f"{UNREADABLE} ({problem}); starting with none."


def read(path: Path) -> bytes:
    """The content of a snapshot, if these versions wrote it and it is whole."""
    with path.open("rb") as file:
        found, content = file.readline(), file.read()
    if found != header(content):
        raise ValueError("damaged, or of another version of the emulators")
    return content


def header(content: bytes) -> bytes:
    """One line. Pickled objects do not outlive a change of the code that they belong to."""
    versions = f"{FORMAT} {sys.version_info[:2]} {version('moto')} {version('ministack')}"
    return f"{versions} {hashlib.sha256(content).hexdigest()}\n".encode()


def fsync_folder(folder: Path) -> None:
    """Makes renames in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock_folder(folder: Path) -> None:
    """Keeps a second run off the folder, for as long as this process lives."""
    file = (folder / "lock").open("a+")
    for _ in range(LOCK_SECONDS * 10):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            time.sleep(0.1)
    else:
        file.seek(0)
        sys.exit(f"process {file.read()} of another run is using the emulated AWS in {folder}")
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    locked.append(file)


locked: list[IO[str]] = []
"""Keeps the lock: a file that nothing refers to is closed."""
