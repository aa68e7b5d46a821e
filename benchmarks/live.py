"""How many readers one front process keeps told, and how soon all of them know: `python -m benchmarks.live [--write]`.

Starts `comity serve --front` on a database of its own, opens streams from this process, then writes from this process,
which the front hears of as it hears of any other. Measured are the front's memory, and the milliseconds from the first
reader told to the last, and from the commit to the first and to the last, over several writes. Server on one core,
readers on the other where there are two.
"""

from __future__ import annotations

import argparse
import os
import resource
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.load import processor_seconds
from benchmarks.page import machine, renew

STREAMS = 10_000
WRITES = 7
MEMORY = 200.0
SPREAD = 250.0
FRESH = 1000.0
PATIENCE = 60.0


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=STREAMS)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    wanted = given.streams
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most < wanted + 100:
        print(f"This system allows {most} open files: too few for {wanted} streams.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port: int = listener.getsockname()[1]
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COMITY_")},
            "COMITY_DATA": folder,
            "COMITY_LIVE_STREAMS": str(wanted + 10),
            "COMITY_LOG_LEVEL": "error",
            "COMITY_SECRET_KEY": "only for this benchmark, and long enough to be one",
            "DJANGO_SETTINGS_MODULE": "comity_server.settings",
        }
        for name in [name for name in os.environ if name.startswith("COMITY_")]:
            del os.environ[name]
        os.environ.update(environment)
        prepare()
        cores = sorted(os.sched_getaffinity(0))
        server = subprocess.Popen(
            [sys.executable, "-m", "comity.cli", "serve", "--front", "--port", str(port)],
            env=environment, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            if len(cores) > 1:
                os.sched_setaffinity(server.pid, {cores[0]})
                os.sched_setaffinity(0, {cores[1]})
            section = measure(server.pid, port, wanted)
        finally:
            server.terminate()
            server.wait(PATIENCE)
    print(section)
    if given.write:
        renew("live", section)
    return 0


def prepare() -> None:
    """Tables, a site, a story with one comment."""
    import django

    django.setup()
    from django.core.management import call_command

    from comity.actions.sites import create_site

    call_command("migrate", verbosity=0)
    create_site(key="gazette", name="La Gazette", domains=["gazette.example"])
    write("Un premier commentaire.")


def write(text: str) -> None:
    """One comment more."""
    from django.utils import timezone

    from comity.actions.comments import post_comment
    from comity.queries.sites import find_site
    from comity.rules.actors import Actor

    site = find_site(key="gazette", host=None)
    post_comment(
        actor=Actor(site_id=site.id),
        site=site,
        story_key="treve",
        story_url="https://gazette.example/treve",
        text=text,
        author_name="Anne",
        now=timezone.now(),
    )


def measure(server: int, port: int, wanted: int) -> str:
    """Open the streams, write, and say what was found: the section of `docs/benchmarks.md`."""
    wait_until_up(port)
    empty = memory(server)
    began = time.perf_counter()
    poller = select.epoll()
    readers: dict[int, socket.socket] = {}
    request = f"GET /embed/live?site=gazette&key=treve HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    while len(readers) < wanted:
        batch = [socket.create_connection(("127.0.0.1", port)) for _ in range(min(200, wanted - len(readers)))]
        for each in batch:
            each.sendall(request)
            readers[each.fileno()] = each
            poller.register(each.fileno(), select.EPOLLIN)
        told(poller, readers, {each.fileno() for each in batch})
    opened = time.perf_counter() - began
    full = memory(server)
    spread, first, last, spent = [], [], [], []
    for number in range(WRITES):
        time.sleep(1.2)  # an event a second at most
        write(f"Un commentaire de plus, le numéro {number}.")
        committed = time.perf_counter()
        used = processor_seconds(server)
        moments = told(poller, readers, set(readers))
        spread.append((moments[-1] - moments[0]) * 1000)
        first.append((moments[0] - committed) * 1000)
        last.append((moments[-1] - committed) * 1000)
        spent.append((processor_seconds(server) - used) * 1000)
    after = memory(server)
    for reader in readers.values():
        reader.close()

    def waits(values: list[float]) -> str:
        return f"{statistics.median(values):.0f} ms; at most {max(values):.0f} ms"

    met = {True: "met", False: "not met"}
    lines = [
        "## Live",
        "",
        f"`python -m benchmarks.live --write`. {machine()}.",
        "",
        (__doc__ or "").partition("\n\n")[2].strip().replace("\n", " "),
        "",
        f"| with {wanted:,} streams on one process | promised | found | |",
        "| --- | --- | --- | --- |",
        f"| memory of the front | 200 MiB | {full:.0f} MiB with them, {empty:.0f} before"
        f" ({(full - empty) * 1024 / wanted:.1f} KiB each); {after:.0f} after {WRITES} writes |"
        f" {met[after <= MEMORY]} |",
        f"| from the first reader told to the last | 250 ms | {waits(spread)} |"
        f" {met[statistics.median(spread) <= SPREAD]} |",
        f"| from the commit to the first reader told | 1,000 ms | {waits(first)} | {met[max(first) <= FRESH]} |",
        f"| from the commit to the last | | {waits(last)} | |",
        f"| processor time of telling them all | | {waits(spent)} | |",
        f"| opening them all | | {opened:.1f} s | |",
    ]
    return "\n".join(lines)


def told(poller: select.epoll, readers: dict[int, socket.socket], waiting: set[int]) -> list[float]:
    """When each of these readers was told of an event, in order."""
    moments = []
    until = time.perf_counter() + PATIENCE
    while waiting:
        if time.perf_counter() > until:
            raise TimeoutError(f"{len(waiting)} readers were not told")
        for descriptor, _ in poller.poll(1.0):
            if b"data:" in readers[descriptor].recv(65536) and descriptor in waiting:
                waiting.discard(descriptor)
                moments.append(time.perf_counter())
    return moments


def wait_until_up(port: int) -> None:
    """Until the front answers."""
    until = time.perf_counter() + PATIENCE
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
                if connection.recv(100):
                    return
        except OSError:
            if time.perf_counter() > until:
                raise
            time.sleep(0.1)


def memory(process: int) -> float:
    """Proportional memory of a process, in MiB."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise ValueError("no Pss")


if __name__ == "__main__":
    sys.exit(main())
