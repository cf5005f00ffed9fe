"""The model's parts do what their descriptions say: clauses, the stack, the ceiling on errors, deciding words."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from custtype import CustomerTypeClassifier, profile_person, read_note
from custtype.decision import bound_risk, least_certainty
from custtype.exceptions import InputError, ModelFileError
from custtype.feature_extraction.clauses import ClauseFinder, pool_clauses
from custtype.feature_extraction.tokens import Tokenizer
from custtype.lexicon import load_lexicon
from custtype.reader import bundled_scorer
from custtype.scoring import Scorer
from custtype.training.clauses import clause_design
from custtype.training.fitting import TrainingData, TrainingOptions, _Fit


@pytest.fixture(scope="module")
def cut():
    tokenizer = Tokenizer.from_structure(load_lexicon().structure)
    finder = ClauseFinder(tokenizer(["nhưng\nbut"]).key)

    def clauses(note: str) -> list[str]:
        batch = tokenizer([note])
        edges = [*finder(batch).tolist(), len(batch.key)]
        spans = [batch.raw_span(a, b - 1) for a, b in pairwise(edges)]
        return [note[start:end] for start, end in spans]

    return clauses


def test_clauses_end_at_punctuation_but_not_inside_numbers(cut):
    assert cut("Giá 15.000 đồng một cái, chốt luôn. Bao giờ có?") == ["Giá 15.000 đồng một cái", "chốt luôn", "Bao giờ có"]


def test_a_single_word_goes_with_what_follows(cut):
    assert cut("Rồi. Cầm đi luôn") == ["Rồi. Cầm đi luôn"]


def test_long_clauses_are_cut_before_an_opener(cut):
    long = "the courier came at nine with both boxes but nobody asked me where they should go"
    assert cut(long) == ["the courier came at nine with both boxes", "but nobody asked me where they should go"]
    assert cut("short but whole") == ["short but whole"]


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_every_note_with_words_has_a_clause_and_no_clause_spans_two_notes(notes):
    scores = bundled_scorer().score(notes)
    n_words, n_clauses = np.diff(scores.words.first_word), np.diff(scores.clauses.first_clause)
    assert ((n_clauses > 0) == (n_words > 0)).all()
    assert scores.clauses.n_words.sum() == len(scores.words.key)
    first, last = scores.clauses.first_word, scores.clauses.first_word + scores.clauses.n_words - 1
    assert (scores.words.note[first] == scores.words.note[last]).all()


def test_pooling_hears_the_strongest_clause_and_the_last():
    quiet, loud = [0.01, 0.01, 0.01], [0.01, 0.01, 0.95]
    pooled = pool_clauses(np.array([loud, quiet, quiet, loud]), np.array([0, 2, 4])).reshape(2, -1, 3)
    strongest, last = pooled[:, 1, 2], pooled[:, 2, 2]
    assert strongest[0] == strongest[1]
    assert last[0] < last[1]


def test_known_words_are_summed_as_if_they_were_unknown(texts):
    scorer = bundled_scorer()
    batch = scorer._tokenizer(texts[:200])
    np.testing.assert_array_equal(scorer._sum_own(batch), scorer.sum_spelling(batch, np.arange(len(batch.key))))


def test_what_is_fitted_is_what_is_scored(corpus):
    """Training sees sparse matrices, scoring sees tables: margins and pooled features must come out the same."""
    notes = corpus.notes[::20]
    texts, labels = [note.text for note in notes], [str(note.label) for note in notes]
    fit = _Fit(TrainingData(texts, labels, rationales=[note.why for note in notes]), load_lexicon(), TrainingOptions(n_folds=2))
    tables, _ = fit.tables()
    design = fit._note_designs()[0]
    margins = fit._judge_notes((design, fit._note_designs()[1]))[0].against_unclear(design)
    judge = fit._judge_clauses()[0]
    assert judge.margins is not None
    pooled = judge.pooled(clause_design(fit.features, fit.selection), fit.features.first_clause)
    scored = np.concatenate([batch.features for batch in Scorer(tables).batches(texts)])
    np.testing.assert_allclose(scored[:, :3], margins, atol=2e-3)  # weights are rounded to 13 bits
    np.testing.assert_allclose(scored[:, 3:21], pooled, atol=1e-2)


def test_notes_of_one_group_can_be_learned_with_alerts(small_data):
    notes, labels = small_data
    model = CustomerTypeClassifier().fit(
        notes, labels, groups=["a"] * len(notes), alerts=[["urgent"] if "done" in n else [] for n in notes]
    )
    assert (model.predict(notes) == labels).mean() > 0.9
    assert model.tables_.alert_thresholds[0] == 0


def test_a_ceiling_on_errors_names_fewer_and_changes_no_probability(texts):
    free, bound = CustomerTypeClassifier(), CustomerTypeClassifier(max_error=0.1)
    for model in (free, bound):
        model._adopt(bundled_scorer().tables, {})
    assert (bound.predict(texts) == "unclear").sum() > (free.predict(texts) == "unclear").sum()
    np.testing.assert_array_equal(free.predict_proba(texts), bound.predict_proba(texts))
    named = bound.predict(texts) != "unclear"
    assert (bound.predict(texts)[named] == free.predict(texts)[named]).all()


@pytest.mark.parametrize("share", [0, 1, -0.1, 10])
def test_a_ceiling_that_is_no_share_is_refused(share):
    with pytest.raises(InputError, match="between 0 and 1"):
        read_note("chốt luôn", max_error=share)


def test_a_note_below_the_ceiling_says_so():
    note = "Khách hỏi giá, bảo gửi bảng báo giá, rồi hỏi bao giờ có hàng."
    strict = read_note(note, max_error=0.011)
    assert strict.customer_type == "unclear"
    assert strict.reason is not None


def test_the_risk_is_a_bound_and_falls_with_certainty():
    draw = np.random.default_rng(0)
    confidence = draw.uniform(0.3, 1, 4000)
    probabilities = np.column_stack([confidence, *[(1 - confidence) / 3] * 3])
    labels = np.where(draw.uniform(size=4000) < confidence, 0, 3)
    risk = bound_risk(probabilities, labels)
    assert risk[0, 1] > risk[-5, 1]
    least = least_certainty(risk, 0.1)
    kept = confidence >= least
    assert (labels[kept] != 0).mean() <= 0.1


def test_no_certainty_is_enough_for_an_impossible_ceiling():
    assert least_certainty(np.array([[0.3, 0.4], [0.9, 0.2]]), 0.1) > 1


def test_deciding_words_teach_which_clause_to_listen_to(small_data):
    notes, labels = small_data
    long = [f"sáng nay trời mưa, {note}, rồi về" for note in notes]
    model = CustomerTypeClassifier(n_folds=3).fit(long, labels, rationales=[[note] for note in notes], examples=[("bao giờ có", "result")])
    scores = Scorer(model.tables_).score(["sáng nay trời mưa, gửi bảng kê từng khoản, rồi về"])
    assert scores.clauses.shown[:, 0].argmax() == 1


def test_deciding_words_need_one_entry_a_note(small_data):
    with pytest.raises(InputError, match="rationales"):
        CustomerTypeClassifier().fit(*small_data, rationales=[["x"]])


@pytest.fixture(scope="module")
def encoded(corpus) -> CustomerTypeClassifier:
    """A stand-in for a sentence encoder: the main directions of letter n-grams."""
    encoder = make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)), TruncatedSVD(20, random_state=0))
    notes = corpus.notes[::20]
    labels, groups = [str(note.label) for note in notes], [note.writer for note in notes]
    return CustomerTypeClassifier(encoder=encoder).fit([note.text for note in notes], labels, groups=groups)


def test_an_encoder_joins_in(encoded, texts):
    with_vectors = encoded.predict_proba(texts[:300])
    np.testing.assert_allclose(with_vectors.sum(axis=1), 1)
    assert np.abs(with_vectors - encoded.scorer.predict_proba(texts[:300])).max() > 0.01
    np.testing.assert_allclose(encoded.predict_proba(texts[:7]), with_vectors[:7], atol=1e-9)
    assert encoded.predict(["", "12 345"]).tolist() == ["unclear", "unclear"]
    assert encoded.predict_proba([]).shape == (0, 4)


def test_a_model_with_an_encoder_is_not_saved(encoded, tmp_path):
    with pytest.raises(ModelFileError, match="pickle"):
        encoded.save(tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_an_encoder_that_gives_no_vectors_is_one_clear_error(small_data):
    with pytest.raises(InputError, match="one vector"):
        CustomerTypeClassifier(encoder=FunctionTransformer(lambda texts: np.zeros(len(texts)))).fit(*small_data)


def test_an_encoder_set_after_fitting_asks_for_a_new_fit(small_model):
    changed = clone(small_model).set_params(encoder=FunctionTransformer())
    changed._adopt(small_model.tables_, {})
    with pytest.raises(NotFittedError, match="again"):
        changed.predict(["chốt luôn"])


def test_a_note_written_down_again_adds_nothing_to_a_person():
    note = "Chị hỏi kỹ từng khoản phí, đối chiếu với hợp đồng."
    once, thrice = profile_person([note]), profile_person([note] * 3)
    assert once.probabilities == thrice.probabilities


def test_fitting_in_two_processes_gives_the_same_model():
    notes = [f"{word} {number}" for number in range(40) for word in ("chốt luôn bao giờ xong", "gửi bảng kê", "cảm ơn em", "hỏi giờ")]
    labels = ["result", "detail", "people", "unclear"] * 40
    alerts = [["no_reply"] if number % 5 == 0 else [] for number in range(len(notes))]
    one, two = (
        CustomerTypeClassifier(n_jobs=n_jobs).fit(notes, labels, groups=[n // 8 for n in range(len(notes))], alerts=alerts).tables_
        for n_jobs in (None, 2)
    )
    for name in ("rows", "bias", "stack_weights", "alert_thresholds", "risk"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
