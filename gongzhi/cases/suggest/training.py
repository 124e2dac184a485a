"""Fitting: linear classes over character n-grams. The threshold to abstain is chosen on the training part alone, out of fold.

What is learned from must not be readable in what is learned: a word or n-gram stays only if `LEAST_PEOPLE` wrote it, no word
holds a digit, and words that are people's names are left out (decision record 10).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongzhi.cases.suggest.model import Model
from gongzhi.cases.suggest.words import GRAMS, clean, core, grams, is_name, words_of

SEED = 20261123
ANSWERS = 0.89
"""Share of the training part it would answer out of fold."""
SURE = 0.8
"""A margin that is never asked to be exceeded: where all cases are easy, the least easy of them are sure enough."""
LEAST_KNOWN = 0.45
FOLDS = 3
LEAST_ROWS = 20
LEAST_PEOPLE = 3

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled text. `source` tells whose it is (any value that two texts of one person share); None: nobody else's."""

    text: str
    label: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """How a model did on rows it had not seen: macro-F1 over the rows it answered (and F1 by label), and the share it answered."""

    rows: int
    macro_f1: float
    coverage: float
    by_label: dict[str, float] = field(default_factory=dict)


def distinct(rows: Iterable[Row]) -> list[Row]:
    """Rows without exact repeats (signs and blanks apart) and without blank ones; the first label stands."""
    seen: dict[str, Row] = {}
    for row in rows:
        key = clean(row.text)
        if key and row.label:
            seen.setdefault(key, row)
    return list(seen.values())


def train(rows: Sequence[Row], say: Say = lambda text: None) -> Model:
    """Fit on all rows given."""
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415  slow to import, needed only to train

    labels = [row.label for row in rows]
    folds = min(FOLDS, min(Counter(labels).values()))
    margins: list[float] = []
    if folds >= 2:
        for number, (inner, outer) in enumerate(StratifiedKFold(folds, shuffle=True, random_state=SEED).split(labels, labels), start=1):
            say(f"fold {number}/{folds}")
            model = _fit([rows[at] for at in inner])
            margins += [model.best(rows[at].text).confidence for at in outer]
    say("fit")
    return _fit(rows, min(SURE, float(np.quantile(margins, 1 - ANSWERS))) if margins else 0.0)


def _fit(rows: Sequence[Row], threshold: float = 0.0) -> Model:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  slow to import
    from sklearn.svm import LinearSVC  # noqa: PLC0415  as above

    sources = _sources(rows)
    vocabulary = frozenset(
        word for word in _of_several((set(words_of(row.text)) for row in rows), sources) if len(word) == 1 or not is_name(word)
    )
    cores = [core(row.text, vocabulary) for row in rows]
    kept = _grams_of_several(cores, sources)
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), vocabulary=kept, sublinear_tf=True, lowercase=False, dtype=np.float32)
    classes = LinearSVC(C=1.0, class_weight="balanced", random_state=SEED).fit(vectors.fit_transform(cores), [row.label for row in rows])
    weights, intercept = _one_row_a_label(classes)
    index = {gram: int(at) for gram, at in vectors.vocabulary_.items()}
    names = tuple(str(label) for label in classes.classes_)
    return Model(names, vocabulary, index, vectors.idf_.astype(np.float32), weights, intercept, threshold, LEAST_KNOWN)


def _sources(rows: Sequence[Row]) -> list[int]:
    """A number for everybody whose rows these are; a row of nobody known counts as one more."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(row.source, len(numbers)) if row.source else -1 - at for at, row in enumerate(rows)]


def _grams_of_several(cores: Sequence[str], sources: Sequence[int]) -> list[str]:
    """The n-grams kept. A longer one can only be of several people if its shorter ones are: most need not be counted (memory)."""
    kept: set[str] = set()
    for size in GRAMS:
        found = ({gram for gram in grams(text, size) if size == 1 or {gram[1:], gram[:-1]} <= kept} for text in cores)
        kept.update(_of_several(found, sources))
    return sorted(kept)


def _of_several(found: Iterable[Iterable[str]], sources: Sequence[int]) -> list[str]:
    """What at least `LEAST_PEOPLE` sources hold."""
    few: dict[str, tuple[int, ...]] = {}
    enough: set[str] = set()
    for source, features in zip(sources, found, strict=True):
        for feature in features:
            if feature in enough or source in (people := few.get(feature, ())):
                continue
            if len(people) + 1 < LEAST_PEOPLE:
                few[feature] = (*people, source)
            else:
                enough.add(feature)
                few.pop(feature, None)
    return list(enough)


def _one_row_a_label(classes: Any) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of two labels scikit-learn keeps one row of weights."""
    weights, intercept = classes.coef_, classes.intercept_
    if len(classes.classes_) == 2:
        weights, intercept = np.vstack([-weights[0], weights[0]]), np.array([-intercept[0], intercept[0]])
    return weights.astype(np.float32), intercept.astype(np.float32)


def judge(model: Model, rows: Sequence[Row]) -> Report:
    """Macro-F1 over the labels of the rows it answers, and coverage."""
    from sklearn.metrics import f1_score  # noqa: PLC0415  slow to import

    guesses = [(model.guess(row.text), row.label) for row in rows]
    answered = [(guess.label, label) for guess, label in guesses if guess is not None]
    if not answered:
        return Report(len(rows), 0.0, 0.0)
    labels = sorted({label for pair in answered for label in pair})
    scores = f1_score([label for _guess, label in answered], [guess for guess, _label in answered], average=None, labels=labels)
    by_label = {label: round(float(score), 4) for label, score in zip(labels, scores, strict=True)}
    return Report(len(rows), float(np.mean(scores)), len(answered) / len(rows), by_label)


def held_out(rows: Sequence[Row], say: Say = lambda text: None) -> Report:
    """Train on four fifths, judge on the fifth left out (stratified, fixed seed)."""
    from sklearn.model_selection import train_test_split  # noqa: PLC0415  slow to import

    counts = Counter(row.label for row in rows)
    kept = [row for row in rows if counts[row.label] >= 5]
    inner, outer = train_test_split(kept, test_size=0.2, random_state=SEED, stratify=[row.label for row in kept])
    return judge(train(inner, say), outer)
