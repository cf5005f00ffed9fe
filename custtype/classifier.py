"""CustomerTypeClassifier: a scikit-learn classifier for interaction notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError

from custtype.lexicon import load_lexicon
from custtype.persistence import bundled_model_path, load_tables, save_tables
from custtype.scoring import CLASSES, Scorer, Tables
from custtype.validation import check_labels, check_notes, check_same_length

__all__ = ["CustomerTypeClassifier", "load_model"]


class CustomerTypeClassifier(ClassifierMixin, BaseEstimator):
    """Tell result-, detail- and people-orientation (or neither) from interaction notes.

    Hashed word and character n-grams and the lexicon's signals, weighed by logistic regression and calibrated on notes
    left out. Fitted state is plain arrays; predicting needs no scikit-learn.

    Parameters
    ----------
    C : float, default=3.0
        Inverse strength of the penalty on weights, as in scikit-learn's LogisticRegression.
    min_notes : int, default=2
        N-grams that occur in fewer notes are left out.
    n_folds : int, default=5
        Folds by group, for calibration and alert thresholds.
    lexicon : path, optional
        A folder of lexicon files; without it, the one that comes with custtype.

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

    def __init__(self, C: float = 3.0, min_notes: int = 2, n_folds: int = 5, lexicon: str | Path | None = None) -> None:
        self.C = C
        self.min_notes = min_notes
        self.n_folds = n_folds
        self.lexicon = lexicon

    def fit(
        self,
        notes: Iterable[str],
        labels: Iterable[str],
        groups: Sequence[object] | None = None,
        alerts: Sequence[Sequence[str]] | None = None,
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
        """
        from custtype.training import TrainingOptions, fit_tables

        texts = check_notes(notes)
        names = check_labels(labels, len(texts))
        check_same_length("groups", groups, len(texts))
        check_same_length("alerts", alerts, len(texts))
        options = TrainingOptions(C=self.C, min_notes=self.min_notes, n_folds=self.n_folds)
        self._adopt(
            fit_tables(texts, names, groups, alerts, load_lexicon(self.lexicon), options),
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
        return self.scorer.predict_proba(check_notes(notes))

    def predict(self, notes: Iterable[str]) -> npt.NDArray[np.str_]:
        """Return the most probable class of each note: ndarray of str, shape (n_notes,)."""
        chosen: npt.NDArray[np.str_] = np.array([str(c) for c in CLASSES])[self.predict_proba(notes).argmax(axis=1)]
        return chosen

    def save(self, path: str | Path) -> None:
        """Write the model to a folder: arrays and a card, no pickle.

        Raises
        ------
        NotFittedError
            If there is nothing to save yet.
        ModelFileError
            If something that is not a model stands under that name.
        """
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
