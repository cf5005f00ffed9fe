"""Read interaction notes: what orientation a person shows, how sure that is, and how to serve them.

Everything public is here. Nothing heavy is imported until it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from custtype.batch import score_csv
    from custtype.classifier import CustomerTypeClassifier, load_model
    from custtype.exceptions import CusttypeError
    from custtype.feature_extraction import SignalExtractor
    from custtype.people import profile_person
    from custtype.reader import read_note
    from custtype.schema import (
        Alert,
        CustomerType,
        Evidence,
        PersonProfile,
        Reading,
        Reason,
        ReasonCode,
        ScoreSummary,
        ServiceStyle,
        Setting,
    )

__version__ = "0.1.0"

__all__ = [
    "Alert",
    "CustomerType",
    "CustomerTypeClassifier",
    "CusttypeError",
    "Evidence",
    "PersonProfile",
    "Reading",
    "Reason",
    "ReasonCode",
    "ScoreSummary",
    "ServiceStyle",
    "Setting",
    "SignalExtractor",
    "__version__",
    "load_model",
    "profile_person",
    "read_note",
    "score_csv",
]

_HOME = {
    "CustomerTypeClassifier": "classifier",
    "CusttypeError": "exceptions",
    "SignalExtractor": "feature_extraction",
    "load_model": "classifier",
    "profile_person": "people",
    "read_note": "reader",
    "score_csv": "batch",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'custtype' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"custtype.{_HOME.get(name, 'schema')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
