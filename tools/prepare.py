"""Makes a checkout ready: `prepare.py run|test|peers|check`. Needs Python alone; what is done is not done again.

What was installed or built is noted in `.stamps/` under a digest of what it was made from.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from system_packages import Missing, ensure_node

ROOT = Path(__file__).resolve().parent.parent
STAMPS = ROOT / ".stamps"
VENV = ROOT / ".venv"
SCREENING = ROOT / "src" / "comity" / "screening"
PYTHON = VENV / "bin" / "python"


class Stop(Exception):  # noqa: N818 - not an error of the program: the sentence with which it ends
    """Why it cannot go on, as one sentence."""


def main(arguments: Sequence[str]) -> int:
    """Prepare for one of the purposes; 0 when ready, 3 when something is missing that cannot be had."""
    purpose = arguments[0] if arguments else "run"
    try:
        STAMPS.mkdir(exist_ok=True)
        with ThreadPoolExecutor(max_workers=2) as pool:
            tasks = [pool.submit(install_python, purpose), pool.submit(build_assets, purpose)]
            failures = [failure for failure in (task.exception() for task in tasks) if failure]
        if failures:
            raise failures[0]
        once(
            "catalogues", files("src/comity/locale", "*.po"), compile_catalogues, products("src/comity/locale", "*.po")
        )
        once("lexicons", lexicon_sources(), compile_lexicons, [SCREENING / "data" / "lexicon.bin"])
    except (Stop, Missing) as reason:
        print(f"comity: {reason}", file=sys.stderr)
        return 3
    except OSError as error:
        print(f"comity: {error.filename or ROOT}: {error.strerror}", file=sys.stderr)
        return 3
    return 0


# ---- what is remembered


def digest(paths: Iterable[Path], *more: str) -> str:
    """A digest of files, names and bytes, and of some words."""
    total = hashlib.sha256("\0".join(more).encode())
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def files(folder: str, pattern: str) -> list[Path]:
    return [path for path in (ROOT / folder).rglob(pattern) if path.is_file()]


def products(folder: str, pattern: str) -> list[Path]:
    return [path.with_suffix(".mo") for path in files(folder, pattern)]


def once(name: str, sources: Iterable[Path], work: Callable[[], None], made: Iterable[Path] = (), *more: str) -> None:
    """Do `work` unless it was done from the same sources and what it made is still there."""
    stamp = STAMPS / name
    now = digest(sources, *more)
    if stamp.exists() and stamp.read_text() == now and all(path.exists() for path in made):
        return
    work()
    stamp.write_text(now)


# ---- Python


def install_python(purpose: str) -> None:
    """The virtual environment with the libraries of one lock, and the package itself."""
    lock = ROOT / "requirements" / f"{'test' if purpose == 'peers' else purpose}.txt"
    version = subprocess.run(
        [PYTHON, "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=False
    ) if PYTHON.exists() else None  # fmt: skip
    if version is None or version.returncode:
        if VENV.exists():
            shutil.rmtree(VENV)  # of a Python that is gone, or moved from elsewhere
        run([sys.executable, "-m", "venv", str(VENV)], "A virtual environment could not be made")
        for stamp in STAMPS.glob("python-*"):
            stamp.unlink()
    done = STAMPS / "python-libraries"
    installed: dict[str, str] = json.loads(done.read_text()) if done.exists() else {}
    wanted = digest([lock])
    if installed.get(lock.stem) != wanted:
        say(f"Installing the Python libraries ({lock.relative_to(ROOT)})")
        pip("install", "--require-hashes", "--requirement", str(lock))
        done.write_text(json.dumps({**installed, lock.stem: wanted}))
    if purpose == "peers":
        more = lock.with_name("peers.txt")
        once("python-peers", [more], lambda: install_peers(more))
    once(
        "python-package",
        [ROOT / "pyproject.toml"],
        lambda: pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)),
        [VENV / "bin" / "comity"],
        str(ROOT),
    )


def install_peers(pins: Path) -> None:
    """The extras `training` and `onnx`. Their pins have no digests: see `tools/lock`."""
    say(f"Installing torch and onnxruntime ({pins.relative_to(ROOT)})")
    pip("install", "--requirement", str(pins))


def pip(*arguments: str) -> None:
    """Run pip of the environment. Where packages come from is pip's own business: its settings are honoured."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", *arguments]
    run(command, "pip could not install the Python libraries", "pip config list")


def compile_catalogues() -> None:
    run([str(PYTHON), str(ROOT / "tools" / "catalogues.py")], "The catalogues could not be compiled")


def compile_lexicons() -> None:
    run([str(PYTHON), str(ROOT / "tools" / "lexicons.py")], "The word lists could not be compiled")


def lexicon_sources() -> list[Path]:
    """Lists, and the code that reads them."""
    return [*files("src/comity/screening/data", "*.txt"), *SCREENING.glob("*.py")]


# ---- browser assets


def build_assets(purpose: str) -> None:
    """Scripts and styles for the browser, by Node; `check` also installs the TypeScript compiler."""
    sources = [*files("widget", "*"), ROOT / "tools" / "assets.mjs", ROOT / "package-lock.json"]
    built = ROOT / "src" / "comity" / "static" / "comity" / "built"
    modules = ROOT / "node_modules"
    omit = [] if purpose == "check" else ["--omit=dev"]
    stamp = f"node-{'check' if purpose == 'check' else 'build'}"
    current = digest(sources)
    assets = STAMPS / "assets"
    fresh = assets.exists() and assets.read_text() == current and (built / "page.js").exists()
    if fresh and purpose != "check":
        return
    ensure_node()

    def install() -> None:
        say("Installing the asset builder (npm ci)")
        run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", *omit], "npm could not install esbuild")
        if not omit:
            (STAMPS / "node-build").write_text(digest([ROOT / "package-lock.json"]))
        else:
            (STAMPS / "node-check").unlink(missing_ok=True)

    once(stamp, [ROOT / "package-lock.json"], install, [modules])
    if not fresh:
        run(["node", str(ROOT / "tools" / "assets.mjs")], "The browser assets could not be built")
        assets.write_text(current)


# ---- doing it


def say(sentence: str) -> None:
    print(f"comity: {sentence} …", flush=True)


NETWORK_WORDS = (
    "name resolution", "connection", "network", "enotfound", "econnrefused", "etimedout", "eai_again", "timed out",
    "no matching distribution",
)  # fmt: skip


def run(command: Sequence[str], failure: str, settings: str = "npm config list") -> None:
    """Run a program silently.

    Raises:
        Stop: it failed, with the last line it wrote, or with what to look at when the network was in the way.
    """
    started = time.monotonic()
    ended = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
    )  # fmt: skip
    if ended.returncode == 0:
        return
    written = [line.strip() for line in (ended.stderr or ended.stdout).splitlines() if line.strip()]
    telling = [line for line in written if "error" in line.lower()] or written or ["it said nothing"]
    if any(word in "\n".join(written).lower() for word in NETWORK_WORDS):
        waited = round(time.monotonic() - started)
        raise Stop(
            f"{failure}: the package registry was not reached in {waited} s. "
            f"Check the network and the registry's settings ({settings})."
        )
    raise Stop(f"{failure}: {telling[-1][:300]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
