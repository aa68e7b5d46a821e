"""The wheel: installed without Node and without gettext, it serves, with its styles and in French."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


def test_it_holds_what_is_built_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    built = "comity/static/comity/built"
    for each in ("page.js", "page.css", "desk.css", "comity.js"):
        assert {f"{built}/{each}", f"{built}/{each}.br", f"{built}/{each}.gz"} <= names
    for module in ("acts", "live"):
        (script,) = (each for each in names if re.fullmatch(rf"{built}/{module}-[0-9a-f]{{12}}\.js", each))
        assert {f"{script}.br", f"{script}.gz"} <= names
    assert "comity/locale/fr/LC_MESSAGES/django.mo" in names
    assert "comity/screening/data/house_rules.toml" in names
    assert "comity/demo/demo.toml" in names
    assert not [
        name for name in names if name.split("/")[0] not in {"comity", "comity_server"} and ".dist-info/" not in name
    ]
    assert wheel.stat().st_size < 20_000_000


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; the libraries are those of the session, the source tree is not in reach."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    purelib = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(purelib)
    (purelib / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return folder


@pytest.fixture
def bare(installed: Path, tmp_path: Path) -> dict[str, str]:
    """A machine whose PATH has neither Node nor msgfmt."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_", "PYTHON"))}
    return {**kept, "PATH": str(installed / "bin"), "COMITY_DATA": str(tmp_path / "data")}


@pytest.fixture
def served(installed: Path, bare: dict[str, str], tmp_path: Path) -> Iterator[httpx.Client]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    child = subprocess.Popen(
        [installed / "bin" / "python", "-m", "comity.cli", "serve", "--demo", "--port", str(port)],
        env=bare, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    printed = next((line for line in child.stdout if "Ctrl-C" in line), "")
    assert printed, "it did not start"
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        yield client
    child.kill()
    child.communicate()


def test_it_comes_from_the_wheel(installed: Path, bare: dict[str, str], tmp_path: Path) -> None:
    said = subprocess.run(
        [installed / "bin" / "python", "-c", "import comity, shutil; print(comity.__file__, shutil.which('node'))"],
        env=bare, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.startswith(str(installed))
    assert said.stdout.endswith("None\n")


def test_it_serves_in_french_with_its_styles(served: httpx.Client) -> None:
    assert served.get("/healthz").json() == {"status": "ok"}
    page = served.get("/stories/poutine-obama-telephone").text
    assert "Le plus récent" in page
    assert "66 commentaires" in page
    for name in ("page.css", "page.js"):
        address = page.partition(f"/static/comity/built/{name}?v=")
        assert address[1]
        version = address[2].partition('"')[0]
        answer = served.get(f"/static/comity/built/{name}?v={version}", headers={"Accept-Encoding": "br"})
        assert (answer.status_code, answer.headers["content-encoding"]) == (200, "br")


WITHOUT_EXTRAS = """
import sys

class Extras:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.split(".")[0] in {"psycopg", "redis", "onnxruntime", "tokenizers", "torch", "scipy"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Extras)
"""


def test_it_screens_without_extras(installed: Path, bare: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_EXTRAS, "utf-8")
    environment = {**bare, "PYTHONPATH": str(tmp_path)}

    def run(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [installed / "bin" / "python", "-m", "comity.cli", *words],
            env=environment, cwd=tmp_path, input=typed, capture_output=True, text=True, check=False,
        )  # fmt: skip

    told = run("screen", "--json", "--language", "fr", "Vous êtes un crétin.")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["outcome"] == "remove"
    assert {one["detector"] for one in json.loads(told.stdout)["findings"]} >= {"model", "statements", "lexicon"}
    lines = run("screen", "--jsonl", typed='{"id": 1, "text": "Bonjour à tous."}\n{\n{"id": 3, "text": "Merci."}\n')
    answers = [json.loads(line) for line in lines.stdout.splitlines()]
    assert [answer.get("outcome") for answer in answers] == ["publish", None, "publish"]
    assert "error" in answers[1]
    refused = run("screening", "train", "--data", "nothing.tsv.gz")
    assert refused.returncode == 2
    assert "training" in refused.stderr
