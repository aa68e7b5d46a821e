"""Speed and size of the screening line on one core: `python -m benchmarks.screening_speed`.

Prints the median for a comment of about 300 characters (the same one again, and many different ones), what each
detector takes of it, the growth to 10,000 characters (odd and adversarial texts among them), comments a second one by
one and in a batch, the cold start of a fresh process with its first comment, its resident memory then and after
thousands of comments, and the size of the data in a wheel. Times are the processor's, so that other work on the machine
counts little; `make run` compiles the word lists, and without that file the cold start is seconds longer. `--write`
renews `docs/benchmarks.md`.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
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
OPENINGS = (
    *(
        "Bonjour,",
        "Merci pour cet article :",
        "À mon avis,",
        "Franchement,",
        "Je lis souvent que",
        "D’après mon voisin,",
    ),
    *(
        "Comme chaque année,",
        "On oublie que",
        "Il me semble que",
        "Pour une fois,",
        "Depuis hier,",
        "Si j’ai bien compris,",
    ),
)
SUBJECTS = (
    *("le maire", "la région", "notre école", "le conseil municipal", "l’hôpital", "la gare", "le marché du dimanche"),
    *("cette réforme", "la bibliothèque", "le budget", "le ministre", "une association", "la piscine", "ce quartier"),
)
VERBS = (
    *("a promis trop de choses", "ferme ses portes en mars", "coûte plus cher qu’avant", "mérite mieux que ça"),
    *("attend toujours des travaux", "n’a jamais répondu aux habitants", "change de direction", "fait ce qu’il faut"),
    *("devrait écouter davantage", "reçoit beaucoup de monde", "manque de personnel", "n’est pas le seul problème"),
)
ENDINGS = (
    *("depuis deux ans.", "et personne n’en parle !", "; c’est dommage.", "malgré les pétitions.", ", non ?"),
    *("comme partout ailleurs.", "à cause des loyers.", "sans que l’on sache pourquoi.", "et tant mieux.", "cet été."),
)
SYLLABLES = ("ba", "cor", "del", "fon", "gra", "lou", "mar", "nes", "pi", "ran", "sau", "tré", "val", "vi")
NAMED = 0.5
ODD = {
    "ordinary": ORDINARY + " ",
    "tense": TENSE + " ",
    "hostile": "les etrangers sont des animaux ",
    "letters apart": "a b ",
    "words apart": "k i l l y o u ",
    "stars": "a*b c*d ",
    "figures": "1 ",
    "numbers": "1.2.3.4 ",
    "leetspeak": "1d10t ",
    "quotes": '« a " ',
    "mentions": "@a ",
    "lines": "a\n",
    "look-alikes": "\u0430",
    "emoji": "👍🏽",
    "links": "http://a.b/c ",
    "one long word": "anticonstitutionnellement",
    "marks on letters": "a\u0301\u0302\u0303",
}
LENGTHS = (1_000, 10_000)
LATER = 5_000
MEDIAN, BATCH, COLD, RESIDENT, WHEEL = 1.0, 2_000, 300, 80.0, 20.0
LATER_SCRIPT = (
    "import sys, json\n"
    "from comity.screening import house_rules\n"
    "from comity.screening.engine import Engine\n"
    "from comity.screening.types import Submission\n"
    "engine, rules = Engine(), house_rules.shipped()\n"
    "for line in sys.stdin: engine.screen(Submission(json.loads(line)), rules)\n"
    "status = open('/proc/self/status').read()\n"
    "print(*(status.split(name + ':')[1].split()[0] for name in ('VmRSS', 'RssAnon')))"
)
COLD_SCRIPT = (
    "import time; began = time.perf_counter()\n"
    "from comity.screening import house_rules\n"
    "from comity.screening.engine import Engine\n"
    "from comity.screening.types import Submission\n"
    "Engine().screen(Submission('Bonjour'), house_rules.shipped())\n"
    "took = time.perf_counter() - began\n"
    "from pathlib import Path; status = Path('/proc/self/status')\n"
    # getrusage would count what the benchmark held when it started the process.
    "print(took, time.process_time(), status.read_text().split('VmHWM:')[1].split()[0] if status.exists() else 0)"
)


@dataclass
class Measured:
    """Everything; times in microseconds of the processor, unless told otherwise."""

    ordinary: float
    many: float
    again: float
    """The same comments a second time, when their words are known."""
    tense: float
    detectors: list[str]
    growth: dict[str, dict[int, float]]
    one_by_one: float
    batch: float
    batch_long: float
    cold: float
    """Milliseconds of the clock, the least of some runs: other work on the machine only adds to it."""
    cold_median: float
    cold_processor: float
    """Milliseconds of processor time, the interpreter's own start included."""
    resident: float
    """Megabytes, after the first comment."""
    resident_later: float
    """After thousands of comments, in a process of its own."""
    private_later: float
    """Of it, what other processes do not share."""
    wheel: float


