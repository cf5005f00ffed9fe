"""Behaviour tests (minimum functionality, invariance, direction) over the known confusions.

After Ribeiro et al. (2020), "Beyond accuracy: behavioral testing of NLP models with CheckList", ACL.
"""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from custtype.masking import mask_personal_data
from custtype.reader import bundled_scorer
from custtype.tables import CLASSES

CASES = tomllib.loads((Path(__file__).parent / "behaviour" / "cases.toml").read_text(encoding="utf-8"))
NOTES = [note for family in CASES.values() for note, _ in family["minimum"]]


def predict(notes: list[str]) -> list[str]:
    return [str(CLASSES[k]) for k in bundled_scorer().predict_proba(notes).argmax(axis=1)]


def probability(note: str, kind: str) -> float:
    return float(bundled_scorer().predict_proba([note])[0, [str(c) for c in CLASSES].index(kind)])


@pytest.mark.parametrize("family", sorted(CASES))
def test_minimum_no_family_fails_more_often_than_on_record(family):
    cases = CASES[family]["minimum"]
    answers = predict([note for note, _ in cases])
    failed = [f"{label} but {answer}: {note}" for (note, label), answer in zip(cases, answers, strict=True) if answer != label]
    assert len(failed) <= CASES[family]["allowed"], "\n".join(failed)


@pytest.mark.parametrize("family", sorted(CASES))
def test_minimum_the_record_is_not_slack(family):
    """A record that allows more failures than there are must be tightened: the ratchet only turns one way."""
    cases = CASES[family]["minimum"]
    answers = predict([note for note, _ in cases])
    assert sum(answer != label for (_, label), answer in zip(cases, answers, strict=True)) == CASES[family]["allowed"]


EXACT = {
    "NFD": lambda t: unicodedata.normalize("NFD", t),
    "upper case": str.upper,
    "masked": mask_personal_data,
    "extra blanks": lambda t: t.replace(" ", "  "),
    "zero-width marks": lambda t: t.replace("a", "a\u200b"),
}


@pytest.mark.parametrize("name", sorted(EXACT))
def test_invariance_form_never_moves_a_probability(name):
    changed = [EXACT[name](note) for note in NOTES]
    np.testing.assert_array_equal(bundled_scorer().predict_proba(changed), bundled_scorer().predict_proba(NOTES))


ADDRESS = [("Anh", "Chị"), ("Anh", "Bác"), ("Chị", "Cô"), ("anh", "ông"), ("chị", "bà"), ("He", "She"), ("his", "her"), ("mr", "ms")]
FRAMES = [
    "{} hỏi kỹ từng khoản phí trước khi ký",
    "{} bảo chốt luôn, mai có hàng không",
    "{} called and asked for a breakdown",
    "{} buồn vì thái độ nhân viên",
]


@pytest.mark.parametrize(("one", "other"), ADDRESS)
@pytest.mark.parametrize("frame", FRAMES)
def test_invariance_who_the_person_is_never_moves_a_probability(one, other, frame):
    pair = bundled_scorer().predict_proba([frame.format(one), frame.format(other)])
    np.testing.assert_array_equal(pair[0], pair[1])


NAMES = [
    ("chị Hạnh", "chị Lan"),
    ("anh Tuấn", "chị Ngọc"),
    ("Anh Hùng", "Bác Tư"),
    ("chi Hanh", "chi Lan"),
    ("Mr Derek", "Ms Priya"),
    ("bạn Hà", "bạn Sơn"),
]


@pytest.mark.parametrize(("one", "other"), NAMES)
@pytest.mark.parametrize("frame", FRAMES)
def test_invariance_a_name_after_a_form_of_address_never_moves_a_probability(one, other, frame):
    pair = bundled_scorer().predict_proba([frame.format(one), frame.format(other)])
    np.testing.assert_array_equal(pair[0], pair[1])


DIRECTIONS = [
    ("Khách hỏi giá máy in.", " Khỏi giải thích, chốt luôn, bao giờ có?", "result"),
    ("Khách hỏi giá máy in.", " Đòi bảng kê từng khoản, đối chiếu với hợp đồng, căn cứ điều mấy.", "detail"),
    ("Khách hỏi giá máy in.", " Kể bạn trước thái độ coi thường, chị tủi thân, muốn được lắng nghe.", "people"),
    ("Customer called about the invoice.", " Skip the details, bottom line, by when.", "result"),
    ("Customer called about the invoice.", " Wants a breakdown in writing, line by line, with supporting documents.", "detail"),
    ("Customer called about the invoice.", " Said she felt humiliated by the way she was spoken to.", "people"),
    ("Chị trưởng phòng nhắn về báo cáo.", " Chị hỏi cả nhóm có mệt không, thương mấy em thức khuya.", "people"),
]


@pytest.mark.parametrize(("note", "added", "kind"), DIRECTIONS)
def test_direction_a_cue_raises_its_type(note, added, kind):
    assert probability(note + added, kind) > probability(note, kind) + 0.1


@pytest.mark.parametrize("added", [" Em cảm ơn.", " Dạ vâng ạ.", " Thanks.", " Trân trọng."])
def test_direction_courtesy_does_not_make_a_note_people(added):
    for note in ("Khách hỏi giờ mở cửa thứ bảy.", "Khách đặt 3 thùng giấy, giao chiều mai."):
        assert probability(note + added, "people") < probability(note, "people") + 0.15
