"""CustomerTypeClassifier: a scikit-learn classifier for interaction notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.exceptions import NotFittedError

from custtype.decision import decide, least_certainty
from custtype.exceptions import InputError, ModelFileError
from custtype.lexicon import load_lexicon
from custtype.persistence import bundled_model_path, load_tables, save_tables
from custtype.scoring import UNREADABLE, Scorer
from custtype.tables import CLASSES, Tables
from custtype.validation import check_labels, check_notes, check_same_length

__all__ = ["CustomerTypeClassifier", "load_model"]


class CustomerTypeClassifier(ClassifierMixin, BaseEstimator):
    """Tell result-, detail- and people-orientation (or neither) from interaction notes.

    Hashed n-grams of words and letters, the lexicon's signals, and a judge of single clauses, weighed by linear support
    vector machines and calibrated on notes left out. Fitted state is plain arrays; predicting needs no scikit-learn.

    Parameters
    ----------
    C : float, default=0.3
        Inverse strength of the penalty on weights, as in scikit-learn's LinearSVC.
    min_notes : int, default=2
        N-grams that occur in fewer notes are left out.
    n_folds : int, default=5
        Folds by group, for calibration, alert thresholds and the judge of clauses.
    lexicon : path, optional
        A folder of lexicon files; without it, the one that comes with custtype.
    max_error : float, optional
        Ceiling on the share of wrong answers among the types that :meth:`predict` names, between 0 and 1; what it cannot
        name that surely is ``unclear``. Held, with 95 % confidence, on notes like those the model was calibrated on. It
        changes no probability, and may be set on a fitted model: ``model.set_params(max_error=0.1)``.
    encoder : transformer, optional
        Any scikit-learn transformer from a list of texts to an array of vectors, such as a multilingual sentence encoder
        that you have downloaded (see ``docs/encoder.md``). A third judge is fitted on its vectors, and used by
        :meth:`predict` and :meth:`predict_proba`; a model with an encoder cannot be saved. The default needs none.
    n_jobs : int, optional
        Processes to fit with, as in scikit-learn (None: one; -1: one a processor). The result is the same bit for bit.

    Attributes
    ----------
    classes_ : ndarray of str, shape (4,)
        ``["detail", "people", "result", "unclear"]``, always all four: a note that cannot be judged is ``unclear``
        even for a model that was never shown one.
    tables_ : Tables
        Everything learned.
    card_ : dict
        Facts about the fit.

    Examples
    --------
    >>> notes = ["chốt luôn, bao giờ xong?", "gửi bảng kê từng khoản", "cảm ơn em đã hỏi thăm", "hỏi giờ mở cửa"] * 5
    >>> labels = ["result", "detail", "people", "unclear"] * 5
    >>> model = CustomerTypeClassifier().fit(notes, labels)
    >>> model.predict(["khách bảo chốt luôn"]).tolist()
    ['result']
    """

    def __init__(
        self,
        C: float = 0.3,
        min_notes: int = 2,
        n_folds: int = 5,
        lexicon: str | Path | None = None,
        max_error: float | None = None,
        encoder: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.C = C
        self.min_notes = min_notes
        self.n_folds = n_folds
        self.lexicon = lexicon
        self.max_error = max_error
        self.encoder = encoder
        self.n_jobs = n_jobs

    def fit(
        self,
        notes: Iterable[str],
        labels: Iterable[str],
        groups: Sequence[object] | None = None,
        alerts: Sequence[Sequence[str]] | None = None,
        rationales: Sequence[Sequence[str] | None] | None = None,
        examples: Iterable[tuple[str, str]] = (),
    ) -> Self:
        """Learn from labelled notes.

        Parameters
        ----------
        notes : iterable of str, length n
        labels : iterable of str, length n
            ``result``, ``detail``, ``people`` or ``unclear``; at least two different ones.
        groups : sequence, optional
            Notes of one group (a writer, a source, a person) are kept together when calibrating, so that
            confidence is honest about notes from elsewhere.
        alerts : sequence of sequences of str, optional
            The alerts of each note. Without them, alerts come from the lexicon's phrases alone.
        rationales : sequence of sequences of str, optional
            For each note the words that decided its label, copied from it; None where nobody marked any. From some
            hundred notes on they teach the model which clause of a note to listen to.
        examples : iterable of (str, str)
            Single clauses and the label that each shows, to teach the same.
        """
        from custtype.training import TrainingData, TrainingOptions, fit_encoder_head, fit_tables

        texts = check_notes(notes)
        names = check_labels(labels, len(texts))
        check_same_length("groups", groups, len(texts))
        check_same_length("alerts", alerts, len(texts))
        check_same_length("rationales", rationales, len(texts))
        clauses = list(examples)
        shown = check_labels([label for _, label in clauses], len(clauses), n_different=0)
        data = TrainingData(
            texts, names, groups, alerts, rationales, [(text, label) for (text, _), label in zip(clauses, shown, strict=True)]
        )
        options = TrainingOptions(C=self.C, min_notes=self.min_notes, n_folds=self.n_folds, n_jobs=self.n_jobs)
        tables, left_out = fit_tables(data, load_lexicon(self.lexicon), options)
        if self.encoder is not None:
            self.encoder_ = clone(self.encoder).fit(texts)
            self.encoder_head_ = fit_encoder_head(self._encode(texts), left_out, self.C, self.n_jobs)
        self._adopt(
            tables,
            {
                "n_notes": len(texts),
                "labels": {c: names.count(c) for c in CLASSES},
                "parameters": {"C": self.C, "min_notes": self.min_notes, "n_folds": self.n_folds},
            },
        )
        return self

    def _adopt(self, tables: Tables, card: dict[str, Any]) -> None:
        self.tables_ = tables
        self.card_ = card
        self.classes_ = np.array([str(c) for c in CLASSES])

    @property
    def scorer(self) -> Scorer:
        """The fast scorer over the fitted tables."""
        tables = getattr(self, "tables_", None)
        if tables is None:
            raise NotFittedError("this CustomerTypeClassifier is not fitted; call fit(notes, labels), or use custtype.load_model()")
        scorer = self.__dict__.get("_scorer")
        if scorer is None or scorer.tables is not tables:
            scorer = self._scorer = Scorer(tables)
        scorer.least = least_certainty(tables.risk, self.max_error)
        return scorer

    def __getstate__(self) -> dict[str, Any]:
        """Leave the scorer's caches out of copies."""
        state: dict[str, Any] = dict(super().__getstate__())
        state.pop("_scorer", None)
        return state

    def predict_proba(self, notes: Iterable[str]) -> npt.NDArray[np.float64]:
        """Return calibrated probabilities.

        Returns
        -------
        ndarray of float64, shape (n_notes, 4)
            Columns in the order of ``classes_``; rows sum to 1.
        """
        texts = check_notes(notes)
        if self.encoder is None or not texts:
            return self.scorer.predict_proba(texts)
        if not hasattr(self, "encoder_head_"):
            raise NotFittedError("this CustomerTypeClassifier was fitted without its encoder; call fit(notes, labels) again")
        batches = list(self.scorer.batches(texts))
        features, quality = (np.concatenate([getattr(batch, name) for batch in batches]) for name in ("features", "quality"))
        table: npt.NDArray[np.float64] = self.encoder_head_.predict_proba(self._encode(texts), features)
        table[quality > 0] = UNREADABLE
        return table

    def _encode(self, texts: list[str]) -> npt.NDArray[np.float64]:
        vectors = self.encoder_.transform(texts)
        result = np.asarray(vectors.toarray() if hasattr(vectors, "toarray") else vectors, np.float64)
        if result.ndim != 2 or len(result) != len(texts) or not np.isfinite(result).all():
            raise InputError(
                f"expected the encoder to give one vector of finite numbers for each of {len(texts)} notes, got shape {result.shape}"
            )
        return result

    def predict(self, notes: Iterable[str]) -> npt.NDArray[np.str_]:
        """Return the most probable class of each note (see `max_error`): ndarray of str, shape (n_notes,)."""
        table = self.predict_proba(notes)
        best = decide(table, np.zeros(len(table), np.uint8), self.scorer.least).best
        chosen: npt.NDArray[np.str_] = np.array([str(c) for c in CLASSES])[best]
        return chosen

    def save(self, path: str | Path) -> None:
        """Write the model to a folder: arrays and a card, no pickle.

        Raises
        ------
        NotFittedError
            If there is nothing to save yet.
        ModelFileError
            If something that is not a model stands under that name, or the model has an encoder.
        """
        if self.encoder is not None:
            raise ModelFileError(
                "a model with an encoder cannot be saved without pickle; save one fitted without, or fit again where it is used"
            )
        save_tables(self.scorer.tables, path, self.card_)

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn that this takes text, not numbers."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def load_model(path: str | Path | None = None) -> CustomerTypeClassifier:
    """Load a model.

    Parameters
    ----------
    path : path, optional
        A folder written by :meth:`CustomerTypeClassifier.save`; without it, the model that comes with custtype.

    Raises
    ------
    ModelFileError
        If the folder is missing, damaged, or not a custtype model.

    Examples
    --------
    >>> load_model().classes_.tolist()
    ['detail', 'people', 'result', 'unclear']
    """
    tables, card = load_tables(bundled_model_path() if path is None else path)
    about = card["about"]
    model = CustomerTypeClassifier(**about.get("parameters", {}))
    model._adopt(tables, about)
    return model
