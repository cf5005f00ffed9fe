"""score_csv: any export in, every row accounted for, nothing half-written."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from custtype import CustomerType, profile_person, read_note, score_csv
from custtype.batch import job
from custtype.batch.records import detect_dialect, read_records
from custtype.batch.rows import COLUMNS
from custtype.exceptions import InputError, TableError
from custtype.masking import MASK
from custtype.persistence import bundled_model_path

NOTE = "Chị cắt lời: khỏi giải thích, bao giờ xong?"
SHARED = Path(__file__).parent.parent.parent / "shared" / "evaluation" / "real_notes.csv"


def write(path: Path, text: str, encoding: str = "utf-8", bom: bytes = b"") -> Path:
    path.write_bytes(bom + text.encode(encoding))
    return path


def rows_of(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def test_columns_follow_in_order_and_agree_with_read_note(tmp_path):
    source = write(tmp_path / "in.csv", f'id,note\n001,"{NOTE}"\n')
    summary = score_csv(source, tmp_path / "out.csv", lang="en")
    header, row = rows_of(tmp_path / "out.csv")
    reading = read_note(NOTE, lang="en")
    assert header == ["id", "note", *COLUMNS]
    found = dict(zip(header, row, strict=True))
    assert found["id"] == "001"
    assert found["customer_type"] == reading.customer_type
    assert float(found["confidence"]) == pytest.approx(reading.confidence, abs=5e-5)
    assert float(found["p_detail"]) == pytest.approx(reading.probabilities[CustomerType.DETAIL], abs=5e-5)
    types = [item.text for item in reading.evidence if isinstance(item.toward, CustomerType)]
    assert found["evidence"] == ";".join(types)
    assert found["alerts"] == ";".join(reading.alerts)
    assert found["service_style"] == reading.style.summary
    assert summary.counts[CustomerType.RESULT] == 1
    assert summary.rejects is None
    assert not (tmp_path / "out.rejects.csv").exists()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "bom"), [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_any_export_is_read_and_its_rows_come_back(tmp_path, delimiter, encoding, bom, newline):
    lines = [f"mã{delimiter}note", f"001{delimiter}đơn chưa tới", f'002{delimiter}"hai dòng{newline}và ""ngoặc"""', f"NA{delimiter}"]
    source = write(tmp_path / "in.csv", newline.join(lines) + newline, encoding, bom)
    summary = score_csv(source, tmp_path / "out.csv")
    assert (summary.rows_read, summary.rows_rejected) == (3, 0)
    rows = rows_of(tmp_path / "out.csv", delimiter)
    assert [row[0] for row in rows] == ["mã", "001", "002", "NA"]
    assert rows[2][1] == f'hai dòng{newline}và "ngoặc"'
    written = (tmp_path / "out.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf") == bool(bom)
    assert written.count(newline.encode()) == 5  # header, three rows, the quoted line break


def test_an_older_vietnamese_export_is_read(tmp_path):
    text = "id,note\n" + "".join(f"{i},khách hàng hoi giá và thời gian sua máy\n" for i in range(5))
    raw = text.encode("utf-8").decode("utf-8")
    import unicodedata

    combined = "".join(c if c in "àáâãèéêìíòóôùúýăđơưÀÁÂÈÉÊÌÍÒÓÔÙÚĂĐƠƯ" else unicodedata.normalize("NFD", c) for c in raw)
    combined = "".join(unicodedata.normalize("NFC", c) if c in "ờ" else c for c in combined)
    encoded = combined.encode("cp1258", "ignore")
    (tmp_path / "in.csv").write_bytes(encoded)
    assert detect_dialect(tmp_path / "in.csv").encoding == "cp1258"
    assert score_csv(tmp_path / "in.csv", tmp_path / "out.csv").rows_scored == 5
    assert "khách" in rows_of(tmp_path / "out.csv")[1][1]


