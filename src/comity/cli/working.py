"""`comity worker`: the pump alone, in as many processes as wanted."""

from __future__ import annotations

import argparse
import signal
import threading

from comity.cli.ending import BAD_USAGE, DONE, Ending
from comity.cli.setting_up import require_tables

__all__ = ["work"]

STOP_SECONDS = 4.0


def work(arguments: argparse.Namespace) -> int:
    """Work until told to stop, or until nothing is due."""
    if arguments.threads < 1:
        raise Ending("At least one thread is needed.", BAD_USAGE)
    require_tables()
    from comity.worker.pump import Pump

    pump = Pump(threads=arguments.threads)
    if arguments.once:
        done = 0
        while now := pump.run_once():
            done += now
        print(f"{done} done; nothing is due.")
        return DONE
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    pump.start()
    print("The worker works; Ctrl-C stops it.", flush=True)
    stopping.wait()
    pump.stop(timeout=STOP_SECONDS)
    return DONE
