"""The corpus' checks find what they are there to find."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sklearn.metrics import cohen_kappa_score

from custtype.datasets import Clause, Corpus, load_phrases
from custtype.exceptions import InputError

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def some(corpus: Corpus) -> Corpus:
    return Corpus(corpus.notes[::40])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": "Gọi lại giúp chị số 0912 345 678 nhé, chị đợi"}, "telephone"),
        ({"text": "Gửi vào hop.thu.cua.toi@gmail.com cho tôi nhé"}, "mail"),
        ({"text": "Chuyển vào tài khoản 0123456789012 giúp em nha"}, "account"),
        ({"text": "This is a result-oriented customer, if ever there was one"}, "names a type"),
        ({"text": "ngắn quá"}, "characters"),
        ({"text": "x" * 701}, "characters"),
        ({"lang": "fr"}, "lang"),
        ({"hard": "weather"}, "hard"),
        ({"readings": ("result",)}, "readings"),
    ],
)
def test_a_breach_of_the_schema_is_found(checks, some, change, message):
    broken = Corpus((replace(some.notes[0], **change), *some.notes[1:]))
    found = [problem for problem in checks["schema"].find_problems(broken) if problem.startswith(some.notes[0].note_id)]
    assert any(message in problem for problem in found)


def test_invented_numbers_and_addresses_are_let_through(checks, some):
    text = "Gọi 09xx xxx 123 hoặc viết vào kho@example.com, đơn 20260314, giá 12.500.000"
    assert not list(checks["schema"]._text(replace(some.notes[0], text=text), checks["schema"]._codebook_cues()))


def test_a_list_of_cues_is_found(checks, some):
    text = "chốt luôn, bao giờ xong, cho tôi con số cuối, khỏi giải thích, miễn sao kịp, đi thẳng vào việc"
    assert "lists the codebook's cues" in checks["schema"]._text(replace(some.notes[0], text=text), checks["schema"]._codebook_cues())


def test_a_copy_is_found_and_so_is_one_of_the_sample(checks, some):
    first = some.notes[0]
    sample = (DATA / "samples" / "notes.csv").read_text(encoding="utf-8").splitlines()[1].split(",", 5)[5].strip('"')
    copies = (replace(first, note_id="zz-001", text=first.text + " ạ"), replace(first, note_id="zz-002", text=sample))
    found = checks["copies"].find_problems(Corpus((*some.notes, *copies)))
    assert f"{first.note_id} and zz-001 are nearly the same" in found
    assert "zz-002 is in data/samples/notes.csv" in found


def test_a_template_is_found(checks, some):
    filled = [replace(note, text=f"Khách hàng gọi hỏi về {note.trade} lúc {i} giờ sáng nay") for i, note in enumerate(some.notes[:20])]
    found = checks["copies"].find_problems(Corpus((*filled, *some.notes[20:])))
    assert any(problem.startswith("opening 'khách hàng gọi hỏi'") for problem in found)


def test_distinct_2_falls_when_words_repeat(checks, some):
    varied = checks["copies"].distinct_2(some.texts)
    assert checks["copies"].distinct_2(["một hai ba bốn năm"] * 3_000) < 0.1 < varied


def test_kappas_agree_with_known_ones(checks):
    pairs = [("result", "result"), ("detail", "unclear"), ("unclear", "unclear"), ("people", "people"), ("unclear", "result")] * 7
    assert checks["agreement"].cohen(pairs) == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))
    # Ten subjects, fourteen readers, five categories: the worked example in https://en.wikipedia.org/wiki/Fleiss%27_kappa
    table = [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
             [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]  # fmt: skip
    rows = [[category for category, n in enumerate(counts) for _ in range(n)] for counts in table]
    assert checks["agreement"].fleiss(rows) == pytest.approx(0.210, abs=0.0005)


def test_a_label_that_length_gives_away_is_found(checks, some):
    shortcuts = checks["shortcuts"]
    size = {"result": 30, "detail": 120, "people": 300, "unclear": 600}
    told = Corpus(tuple(replace(note, text=("hàng về rồi chị nhé " * 40)[: size[str(note.label)]]) for note in some))
    seen = {"length": shortcuts.guess(shortcuts.surfaces(told)["length"], told.labels, told.situations)}
    assert shortcuts.find_problems(seen) != []
    assert shortcuts.find_problems({"length": 0.29, shortcuts.TOGETHER: 0.5}) == []


def test_what_is_dealt_stays_dealt(checks, corpus: Corpus):
    splits = checks["splits"]
    known = splits.load()
    newcomer = replace(corpus.notes[0], note_id="zz-001", situation="zz-s01")
    grown = splits.deal(Corpus((*corpus.notes, newcomer)), known)
    for by in ("by_situation", "by_writer"):
        assert all(set(known[by][part]) <= set(grown[by][part]) for part in splits.PARTS)
    rows = [set(splits.rows(corpus, "writer", part)) for part in splits.PARTS]
    assert sum(map(len, rows)) == len(corpus) == len(set.union(*rows))


def test_too_little_is_found(checks, some):
    found = checks["grid"].find_problems(some, (Clause("chốt đi", "decides_on_the_spot", "result", "vi"),) * 2)
    assert any("notes, expected at least 10000" in problem for problem in found)
    assert any("clauses for decides_on_the_spot in vi" in problem for problem in found)
    assert any("stands there 2 times" in problem for problem in found)


def test_the_phrase_bank_is_typed():
    phrases = load_phrases(DATA / "phrases")
    assert {phrase.toward for phrase in phrases} == {"result", "detail", "people", "unclear", "alert"}


def test_a_broken_clause_is_named(tmp_path):
    (tmp_path / "vi.jsonl").write_text('{"text": "chốt đi"}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"vi\.jsonl, line 1"):
        load_phrases(tmp_path)