def test_broken_rows_are_rejected_whole_with_their_line_and_a_reason(tmp_path):
    source = tmp_path / "in.csv"
    source.write_bytes(
        b'id,note,x\n1,good,a\n2,too few\n3,too,many,fields\n4,"two\nlines",a\n5,"not closed,a\n6,good,a\n7,"quoted",a\n8,"text"after,a\n9,bad \xff\xfe bytes,a\n10,good,a\n'
    )
    summary = score_csv(source, tmp_path / "out.csv")
    assert [row[0] for row in rows_of(tmp_path / "out.csv")[1:]] == ["1", "4", "6", "7", "10"]
    rejected = rows_of(tmp_path / "out.rejects.csv")
    assert [row[0] for row in rejected] == ["line", "3", "4", "7", "10", "11"]
    assert [row[2][0] for row in rejected[1:]] == ["2", "3", "5", "8", "9"]
    assert rejected[1][1] == "2 fields instead of 3"
    assert "not closed" in rejected[3][1]
    assert "after a closing quote" in rejected[4][1]
    assert rejected[5][2] == r"9,bad \xff\xfe bytes,a"
    assert (summary.rows_read, summary.rows_scored, summary.rows_rejected) == (10, 5, 5)


def test_an_open_quote_at_the_end_swallows_nothing(tmp_path):
    source = write(tmp_path / "in.csv", 'id,note\n1,"open\n2,good\n3,good\n')
    summary = score_csv(source, tmp_path / "out.csv")
    assert (summary.rows_scored, summary.rows_rejected) == (2, 1)


def test_a_quote_in_the_middle_of_a_cell_and_long_cells_are_fine(tmp_path):
    source = write(tmp_path / "in.csv", f'id,note\n1,ống 5" dài\n2,{"dài " * 60_000}\n')
    assert score_csv(source, tmp_path / "out.csv").rows_scored == 2


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "empty file"),
        ("id,ghi chú\n1,a\n", {}, "its columns are 'id', 'ghi chú'"),
        ("note,id\na,1\n", {"person": "customer"}, "a person column 'customer'"),
        ("note,reason\na,b\n", {}, "prefix"),
        ("note\ra\r", {}, "CR alone"),
    ],
)
def test_a_table_that_cannot_be_scored_is_one_clear_error(tmp_path, text, options, message):
    source = write(tmp_path / "in.csv", text)
    with pytest.raises(TableError, match=message):
        score_csv(source, tmp_path / "out.csv", **options)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_missing_files_and_wrong_options(tmp_path):
    with pytest.raises(TableError, match="expected a CSV file"):
        score_csv(tmp_path / "none.csv", tmp_path / "out.csv")
    source = write(tmp_path / "in.csv", "note\nxin chào\n")
    with pytest.raises(TableError, match="other than the input"):
        score_csv(source, source)
    with pytest.raises(InputError, match="person column"):
        score_csv(source, tmp_path / "out.csv", people=tmp_path / "p.csv")
    with pytest.raises(TableError, match="able to write"):
        score_csv(source, tmp_path / "nowhere" / "out.csv")


def test_a_prefix_renames(tmp_path):
    source = write(tmp_path / "in.csv", "note,reason\na,b\n")
    score_csv(source, tmp_path / "out.csv", prefix="ct_")
    assert rows_of(tmp_path / "out.csv")[0] == ["note", "reason", *(f"ct_{name}" for name in COLUMNS)]


def test_people_are_combined_as_profile_person_combines_them(tmp_path):
    notes = [NOTE, "Chị hỏi giờ mở cửa.", "Chốt luôn đi em, mai có hàng không?", "Gửi chị bảng kê từng khoản."]
    ids = ["007", "007", "007", "8;9"]
    source = write(
        tmp_path / "in.csv", "who,note\n" + "".join(f'"{i}","{n}"\n' for i, n in zip(ids, notes, strict=True)) + ",không của ai\n"
    )
    summary = score_csv(source, tmp_path / "out.csv", person="who")
    assert summary.people == 2
    header, first, second = rows_of(tmp_path / "out.people.csv")
    assert header == ["who", "n_notes", *COLUMNS]
    profile = profile_person(notes[:3])
    assert first[:3] == ["007", "3", profile.customer_type]
    assert float(first[4]) == pytest.approx(profile.confidence, abs=2e-3)
    assert second[:2] == ["8;9", "1"]


def test_masking_covers_note_and_evidence_and_moves_nothing(tmp_path):
    note = 'gọi 0912 345 678 chốt luôn, bao giờ xong? "mail" a@b.vn'
    source = write(tmp_path / "in.csv", 'id,note\n12345678,"' + note.replace('"', '""') + '"\n')
    score_csv(source, tmp_path / "plain.csv")
    score_csv(source, tmp_path / "masked.csv", mask=True)
    plain, masked = rows_of(tmp_path / "plain.csv")[1], rows_of(tmp_path / "masked.csv")[1]
    assert masked[0] == "12345678"
    assert masked[1] == note.replace("0912 345 678", MASK * 12).replace("a@b.vn", MASK * 6)
    assert masked[2:9] == plain[2:9]


