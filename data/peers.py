"""custtype and its peers, all trained on the same notes of the corpus."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC
from training import fit_classifier

from custtype.datasets import Corpus
from custtype.tables import CLASSES

Probabilities = npt.NDArray[np.float64]
Predict = Callable[[Sequence[str]], Probabilities]
Train = Callable[[Corpus, Sequence[int]], Predict]


def words_and_characters() -> object:
    words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\w+", sublinear_tf=True)
    return make_union(words, TfidfVectorizer(analyzer="char", ngram_range=(2, 5), sublinear_tf=True))


def train_custtype(corpus: Corpus, rows: Sequence[int]) -> Predict:
    return fit_classifier(corpus, rows, n_jobs=2).predict_proba


def _train_pipeline(corpus: Corpus, rows: Sequence[int], vectorizer: object, model: object) -> Predict:
    pipeline = make_pipeline(vectorizer, model)
    pipeline.fit([corpus.notes[i].text for i in rows], [str(corpus.notes[i].label) for i in rows])
    return pipeline.predict_proba  # type: ignore[no-any-return]


def train_union(corpus: Corpus, rows: Sequence[int]) -> Predict:
    return _train_pipeline(corpus, rows, words_and_characters(), LogisticRegression(C=10.0, max_iter=200))


def train_svm(corpus: Corpus, rows: Sequence[int]) -> Predict:
    machine = CalibratedClassifierCV(LinearSVC(C=0.3, random_state=0), cv=3)
    return _train_pipeline(corpus, rows, words_and_characters(), machine)


def train_fasttext(corpus: Corpus, rows: Sequence[int]) -> Predict:
    import fasttext

    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        for i in rows:
            file.write(f"__label__{corpus.notes[i].label} {_one_line(corpus.notes[i].text)}\n")
        file.flush()
        # the best of nine settings on writers left out: letters (2-5), more dimensions, other rates and epochs are no better
        model = fasttext.train_supervised(
            file.name, dim=50, epoch=25, lr=0.3, wordNgrams=2, minn=0, maxn=0, bucket=500_000, thread=2, verbose=0
        )

    def predict(notes: Sequence[str]) -> Probabilities:
        result = np.zeros((len(notes), len(CLASSES)))
        for row, note in enumerate(notes):
            for probability, label in model.f.predict(_one_line(note) + "\n", len(CLASSES), 0.0, "strict"):
                result[row, [str(c) for c in CLASSES].index(label.removeprefix("__label__"))] = probability
        return result / result.sum(axis=1, keepdims=True)

    return predict


def _one_line(text: str) -> str:
    return " ".join(text.lower().split())


CONTENDERS: dict[str, Train] = {
    "custtype": train_custtype,
    "tfidf union + lr": train_union,
    "tfidf union + svm": train_svm,
    "fasttext": train_fasttext,
}
