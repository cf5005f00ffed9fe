"""Measure the classifier: cross-validated on the corpus, beside two peers, and how often small changes flip it.

    python data/measure.py                      all of it (long: cross-validation alone is fifteen fits)
    python data/measure.py --only flips         only the flips of the bundled model (a minute)
    python data/measure.py --only test          only the test split by writer (three fits, some minutes)
    python data/measure.py --labelled FILE      also train all three on the whole corpus and measure on FILE (CSV, or JSON lines)

Cross-validation keeps each situation whole (``--by situation``) or each writer (``--by writer``: harder, and closer to
notes from elsewhere). The peers are TF-IDF of words 1-2, and of words 1-2 with characters 2-5, each with logistic
regression, trained on the same notes.
"""

from __future__ import annotations

import argparse
import random
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from checks import splits
from checks.splits import writer_of
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline, make_union

from custtype import load_model
from custtype.classifier import CustomerTypeClassifier
from custtype.cli.labelled import read_labelled
from custtype.datasets import Corpus, load_corpus
from custtype.evaluation import Evaluation, evaluate_predictions
from custtype.masking import mask_personal_data
from custtype.people import decide_person
from custtype.scoring import CLASSES

HERE = Path(__file__).parent
Predict = Callable[[Sequence[str]], npt.NDArray[np.float64]]


def train_custtype(corpus: Corpus, rows: Sequence[int], lexicon: str | None = None) -> Predict:
    notes = [corpus.notes[i] for i in rows]
    model = CustomerTypeClassifier(lexicon=lexicon)
    model.fit([n.text for n in notes], [str(n.label) for n in notes], groups=[writer_of(n) for n in notes])
    return model.predict_proba


def train_peer(vectorizer: Callable[[], object], corpus: Corpus, rows: Sequence[int]) -> Predict:
    model = make_pipeline(vectorizer(), LogisticRegression(C=3.0, max_iter=500))
    model.fit([corpus.notes[i].text for i in rows], [str(corpus.notes[i].label) for i in rows])
    assert list(model.classes_) == [str(c) for c in CLASSES]
    return model.predict_proba  # type: ignore[no-any-return]


def words() -> TfidfVectorizer:
    return TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\w+", sublinear_tf=True)


def words_and_characters() -> object:
    return make_union(words(), TfidfVectorizer(analyzer="char", ngram_range=(2, 5), sublinear_tf=True))


CONTENDERS: dict[str, Callable[[Corpus, Sequence[int]], Predict]] = {
    "custtype": train_custtype,
    "tfidf words": lambda corpus, rows: train_peer(words, corpus, rows),
    "tfidf words+chars": lambda corpus, rows: train_peer(words_and_characters, corpus, rows),
}


def line(name: str, figures: Evaluation) -> str:
    return (
        f"{name:<34} n={figures.n_notes:<5} macro_f1={figures.macro_f1:.3f} ece={figures.calibration_error:.3f} "
        f"named={figures.named_share:.2f} right_when_named={figures.named_precision:.3f} "
        f"type_accuracy={figures.type_accuracy.get(1.0, float('nan')):.3f}"
    )


def cross_validate(corpus: Corpus, by: str, peers: bool) -> None:
    groups = corpus.situations if by == "situation" else [writer_of(n) for n in corpus]
    print(f"\ncross-validated, five folds by {by}")
    for name, train in CONTENDERS.items() if peers else [("custtype", train_custtype)]:
        probabilities = np.zeros((len(corpus), 4))
        for fit, held_out in GroupKFold(5, shuffle=True, random_state=0).split(corpus.texts, groups=groups):
            probabilities[held_out] = train(corpus, fit)([corpus.notes[i].text for i in held_out])
        labels = np.array(corpus.labels)
        print(line(name, evaluate_predictions(labels.tolist(), probabilities)))
        for part in ("lang", "kind"):
            values = np.array([getattr(note, part) for note in corpus])
            for value in sorted(set(values)):
                inside = values == value
                print(line(f"  {name} {part}={value}", evaluate_predictions(labels[inside].tolist(), probabilities[inside])))


def measure_people(corpus: Corpus) -> None:
    """Train without the notes of people met several times, and profile these people."""
    others = np.array([i for i, note in enumerate(corpus) if note.kind not in ("people", "hard") and not note.person_id])
    predict = train_custtype(corpus, others)
    notes_of: dict[str, list[str]] = {}
    kind_of: dict[str, str] = {}
    for note in corpus:
        if note.person_id and note.person_type:
            notes_of.setdefault(note.person_id, []).append(note.text)
            kind_of[note.person_id] = note.person_type
    for first in (None, 1):
        answers = {person: decide_person(predict(notes[:first])) for person, notes in notes_of.items()}
        right = np.array([answers[person][0] == kind_of[person] for person in notes_of])
        named = np.array([answers[person][0] != "unclear" for person in notes_of])
        sure = np.mean([answers[person][2] for person in notes_of])
        print(
            f"people: {'all notes' if first is None else 'first note only':<16} n={len(right)} accuracy={right.mean():.3f} "
            f"named={named.mean():.2f} right_when_named={right[named].mean():.3f} mean_confidence={sure:.3f}"
        )


