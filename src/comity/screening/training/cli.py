"""`comity screening train`: make the weights anew and say how good they are."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from comity.screening.model.threads import one_thread

__all__ = ["main"]

_PAIRS = "tatoeba_en_fr.txt.gz"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="comity screening train",
        description="Train the screening model. Needs the extra `training`; takes half an hour or less on two cores.",
    )
    parser.add_argument("--data", type=Path, required=True, help="the table of labelled texts (.tsv.gz)")
    parser.add_argument("--pairs", type=Path, help=f"English-French pairs; by default {_PAIRS} beside the table")
    parser.add_argument("--out", type=Path, default=Path("weights.npz"), help="the weight file to write")
    parser.add_argument("--figures", type=Path, help="also write the figures on dev, as a Markdown table")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1, help="one gives the same bytes at each run on one machine")
    parser.add_argument("--date", default="", help="date of the card, YYYY-MM-DD; by default today")
    parser.add_argument("--quick", action="store_true", help="a small run of seconds that shows that training works")
    return parser


@dataclass(frozen=True, slots=True)
class _Report:
    """Says how far a run is, and since how long it runs, in whichever process."""

    began: float

    def __call__(self, line: str) -> None:
        print(f"{time.monotonic() - self.began:7.1f} s  {line}", flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 when the weights are written, 2 when the data cannot be read or the extra is missing."""
    arguments = _parser().parse_args(argv)
    try:
        # The matrix library as well: how many threads share a sum decides its last bits.
        with one_thread():
            from comity.screening.training.figures import as_markdown
            from comity.screening.training.trainer import Plan, train
    except ImportError as error:
        print(f"Training needs the extra `training` (missing: {error.name}).", file=sys.stderr)
        return 2
    plan = Plan(seed=arguments.seed, threads=arguments.threads)
    if arguments.quick:
        plan = Plan(
            seed=arguments.seed,
            threads=arguments.threads,
            linear_passes=3,
            sequence_passes=2.0,
            row=16,
            width=32,
            factor=0.004,
        )
    pairs = arguments.pairs or arguments.data.with_name(_PAIRS)
    command = f"comity screening train --data {arguments.data.name} --seed {plan.seed} --threads {plan.threads}"
    try:
        trained = train(
            arguments.data,
            pairs,
            arguments.out,
            plan=plan,
            date=arguments.date or datetime.now(UTC).date().isoformat(),
            command=command + (" --quick" if arguments.quick else ""),
            report=_Report(time.monotonic()),
        )
    except (OSError, ValueError) as error:
        print(f"The data cannot be read: {error}", file=sys.stderr)
        return 2
    table = as_markdown(trained.figures)
    print(table)
    if arguments.figures:
        arguments.figures.write_text(table + "\n", encoding="utf-8")
    print(f"sha256 {trained.digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
