"""Golden readings: what some notes give today, signals exactly, probabilities within a hundredth.

``python -m pytest tests/test_golden.py --update-golden`` rewrites the file after a change that is meant; look at the
difference before it is committed. A mismatch is saved beside it as ``actual.json``.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from custtype import SignalExtractor, read_note

GOLDEN = Path(__file__).parent / "golden" / "readings.json"
NOTES = [
    "Khách cắt lời, hỏi đúng một câu: mấy giờ có điện lại?",
    "Anh ngồi cộng lại bảng kê bằng máy tính của anh, lệch 2 đồng cũng hỏi cho ra, gửi mail có dấu anh mới ký.",
    "Chị đi ngang ghé vào chỉ để cảm ơn bạn Thảo, hôm bữa mẹ chị té bạn dìu ra tận xe.",
    "khach hoi shop mo cua may gio",
    "ko can giai thich dau e, bao gio xong thi nhan a 1 tieng",
    "gui lai chi hop dong co dau, trang 4 ghi 12 thang ma phu luc ghi 10 thang la sao",
    "Em ơi kế toán reject invoice lần 3, PO với invoice lệch 1 dong, em check lại line 7 giúp anh rồi resend",
    "Team mình overtime cả tuần, chị Vy không hỏi deadline, chị hỏi ai chưa ăn tối để chị order.",
    "He said yes or no, nothing else, and hung up when I began with the background.",
    "She wants the clause, the calculation and the name of whoever signed off, all in one mail.",
    "They treated my dad like he was in the way. I don't care about the refund.",
    "Customer changed the delivery address. Done.",
    "",
    "haha",
]


def describe(note: str) -> dict[str, object]:
    reading = read_note(note, lang="en")
    return {
        "note": note,
        "type": str(reading.customer_type),
        "reason": None if reading.reason is None else str(reading.reason.code),
        "alerts": [str(alert) for alert in reading.alerts],
        "probabilities": {str(kind): round(p, 3) for kind, p in reading.probabilities.items()},
        "signals": [[span.signal, span.text] for span in SignalExtractor().fit([]).explain(note)],
    }


def test_readings_are_those_on_record(request: pytest.FixtureRequest):
    actual = [describe(note) for note in NOTES]
    written = json.dumps(actual, ensure_ascii=False, indent=1) + "\n"
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text(written, encoding="utf-8")
    expected = json.loads(GOLDEN.read_text(encoding="utf-8"))
    try:
        assert len(actual) == len(expected)
        for now, then in zip(actual, expected, strict=True):
            assert now.pop("probabilities") == pytest.approx(then.pop("probabilities"), abs=0.01), now["note"]
            assert now == then
    except AssertionError:
        (GOLDEN.parent / "actual.json").write_text(written, encoding="utf-8")
        raise