def name(chance: random.Random) -> str:
    """A word that was never met before, as names are."""
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randrange(2, 5))).capitalize()


def comment(chance: random.Random, length: int) -> str:
    """An everyday comment of about so many characters, with a new word or two."""
    text = ""
    while len(text) < length - 46:
        words = [chance.choice(part) for part in (OPENINGS, SUBJECTS, VERBS, ENDINGS)]
        if chance.random() < NAMED:
            words.insert(2, f"de {name(chance)}")
        text += f"{' ' if text else ''}{' '.join(words).replace(' ;', ' ;').replace(' ,', ',')}"
    return text


def microseconds(work: Callable[[int], object], count: int, rounds: int = 3) -> float:
    """The median time of one call, in the quietest of some rounds; no call is given the number of another."""
    medians = []
    for turn in range(rounds):
        times = []
        for number in range(turn * count, (turn + 1) * count):
            began = time.process_time()
            work(number)
            times.append(time.process_time() - began)
        medians.append(statistics.median(times))
    return min(medians) * 1e6


def _each_thousand(screen: Callable[[str], object], long: str, length: int) -> float:
    """Of a text of this length, for each thousand characters."""
    # One letter more each time: nothing that is remembered of a whole text helps.
    return microseconds(lambda number: screen(long[: length + number]), 5) * 1000 / length


