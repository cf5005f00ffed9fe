"""An opening that only says who somebody is leaves nothing behind; anything that says more stays whole."""

from __future__ import annotations

import pytest

from custtype.feature_extraction.tokens import Tokenizer
from custtype.lexicon import load_lexicon

TOKENIZER = Tokenizer.from_structure(load_lexicon().structure)
NOTE = "hỏi đi hỏi lại căn cứ nào tính ra"


def words(note: str, among: tuple[str, ...] = ()) -> list[str]:
    """Return the words of a note that are read, in a batch that begins and ends with other notes."""
    batch = TOKENIZER([*among, note, *among])
    own = range(batch.first_word[len(among)], batch.first_word[len(among) + 1])
    return [note[slice(*batch.raw_span(word, word))] for word in own]


@pytest.mark.parametrize(
    "introduction",
    [
        "Khách nữ, 62 tuổi, người Huế.",
        "khach nu, 62 tuoi, nguoi hue.",
        "Nam, 25 tuổi, ở Hà Nội;",
        "Anh Tuấn, kỹ sư, quê Thanh Hóa:",
        "Chị Lan, 30 tuổi,",
        "Female, 62, from Hue city.",
        "A retired teacher, about seventy, from the north -",
        "Uncle Ba, a farmer from the south.\n",
    ],
)
def test_an_introduction_is_dropped(introduction):
    if not introduction.endswith("-"):  # a dash ends no clause
        assert words(f"{introduction} {NOTE}") == words(NOTE)
    assert words(introduction) == []
    assert words(introduction, among=("Nam, chốt luôn.", "Khách nữ hỏi giá")) == []


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("Nam kiểm tra lại từng dòng", "Nam kiểm tra lại từng dòng"),  # the first clause says more
        ("Khách nữ hỏi giá", "Khách nữ hỏi giá"),
        ("nhân viên thái độ kém", "nhân viên thái độ kém"),
        ("con gái chị ốm, xin về sớm", "con gái ốm xin về sớm"),
        ("Hỏi giá rồi về. Khách nữ, 62 tuổi.", "Hỏi giá rồi về Khách nữ 62 tuổi"),  # only an opening
        ("Kỹ quá, 40 tuổi", "Kỹ quá 40 tuổi"),  # half of "kỹ sư" says nothing
        ("Khách. Hai. Ba.", "Khách Hai Ba"),  # nothing here says who
    ],
)
def test_what_says_more_stays(note, kept):
    assert " ".join(words(note)) == kept
    assert words(note, among=("Khách nữ, 62 tuổi.",)) == words(note)


def test_a_note_reads_the_same_wherever_it_stands_in_a_batch():
    notes = ["Giám đốc nói gì cũng gật", "Nữ, 30 tuổi.", "Khách nữ, 62 tuổi, người Huế. Chốt luôn!", "", "Hà Nội"]
    alone = [words(note) for note in notes]
    for turn in range(len(notes)):
        batch = TOKENIZER(notes[turn:] + notes[:turn])
        counts = [int(batch.first_word[i + 1] - batch.first_word[i]) for i in range(len(notes))]
        assert counts == [len(w) for w in alone[turn:] + alone[:turn]]
