"""Fitting a model. Only here is scikit-learn's learning used; what is learned is plain arrays.

``features`` counts a corpus, ``alerts`` and ``fitting`` learn from the counts.
"""

from custtype.training.fitting import TrainingOptions, fit_tables

__all__ = ["TrainingOptions", "fit_tables"]
