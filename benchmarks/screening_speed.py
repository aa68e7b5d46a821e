"""Speed and size of the screening line on one core: `python benchmarks/screening_speed.py`.

Prints the median for a comment of about 300 characters, what each detector takes of it, the growth to 10,000 characters
(adversarial texts among them), comments a second one by one and in a batch, the cold start of a fresh process with its
first comment, its resident memory, and the size of the data in a wheel. `make run` compiles the word lists; without
that file the cold start is a quarter of a second longer.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from comity.screening import house_rules
from comity.screening.engine import Engine
from comity.screening.metrics import Metrics
from comity.screening.types import Submission

ORDINARY = (
    "Le gouvernement a annoncé hier qu’il allait réformer l’impôt. C’est une bien mauvaise idée à mon avis, mais les "
    "députés n’ont pas l’air de s’en soucier beaucoup ! Je me demande ce que va faire l’opposition, qui est bien "
    "silencieuse depuis quelques semaines ; on verra bien à la rentrée, n’est-ce pas ?"
)
TENSE = (
    "Vous êtes un cr3tin, monsieur, et « les étrangers sont des animaux » est un slogan que je déteste. Écrivez-moi "
    "sur https://www.example.org/a ou au 06 12 34 56 78, on verra bien. Il a dit que les femmes n’avaient pas leur "
    "place ici ; je ne suis pas d’accord, c’est honteux, et je l’ai signalé à la modération !!!"
)
COLD = (
    "import time; began = time.perf_counter()\n"
    "from comity.screening import house_rules\n"
    "from comity.screening.engine import Engine\n"
    "from comity.screening.types import Submission\n"
    "Engine().screen(Submission('Bonjour'), house_rules.shipped())\n"
    "took = time.perf_counter() - began\n"
    "from pathlib import Path; status = Path('/proc/self/status')\n"
    # getrusage would count what the benchmark held when it started the process.
    "print(took, status.read_text().split('VmHWM:')[1].split()[0] if status.exists() else 0)"
)


def microseconds(work: Callable[[], object], rounds: int) -> float:
    """The median time of one call, in processor time: other work on the machine does not count."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return statistics.median(times) * 1e6


def main() -> None:
    """Measures and prints."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    engine, rules = Engine(), house_rules.shipped()

    def screen(text: str) -> object:
        return engine.screen(Submission(text), rules)

    data = Path(house_rules.__file__).parent / "data"
    packed = sum(len(zlib.compress(path.read_bytes(), 6)) for path in data.rglob("*") if path.is_file())
    print(f"data in a wheel: {packed / 1e6:.1f} MB")
    for name, text in (("ordinary", ORDINARY), ("tense", TENSE)):
        screen(text)
        engine.metrics = metrics = Metrics()
        print(f"{name}, {len(text)} characters: median {microseconds(lambda text=text: screen(text), 500):.0f} us")
        dear = [f"{cost.detector} {cost.seconds / cost.texts * 1e6:.0f}" for cost in metrics.costs()[:6]]
        print(f"  of which, in us of a clock that other work disturbs: {', '.join(dear)}")
    base = 0.0
    for length in (100, 1_000, 3_000, 10_000):
        for name, text in (
            ("ordinary", ORDINARY),
            ("tense", TENSE),
            ("stars", "a*b c*d "),
            ("letters", "a b "),
            ("one", "les etrangers sont des animaux "),
            ("quotes", '« a " '),
            ("mentions", "@a "),
            ("lines", "a\n"),
        ):
            long = (text * (length // len(text) + 1))[:length]
            took = microseconds(lambda long=long: screen(long), 20)
            base = took if length == 1_000 and name == "ordinary" else base
            print(f"  {name:>9}, {length:>6} characters: {took:9.0f} us, {took / length * 1000:7.0f} us per 1,000")
    batch = [Submission(f"{ORDINARY[: 80 + number % 220]} {number}") for number in range(2_000)]
    began = time.process_time()
    for submission in batch[:500]:
        engine.screen(submission, rules)
    print(f"one by one: {500 / (time.process_time() - began):.0f} comments a second")
    began = time.process_time()
    engine.screen_many(batch, rules)
    print(f"batch: {len(batch) / (time.process_time() - began):.0f} comments a second")
    runs = [subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=True) for _ in range(5)]
    starts = [float(run.stdout.split()[0]) for run in runs]
    print(f"cold start with a first comment: median {statistics.median(starts) * 1000:.0f} ms")
    print(f"resident memory of that process: {int(runs[0].stdout.split()[1]) * 1024 / 1e6:.0f} MB (0: not told here)")


if __name__ == "__main__":
    main()
