"""What must hold for any text at all."""

from __future__ import annotations

import csv
import io
import unicodedata

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custtype import SignalExtractor, read_note, score_csv
from custtype.masking import mask_personal_data
from custtype.preprocessing import fold
from custtype.reader import bundled_scorer

PIECES = ["Khách", "chốt luôn", "ko cần", "giải thích", "Đ", "ð", "đối chiếu", "hoà", "hòa", "0912 345 678", "a@b.vn", "!", "?", "\n", "😀", "\u200b",
          "breakdown", "no need", "to explain", "thank you", "1.", "2)", "Привет", "　", "\r\n", "'", "…"]  # fmt: skip
NOTES = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
MANY = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
EXTRACTOR = SignalExtractor().fit([])


def folded(note: str) -> str:
    """The note as the reader sees it, as text again."""
    letters = bytes(fold([note]).codes).decode("latin-1")[:-1]
    return letters.replace("\x80", "д").replace("\x81", "😀")  # a letter of another script, a picture


@MANY
@given(NOTES)
def test_evidence_lies_in_the_note(note):
    reading = read_note(note)
    for item in reading.evidence:
        assert 0 <= item.start < item.end <= len(note)
        assert note[item.start : item.end] == item.text
    for span in EXTRACTOR.explain(note):
        assert note[span.start : span.end] == span.text


@MANY
@given(NOTES)
def test_normalising_twice_is_once(note):
    once = folded(note)
    assert folded(once) == once


@MANY
@given(st.lists(NOTES, max_size=12), st.integers(0, 12))
def test_any_split_scores_alike(notes, cut):
    scorer = bundled_scorer()
    whole = scorer.predict_proba(notes)
    parts = np.vstack([scorer.predict_proba(notes[:cut]), scorer.predict_proba(notes[cut:])])
    assert (whole == parts).all()


@MANY
@given(NOTES)
def test_probabilities_sum_to_one_and_confidence_is_the_largest(note):
    reading = read_note(note)
    assert abs(sum(reading.probabilities.values()) - 1) < 1e-9
    assert reading.confidence == max(reading.probabilities.values()) == reading.probabilities[reading.customer_type]
    assert (reading.reason is None) == (reading.customer_type != "unclear")


@MANY
@given(NOTES)
def test_unicode_form_case_and_masking_do_not_matter(note):
    scorer = bundled_scorer()
    expected = scorer.predict_proba([unicodedata.normalize("NFC", note)])
    assert (scorer.predict_proba([unicodedata.normalize("NFD", note)]) == expected).all()
    masked = mask_personal_data(note)
    assert len(masked) == len(note)
    assert (scorer.predict_proba([masked]) == scorer.predict_proba([note])).all()


@MANY
@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30), min_size=2, max_size=4),
        min_size=1,
        max_size=15,
    ),
    st.sampled_from(",;\t"),
)
def test_every_row_is_accounted_for(tmp_path, rows, delimiter):
    """Whatever stands in the cells, and however many there are: read = scored + rejected, and good rows keep their cells."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(["id", "note", "x"])
    writer.writerows(rows)
    source = tmp_path / "in.csv"
    source.write_bytes(buffer.getvalue().encode("utf-8"))
    summary = score_csv(source, tmp_path / "out.csv")
    assert summary.rows_read == summary.rows_scored + summary.rows_rejected
    assert summary.rows_scored == sum(summary.counts.values())
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.reader(file, delimiter=delimiter))[1:]
    assert len(written) == summary.rows_scored
    assert [row[:3] for row in written] == [row for row in rows if len(row) == 3]
