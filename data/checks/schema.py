"""Fields hold what they may hold; no note names a type; contact data are of invented forms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from custtype.datasets import Corpus, LabelledNote
from custtype.lexicon import load_lexicon
from custtype.schema import CustomerType

LANGUAGES = ("vi", "vi_nodia", "en", "mix")
VOICES = ("staff", "customer", "dialog")
SETTINGS = ("buying", "internal")
LABELS = tuple(str(kind) for kind in CustomerType)
KINDS = ("contrast", "register", "day", "people", "hard", "plain")
HARD_CASES = (
    "emergency", "anger", "terse_employee", "role_or_form", "fearful_newcomer", "staff_numbers", "politeness", "staff_warmth",
    "polite_impatience", "challenge_why", "negation_reported", "context_change", "reaction", "topic", "one_number",
    "who_they_are", "two_orientations", "nothing_there", "praise", "settled_practice",
)  # fmt: skip
MIN_CHARACTERS, MAX_CHARACTERS = 25, 700
MAX_CODEBOOK_CUES = 3  # a note with more of them is a list of cues, not a note

FORBIDDEN = re.compile(
    r"(result|detail|people|relationship|task)[- ](oriented|type (customer|person|client))"
    r"|định hướng (kết quả|chi tiết|quan hệ)|(kiểu|nhóm|dạng|tuýp|phong cách) (khách )?(kết quả|chi tiết|quan hệ)\b"
    r"|dinh huong (ket qua|chi tiet|quan he)",
    re.IGNORECASE,
)
# Invented forms: digits hidden ("09xx xxx 123"), or numbers that nobody can have. Anything else of ten digits is a breach.
TELEPHONE = re.compile(r"(?<![\d.,x])(?:\+?84|0)[35789](?:[ .-]?\d){8}(?!\d)")
REAL_MAIL = re.compile(r"[\w.+-]+@(gmail|yahoo|outlook|hotmail|icloud|live|fpt|vnn|viettel)\.\w+", re.IGNORECASE)
ACCOUNT = re.compile(r"(?<![\dx.,/-])\d{12,19}(?![\dx])")


def find_problems(corpus: Corpus) -> list[str]:
    """Return every breach of the schema, one line each."""
    ids = Counter(note.note_id for note in corpus)
    problems = [f"{note_id}: id used {n} times" for note_id, n in ids.items() if n > 1]
    cues = _codebook_cues()
    for note in corpus:
        problems += [f"{note.note_id}: {problem}" for problem in (*_fields(note), *_text(note, cues))]
    return problems + _cells(corpus) + _contrast_sets(corpus) + _people(corpus)


def _fields(note: LabelledNote) -> list[str]:
    allowed = {"lang": LANGUAGES, "voice": VOICES, "setting": SETTINGS, "kind": KINDS, "hard": (None, *HARD_CASES)}
    problems = [f"{name} = {getattr(note, name)!r}" for name, values in allowed.items() if getattr(note, name) not in values]
    if note.label == "unclear" and note.secondary is not None:
        problems.append("unclear with a secondary type")
    if note.secondary == note.label:
        problems.append("the secondary type is the first one")
    if any(piece not in note.text for piece in (*note.why, note.tempting or "")):
        problems.append("marked words that do not stand in the text")
    if note.label == "unclear" and note.why:
        problems.append("unclear, with words that decided")
    if len(note.readings) not in (2, 3) or any(reading not in LABELS for reading in note.readings):
        problems.append(f"readings {note.readings!r}, expected two or three labels")
    return problems


def _text(note: LabelledNote, cues: re.Pattern[str]) -> list[str]:
    problems = []
    if not MIN_CHARACTERS <= len(note.text) <= MAX_CHARACTERS:
        problems.append(f"{len(note.text)} characters, expected {MIN_CHARACTERS} to {MAX_CHARACTERS}")
    if FORBIDDEN.search(note.text):
        problems.append("names a type")
    if len(set(cues.findall(note.text.lower()))) > MAX_CODEBOOK_CUES:
        problems.append("lists the codebook's cues")
    for name, form in (("telephone", TELEPHONE), ("mail", REAL_MAIL), ("account", ACCOUNT)):
        if found := form.search(note.text):
            problems.append(f"{name} that could be somebody's: {found.group()!r}")
    return problems


def _codebook_cues() -> re.Pattern[str]:
    phrases = {p.text for s in load_lexicon().signals for p in s.phrases if p.source == "codebook" and len(p.text) > 4}
    return re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, phrases), key=len, reverse=True)) + r")\b")


def _cells(corpus: Corpus) -> list[str]:
    """Every label in every language form, voice and setting."""
    counts = Counter((n.lang, str(n.label), n.voice, n.setting) for n in corpus)
    return [
        f"no note for {lang}, {label}, {voice}, {setting}"
        for lang in LANGUAGES
        for label in LABELS
        for voice in VOICES
        for setting in SETTINGS
        if not counts[lang, label, voice, setting]
    ]


def _contrast_sets(corpus: Corpus) -> list[str]:
    sets: dict[str, set[str]] = defaultdict(set)
    for note in corpus:
        if note.kind == "contrast":
            sets[note.situation].add(str(note.label))
    return [f"contrast set {name} shows one label only" for name, labels in sets.items() if len(labels) < 2]


def _people(corpus: Corpus) -> list[str]:
    """Every person has dated notes in one situation, and one type."""
    notes: dict[str, list[LabelledNote]] = defaultdict(list)
    for note in corpus:
        if note.person_id:
            notes[note.person_id].append(note)
    problems = []
    for person, rows in notes.items():
        if any(note.date is None for note in rows):
            problems.append(f"person {person}: a note without a date")
        if len({note.person_type for note in rows}) > 1 or len({note.situation for note in rows}) > 1:
            problems.append(f"person {person}: more than one type or situation")
    return problems
