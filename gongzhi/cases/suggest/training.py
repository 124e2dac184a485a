"""Fitting: linear classes over character n-grams. The threshold to abstain is chosen on the training part alone, out of fold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gongzhi.cases.suggest.model import Model
from gongzhi.cases.suggest.words import clean, core, words_of

SEED = 20261123
ANSWERS = 0.89
"""Share of the training part it would answer out of fold."""
LEAST_KNOWN = 0.45
FOLDS = 3
LEAST_ROWS = 20

Row = tuple[str, str]
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Report:
    """How a model did on rows it had not seen: macro-F1 over the rows it answered, and the share it answered."""

    rows: int
    macro_f1: float
    coverage: float


def distinct(rows: Iterable[Row]) -> list[Row]:
    """Rows without exact repeats (signs and blanks apart) and without blank ones; the first label stands."""
    seen: dict[str, Row] = {}
    for text, label in rows:
        key = clean(text)
        if key and label:
            seen.setdefault(key, (text, label))
    return list(seen.values())


def train(rows: Sequence[Row], say: Say = lambda text: None) -> Model:
    """Fit on all rows given."""
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415  slow to import, needed only to train

    texts, labels = [row[0] for row in rows], np.array([row[1] for row in rows])
    folds = min(FOLDS, min(Counter(labels.tolist()).values()))
    margins: list[float] = []
    if folds >= 2:
        for number, (inner, outer) in enumerate(StratifiedKFold(folds, shuffle=True, random_state=SEED).split(texts, labels), start=1):
            say(f"fold {number}/{folds}")
            model = _fit([texts[at] for at in inner], labels[inner])
            margins += [model.best(texts[at]).confidence for at in outer]
    say("fit")
    fitted = _fit(texts, labels)
    threshold = float(np.quantile(margins, 1 - ANSWERS)) if margins else 0.0
    return Model(fitted.labels, fitted.vocabulary, fitted.index, fitted.idf, fitted.weights, fitted.intercept, threshold, LEAST_KNOWN)


def _fit(texts: Sequence[str], labels: np.ndarray[tuple[int], np.dtype[np.str_]]) -> Model:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  slow to import
    from sklearn.svm import LinearSVC  # noqa: PLC0415  as above

    vocabulary = frozenset(word for text in texts for word in words_of(text) if word)
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True, lowercase=False, dtype=np.float32)
    matrix = vectors.fit_transform([core(text, vocabulary) for text in texts])
    classes = LinearSVC(C=1.0, class_weight="balanced", random_state=SEED).fit(matrix, labels)
    weights = classes.coef_ if len(classes.classes_) > 2 else np.vstack([-classes.coef_[0], classes.coef_[0]])
    intercept = classes.intercept_ if len(classes.classes_) > 2 else np.array([-classes.intercept_[0], classes.intercept_[0]])
    index = {gram: int(at) for gram, at in vectors.vocabulary_.items()}
    return Model(
        tuple(str(label) for label in classes.classes_), vocabulary, index, vectors.idf_.astype(np.float32), weights.astype(np.float32),
        intercept.astype(np.float32), 0.0, LEAST_KNOWN,
    )  # fmt: skip


def judge(model: Model, rows: Sequence[Row]) -> Report:
    """Macro-F1 over the labels of the rows it answers, and coverage."""
    from sklearn.metrics import f1_score  # noqa: PLC0415  slow to import

    guesses = [(model.guess(text), label) for text, label in rows]
    answered = [(guess.label, label) for guess, label in guesses if guess is not None]
    if not answered:
        return Report(len(rows), 0.0, 0.0)
    score = f1_score([label for _guess, label in answered], [guess for guess, _label in answered], average="macro")
    return Report(len(rows), float(score), len(answered) / len(rows))


def held_out(rows: Sequence[Row], say: Say = lambda text: None) -> Report:
    """Train on four fifths, judge on the fifth left out (stratified, fixed seed)."""
    from sklearn.model_selection import train_test_split  # noqa: PLC0415  slow to import

    labels = [row[1] for row in rows]
    rare = {label for label, count in Counter(labels).items() if count < 5}
    kept = [row for row in rows if row[1] not in rare]
    inner, outer = train_test_split(kept, test_size=0.2, random_state=SEED, stratify=[row[1] for row in kept])
    return judge(train(inner, say), outer)
