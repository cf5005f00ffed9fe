"""Fitting a model. Only here is scikit-learn's learning used; what is learned is plain arrays.

``features`` counts a corpus; ``margins``, ``clauses``, ``alerts`` and ``fitting`` learn from the counts; ``rounding`` makes
what is learned small.
"""

from custtype.training.encoding import EncoderHead, fit_encoder_head
from custtype.training.fitting import TrainingData, TrainingOptions, fit_tables

__all__ = ["EncoderHead", "TrainingData", "TrainingOptions", "fit_encoder_head", "fit_tables"]
