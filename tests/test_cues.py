"""Lexicon and signals."""

from __future__ import annotations

import shutil

import pytest

from custtype import SignalExtractor
from custtype.exceptions import LexiconError
from custtype.feature_extraction.phrases import PhraseFinder, compile_phrases
from custtype.feature_extraction.tokens import Tokenizer
from custtype.lexicon import FAMILIES, LANGUAGES, load_lexicon
from custtype.persistence import bundled_model_path
from custtype.playbook import signal_meaning
from custtype.schema import Alert, CustomerType

EXTRACTOR = SignalExtractor().fit([])


def found(note: str) -> set[str]:
    return {span.signal for span in EXTRACTOR.explain(note)}


@pytest.mark.parametrize(
    ("note", "signal"),
    [
        ("bao giờ xong vậy em", "asks_when_done"),
        ("BAO GIO XONG", "asks_when_done"),
        ("bao giờ em xong", "asks_when_done"),  # a form of address in between does not hide a cue
        ("khỏi giải thích", "cuts_off_explanation"),
        ("đối chiếu lại", "checks_or_recomputes"),
        ("1. phí 2. hạn", "numbered_points"),
        ("by when can I have it", "asks_when_done"),
    ],
)
def test_a_cue_fires(note, signal):
    assert signal in found(note)


@pytest.mark.parametrize(
    ("note", "signal"), [("chót luôn", "decides_on_the_spot"), ("đời chiều", "checks_or_recomputes"), ("1. phí", "numbered_points")]
)
def test_a_near_miss_does_not(note, signal):
    assert signal not in found(note)


@pytest.mark.parametrize(
    ("note", "turned"),
    [
        ("không cần đối chiếu đâu", "dismisses_detail"),
        ("ko can doi chieu dau", "dismisses_detail"),
        ("no need for a breakdown", "dismisses_detail"),
    ],
)
def test_a_dismissed_cue_turns(note, turned):
    assert turned in found(note)


def test_a_dismissal_does_not_reach_over_a_full_stop():
    assert "dismisses_detail" not in found("không cần. Đối chiếu giúp chị.")


def test_spans_name_the_words_as_written():
    spans = {span.signal: span.text for span in EXTRACTOR.explain("Chị nói: KHỎI giải thích!")}
    assert spans["cuts_off_explanation"] == "KHỎI giải thích"


def test_every_signal_has_phrases_in_both_languages_and_speaks_for_something():
    for signal in load_lexicon().signals:
        assert {phrase.language for phrase in signal.phrases} == set(LANGUAGES), signal.name
        assert isinstance(signal.toward, (CustomerType, Alert))
        assert signal.about
        assert signal.about_vi


def test_the_bundled_model_has_the_signals_of_the_lexicon():
    from custtype.persistence import load_tables

    names = load_tables(bundled_model_path())[0].cues.names
    assert names[: len(load_lexicon().names)] == load_lexicon().names


def test_overlapping_and_repeated_phrases_are_all_found():
    tokenizer = Tokenizer.from_structure(load_lexicon().structure)
    finder = PhraseFinder(compile_phrases(["gửi văn bản", "văn bản", "văn"], [0, 1, 2], tokenizer))
    hits = finder(tokenizer(["gửi văn bản", "x", "van ban x van ban"]))
    assert sorted(zip(hits.note.tolist(), hits.label.tolist(), hits.first.tolist(), strict=True)) == [
        (0, 0, 0), (0, 1, 1), (0, 2, 1), (2, 1, 4), (2, 1, 7), (2, 2, 4), (2, 2, 7),
    ]  # fmt: skip


@pytest.fixture
def lexicon_folder(tmp_path):
    source = __import__("pathlib").Path(__import__("custtype").__file__).parent / "resources" / "lexicons"
    return shutil.copytree(source, tmp_path / "lexicons")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda f: (f / "vi_result.toml").unlink(), "vi_result.toml"),
        (lambda f: (f / "vi_result.toml").write_text("not toml ["), "not valid TOML"),
        (lambda f: (f / "vi_result.toml").write_text('[x]\ntoward = "nobody"\n[x.phrases]\na = ["b"]'), "toward"),
        (lambda f: (f / "vi_result.toml").write_text('[x]\ntoward = "result"'), "phrases"),
        (lambda f: (f / "vi_result.toml").write_text('[x]\ntoward = "result"\n[x.phrases]\na = ["a b c d e f g"]'), "1 to 6 words"),
        (lambda f: (f / "vi_result.toml").write_text('[x]\ntoward="result"\n[x.phrases]\na=["b"]\n[y]\ntoward="result"\n[y.phrases]\na=["b"]'), r"\[x\] and in \[y\]"),
        (lambda f: (f / "vi_structure.toml").write_text(""), "dismissers"),
    ],
)  # fmt: skip
def test_a_broken_lexicon_is_one_clear_error(lexicon_folder, damage, message):
    damage(lexicon_folder)
    with pytest.raises(LexiconError, match=message):
        load_lexicon(lexicon_folder)


def test_an_own_lexicon_is_used(lexicon_folder):
    path = lexicon_folder / "vi_result.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("codebook = [", 'codebook = ["xong chưa hả trời", ', 1), encoding="utf-8")
    assert "asks_when_done" in {s.signal for s in SignalExtractor(lexicon=lexicon_folder).fit([]).explain("xong chưa hả trời")}


def test_families_and_languages_are_what_the_files_are():
    assert FAMILIES == ("result", "detail", "people", "neutral", "alerts")
    with pytest.raises(LexiconError, match="asks_when_done"):
        load_lexicon()["no such signal"]


@pytest.mark.parametrize("note", ["Khách hỏi chỗ để xe", "đi với mẹ", "rồi em gửi lại", "tên đơn vị ở mục dưới", "bought a"])
def test_a_phrase_that_shrinks_to_one_common_word_fires_nowhere(note):
    """Without its forms of address, "chỗ anh em" is "chỗ", and would be found in one note of five."""
    assert found(note) == set()


def test_every_phrase_of_the_lexicon_can_be_found():
    lexicon = load_lexicon()
    tokenizer = Tokenizer.from_structure(lexicon.structure)
    for signal in lexicon.signals:
        texts = [phrase.text for phrase in signal.phrases]
        left = [text for text in texts if not len(compile_phrases([text], [0], tokenizer).label)]
        assert not left, f"{signal.name}: {left} shrink to one word once forms of address are dropped"


def test_the_signals_report_card_adds_up(checks, corpus):
    some = type(corpus)(corpus.notes[::50])
    cards = checks["signal_card"].make_cards(some)
    assert [card.name for card in cards] == list(SignalExtractor(style=False).fit([]).names_)
    for card in cards:
        assert card.mended + card.broken <= card.moved <= card.n_notes <= len(some)


def test_every_signal_can_be_told_in_both_languages():
    signals = [*EXTRACTOR.get_feature_names_out(), "wording", *(f"alert:{alert}" for alert in Alert)]
    counted = {"words", "question_marks", "exclamation_marks", "emoji"}  # never given as evidence
    for name in set(signals) - counted:
        vi, en = (signal_meaning(name, lang) for lang in ("vi", "en"))
        assert vi != en, name
        assert not {"_", "."} & {*vi, *en}, name
