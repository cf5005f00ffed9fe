"""Saved models: equal when loaded, and a clear error for anything else."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from custtype import CustomerTypeClassifier, load_model
from custtype.exceptions import ModelFileError
from custtype.persistence import bundled_model_path, load_tables


@pytest.fixture
def saved(small_model, tmp_path):
    small_model.save(tmp_path / "model")
    return tmp_path / "model"


def test_a_loaded_model_is_the_saved_one(small_model, saved, texts):
    again = load_model(saved)
    np.testing.assert_array_equal(again.predict_proba(texts), small_model.predict_proba(texts))
    assert again.get_params() == small_model.get_params()
    assert again.card_["labels"] == small_model.card_["labels"]


def test_saving_twice_gives_the_same_bytes(small_model, saved, tmp_path):
    small_model.save(tmp_path / "again")
    for name in ("arrays.npz", "card.json"):
        assert (saved / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_model_replaces_a_model_and_nothing_else(small_model, saved, tmp_path):
    small_model.save(saved)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("keep me")
    with pytest.raises(ModelFileError, match="something else"):
        small_model.save(tmp_path / "letters")
    assert (tmp_path / "letters" / "a.txt").read_text() == "keep me"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters", "model"]


def edit_card(folder, **changes):
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    (folder / "card.json").write_text(json.dumps(card | changes), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda f: (f / "card.json").unlink(), "card.json, found none"),
        (lambda f: (f / "card.json").write_text("{"), "not valid JSON"),
        (lambda f: (f / "card.json").write_text("[]"), "not a custtype model"),
        (lambda f: edit_card(f, format="other"), "not a custtype model"),
        (lambda f: edit_card(f, format_version=99), "format version 99"),
        (lambda f: (f / "arrays.npz").unlink(), "arrays.npz"),
        (lambda f: (f / "arrays.npz").write_bytes((f / "arrays.npz").read_bytes()[:-9]), "checksum"),
        (lambda f: edit_card(f, signals=[{}]), "cannot be read"),
    ],
)
def test_a_damaged_or_foreign_model_is_one_clear_error(saved, damage, message):
    damage(saved)
    with pytest.raises(ModelFileError, match=message):
        load_model(saved)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(ModelFileError, match=r"model\.save"):
        load_model(tmp_path / "nowhere")


def test_the_bundled_model_holds_no_pickle_and_is_small():
    path = bundled_model_path() / "arrays.npz"
    assert path.stat().st_size < 12_000_000
    with zipfile.ZipFile(path) as archive, np.load(path, allow_pickle=False) as arrays:
        assert all(name.endswith(".npy") for name in archive.namelist())
        assert all(array.dtype != object for array in arrays.values())


def test_the_card_says_what_the_model_is_not_for():
    _, card = load_tables(bundled_model_path())
    assert "hiring" in card["about"]["not_for"]
    assert card["about"]["n_notes"] == sum(card["about"]["labels"].values())


def test_a_card_of_a_fit_counts_its_labels(small_data):
    model = CustomerTypeClassifier(n_folds=2).fit(*small_data)
    assert model.card_["n_notes"] == len(small_data[0])
