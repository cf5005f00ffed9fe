"""From text to named signals and hashed n-grams.

``tokens`` turns notes into words; ``phrases`` and ``cues`` find the lexicon's signals in them, ``stylometry`` counts how
a note is written, ``ngrams`` hashes wording, ``quality`` tells what cannot be judged. ``signals`` is the scikit-learn
transformer over all named signals.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from custtype.feature_extraction.signals import SignalExtractor, SignalSpan

__all__ = ["SignalExtractor", "SignalSpan"]


def __getattr__(name: str) -> Any:
    """Import the transformer on first use: it needs scikit-learn, scoring does not."""
    if name not in __all__:
        raise AttributeError(f"module 'custtype.feature_extraction' has no attribute {name!r}")
    from custtype.feature_extraction import signals

    return getattr(signals, name)