def test_no_cell_that_is_added_can_be_a_formula(tmp_path):
    source = write(tmp_path / "in.csv", 'note\n"=1+1 chốt luôn, bao giờ xong"\n"-chốt luôn đi"\n')
    score_csv(source, tmp_path / "out.csv")
    for row in rows_of(tmp_path / "out.csv")[1:]:
        assert all(cell[:1] not in "=+-@" or not cell for cell in row[1:])


class Killed(BaseException):
    """Stands for a kill: nothing may catch it."""


def test_an_interrupted_run_leaves_no_output_and_can_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(job, "_BATCH_ROWS", 10)
    monkeypatch.setattr(job, "_SAVE_EVERY", 2)
    source = write(
        tmp_path / "in.csv", "id,note\n" + "".join(f"{i},ghi chú số {i}" + (",quá" if i % 9 == 0 else "") + "\n" for i in range(100))
    )
    score_csv(source, tmp_path / "whole.csv")

    calls = []

    def stop(_bytes):
        calls.append(1)
        if len(calls) == 6:  # after five batches, of which four are on record
            raise Killed

    with pytest.raises(Killed):
        score_csv(source, tmp_path / "out.csv", on_progress=stop)
    assert not (tmp_path / "out.csv").exists()
    assert json.loads((tmp_path / ".out.csv.progress").read_text())["scored"] < 50
    summary = score_csv(source, tmp_path / "out.csv", resume=True)
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert (tmp_path / "out.rejects.csv").read_bytes() == (tmp_path / "whole.rejects.csv").read_bytes()
    assert (summary.rows_read, summary.rows_rejected) == (100, 12)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "out.csv", "out.rejects.csv", "whole.csv", "whole.rejects.csv"]


def test_resume_refuses_another_job_and_starts_where_there_is_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(job, "_BATCH_ROWS", 1)
    monkeypatch.setattr(job, "_SAVE_EVERY", 1)
    source = write(tmp_path / "in.csv", "note\na\nb\nc\n")
    assert score_csv(source, tmp_path / "fresh.csv", resume=True).rows_scored == 3
    calls = []

    def stop(_bytes):
        calls.append(1)
        if len(calls) == 3:
            raise Killed

    with pytest.raises(Killed):
        score_csv(source, tmp_path / "out.csv", on_progress=stop)
    with pytest.raises(TableError, match="other options"):
        score_csv(source, tmp_path / "out.csv", resume=True, lang="en")
    with pytest.raises(TableError, match="other options"):
        score_csv(source, tmp_path / "out.csv", resume=True, model=bundled_model_path())


def test_line_numbers_are_physical_lines(tmp_path):
    source = write(tmp_path / "in.csv", 'id,note\n1,"a\nb\nc"\n\n2,x\n')
    dialect = detect_dialect(source)
    with source.open("rb") as file:
        assert [record.line for record in read_records(file, dialect)] == [1, 2, 6]


def test_the_sample_of_the_readme(tmp_path):
    sample = Path(__file__).parent.parent / "data" / "samples" / "notes.csv"
    summary = score_csv(sample, tmp_path / "out.csv", person="customer_id")
    assert (summary.rows_read, summary.rows_rejected, summary.people) == (62, 0, 15)
    assert min(summary.counts.values()) >= 5


@pytest.mark.skipif(not SHARED.exists(), reason="the real export is not part of the repository")
def test_a_real_export(tmp_path):
    summary = score_csv(SHARED, tmp_path / "out.csv", text="ghi chú", person="mã KH")
    assert (summary.rows_read, summary.rows_scored, summary.rows_rejected) == (233, 230, 3)
    assert [row[0] for row in rows_of(tmp_path / "out.rejects.csv", ";")[1:]] == ["42", "93", "144"]
    raw = SHARED.read_bytes().decode("utf-8-sig", "replace")
    wanted = [row for row in csv.reader(raw.splitlines(keepends=True), delimiter=";") if len(row) == 4]
    assert [row[:4] for row in rows_of(tmp_path / "out.csv", ";")] == wanted
