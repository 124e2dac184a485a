"""The fitted model and its own inference: a sparse dot product. scikit-learn is needed to train, never to suggest."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gongzhi.cases.suggest.words import core, grams, known_share

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Guess:
    """A category with the margin over the second best, 0 up; the higher the surer."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Model:
    """TF-IDF over character 1- to 3-grams (sublinear, L2) and one linear score per class."""

    labels: tuple[str, ...]
    vocabulary: frozenset[str]
    index: dict[str, int]
    idf: Floats
    weights: Floats
    intercept: Floats
    threshold: float
    least_known: float

    def scores(self, text: str) -> Floats:
        """One score per label."""
        found = [(self.index[gram], count) for gram, count in grams(core(text, self.vocabulary)).items() if gram in self.index]
        if not found:
            return self.intercept
        at = np.fromiter((pair[0] for pair in found), dtype=np.int64)
        counts = np.fromiter((pair[1] for pair in found), dtype=np.float64)
        values = (1 + np.log(counts)) * self.idf[at]
        values /= np.sqrt((values**2).sum())
        scores: Floats = (self.weights[:, at] @ values + self.intercept).astype(np.float32)
        return scores

    def best(self, text: str) -> Guess:
        """The best label, however unsure."""
        scores = self.scores(text)
        order = np.argsort(scores)
        return Guess(self.labels[int(order[-1])], float(scores[order[-1]] - scores[order[-2]]))

    def guess(self, text: str) -> Guess | None:
        """The best label, or None: too unsure, or the words are not those of people."""
        if known_share(text, self.vocabulary) < self.least_known:
            return None
        found = self.best(text)
        return found if found.confidence >= self.threshold else None

    def save(self, folder: Path) -> None:
        """Arrays as npz, words as JSON, each put in place at once."""
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"weights.{os.getpid()}.npz"
        np.savez_compressed(fresh, idf=self.idf, weights=self.weights, intercept=self.intercept)
        fresh.replace(folder / "weights.npz")
        words = {
            "labels": self.labels,
            "vocabulary": sorted(self.vocabulary),
            "grams": sorted(self.index, key=lambda gram: self.index[gram]),
            "threshold": self.threshold,
            "least_known": self.least_known,
        }
        text = folder / f"words.{os.getpid()}.json"
        text.write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        text.replace(folder / "words.json")

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read what `save` wrote. Raises OSError or ValueError when it is not there or damaged."""
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            idf, weights, intercept = arrays["idf"], arrays["weights"], arrays["intercept"]
        if weights.shape != (len(words["labels"]), len(words["grams"])):
            raise ValueError("the model's two files do not belong together")
        index = {gram: number for number, gram in enumerate(words["grams"])}
        return cls(
            tuple(words["labels"]), frozenset(words["vocabulary"]), index, idf, weights, intercept, words["threshold"], words["least_known"]
        )
