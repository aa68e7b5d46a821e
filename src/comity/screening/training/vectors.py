"""Word vectors for both languages at once, from who stands beside whom in the texts and across the sentence pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from comity.screening.training.translation import Pair

__all__ = ["bilingual_vectors"]

_WINDOW = 4
_WORDS = 36_000
_CONTEXT_POWER = 0.75
_PAIR_WEIGHT = 3.0


def _neighbours(numbers: npt.NDArray[np.int32], size: int) -> sparse.csr_matrix:
    """Co-occurrence within the window, weighted by 1 / distance; -1 stands for a word outside the vocabulary."""
    total = sparse.csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, _WINDOW + 1):
        left, right = numbers[:-distance], numbers[distance:]
        kept = (left >= 0) & (right >= 0)
        weight = np.full(int(kept.sum()), 1.0 / distance, dtype=np.float32)
        total = total + sparse.coo_matrix((weight, (left[kept], right[kept])), shape=(size, size)).tocsr()
    return total + total.T


def bilingual_vectors(
    texts: Sequence[Sequence[str]], pairs: Sequence[Pair], dimensions: int, seed: int
) -> tuple[list[str], npt.NDArray[np.float32]]:
    """Words and their vectors (unit length): positive pointwise information, factored by a randomised SVD."""
    counts: Counter[str] = Counter()
    for words in texts:
        counts.update(words)
    for english, french in pairs:
        counts.update(english)
        counts.update(french)
    names = [w for w, c in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_WORDS] if c >= 3]
    number = {word: place for place, word in enumerate(names)}
    stream: list[int] = []
    gap = [-1] * _WINDOW
    for words in texts:
        stream.extend(number.get(word, -1) for word in words)
        stream.extend(gap)
    left: list[int] = []
    right: list[int] = []
    weight: list[float] = []
    for english, french in pairs:
        first = [number[w] for w in english if w in number]
        second = [number[w] for w in french if w in number]
        for side in (first, second):
            stream.extend(side)
            stream.extend(gap)
        if first and second:
            share = _PAIR_WEIGHT / (len(first) * len(second)) ** 0.5
            for one in first:
                left.extend([one] * len(second))
                right.extend(second)
                weight.extend([share] * len(second))
    size = len(names)
    crossing = sparse.coo_matrix((np.array(weight, dtype=np.float32), (left, right)), shape=(size, size)).tocsr()
    cells = (_neighbours(np.array(stream, dtype=np.int32), size) + crossing + crossing.T).tocoo()
    row_sum = np.bincount(cells.row, cells.data, size)
    context = np.power(np.bincount(cells.col, cells.data, size), _CONTEXT_POWER)
    context /= context.sum()
    with np.errstate(divide="ignore"):
        value = np.log(cells.data / (row_sum[cells.row] * context[cells.col]))
    kept = value > 0
    matrix = sparse.csr_matrix((value[kept].astype(np.float32), (cells.row[kept], cells.col[kept])), shape=(size, size))
    chance = np.random.default_rng(seed)
    basis = np.asarray(matrix @ chance.standard_normal((size, dimensions + 10)).astype(np.float32))
    for _ in range(3):
        basis, _ = np.linalg.qr(basis)
        basis = np.asarray(matrix @ (matrix.T @ basis))
    basis, _ = np.linalg.qr(basis)
    small = np.asarray(matrix.T @ basis).T
    left_vectors, values, _ = np.linalg.svd(small, full_matrices=False)
    vectors = (basis @ left_vectors)[:, :dimensions] * np.sqrt(values[:dimensions])
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return names, vectors.astype(np.float32)
