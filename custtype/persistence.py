"""Saved models: a folder with plain arrays and a card, readable without trusting it.

::

    my-model/
    ├── card.json     format version, how it was made, checksum of the arrays
    └── arrays.npz    every number of the model (NumPy's own format, loaded with allow_pickle=False)

A new format version is needed whenever an older custtype would read the arrays wrongly; readers of old versions stay.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from custtype.exceptions import ModelFileError
from custtype.feature_extraction.cues import CueTable
from custtype.feature_extraction.phrases import PhraseTable
from custtype.feature_extraction.special_words import SpecialWords
from custtype.schema import Alert
from custtype.tables import CLASSES, Tables

__all__ = ["FORMAT", "FORMAT_VERSION", "bundled_model_path", "load_tables", "save_tables"]

FORMAT = "custtype-model"
FORMAT_VERSION = 4

_SPECIAL = ("keys", "action", "key", "exact", "who", "introducing", "role")
_PHRASES = ("rolled", "pair", "n_words", "exact", "label", "words")
_PLAIN = (
    "openers", "known", "columns", "rows", "vocabulary", "vocabulary_rows", "units", "cue_weights", "bias",
    "place_weights", "stack_weights", "stack_bias", "alert_thresholds", "risk",
)  # fmt: skip


def bundled_model_path() -> Path:
    """Return the folder of the model that comes with custtype."""
    return Path(str(resources.files("custtype") / "resources" / "model"))


def save_tables(tables: Tables, path: str | Path, card: Mapping[str, Any]) -> None:
    """Write a model folder; it appears under its name only when complete.

    Parameters
    ----------
    tables : Tables
    path : path
        The folder to write. A model folder of that name is replaced; anything else there is refused.
    card : mapping
        Facts for people, kept under "about" in ``card.json``.
    """
    target = Path(path)
    if target.exists() and not (target / "card.json").is_file():
        raise ModelFileError(f"expected {target} to be new or a model folder; it is something else, choose another name")
    data = _to_bytes(tables)
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "classes": list(CLASSES),
        "alerts": list(Alert),
        "signals": [{"name": n, "toward": t} for n, t in zip(tables.cues.names, tables.cues.toward, strict=True)],
        "arrays_sha256": hashlib.sha256(data).hexdigest(),
        "about": dict(card),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        (beside / "arrays.npz").write_bytes(data)
        (beside / "card.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        beside.chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        beside.replace(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def load_tables(path: str | Path) -> tuple[Tables, dict[str, Any]]:
    """Read a model folder.

    Returns
    -------
    tables : Tables
    card : dict

    Raises
    ------
    ModelFileError
        If the folder is missing, not a custtype model, of a newer format, or damaged.
    """
    folder = Path(path)
    card = _read_card(folder)
    try:
        data = (folder / "arrays.npz").read_bytes()
    except OSError:
        raise ModelFileError(f"expected arrays.npz in the model folder {folder}, found none; the model is incomplete") from None
    if hashlib.sha256(data).hexdigest() != card.get("arrays_sha256"):
        raise ModelFileError(f"the arrays in {folder} do not have the checksum on their card; the model is damaged, make or fetch it anew")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return _from_arrays({name: arrays[name] for name in arrays.files}, card), card
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise ModelFileError(f"the model in {folder} cannot be read: {error}; make or fetch it anew") from None


def _read_card(folder: Path) -> dict[str, Any]:
    try:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    except OSError:
        raise ModelFileError(f"expected a model folder with card.json, found none at {folder}; save one with model.save(path)") from None
    except ValueError:
        raise ModelFileError(f"card.json in {folder} is not valid JSON; the model is damaged") from None
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ModelFileError(f"{folder} is not a custtype model: its card does not say format = {FORMAT!r}")
    if card.get("format_version") != FORMAT_VERSION:
        raise ModelFileError(
            f"the model in {folder} has format version {card.get('format_version')}, this custtype reads {FORMAT_VERSION}; "
            "update custtype, or train the model again"
        )
    return card


def _to_bytes(tables: Tables) -> bytes:
    arrays = {name: getattr(tables, name) for name in _PLAIN}
    arrays |= {f"special_{name}": getattr(tables.special, name) for name in _SPECIAL}
    arrays |= {f"phrases_{name}": getattr(tables.cues.phrases, name) for name in _PHRASES}
    arrays["turned"] = tables.cues.turned
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _from_arrays(arrays: Mapping[str, Any], card: Mapping[str, Any]) -> Tables:
    special = SpecialWords(**{name: arrays[f"special_{name}"] for name in _SPECIAL})
    cues = CueTable(
        tuple(s["name"] for s in card["signals"]),
        tuple(s["toward"] for s in card["signals"]),
        arrays["turned"],
        PhraseTable(*(arrays[f"phrases_{name}"] for name in _PHRASES)),
    )
    return Tables(special=special, cues=cues, **{name: arrays[name] for name in _PLAIN})
