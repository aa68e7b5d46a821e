"""Speed and size of the trained model alone, on one core.

Prints the median time for 300 characters over many different texts, the growth to 10,000 characters, texts a second,
the time to the first score and the memory that the model adds. Times are the processor's, so that other work on the
machine counts little; the first score is timed by the clock.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import random
import resource
import statistics
import time

_TEXT = """
le la les de des un une et à dans pour sur avec ce cette qui que ne pas est sont maire ville conseil habitants article
journal école train gare loyer marché prix réforme retraite budget ministre ligne parc enfants matin dimanche hier
vraiment encore toujours jamais trop peu très bien mal nouvelle ancienne question réponse projet
"""
_WORDS = _TEXT.split()


def _text(chance: random.Random, length: int) -> str:
    """Everyday words in chance order, one in ten never met before."""
    words: list[str] = []
    size = 0
    while size < length:
        word = chance.choice(_WORDS)
        if chance.random() < 0.1:
            word += chance.choice(("ation", "ment", "eur", "ette")) + chance.choice("abcdefgh") + chance.choice("aeiou")
        words.append(word + chance.choice(("", "", "", "", "", "", ",", ".")))
        size += len(words[-1]) + 1
    return " ".join(words)[:length]


def _median(classifier, texts: list[str]) -> float:  # type: ignore[no-untyped-def] # loaded late, to time its loading
    times = []
    for text in texts:
        began = time.process_time()
        classifier.scores(text, "fr")
        times.append(time.process_time() - began)
    return statistics.median(times) * 1e6


def main() -> None:
    """Measure and print."""
    chance = random.Random(5)
    texts = [_text(chance, 300) for _ in range(2000)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    from comity.screening.model.classifier import shipped_classifier

    classifier = shipped_classifier()
    classifier.scores(texts[0], "fr")
    print(f"first score after {1e3 * (time.perf_counter() - began):.0f} ms, numpy's import included")
    for text in texts[:300]:
        classifier.scores(text, "fr")
    print(f"median for 300 characters: {_median(classifier, texts[300:]):.0f} us")
    for length in (1000, 3000, 10000):
        print(
            f"median for {length} characters: {_median(classifier, [_text(chance, length) for _ in range(60)]):.0f} us"
        )
    began = time.process_time()
    for text in texts:
        classifier.scores(text, "fr")
    print(f"{len(texts) / (time.process_time() - began):.0f} texts a second, one at a time")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"memory at its highest: {after / 1024:.0f} MB, {(after - before) / 1024:.0f} MB more than before the model")


if __name__ == "__main__":
    main()
