"""Folding: one form for everything that a reader takes for the same."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from custtype.feature_extraction.tokens import MAX_CHARACTERS, Tokenizer
from custtype.lexicon import load_lexicon
from custtype.preprocessing import fold

TOKENIZER = Tokenizer.from_structure(load_lexicon().structure)


def folded(note: str) -> str:
    return bytes(fold([note]).codes).decode("latin-1")[:-1]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Đường ĐI", "duong di"),
        ("\u00d0\u00f0", "dd"),
        (unicodedata.normalize("NFD", "Tiếng Việt"), "tieng viet"),
        ("ＡＢ１２", "ab00"),
        ("a\u00a0b\u200bc", "a bc"),
        ("don’t don't", "dont dont"),
        ("“x” – y…", '"x" - y.'),
        ("𝐛𝐨𝐥𝐝", "bold"),
        ("a\r\nb", "a \nb"),
    ],
)
def test_fold(note, expected):
    assert folded(note) == expected


def test_offsets_lead_back_to_the_text_as_given():
    note = unicodedata.normalize("NFD", "Chị hỏi: đối chiếu\u200b chưa?")
    result = fold([note, note])
    for number in range(2):
        begin = 0 if number == 0 else int(result.note_end[0]) + 1
        for index in range(begin, int(result.note_end[number])):
            raw = int(result.raw[index] - result.raw_start[number])
            base = unicodedata.normalize("NFD", note[raw].lower())[0].replace("đ", "d")
            assert base == chr(result.codes[index])


@pytest.mark.parametrize(
    ("one", "other"), [("hoà", "hòa"), ("thuỷ", "thủy"), ("khoẻ", "khỏe"), ("ko", "không"), ("đc", "được"), ("pls", "please")]
)
def test_words_that_are_the_same_word(one, other):
    assert TOKENIZER([one]).exact.tolist() == TOKENIZER([other]).exact.tolist()


@pytest.mark.parametrize(("one", "other"), [("có", "cô"), ("chốt", "chót"), ("đói", "đối")])
def test_words_that_differ_in_diacritics_only_are_told_apart(one, other):
    a, b = TOKENIZER([f"{one} x"]), TOKENIZER([f"{other} x"])
    assert a.exact.tolist() != b.exact.tolist()


def test_forms_of_address_are_not_seen():
    assert TOKENIZER(["anh Chị em ông bà she HIS"]).key.size == 0


def test_numbers_and_addresses_shrink_to_one_mark():
    batch = TOKENIZER(["gọi 0912 345 678 hay x.y@z.vn https://a.b/c nhé"])
    assert batch.is_number.sum() == 2  # the phone number; the address and the link that follow it
    assert batch.raw_span(1, 1) == (4, 8)


def test_only_the_beginning_of_a_very_long_text_is_read():
    long = "x " * MAX_CHARACTERS
    assert TOKENIZER([long]).key.size == MAX_CHARACTERS // 2


def test_a_batch_without_words_has_no_words():
    batch = TOKENIZER(["", "?!", " \n "])
    assert batch.n_notes == 3
    np.testing.assert_array_equal(batch.first_word, [0, 0, 0, 0])