def measure_on(corpus: Corpus, path: Path) -> None:
    table = read_labelled(path, None, "label", None)
    print(f"\ntrained on the whole corpus, measured on {path.name}")
    for name, train in CONTENDERS.items():
        print(line(name, evaluate_predictions(table.labels, train(corpus, range(len(corpus)))(table.notes))))


def measure_test_split(corpus: Corpus) -> None:
    """Train without the test split by writer, and measure on it: notes by writers who wrote nothing else."""
    fit, held_out = splits.rows(corpus, "writer", "train", "validation"), splits.rows(corpus, "writer", "test")
    labels = [str(corpus.notes[i].label) for i in held_out]
    print("\ntest split by writer")
    for name, train in CONTENDERS.items():
        print(line(name, evaluate_predictions(labels, train(corpus, fit)([corpus.notes[i].text for i in held_out]))))


def strip_diacritics(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def move_tones(text: str) -> str:
    """Put tone marks where the other spelling has them: hoà for hòa, thuỷ for thủy, and back."""
    for old, new in zip("òóỏõọ", "oooooo", strict=False):
        for first, marked in (("a", "àáảãạ"), ("e", "èéẻẽẹ")):
            place = "òóỏõọ".index(old)
            text = _swap(text, old + first, new + marked[place])
    for place, old in enumerate("ùúủũụ"):
        text = _swap(text, old + "y", "u" + "ỳýỷỹỵ"[place])
    return text


def _swap(text: str, one: str, other: str) -> str:
    return text.replace(one, "\x00").replace(other, one).replace("\x00", other)


ADDRESS = [("anh", "chị"), ("cô", "chú"), ("ông", "bà"), ("he", "she"), ("his", "her"), ("mr", "ms"), ("sir", "madam")]
NAMES = ["Lan", "Hùng", "Ngọc", "Tuấn", "Hương", "Dũng", "Mai", "Sơn", "Priya", "James", "Maria", "Ahmed"]


def swap_people(text: str) -> str:
    """Swap forms of address, and put another name for each capitalised word that is on the list of names."""
    partner = {a: b for one, other in ADDRESS for a, b in ((one, other), (other, one))}
    choose = random.Random(text)  # noqa: S311 - the same swap every time
    result = []
    for word in text.split(" "):
        bare = word.strip(".,;:!?\"'()")
        if bare.lower() in partner:
            swapped = partner[bare.lower()]
            word = word.replace(bare, swapped.capitalize() if bare[:1].isupper() else swapped)
        elif bare in NAMES:
            word = word.replace(bare, choose.choice(NAMES))
        result.append(word)
    return " ".join(result)


def count_flips(corpus: Corpus) -> None:
    changes: dict[str, Callable[[str], str]] = {
        "diacritics stripped": strip_diacritics,
        "NFD": lambda t: unicodedata.normalize("NFD", t),
        "tone marks placed the other way": move_tones,
        "upper case": str.upper,
        "names and forms of address swapped": swap_people,
        "personal data masked": mask_personal_data,
    }
    model = load_model()
    before = model.predict(corpus.texts)
    print("\nflips of the bundled model on the corpus, among the notes that the change alters")
    for name, change in changes.items():
        changed = [change(text) for text in corpus.texts]
        altered = np.array([a != b for a, b in zip(corpus.texts, changed, strict=True)])
        flipped = (model.predict(changed) != before)[altered]
        print(f"{name:<38} {int(flipped.sum()):>5} of {int(altered.sum()):>5} ({flipped.mean() if altered.any() else 0:.2%})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("flips", "cv", "people", "test", "labelled"))
    parser.add_argument("--by", choices=("situation", "writer"), default="situation")
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--no-peers", action="store_true", help="cross-validate custtype alone")
    arguments = parser.parse_args()
    corpus = load_corpus(HERE / "corpus")
    if arguments.only in (None, "flips"):
        count_flips(corpus)
    if arguments.only in (None, "cv"):
        cross_validate(corpus, arguments.by, peers=not arguments.no_peers)
    if arguments.only in (None, "people"):
        measure_people(corpus)
    if arguments.only in (None, "test"):
        measure_test_split(corpus)
    if arguments.labelled:
        measure_on(corpus, arguments.labelled)


if __name__ == "__main__":
    main()
