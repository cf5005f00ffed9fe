"""Every exported estimator, how to make it for tests, and which common checks it fails and why."""

from __future__ import annotations

from typing import Any

from custtype import CustomerTypeClassifier, SignalExtractor

ESTIMATORS: dict[str, Any] = {
    "CustomerTypeClassifier": lambda: CustomerTypeClassifier(n_folds=3),
    "SignalExtractor": lambda: SignalExtractor(),
}
OUTPUTS = {"CustomerTypeClassifier": "predict_proba", "SignalExtractor": "transform"}
#: No check is known to fail.
EXPECTED_FAILURES: dict[str, dict[str, str]] = {}
