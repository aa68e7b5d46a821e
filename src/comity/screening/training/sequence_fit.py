"""Fit the sequence model with torch: words as sums of hashed rows, two convolutions, one attention layer, pools."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from comity.screening.training.batches import Bags, Batch, Texts, cuts
from comity.screening.training.encoding import Sequences
from comity.screening.training.network import SequenceNet, Shape
from comity.screening.training.row_adam import RowAdam

__all__ = ["Recipe", "fit_sequence", "sequence_logits"]

Report = Callable[[str], None]
Floats = npt.NDArray[np.float32]

_SAID_EVERY = 100


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the sequence model is trained."""

    passes: float = 3.0
    dropout: float = 0.25
    word_dropout: float = 0.1
    own_row_dropout: float = 0.10
    """Without its own row a word must be told by its n-grams, as a misspelt one is; and the other way round."""
    group_hidden: float = 0.30
    """Share of the names of groups that are hidden: who is meant must not decide."""
    row_rate: float = 2.5e-3
    rate: float = 1.5e-3
    warm_up: int = 200
    last_rate: float = 0.02
    smoothing: float = 0.03
    head_weights: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.3)
    decay: float = 0.01

    def share_of_rate(self, step: int, steps: int) -> float:
        """How much of the rates counts at a step: up at first, then down in a straight line."""
        left = (steps - step) / max(steps - self.warm_up, 1)
        return min((step + 1) / self.warm_up, max(self.last_rate, left))


def _vectors_of(
    rows: Tensor, owner: Tensor, begins: Tensor, counts: Tensor, table: Tensor, own_row_dropout: float
) -> Tensor:
    """One vector a word: the sum of its rows by the root of their number; in training some rows fall out."""
    weight = counts.float().rsqrt()[owner]
    if own_row_dropout:
        device = table.device
        kept = torch.ones_like(weight)
        lost = torch.rand(len(counts), device=device) < own_row_dropout
        thin = (torch.rand(len(counts), device=device) < own_row_dropout)[owner]
        kept[thin & (torch.rand(len(weight), device=device) < 0.5)] = 0
        kept[begins] = 1 - lost.float()
        weight = weight * kept
    return functional.embedding_bag(rows, table, begins, mode="sum", per_sample_weights=weight)


def _logits(net: SequenceNet, texts: Texts, batch: Batch, vectors: Tensor, recipe: Recipe | None) -> Tensor:
    kept = batch.real
    if recipe is not None:
        hidden = torch.where(
            batch.group, 1 - (1 - recipe.word_dropout) * (1 - recipe.group_hidden), recipe.word_dropout
        )
        kept = kept * (torch.rand_like(kept) >= hidden)
    out: Tensor = net(
        functional.embedding(batch.inverse, net.inward_of(vectors)) * kept.unsqueeze(-1),
        functional.embedding(batch.marks, net.marks_of(texts.combinations)),
        batch.real,
        recipe.dropout if recipe is not None else 0.0,
    )
    return out


def sequence_logits(net: SequenceNet, data: Sequences, device: str = "cpu") -> Floats:
    """Logits of every text, dropout off."""
    net.eval()
    bags, texts = Bags.of(data.vocabulary, device), Texts(data, device)
    out = np.zeros((len(texts.lengths), net.shape.heads), dtype=np.float32)
    with torch.no_grad():
        for inside, longest in cuts(texts.lengths, None):
            batch = texts.batch(torch.from_numpy(inside).to(device), longest)
            rows, owner, begins = bags.rows_of(batch.words)
            vectors = _vectors_of(rows, owner, begins, bags.counts[batch.words], net.rows, 0)
            out[inside] = _logits(net, texts, batch, vectors, None).cpu().numpy()
    return out


def _first_rows(net: SequenceNet, vectors: tuple[list[str], Floats]) -> None:
    names, values = vectors
    own = Bags.of(names, "cpu")
    with torch.no_grad():
        # Common words last, so that of two words that share a row the commoner one keeps it.
        net.rows[own.rows[own.starts].flip(0)] = torch.from_numpy(values[::-1].copy())


