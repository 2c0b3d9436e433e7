"""Decides when to save: soon after requests went quiet, now and then while they do not."""

import threading
import time
from collections.abc import Callable

from .application import EmulatedAws
from .settings import log
from .snapshots import Snapshots

QUIET_SECONDS = 2.0
LONGEST_SECONDS = 10.0
"""Under unending requests. A save holds them up for less than a tenth of a second."""
POLL_SECONDS = 0.25


class Saver:
    """Saves from a thread of its own, until finish."""

    def __init__(
        self, application: EmulatedAws, snapshots: Snapshots, capture: Callable[[], bytes]
    ) -> None:
        self._application = application
        self._snapshots = snapshots
        self._capture = capture
        self._saving = threading.Lock()
        self._saved_at = time.monotonic()
        threading.Thread(target=self._run, daemon=True).start()

    def finish(self) -> None:
        """Saves what is not saved yet, and lets no more requests in."""
        with self._saving:
            self._application.lock.acquire()
            if self._application.changed_at is not None:
                self._snapshots.save(self._capture())

    def _run(self) -> None:
        while True:
            time.sleep(POLL_SECONDS)
            changed_at, now = self._application.changed_at, time.monotonic()
            if changed_at is None:
                self._saved_at = now
            elif now - changed_at > QUIET_SECONDS or now - self._saved_at > LONGEST_SECONDS:
                self._save()
                self._saved_at = time.monotonic()

    def _save(self) -> None:
        with self._saving:
            try:
                with self._application.lock:
                    started = time.monotonic()
                    content = self._capture()
                    self._application.changed_at = None
                    held_up = time.monotonic() - started
                self._snapshots.save(content)
                took = time.monotonic() - started
                log.info("saved %d bytes in %.2f s (held up: %.2f s)", len(content), took, held_up)
            except Exception:
                log.exception("could not save the state")
                self._application.changed_at = time.monotonic()  # to be tried again
