"""What a fitted model is made of: plain arrays, and which place in a row of weights is whose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from custtype.feature_extraction.cues import CueTable
from custtype.feature_extraction.special_words import SpecialWords
from custtype.schema import Alert, CustomerType

__all__ = ["CLASSES", "CUE_UNIT", "LANES", "LARGEST_WEIGHT", "LARGEST_WORD", "N_LANES", "TYPES", "Tables"]

#: The columns of every probability array: the order of ``classes_``, sorted as scikit-learn expects.
CLASSES = tuple(sorted(CustomerType))
TYPES = CLASSES[:3]
assert CLASSES[3] == CustomerType.UNCLEAR

#: Which lanes of a row of weights are whose: types of the note, types of the clause, alerts. Lanes 3 and 7 are empty:
#: rows of sixteen small integers are copied in one step.
LANES = {"note": slice(0, 3), "clause": slice(4, 7), "alert": slice(8, 8 + len(Alert))}
N_LANES = 16
#: No weight of an n-gram is more units than this. No sum that is made of one word leaves 16 bits then: four n-grams link it to
#: what follows it, and those that it has by itself are cut off at four times the largest weight.
LARGEST_WEIGHT = 4095
LARGEST_WORD = 4 * LARGEST_WEIGHT
CUE_UNIT = 1e-6  # weights of signals are whole multiples of it


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything a fitted model knows, as plain data.

    Attributes
    ----------
    special, cues : SpecialWords, CueTable
        The lexicon that the model was fitted with.
    openers : ndarray of uint32
        Keys of words that open a clause.
    known : ndarray of uint8
        Bit filter of known words.
    columns : ndarray of uint32, shape (n_columns,)
        N-grams that have weights, ascending.
    rows : ndarray of int16, shape (n_columns, 16)
        Their weights, in units; the lanes are :data:`LANES`.
    vocabulary : ndarray of uint32, shape (n_vocabulary,)
        Spellings of words whose own n-grams are summed beforehand.
    vocabulary_rows : ndarray of int16, shape (n_vocabulary, 16)
        These sums.
    units : ndarray of float64, shape (16,)
        Size of one unit of each lane.
    cue_weights : ndarray of float64, shape (n_signals, 16)
    bias : ndarray of float64, shape (16,)
    place_weights : ndarray of float64, shape (3, 3)
        What a clause's place in the note adds to each type.
    stack_weights, stack_bias : ndarray of float64, shapes (44, 4) and (4,)
        What puts the judgement of the note and those of its clauses together.
    alert_thresholds : ndarray of float64, shape (8,)
        Score from which an alert is raised.
    risk : ndarray of float64, shape (n_steps, 2)
        Probabilities of the best type, ascending, and the share of wrong answers among notes left out that had at least
        this much, as an upper bound.
    """

    special: SpecialWords
    cues: CueTable
    openers: npt.NDArray[np.uint32]
    known: npt.NDArray[np.uint8]
    columns: npt.NDArray[np.uint32]
    rows: npt.NDArray[np.int16]
    vocabulary: npt.NDArray[np.uint32]
    vocabulary_rows: npt.NDArray[np.int16]
    units: npt.NDArray[np.float64]
    cue_weights: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]
    place_weights: npt.NDArray[np.float64]
    stack_weights: npt.NDArray[np.float64]
    stack_bias: npt.NDArray[np.float64]
    alert_thresholds: npt.NDArray[np.float64]
    risk: npt.NDArray[np.float64]