class _Fit:
    """One run: the net, its texts, and what the optimisers remember."""

    def __init__(self, net: SequenceNet, data: Sequences, recipe: Recipe, device: str) -> None:
        self.net, self.recipe = net, recipe
        self.texts, self._bags = Texts(data, device), Bags.of(data.vocabulary, device)
        self._rows = RowAdam(net.rows.detach())
        self._seen = torch.zeros(len(net.rows), dtype=torch.int64, device=device)
        self._dense = [value for name, value in net.named_parameters() if name != "rows"]
        self._optimiser = torch.optim.AdamW(self._dense, lr=recipe.rate, weight_decay=recipe.decay, betas=(0.9, 0.98))

    def step(self, inside: Tensor, longest: int, target: Tensor, weight: Tensor, share: float) -> Tensor:
        """One batch forward and back; gives its loss."""
        batch = self.texts.batch(inside, longest)
        rows, owner, begins = self._bags.rows_of(batch.words)
        read = self._different(rows)
        leaf = self._rows.read(read)
        vectors = _vectors_of(
            self._seen[rows], owner, begins, self._bags.counts[batch.words], leaf, self.recipe.own_row_dropout
        )
        logits = _logits(self.net, self.texts, batch, vectors, self.recipe)
        loss = functional.binary_cross_entropy_with_logits(logits, target, weight, reduction="sum") / len(inside)
        self._optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*self._dense, leaf], 2.0)
        for group in self._optimiser.param_groups:
            group["lr"] = self.recipe.rate * share
        self._optimiser.step()
        self._rows.step(leaf.grad, self.recipe.row_rate * share)
        return loss.detach()

    def _different(self, rows: Tensor) -> Tensor:
        """The different ones of `rows`; `_seen` tells afterwards which of them each row of the table is."""
        self._seen.zero_()
        self._seen[rows] = 1
        different = self._seen.nonzero().squeeze(1)
        self._seen[different] = torch.arange(len(different), device=rows.device)
        return different

    def finish(self) -> None:
        """Put everything that was learnt into the net."""
        self._rows.level()


def fit_sequence(
    data: Sequences,
    labels: Floats,
    weights: Floats,
    vectors: tuple[list[str], Floats],
    *,
    shape: Shape,
    recipe: Recipe,
    seed: int,
    threads: int,
    report: Report,
    device: str = "cpu",
) -> SequenceNet:
    """Train over the rows. On the processor, with one thread and the same versions, the same numbers come out."""
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(device == "cpu")
    torch.utils.deterministic.fill_uninitialized_memory = False
    net = SequenceNet(shape)
    _first_rows(net, vectors)
    net.to(device)
    fit = _Fit(net, data, recipe, device)
    lengths = fit.texts.lengths
    steps = int(recipe.passes * sum(1 for _ in cuts(lengths, np.random.default_rng(0))))
    mean = weights.sum(axis=0) / np.maximum((weights > 0).sum(axis=0), 1)
    factors = np.array(recipe.head_weights, dtype=np.float32) / np.maximum(mean, 1e-6).astype(np.float32)
    target = torch.from_numpy(labels * (1 - 2 * recipe.smoothing) + recipe.smoothing).to(device)
    weight = torch.from_numpy(weights * factors).to(device)
    chance = np.random.default_rng(seed)
    step, began = 0, time.monotonic()
    running = torch.zeros((), device=device)
    net.train()
    while step < steps:
        for inside, longest in cuts(lengths, chance):
            if step >= steps:
                break
            picked = torch.from_numpy(inside).to(device)
            loss = fit.step(picked, longest, target[picked], weight[picked], recipe.share_of_rate(step, steps))
            running.mul_(0.98).add_(loss, alpha=0.02)
            step += 1
            if step % _SAID_EVERY == 0:
                left = (time.monotonic() - began) / step * (steps - step)
                loss_now = running.item() / (1 - 0.98**step)
                report(f"sequence: step {step} of {steps}, loss {loss_now:.4f}, about {left / 60:.1f} min left")
    fit.finish()
    net.eval()
    net.to("cpu")
    return net
