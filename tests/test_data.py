"""The corpus and its loader."""

from __future__ import annotations

from pathlib import Path

import pytest

from custtype import Alert, CustomerType
from custtype.datasets import Corpus, load_corpus, load_phrases
from custtype.exceptions import InputError

DATA = Path(__file__).parent.parent / "data"


def test_the_corpus_passes_its_own_check(checks, corpus):
    assert checks["check"].find_problems(corpus, load_phrases(DATA / "phrases")) == []


def test_notes_are_typed(corpus: Corpus):
    assert len(corpus) == len(corpus.texts) == len(corpus.labels) == len(corpus.situations) == len(corpus.alerts)
    note = next(iter(corpus))
    assert isinstance(note.label, CustomerType)
    assert all(isinstance(alert, Alert) for row in corpus.alerts for alert in row)


@pytest.mark.parametrize(
    ("text", "message"),
    [("{}", "line 1"), ("not json", "line 1"), ('{"label": "angry"}', "angry")],
)
def test_a_broken_line_is_named(tmp_path, text, message):
    (tmp_path / "a.jsonl").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_corpus(tmp_path)


def test_a_folder_without_notes_is_refused(tmp_path):
    with pytest.raises(InputError, match="found none"):
        load_corpus(tmp_path)
