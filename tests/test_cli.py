"""The command line, called with lists of words."""

from __future__ import annotations

import csv
import re
import subprocess
import sys

import pytest

from custtype import __version__
from custtype.cli import COMMANDS, main
from custtype.playbook import signal_meaning

NOTE = "Khách cắt lời: khỏi giải thích, chốt luôn, mấy giờ có hàng?"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_read_shows_type_words_and_style(capsys, lang):
    assert main(["read", NOTE, "--lang", lang]) == 0
    printed = capsys.readouterr().out
    assert NOTE in printed
    assert "(result, " in printed
    assert {"vi": "Định hướng kết quả", "en": "result-oriented"}[lang] in printed
    assert signal_meaning("cuts_off_explanation", lang)[:20] in printed  # in words, not by the signal's name
    assert "_" not in printed
    assert "\x1b[" not in printed  # no colour where there is no terminal


def test_read_says_why_a_note_is_unclear(capsys, monkeypatch):
    assert main(["read", "haha", "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "Tip:" in printed
    monkeypatch.setattr("sys.stdin", __import__("io").StringIO(NOTE))
    assert main(["read", "-"]) == 0
    assert NOTE in capsys.readouterr().out


def test_colour_on_a_terminal_only(monkeypatch):
    import io

    from custtype.cli.terminal import painter

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert painter(Terminal())("a", "bold") == "\x1b[1ma\x1b[0m"
    assert painter(io.StringIO())("a", "bold") == "a"
    monkeypatch.setenv("NO_COLOR", "1")
    assert painter(Terminal())("a", "bold") == "a"


def test_score_writes_and_counts(tmp_path, capsys):
    (tmp_path / "notes.csv").write_text(f"id,note\n1,{NOTE.replace(',', '')}\n2,too,many\n", encoding="utf-8")
    assert main(["score", str(tmp_path / "notes.csv"), "--person", "id"]) == 1  # one row was rejected
    captured = capsys.readouterr()
    assert "rows read 2 = scored 1 + rejected 1" in captured.out
    assert captured.err == ""  # no progress bar where there is no terminal
    assert (tmp_path / "notes.scored.csv").exists()
    assert (tmp_path / "notes.scored.people.csv").exists()
    assert (tmp_path / "notes.scored.rejects.csv").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["score", "nowhere.csv"], "expected a CSV file at nowhere.csv"),
        (["score", "nowhere.csv", "--model", "nothing"], "expected a CSV file"),
        (["train", "nowhere.csv", "-o", "m"], "expected a CSV file"),
        (["evaluate", "nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(capsys, words, message):
    assert main(words) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_train_then_evaluate_then_score(tmp_path, capsys, small_data):
    table = tmp_path / "labelled.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["note", "label", "alerts", "who"])
        writer.writerows(
            [text, label, "praise" if label == "people" else "", number % 8]
            for number, (text, label) in enumerate(zip(*small_data, strict=True))
        )
    model = str(tmp_path / "my-model")
    assert main(["train", str(table), "-o", model, "--group", "who"]) == 0
    assert "trained on 64 notes" in capsys.readouterr().out
    assert main(["evaluate", str(table), "--model", model]) == 0
    printed = capsys.readouterr().out
    assert float(re.search(r"macro_f1 ([\d.]+)", printed).group(1)) > 0.9
    assert "alert_micro_f1" in printed
    assert main(["evaluate", str(table)]) == 0
    assert main(["score", str(table), "--model", model, "--prefix", "x_", "-o", str(tmp_path / "out.csv")]) == 0


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "note,label\nx,angry\ny,result\n", "'angry'"),
        ("a.csv", "note,kind\nx,result\n", "a column 'label'"),
        ("a.csv", "note,label\nx,result,more\n", "line 2"),
        ("a.csv", "note,label\n", "found none"),
        ("a.jsonl", '{"text": "x", "label": "result"}\nnot json\n', "line 2"),
        ("a.jsonl", "3\n", "JSON object"),
    ],
)
def test_labels_are_never_skipped_silently(tmp_path, capsys, name, text, message):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["train", str(tmp_path / name), "-o", str(tmp_path / "m")]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


def test_json_lines_are_evaluated(tmp_path, capsys):
    (tmp_path / "a.jsonl").write_text(
        '{"text": "chốt luôn, bao giờ xong", "label": "result", "alerts": []}\n{"text": "hỏi giờ mở cửa", "label": "unclear", "alerts": []}\n'
    )
    assert main(["evaluate", str(tmp_path / "a.jsonl")]) == 0
    assert "notes 2" in capsys.readouterr().out


def test_styles_prints_the_playbook(capsys):
    assert main(["styles"]) == 0
    assert capsys.readouterr().out.count("Hỏi tiếp") == 4
    assert main(["styles", "detail", "--lang", "en", "--setting", "internal"]) == 0
    assert "detail-oriented" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_every_command_explains_itself(capsys, words):
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 0
    assert "usage: custtype" in capsys.readouterr().out


def test_wrong_words_are_exit_2(capsys):
    for words in ([], ["dance"], ["score"]):
        with pytest.raises(SystemExit) as stop:
            main(words)
        assert stop.value.code == 2
    assert "invalid choice: 'dance'" in capsys.readouterr().err


def test_it_runs_as_a_module_and_help_imports_nothing_heavy():
    printed = subprocess.run([sys.executable, "-m", "custtype", "--version"], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == f"custtype {__version__}"
    program = "import sys, custtype, custtype.cli; print(sorted({'numpy', 'sklearn', 'scipy', 'pandas', 'matplotlib', 'tqdm'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    program = "import sys; from custtype.cli import main; main(['read', 'chốt luôn nhé']); print('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip().endswith("False")
