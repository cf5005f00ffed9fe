"""The contract suite: what scikit-learn's common checks do not check of estimators that take text."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

import joblib
import numpy as np
import pandas as pd
import pytest
from estimators import ESTIMATORS, OUTPUTS
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator_cloneable

from custtype import CustomerTypeClassifier, SignalExtractor
from custtype.exceptions import InputError, NoteTypeError

AWKWARD = ["", " ", "\x00", "a\r\nb", "😀👍", "é" * 3, "word " * 20_000, "Đ\u0300", "\ud800", "\u200b", "12 34", "?!", "a" * 100_000]


@pytest.fixture(params=sorted(ESTIMATORS))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def fitted(name, small_data):
    return ESTIMATORS[name]().fit(*small_data)


def output(name, estimator, notes):
    return getattr(estimator, OUTPUTS[name])(notes)


def test_init_only_stores_and_clone_keeps_parameters(name):
    estimator = ESTIMATORS[name]()
    assert set(vars(estimator)) == set(estimator.get_params())
    assert clone(estimator).get_params() == estimator.get_params()
    check_estimator_cloneable(name, estimator)


def test_set_params_round_trips(name):
    estimator = ESTIMATORS[name]()
    assert estimator.set_params(**estimator.get_params()) is estimator
    with pytest.raises(ValueError, match="Invalid parameter"):
        estimator.set_params(nonsense=1)


def test_fit_returns_self_and_leaves_parameters_and_input_alone(name, small_data):
    notes, labels = list(small_data[0]), list(small_data[1])
    estimator = ESTIMATORS[name]()
    before = estimator.get_params()
    assert estimator.fit(notes, labels) is estimator
    assert estimator.get_params() == before
    assert (notes, labels) == (small_data[0], small_data[1])


def test_output_twice_is_equal(name, fitted, texts):
    np.testing.assert_array_equal(output(name, fitted, texts), output(name, fitted, texts))


def test_row_order_and_batch_split_do_not_matter(name, fitted, texts):
    whole = output(name, fitted, texts)
    np.testing.assert_array_equal(whole[::-1], output(name, fitted, texts[::-1]))
    split = [output(name, fitted, texts[:3]), output(name, fitted, texts[3:4]), output(name, fitted, texts[4:])]
    np.testing.assert_array_equal(whole, np.vstack(split))


@pytest.mark.parametrize("kind", [list, tuple, lambda x: np.array(x, dtype=object), np.array, pd.Series, iter], ids=str)
def test_any_iterable_of_text_is_taken(name, fitted, texts, kind):
    np.testing.assert_array_equal(output(name, fitted, kind(texts[:5])), output(name, fitted, texts[:5]))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("one note", "got one str"),
        ([["a"], ["b"]], r"got list .* at position 0"),
        (np.array([["a", "b"]]), "table of shape"),
        (pd.DataFrame({"note": ["a"]}), "table of shape"),
        (["a", None], "None at position 1"),
        (["a", float("nan")], "NaN"),
        ([b"bytes"], "bytes"),
        (3, "got int"),
    ],
)
def test_what_is_not_text_is_refused_by_name(name, fitted, wrong, message):
    with pytest.raises(NoteTypeError, match=message):
        output(name, fitted, wrong)


def test_awkward_notes_come_through(name, fitted):
    result = output(name, fitted, AWKWARD)
    assert len(result) == len(AWKWARD)
    assert np.isfinite(result).all()
    assert output(name, fitted, []).shape == (0, result.shape[1])


def test_unfitted_says_so(name):
    with pytest.raises(NotFittedError, match="not fitted"):
        output(name, ESTIMATORS[name](), ["a"])


@pytest.mark.parametrize("copy", [lambda e: pickle.loads(pickle.dumps(e)), "joblib"], ids=["pickle", "joblib"])  # noqa: S301 - our own bytes
def test_copies_are_equal(name, fitted, texts, copy, tmp_path):
    if copy == "joblib":
        joblib.dump(fitted, tmp_path / "estimator")
        again = joblib.load(tmp_path / "estimator")
    else:
        again = copy(fitted)
    np.testing.assert_array_equal(output(name, fitted, texts), output(name, again, texts))


def test_two_jobs_give_what_one_gives(name, fitted, texts):
    parts = joblib.Parallel(n_jobs=2)(joblib.delayed(output)(name, fitted, part) for part in (texts[:50], texts[50:100]))
    np.testing.assert_array_equal(np.vstack(parts), output(name, fitted, texts[:100]))


def test_feature_names_are_stable_unique_and_as_many_as_columns():
    extractor = SignalExtractor().fit([])
    names = extractor.get_feature_names_out()
    assert len(set(names)) == len(names) == extractor.transform(["a"]).shape[1]
    command = "from custtype import SignalExtractor; print(','.join(SignalExtractor().fit([]).get_feature_names_out()))"
    for seed in ("0", "1", "42"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        printed = subprocess.run([sys.executable, "-c", command], env=environment, capture_output=True, text=True, check=True).stdout
        assert printed.strip().split(",") == list(names)


def test_set_output_keeps_the_index(texts):
    series = pd.Series(texts[:4], index=[7, 8, 9, 10])
    frame = SignalExtractor().set_output(transform="pandas").fit_transform(series)
    assert list(frame.columns[:1]) == ["asks_when_done"]
    assert list(frame.index) == [7, 8, 9, 10]


def test_probabilities_are_probabilities_in_the_order_of_classes(small_model, texts):
    probabilities = small_model.predict_proba(texts)
    assert probabilities.min() >= 0
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_array_equal(small_model.predict(texts), small_model.classes_[probabilities.argmax(axis=1)])
    assert list(small_model.classes_) == sorted(small_model.classes_)


def test_the_order_of_training_notes_does_not_matter(small_data, texts):
    notes, labels = small_data
    order = np.random.default_rng(0).permutation(len(notes))
    groups = list(notes)
    one = CustomerTypeClassifier(n_folds=3).fit(notes, labels, groups=groups)
    two = CustomerTypeClassifier(n_folds=3).fit([notes[i] for i in order], [labels[i] for i in order], groups=[groups[i] for i in order])
    np.testing.assert_allclose(one.predict_proba(texts), two.predict_proba(texts), atol=0.02)
    agree = one.predict(texts) == two.predict(texts)
    assert agree.mean() > 0.99


def test_it_works_with_scikit_learn_tools(small_data):
    notes, labels = small_data
    assert cross_val_score(CustomerTypeClassifier(n_folds=2), notes, labels, cv=2).min() > 0.5
    search = GridSearchCV(CustomerTypeClassifier(n_folds=2), {"C": [1.0, 3.0]}, cv=2).fit(notes, labels)
    assert search.best_params_["C"] in (1.0, 3.0)
    pipeline = make_pipeline(SignalExtractor(), LogisticRegression()).fit(notes, labels)
    assert pipeline.score(notes, labels) > 0.8


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["result"], "1 labels for 2 notes"),
        (["result", "result"], "two different labels"),
        (["result", "angry"], "'angry'"),
        ("result", "one string"),
    ],
)
def test_labels_that_cannot_be_learned_are_refused(labels, message):
    with pytest.raises(InputError, match=message):
        CustomerTypeClassifier().fit(["a", "b"], labels)


def test_groups_and_alerts_must_match_the_notes(small_data):
    with pytest.raises(InputError, match="one entry of groups"):
        CustomerTypeClassifier().fit(*small_data, groups=["a"])
    with pytest.raises(InputError, match="one entry of alerts"):
        CustomerTypeClassifier().fit(*small_data, alerts=[["praise"]])


def test_a_model_of_two_labels_still_answers_unclear_to_nonsense():
    model = CustomerTypeClassifier(n_folds=2).fit(["chốt luôn đi", "từng khoản một"] * 6, ["result", "detail"] * 6)
    assert set(model.predict(["chốt luôn đi", "từng khoản một"])) == {"result", "detail"}
    assert model.predict(["123"]).tolist() == ["unclear"]
