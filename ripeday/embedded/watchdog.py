"""Ends a process whose supervisor is gone, where the system does not do so by itself."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping

SUPERVISOR = "RIPEDAY_SUPERVISOR_PID"
_LOOK_S = 1.0
_PATIENCE_S = 10.0


def end_with_supervisor(
    environment: Mapping[str, str], clean_up: Callable[[], None] | None = None
) -> None:
    """Watch the parent from a thread; when it is gone, clean up and end this process.

    Does nothing in a process that no supervisor has started.
    """
    supervisor = environment.get(SUPERVISOR)
    if supervisor is not None:
        watch = threading.Thread(
            target=_watch, args=(int(supervisor), clean_up), name="watchdog", daemon=True
        )
        watch.start()


def _watch(supervisor: int, clean_up: Callable[[], None] | None) -> None:
    while os.getppid() == supervisor:
        time.sleep(_LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)
    if clean_up is not None and sys.platform != "linux":  # Linux ends the servers by itself
        clean_up()
    time.sleep(_PATIENCE_S)
    os._exit(1)
