"""Fit the sequence model with torch: words as sums of hashed rows, two convolutions, one attention layer, pools."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from comity.screening.model.marks import GROUP, MARK_COUNT
from comity.screening.model.word_rows import word_rows
from comity.screening.training.encoding import Sequences
from comity.screening.training.network import SequenceNet, Shape

__all__ = ["fit_sequence", "sequence_logits"]

Report = Callable[[str], None]
Floats = npt.NDArray[np.float32]

_HEAD_WEIGHTS = (1.0, 1.0, 0.5, 0.5, 0.5, 0.7, 0.3)
_SMOOTHING = 0.03
_ROW_RATE = 2.5e-3
_RATE = 1.5e-3
_WARM_UP = 200
_WORD_DROPOUT = 0.07
_OWN_ROW_DROPOUT = 0.10
_GROUP_HIDDEN = 0.30
_PLACES_AT_ONCE = 14_000
_VECTOR_SCALE = 1.0


@dataclass(slots=True)
class _Bags:
    """Rows of each word of a vocabulary."""

    rows: Tensor
    bounds: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]


def _bags(vocabulary: list[str]) -> _Bags:
    rows, starts = word_rows(vocabulary)
    bounds = np.append(starts, len(rows))
    return _Bags(torch.from_numpy(rows), bounds, np.diff(bounds))


def _vectors_of(
    net: SequenceNet, bags: _Bags, unique: npt.NDArray[np.int64], chance: np.random.Generator | None
) -> Tensor:
    """One vector a word: the sum of its rows by the root of their number; in training some rows fall out."""
    counts = bags.counts[unique]
    offsets = np.concatenate(([0], np.cumsum(counts)[:-1]))
    place = np.repeat(bags.bounds[unique] - offsets, counts) + np.arange(int(counts.sum()))
    weight = np.repeat(1.0 / np.sqrt(counts), counts).astype(np.float32)
    if chance is not None:
        # Without its own row a word must be told by its n-grams, as a misspelt one is; and the other way round.
        own = np.flatnonzero(chance.random(len(unique)) < _OWN_ROW_DROPOUT)
        weight[offsets[own]] = 0
        thin = np.repeat(chance.random(len(unique)) < _OWN_ROW_DROPOUT, counts)
        thin[offsets] = False
        weight[thin & (chance.random(len(weight)) < 0.5)] = 0
    return functional.embedding_bag(
        bags.rows[torch.from_numpy(place)],
        net.rows,
        torch.from_numpy(offsets),
        mode="sum",
        per_sample_weights=torch.from_numpy(weight),
    )


def _batches(lengths: npt.NDArray[np.int64], chance: np.random.Generator | None) -> Iterator[npt.NDArray[np.int64]]:
    """Texts of like length together, about the same number of places a batch."""
    order = np.argsort(lengths + (chance.random(len(lengths)) if chance is not None else 0), kind="stable")
    cuts: list[npt.NDArray[np.int64]] = []
    start = 0
    while start < len(order):
        size = 64
        while (
            start + size < len(order)
            and size < 768
            and (size + 64) * lengths[order[min(start + size + 63, len(order) - 1)]] <= _PLACES_AT_ONCE
        ):
            size += 64
        cuts.append(order[start : start + size])
        start += size
    for number in chance.permutation(len(cuts)) if chance is not None else range(len(cuts)):
        yield cuts[number]


def _lay(
    net: SequenceNet,
    bags: _Bags,
    data: Sequences,
    inside: npt.NDArray[np.int64],
    chance: np.random.Generator | None,
    dropout: float,
) -> Tensor:
    starts = data.bounds[inside]
    lengths = data.bounds[inside + 1] - starts
    longest = max(int(lengths.max()), 1)
    place = np.minimum(starts[:, None] + np.arange(longest), len(data.words) - 1)
    real = np.arange(longest) < lengths[:, None]
    words, marks = data.words[place], data.marks[place]
    unique, inverse = np.unique(words, return_inverse=True)
    vectors = _vectors_of(net, bags, unique, chance)[torch.from_numpy(inverse.reshape(words.shape))]
    if chance is not None:
        gone = chance.random(words.shape) < _WORD_DROPOUT
        gone |= ((marks & GROUP) != 0) & (chance.random(words.shape) < _GROUP_HIDDEN)
        vectors = vectors * torch.from_numpy(~gone).unsqueeze(-1)
    bits = (marks[:, :, None] >> np.arange(MARK_COUNT)) & 1
    out: Tensor = net(
        vectors, torch.from_numpy(bits.astype(np.float32)), torch.from_numpy(real.astype(np.float32)), dropout
    )
    return out


def sequence_logits(net: SequenceNet, data: Sequences) -> Floats:
    """Logits of every text, dropout off."""
    net.eval()
    bags = _bags(data.vocabulary)
    out = np.zeros((len(data.bounds) - 1, net.shape.heads), dtype=np.float32)
    with torch.no_grad():
        for inside in _batches(np.diff(data.bounds), None):
            out[inside] = _lay(net, bags, data, inside, None, 0.0).numpy()
    return out


def fit_sequence(
    data: Sequences,
    labels: Floats,
    weights: Floats,
    vectors: tuple[list[str], Floats],
    *,
    shape: Shape,
    passes: float,
    seed: int,
    threads: int,
    dropout: float,
    report: Report,
) -> SequenceNet:
    """Train for `passes` over the rows. With one thread and the same versions the same numbers come out."""
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    net = SequenceNet(shape)
    names, values = vectors
    with torch.no_grad():
        # Common words last, so that of two words that share a row the commoner one keeps it.
        own = _bags(names)
        rows = own.rows.numpy()[own.bounds[:-1]]
        net.rows[torch.from_numpy(rows[::-1].copy())] = torch.from_numpy(values[::-1].copy()) * _VECTOR_SCALE
    bags = _bags(data.vocabulary)
    lengths = np.diff(data.bounds)
    steps = int(passes * sum(1 for _ in _batches(lengths, np.random.default_rng(0))))
    optimiser = torch.optim.AdamW(
        [
            {"params": [net.rows], "lr": _ROW_RATE, "weight_decay": 0.0},
            {"params": [p for n, p in net.named_parameters() if n != "rows"], "lr": _RATE, "weight_decay": 0.01},
        ],
        betas=(0.9, 0.98),
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / _WARM_UP, max(0.02, (steps - step) / max(steps - _WARM_UP, 1)))
    )
    mean = weights.sum(axis=0) / np.maximum((weights > 0).sum(axis=0), 1)
    factors = torch.tensor(_HEAD_WEIGHTS) / torch.from_numpy(np.maximum(mean, 1e-6).astype(np.float32))
    target = torch.from_numpy(labels * (1 - 2 * _SMOOTHING) + _SMOOTHING)
    weight = torch.from_numpy(weights) * factors
    chance = np.random.default_rng(seed)
    step, running, began = 0, 0.0, time.monotonic()
    while step < steps:
        for inside in _batches(lengths, chance):
            if step >= steps:
                break
            net.train()
            logits = _lay(net, bags, data, inside, chance, dropout)
            picked = torch.from_numpy(inside)
            loss = functional.binary_cross_entropy_with_logits(
                logits, target[picked], weight[picked], reduction="sum"
            ) / len(inside)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            running = 0.98 * running + 0.02 * loss.item()
            step += 1
            if step % 100 == 0:
                left = (time.monotonic() - began) / step * (steps - step)
                loss_now = running / (1 - 0.98**step)
                report(f"sequence: step {step} of {steps}, loss {loss_now:.4f}, about {left / 60:.1f} min left")
    net.eval()
    return net
