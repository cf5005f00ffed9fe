"""README and wheel: what a newcomer sees and installs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_first_example_prints_what_the_readme_shows():
    shown = next(block for block in blocks("console") if block.startswith("$ custtype read"))
    command, expected = shown.split("\n", 1)
    words = re.match(r'\$ custtype read --lang en "(.*)"', command)
    printed = subprocess.run(
        [sys.executable, "-m", "custtype", "read", "--lang", "en", words.group(1)], capture_output=True, text=True, check=True
    ).stdout
    lines = [line.rstrip() for line in expected.strip("\n").split("\n")]
    assert [line for line in lines if line and line != "..."] == [line.rstrip() for line in printed.split("\n") if line.strip()][
        : len([x for x in lines if x and x != "..."])
    ]


def test_the_sample_prints_what_the_readme_shows(tmp_path):
    line = next(block for block in blocks("console") if "custtype score" in block)
    words = re.search(r"custtype (score .*)", line).group(1).replace("data/", str(ROOT / "data") + "/").split()
    printed = subprocess.run([sys.executable, "-m", "custtype", *words], capture_output=True, text=True, cwd=tmp_path, check=True).stdout
    assert printed.strip() == blocks("text")[0].strip()


def test_the_python_example_prints_what_the_readme_shows():
    (program,) = blocks("python")
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert printed.strip() == blocks("text")[1].strip()


def test_files_that_the_readme_names_are_there():
    for name in re.findall(r"`((?:notebooks|data|custtype|\.ci)/[\w./]*)`", README):
        assert (ROOT / name).exists(), name


@pytest.mark.skipif(shutil.which("pip") is None, reason="needs pip on the path")
def test_the_wheel_holds_its_data_and_works_outside_the_checkout(tmp_path):
    pytest.importorskip("hatchling", reason="building the wheel without a network needs hatchling (extra 'dev')")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"custtype", wheel.name.split("-py3")[0] + ".dist-info"}
    for needed in ("py.typed", "resources/playbook.toml", "resources/model/arrays.npz", "resources/lexicons/vi_result.toml"):
        assert f"custtype/{needed}" in names
    # A clean environment that sees the libraries of this one, but not this checkout.
    environment = tmp_path / "env"
    venv.create(environment, with_pip=False)
    site = next(environment.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    libraries = [p for p in sys.path if p.endswith("site-packages")]
    program = f"import sys; sys.path += {libraries!r}; import custtype; assert {str(environment)!r} in custtype.__file__; print(custtype.read_note('chốt luôn, bao giờ xong').customer_type)"
    printed = subprocess.run(
        [environment / "bin" / "python", "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    ).stdout
    assert printed.strip() == "result"


def test_counts_in_the_datasheet_are_those_of_the_report():
    report = (ROOT / "data" / "report.txt").read_text(encoding="utf-8").splitlines()
    quoted = re.findall(r"```text\n(.*?)```", (ROOT / "data" / "DATASHEET.md").read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in quoted for line in block.splitlines()]
    assert len(lines) > 50
    assert [line for line in lines if line not in report] == []
    assert f"Trained on {int(report[1].removeprefix('notes: ')):,} notes" in README
