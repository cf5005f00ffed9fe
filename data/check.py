"""Check the corpus and the phrase bank, and print what they hold.

python data/check.py            print counts and problems; exit 1 on any problem
python data/check.py --write    also bring splits.json, report.txt and checksums.txt up to date
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from checks import agreement, copies, grid, schema, shortcuts, splits

from custtype.datasets import Corpus, PhraseBank, load_corpus, load_phrases

HERE = Path(__file__).parent


def find_problems(corpus: Corpus, phrases: PhraseBank) -> list[str]:
    """Return everything that breaks a rule, one line each (the audit for shortcuts apart, which takes a minute)."""
    return [
        *schema.find_problems(corpus),
        *copies.find_problems(corpus),
        *grid.find_problems(corpus, phrases),
        *agreement.find_problems(),
        *splits.find_problems(corpus),
    ]


def checksums() -> str:
    """SHA-256 of every data file, in the format of sha256sum."""
    paths = sorted([*HERE.glob("*.jsonl"), *HERE.glob("corpus/*.jsonl"), *HERE.glob("samples/*.csv"), *HERE.glob("phrases/*.jsonl")])
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(HERE).as_posix()}\n" for path in paths)


def report(corpus: Corpus, phrases: PhraseBank) -> str:
    """Return what the corpus holds, in counts: ``data/report.txt``."""
    parts = {
        "holds": grid.figures(corpus, phrases),
        "agreement": agreement.figures(),
        "variety": copies.figures(corpus),
        "splits": splits.figures(corpus),
    }
    return "\n\n".join(f"# {title}\n" + "\n".join(lines) for title, lines in parts.items()) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--whole", action="store_true", help="audit the whole corpus for shortcuts, too (some minutes)")
    arguments = parser.parse_args()
    corpus, phrases = load_corpus(HERE / "corpus"), load_phrases(HERE / "phrases")
    if arguments.write:
        splits.FILE.write_text(json.dumps(splits.deal(corpus, splits.load()), indent=0) + "\n", encoding="utf-8")
    derived = {"checksums.txt": checksums(), "report.txt": report(corpus, phrases)}
    if arguments.write:
        for name, text in derived.items():
            (HERE / name).write_text(text, encoding="utf-8")
    print(derived["report.txt"])
    audit = shortcuts.audit(shortcuts.contrast_notes(corpus))
    print("# macro-F1 by surface alone, contrast sets (chance 0.25)\n" + "\n".join(f"{name}: {value:.3f}" for name, value in audit.items()))
    if arguments.whole:
        found = shortcuts.audit(corpus)
        print("\n# macro-F1 by surface alone, whole corpus\n" + "\n".join(f"{name}: {value:.3f}" for name, value in found.items()))
    problems = [*find_problems(corpus, phrases), *shortcuts.find_problems(audit)]
    for name, text in derived.items():
        if not (HERE / name).is_file() or (HERE / name).read_text(encoding="utf-8") != text:
            problems.append(f"{name} is not up to date: python data/check.py --write")
    print("\n" + ("\n".join(problems) if problems else "no problems"))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
