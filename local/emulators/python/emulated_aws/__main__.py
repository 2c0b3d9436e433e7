"""Serves an emulated AWS on 127.0.0.1 until its parent goes away.

python -m emulated_aws STATE_FOLDER

Once it listens it prints one line of JSON: the port that it found free, and how it came by its
state. It ends, saving its state, when its standard input closes (however its parent died), on
SIGTERM and on SIGINT.
"""

import json
import logging
import os
import signal
import stat
import sys
import threading
from pathlib import Path

from werkzeug.serving import make_server

from . import settings  # first: moto and ministack read their settings when they are imported
from . import mends, state  # noqa: F401  (mends work by being imported)
from .application import EmulatedAws
from .saver import Saver
from .snapshots import Snapshots, lock_folder


def main(folder: Path) -> None:
    """Restores the state, serves requests, and saves the state as it changes and at the end."""
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings.log.setLevel(logging.INFO)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    folder.mkdir(parents=True, exist_ok=True)
    lock_folder(folder)
    forget_old_log()

    snapshots = Snapshots(folder)
    resources, problem = snapshots.load(state.restore)
    application = EmulatedAws()
    saver = Saver(application, snapshots, state.capture)
    server = make_server("127.0.0.1", 0, application, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    threading.Thread(target=wait_for_parent, args=(ended,), daemon=True).start()
    announce({"port": server.server_port, "resources": resources, "problem": problem})
    ended.wait()
    saver.finish()
    logging.shutdown()
    os._exit(0)  # there is nothing to clean up, which would take longer than all else


def forget_old_log() -> None:
    """The log tells of one run. Only now is it known that there is no other run under way."""
    if stat.S_ISREG(os.fstat(sys.stderr.fileno()).st_mode):
        os.ftruncate(sys.stderr.fileno(), 0)


def announce(message: dict[str, object]) -> None:
    """Tells the parent, and turns what is printed from now on to the log."""
    print(json.dumps(message), flush=True)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def wait_for_parent(ended: threading.Event) -> None:
    """The parent holds the other end of standard input; the system closes it when it dies."""
    sys.stdin.buffer.read()
    ended.set()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