def _after_thousands(chance: random.Random) -> tuple[float, float]:
    """Resident megabytes of a process that screened thousands of comments in six languages and every odd text, and
    those of them that are its own; nothing where the system does not tell."""
    if not Path("/proc/self/status").exists():
        return 0.0, 0.0
    judged = Path(__file__).parent.parent / "tests" / "screening" / "corpus"
    foreign = [json.loads(line)["text"] for path in sorted(judged.glob("*.jsonl")) for line in path.open("rb")]
    texts = [comment(chance, chance.randrange(80, 400)) for _ in range(LATER)] + foreign
    chance.shuffle(texts)
    texts += [unit * (min(LENGTHS) // len(unit) + 1) for unit in ODD.values()]
    command = [sys.executable, "-c", LATER_SCRIPT]
    given = "\n".join(map(json.dumps, texts))
    found = subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout.split()
    return int(found[0]) * 1024 / 1e6, int(found[1]) * 1024 / 1e6


def measure() -> Measured:
    """Measures, on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    engine, rules, chance = Engine(), house_rules.shipped(), random.Random(5)

    def screen(text: str) -> object:
        return engine.screen(Submission(text), rules)

    def a_second(texts: list[str], work: Callable[[list[Submission]], object]) -> float:
        submissions = [Submission(text) for text in texts]
        began = time.process_time()
        work(submissions)
        return len(submissions) / (time.process_time() - began)

    comments = [comment(chance, 300) for _ in range(2_800)]
    mixed = [comment(chance, chance.randrange(80, 300)) for _ in range(2_000)]
    for text in (ORDINARY, TENSE, *comments[:100]):
        screen(text)
    engine.metrics = metrics = Metrics()
    ordinary = microseconds(lambda _: screen(ORDINARY), 300)
    detectors = [f"{cost.detector} {cost.seconds / cost.texts * 1e6:.0f}" for cost in metrics.costs()[:6]]
    many = microseconds(lambda number: screen(comments[100 + number]), 500)
    again = microseconds(lambda number: screen(comments[1300 + number]), 300, rounds=1)
    tense = microseconds(lambda _: screen(TENSE), 100)
    growth = {}
    for name, unit in ODD.items():
        long = unit * (max(LENGTHS) // len(unit) + 1)
        growth[name] = {length: _each_thousand(screen, long, length) for length in LENGTHS}
    one_by_one = a_second(comments[1600:2200], lambda some: [engine.screen(one, rules) for one in some])
    batch = max(
        a_second(mixed[start : start + 500], lambda some: engine.screen_many(some, rules)) for start in (0, 500, 1000)
    )
    batch_long = max(
        a_second(comments[start : start + 256], lambda some: engine.screen_many(some, rules)) for start in (2200, 2456)
    )
    later, private = _after_thousands(chance)
    command = [sys.executable, "-c", COLD_SCRIPT]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() for _ in range(7)]
    data = Path(house_rules.__file__).parent / "data"
    packed = sum(len(zlib.compress(path.read_bytes(), 6)) for path in data.rglob("*") if path.is_file())
    return Measured(
        ordinary=ordinary,
        many=many,
        again=again,
        tense=tense,
        detectors=detectors,
        growth=growth,
        one_by_one=one_by_one,
        batch=batch,
        batch_long=batch_long,
        cold=min(float(run[0]) for run in runs) * 1000,
        cold_median=statistics.median(float(run[0]) for run in runs) * 1000,
        cold_processor=statistics.median(float(run[1]) for run in runs) * 1000,
        resident=statistics.median(int(run[2]) for run in runs) * 1024 / 1e6,
        resident_later=later,
        private_later=private,
        wheel=packed / 1e6,
    )


def report(measured: Measured) -> str:
    """The section of the page."""
    from benchmarks.page import machine  # found where the benchmark is run as a module

    dearest = max(measured.growth, key=lambda name: measured.growth[name][max(LENGTHS)])
    steepest = max(measured.growth.values(), key=lambda one: one[max(LENGTHS)] / one[min(LENGTHS)])
    slope = steepest[max(LENGTHS)] / steepest[min(LENGTHS)]

    def row(what: str, promised: str, found: str, met: bool) -> str:
        return f"| {what} | {promised} | {found} | {'met' if met else 'not met'} |"

    lines = [
        "## Screening",
        "",
        f"`python -m benchmarks.screening_speed --write`. {machine()}, numpy {version('numpy')}, ahocorasick_rs"
        f" {version('ahocorasick_rs')}.",
        "",
        "One core, everything on: normalising, every detector, the trained model, house rules. Milliseconds of"
        " processor time unless told otherwise; each figure is the median of the quietest of three rounds.",
        "",
        "| what | promised | found | |",
        "| --- | --- | --- | --- |",
        row(
            "a comment of 300 characters, median",
            f"{MEDIAN:.0f} ms or less",
            f"{measured.ordinary / 1000:.2f} ms",
            measured.ordinary <= MEDIAN * 1000,
        ),
        row(
            "the same of many different ones, each with new words",
            f"{MEDIAN:.0f} ms or less",
            f"{measured.many / 1000:.2f} ms; {measured.again / 1000:.2f} ms when the words are known",
            measured.many <= MEDIAN * 1000,
        ),
        row(
            "1,000 characters more, at 10,000 against at 1,000, the steepest of the texts below",
            "linear",
            f"{slope:.1f} times",
            slope < 1.5,
        ),
        row(
            "comments a second in a batch (80 to 300 characters)",
            f"{BATCH:,}",
            f"{measured.batch:,.0f}; of 300 characters {measured.batch_long:,.0f}, one by one"
            f" {measured.one_by_one:,.0f}",
            measured.batch >= BATCH,
        ),
        row(
            "a fresh process with its first comment, by the clock, least of seven",
            f"{COLD} ms",
            f"{measured.cold:.0f} ms; median {measured.cold_median:.0f} ms, of the processor"
            f" {measured.cold_processor:.0f} ms",
            measured.cold <= COLD,
        ),
        row(
            "resident memory of that process",
            f"{RESIDENT:.0f} MB",
            f"{measured.resident:.0f} MB",
            measured.resident <= RESIDENT,
        ),
        row(
            f"the same after {LATER:,} comments, six languages and every odd text below among them",
            f"{RESIDENT:.0f} MB",
            f"{measured.resident_later:.0f} MB, {measured.private_later:.0f} MB of them the process's own",
            0 < measured.resident_later <= RESIDENT,
        ),
        row("data in the wheel, compressed", f"{WHEEL:.0f} MB", f"{measured.wheel:.1f} MB", measured.wheel <= WHEEL),
        "",
        "A comment with an insult in disguise, a quotation, a link and a telephone number takes"
        f" {measured.tense / 1000:.2f} ms: hostile sentences, disguises and evidence are looked at only where there are"
        f" some. Of the ordinary comment, in microseconds of the clock: {', '.join(measured.detectors)}.",
        "",
        "What stands in the way of less: the trained model takes most of it, in many small operations on arrays, and"
        " works a word that it never met out from its runs of letters, one or a few words in the same time.",
        "",
        f"Odd texts, milliseconds for each 1,000 characters (`{dearest}` is the dearest):",
        "",
        "| text | of 1,000 characters | of 10,000 |",
        "| --- | --- | --- |",
        *(
            f"| {name} | " + " | ".join(f"{one[length] / 1000:.1f}" for length in LENGTHS) + " |"
            for name, one in measured.growth.items()
        ),
    ]
    return "\n".join(lines)


def main() -> None:
    """Measures and prints; `--write` renews the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screening_speed", description=__doc__)
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md")
    arguments = parser.parse_args()
    section = report(measure())
    print(section)
    if arguments.write:
        from benchmarks.page import renew

        renew("screening_speed", section)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
