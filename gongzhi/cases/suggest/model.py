"""The fitted model and its own inference: a sparse dot product. scikit-learn is needed to train, never to suggest."""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

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
    facts: dict[str, Any] = field(default_factory=dict)
    """How it did when it was trained: figures and labels."""

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

    def save(self, path: Path) -> None:
        """One file, put in place at once: who reads meanwhile gets the old one whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        words = {
            "labels": self.labels,
            "vocabulary": sorted(self.vocabulary),
            "grams": sorted(self.index, key=lambda gram: self.index[gram]),
            "threshold": self.threshold,
            "least_known": self.least_known,
            "facts": self.facts,
        }
        text = np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), dtype=np.uint8)
        fresh = path.with_name(f"{path.stem}.{os.getpid()}.npz")
        np.savez_compressed(fresh, words=text, idf=self.idf, weights=self.weights, intercept=self.intercept)
        fresh.replace(path)

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read what `save` wrote. Raises OSError or ValueError when it is not there or damaged."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                words = json.loads(arrays["words"].tobytes())
                idf, weights, intercept = arrays["idf"], arrays["weights"], arrays["intercept"]
            index = {gram: number for number, gram in enumerate(words["grams"])}
            if weights.shape != (len(words["labels"]), len(index)):
                raise ValueError("words and weights do not belong together")
            vocabulary = frozenset(words["vocabulary"])
            limits = words["threshold"], words["least_known"], words["facts"]
            return cls(tuple(words["labels"]), vocabulary, index, idf, weights, intercept, *limits)
        except (BadZipFile, KeyError, EOFError, zlib.error) as error:
            raise ValueError(f"{path.name} is damaged") from error
