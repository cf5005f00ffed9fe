"""What the corpus holds, and how much of it there must be at least."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from checks.schema import HARD_CASES, KINDS, LABELS, LANGUAGES, SETTINGS, VOICES
from custtype.datasets import Clause, Corpus, LabelledNote, PhraseBank
from custtype.feature_extraction.signals import SignalExtractor
from custtype.lexicon import load_lexicon
from custtype.schema import Alert

# name -> (what is counted, the least number)
FLOORS: dict[str, tuple[Callable[[Corpus], int], int]] = {
    "notes": (len, 10_000),
    "sectors": (lambda c: len({n.sector for n in c}), 30),
    "registers": (lambda c: len({n.register for n in c if n.register}), 30),
    "working-day notes": (lambda c: sum(n.kind == "day" for n in c), 3_000),
    "employees with working days": (lambda c: len({n.writer for n in c if n.kind == "day"}), 120),
    "register notes": (lambda c: sum(n.kind == "register" for n in c), 4_500),
    "contrast notes": (lambda c: sum(n.kind == "contrast" for n in c), 2_500),
    "people with 4 to 6 notes": (lambda c: sum(4 <= n <= 6 for n in notes_per_person(c).values()), 400),
}
MIN_INTERNAL_SHARE = 0.40
MIN_BEHAVIOUR_SHARE = 0.50
MIN_PER_ALERT = 300
MIN_PER_HARD_CASE = 80
MIN_SIGNALS = 50
MIN_CLAUSES = {"vi": 120, "en": 80}


def language(phrase: Clause) -> str:
    """Vietnamese is Vietnamese, with or without diacritics."""
    return phrase.lang.split("_")[0]


def notes_per_person(corpus: Corpus) -> Counter[str]:
    """How many notes each person has."""
    return Counter(note.person_id for note in corpus if note.person_id)


def by_behaviour(corpus: Corpus) -> npt.NDArray[np.bool_]:
    """Say of each note whether its label is shown by behaviour only: no phrase of the lexicon speaks for it in so many words."""
    extractor = SignalExtractor(style=False).fit([])
    counts = extractor.transform(corpus.texts)
    toward = {signal.name: str(signal.toward) for signal in load_lexicon().signals}
    spoken = {label: [i for i, name in enumerate(extractor.get_feature_names_out()) if toward.get(name) == label] for label in LABELS}
    said = {label: np.asarray(counts[:, columns].sum(axis=1)).ravel() > 0 for label, columns in spoken.items()}
    return np.array([not said[label][i] for i, label in enumerate(corpus.labels)])


def find_problems(corpus: Corpus, phrases: PhraseBank) -> list[str]:
    """Return what the corpus and the phrase bank have too little of."""
    problems = [f"{n} {name}, expected at least {least}" for name, (count, least) in FLOORS.items() if (n := count(corpus)) < least]
    internal = sum(note.setting == "internal" for note in corpus) / len(corpus)
    if internal < MIN_INTERNAL_SHARE:
        problems.append(f"{internal:.1%} of the notes are internal, expected at least {MIN_INTERNAL_SHARE:.0%}")
    quiet = by_behaviour(corpus)[np.array(corpus.labels) != "unclear"].mean()
    if quiet < MIN_BEHAVIOUR_SHARE:
        problems.append(f"{quiet:.1%} of the typed notes show their type by behaviour only, expected {MIN_BEHAVIOUR_SHARE:.0%}")
    alerts = Counter(alert for note in corpus for alert in note.alerts)
    problems += [f"alert {a} on {alerts[a]} notes, expected at least {MIN_PER_ALERT}" for a in Alert if alerts[a] < MIN_PER_ALERT]
    pairs = {(alert, str(note.label)) for note in corpus for alert in note.alerts}
    problems += [f"alert {a} on no {label} note" for a in Alert for label in LABELS if (a, label) not in pairs]
    cases = Counter(note.hard for note in corpus)
    problems += [f"hard case {h} on {cases[h]} notes, expected {MIN_PER_HARD_CASE}" for h in HARD_CASES if cases[h] < MIN_PER_HARD_CASE]
    return problems + _phrase_problems(phrases)


def _phrase_problems(phrases: PhraseBank) -> list[str]:
    counts = Counter((phrase.signal, language(phrase)) for phrase in phrases)
    signals = {phrase.signal for phrase in phrases}
    problems = [f"phrase bank: {len(signals)} signals, expected at least {MIN_SIGNALS}"] if len(signals) < MIN_SIGNALS else []
    for signal in sorted(signals):
        for lang, least in MIN_CLAUSES.items():
            if counts[signal, lang] < least:
                problems.append(f"phrase bank: {counts[signal, lang]} clauses for {signal} in {lang}, expected at least {least}")
    seen = Counter((language(phrase), " ".join(phrase.text.lower().split())) for phrase in phrases)
    return problems + [f"phrase bank: {text!r} stands there {n} times" for (_, text), n in seen.items() if n > 1]


def _table(title: str, rows: tuple[str, ...], corpus: Corpus, key: Callable[[LabelledNote], object]) -> list[str]:
    counts: dict[object, Counter[str]] = defaultdict(Counter)
    for note in corpus:
        counts[key(note)][str(note.label)] += 1
    lines = [f"{title:<24}" + "".join(f"{label:>9}" for label in LABELS) + f"{'all':>9}{'share':>8}"]
    for row in rows:
        total = sum(counts[row].values())
        lines.append(f"  {row:<22}" + "".join(f"{counts[row][x]:>9}" for x in LABELS) + f"{total:>9}{total / len(corpus):>8.1%}")
    return lines


def figures(corpus: Corpus, phrases: PhraseBank) -> list[str]:
    """Return the published grid."""
    lines = [f"{name}: {count(corpus)}" for name, (count, _) in FLOORS.items()]
    lines.append(f"situations: {len(set(corpus.situations))}")
    sectors = tuple(name for name, _ in Counter(note.sector for note in corpus).most_common())
    for title, rows, key in (
        ("kind", KINDS, lambda n: n.kind),
        ("setting", SETTINGS, lambda n: n.setting),
        ("voice", VOICES, lambda n: n.voice),
        ("language form", LANGUAGES, lambda n: n.lang),
        ("hard case", HARD_CASES, lambda n: n.hard),
        ("sector", sectors, lambda n: n.sector),
    ):
        lines += ["", *_table(title, rows, corpus, key)]
    lines += ["", *_alerts(corpus), "", *_lengths(corpus)]
    shown = by_behaviour(corpus)
    for label in LABELS[:3]:
        quiet = shown[np.array(corpus.labels) == label]
        lines.append(f"{label}: shown by behaviour only in {quiet.sum()} of {len(quiet)} notes ({quiet.mean():.1%})")
    counts = Counter(language(phrase) for phrase in phrases)
    signals = len({phrase.signal for phrase in phrases})
    return [*lines, f"phrase bank: {signals} signals, {counts['vi']} Vietnamese and {counts['en']} English clauses"]


def _alerts(corpus: Corpus) -> list[str]:
    lines = [f"{'alert':<24}" + "".join(f"{label:>9}" for label in LABELS) + f"{'all':>9}"]
    for alert in Alert:
        counts = Counter(str(note.label) for note in corpus if alert in note.alerts)
        lines.append(f"  {alert!s:<22}" + "".join(f"{counts[x]:>9}" for x in LABELS) + f"{sum(counts.values()):>9}")
    return lines


def _lengths(corpus: Corpus) -> list[str]:
    lines = [f"{'characters':<24}" + "".join(f"{f'{q} %':>9}" for q in (5, 25, 50, 75, 95))]
    for kinds, name in ((KINDS, "all"), (("contrast",), "contrast")):
        for label in LABELS:
            lengths = [len(note.text) for note in corpus if note.label == label and note.kind in kinds]
            lines.append(f"  {name + ', ' + label:<22}" + "".join(f"{q:>9.0f}" for q in np.percentile(lengths, (5, 25, 50, 75, 95))))
    return lines
