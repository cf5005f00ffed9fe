"""read_note, profile_person, the playbook: from text to advice."""

from __future__ import annotations

import pytest

import custtype
from custtype import Alert, CustomerType, ReasonCode, Setting, profile_person, read_note
from custtype.exceptions import InputError, NoteTypeError
from custtype.playbook import alert_action, alert_name, explain_reason, service_style, type_name


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("", ReasonCode.EMPTY),
        ("  \n\t", ReasonCode.EMPTY),
        ("12345 678", ReasonCode.NO_WORDS),
        ("?!?! 😀", ReasonCode.NO_WORDS),
        ("Khách nữ, 62 tuổi.", ReasonCode.TOO_SHORT),
        ("anh chị", ReasonCode.TOO_SHORT),
        ("haha", ReasonCode.TOO_SHORT),
        ("NA", ReasonCode.TOO_SHORT),
        ("haha haha haha haha", ReasonCode.REPETITIVE),
        ("and " * 64_000, ReasonCode.REPETITIVE),
        ("chốt luôn " * 500, ReasonCode.REPETITIVE),
        ("Я хочу поговорить с менеджером о договоре", ReasonCode.UNKNOWN_LANGUAGE),
        ("お客様は価格について質問しました", ReasonCode.UNKNOWN_LANGUAGE),
        ("Der Kunde wollte wissen warum seine Rechnung diesmal höher ausgefallen ist", ReasonCode.UNKNOWN_LANGUAGE),
        ("Pelanggan menanyakan kapan barangnya dikirimkan kepada mereka", ReasonCode.UNKNOWN_LANGUAGE),
        ("asdf qwer zxcv hjkl uiop", ReasonCode.UNKNOWN_LANGUAGE),
    ],
)
def test_what_cannot_be_judged_is_unclear_with_a_reason(note, code):
    reading = read_note(note)
    assert reading.customer_type == CustomerType.UNCLEAR
    assert reading.reason is not None
    assert reading.reason.code == code
    assert reading.alerts == ()
    assert reading.evidence == ()


def test_a_reading_holds_what_it_promises():
    note = "Khách cắt lời: khỏi giải thích, chốt luôn, mấy giờ có hàng?"
    reading = read_note(note, lang="en")
    assert reading.customer_type == CustomerType.RESULT
    assert set(reading.probabilities) == set(CustomerType)
    assert reading.evidence[0].toward == CustomerType.RESULT
    assert reading.evidence[0].weight >= reading.evidence[1].weight > 0
    assert reading.reason is None
    assert reading.style == service_style(CustomerType.RESULT, "en")


def test_alerts_come_with_their_evidence():
    reading = read_note("Chị gọi lần thứ ba rồi mà không ai trả lời, hẹn hôm qua giao cũng không giao. Cảm ơn bạn Lan rất nhiệt tình.")
    assert Alert.NO_REPLY in reading.alerts
    behind = {item.toward for item in reading.evidence if isinstance(item.toward, Alert)}
    assert behind == set(reading.alerts)


@pytest.mark.parametrize("wrong", [None, 3, b"x", ["a"]])
def test_one_note_must_be_text(wrong):
    with pytest.raises(NoteTypeError, match="expected a note"):
        read_note(wrong)


def test_a_language_without_a_playbook_is_refused():
    with pytest.raises(InputError, match="'vi' or 'en'"):
        read_note("chốt luôn nhé", lang="fr")


def test_the_playbook_is_complete_and_says_each_thing_once():
    said = []
    for lang in ("vi", "en"):
        for setting in Setting:
            for kind in CustomerType:
                style = service_style(kind, lang, setting)
                assert len(style.do) >= 4
                assert len(style.avoid) >= 3
                assert len(style.say) >= 3
                said += [style.summary, *style.do, *style.avoid, *style.say, style.next_question]
        said += [alert_action(alert, lang) for alert in Alert]
        said += [explain_reason(code, lang).sentence for code in ReasonCode]
        assert len({type_name(kind, lang) for kind in CustomerType}) == 4
        assert len({alert_name(alert, lang) for alert in Alert}) == 8
    assert len(said) == len(set(said))


DETAIL = "Anh ngồi đối chiếu từng dòng bảng kê với hợp đồng, hỏi căn cứ vào điều mấy, đòi gửi văn bản."
VAGUE = "Anh gọi hỏi giờ làm việc thứ bảy."


def test_one_vague_note_leaves_a_person_unclear():
    profile = profile_person([VAGUE])
    assert profile.customer_type == CustomerType.UNCLEAR
    assert profile.reason is not None
    assert profile.n_notes == 1


def test_notes_of_a_person_add_up():
    one, three = profile_person([DETAIL, VAGUE]), profile_person([DETAIL, VAGUE, DETAIL.replace("Anh", "Chị"), VAGUE])
    assert three.customer_type == CustomerType.DETAIL
    assert three.confidence >= one.confidence
    assert three.agreement == 1.0
    assert len(three.readings) == 4


def test_a_note_that_misleads_lowers_confidence_and_agreement():
    notes = [
        DETAIL,
        "Chị đối chiếu từng dòng bảng kê với hợp đồng, lệch ở đâu đánh dấu ở đó.",
        "Phí này căn cứ vào điều mấy, gửi chị văn bản có dấu.",
    ]
    steady = profile_person(notes)
    mixed = profile_person([*notes, "Khỏi giải thích, chốt luôn, bao giờ xong?"])
    assert mixed.customer_type == CustomerType.DETAIL
    assert mixed.agreement == 0.75
    assert mixed.confidence < steady.confidence


def test_dates_say_when_a_style_was_shown():
    profile = profile_person([DETAIL, VAGUE], dates=["2026-03-01", "2026-01-15"])
    assert (profile.first_date, profile.last_date) == ("2026-01-15", "2026-03-01")
    with pytest.raises(InputError, match="one entry of dates"):
        profile_person([DETAIL], dates=["2026-03-01", "2026-03-02"])
    with pytest.raises(InputError, match="at least one note"):
        profile_person([])


def test_names_are_what_the_package_exports():
    assert sorted(custtype.__all__) == custtype.__all__ == sorted(dir(custtype))
    for name in custtype.__all__:
        assert getattr(custtype, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        custtype.nonsense  # noqa: B018
