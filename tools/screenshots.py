"""Pictures of every page and state, to be looked at: `python tools/screenshots.py [part of a name, fr, phone, dark …]`.

Takes each in French, English and Hebrew, on a desktop and a phone, light and dark, into `screenshots/`, with a sheet of
them all (`index.html`), from a demo of its own; words choose among them. Needs Playwright and Chromium
(`COMITY_CHROMIUM`, else the system's).
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ViewportSize, sync_playwright
from screenshot_pages import PAGES
from screenshot_scene import CALM, Scene, Servers
from screenshot_widget import WIDGET

ROOT = Path(__file__).resolve().parent.parent
SCENES = {**PAGES, **WIDGET}
SIZES: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 900},
    "phone": {"width": 390, "height": 844},
}
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
LANGUAGES = ("fr", "en", "he")
OTHERS = ("ar", "es", "de")
"""Taken when they are asked for."""
TALLEST = 3000
START_SECONDS = 60
PATIENCE_MILLISECONDS = 20_000
"""For one step of a scene. What does not come by then is told, and the next picture is taken."""
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


@contextmanager
def demo(folder: Path, *, limits: bool) -> Iterator[tuple[str, str]]:
    """A demo served for the pictures, on a database that is thrown away; its address and what it said at its start."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    told = folder / "told"
    with told.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "comity.cli", "serve", "--demo", "--port", port],
            cwd=folder,
            env={
                **os.environ,
                "COMITY_DATA": f"{folder}/data",
                "COMITY_LIMITS_ENABLED": "yes" if limits else "no",
                "PYTHONPATH": str(ROOT / "src"),
                "PYTHONUNBUFFERED": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        base = f"http://localhost:{port}"
        wait_for(base, server)
        yield base, told.read_text()
    finally:
        server.terminate()
        server.wait(timeout=15)


def add_rule(folder: Path) -> None:
    """Give the demo of this folder a rule that advises."""
    subprocess.run(
        [sys.executable, "-m", "comity.cli", "rules", "import", "-", "--note", "For a picture"],
        env={**os.environ, "COMITY_DATA": f"{folder}/data", "PYTHONPATH": str(ROOT / "src")},
        input=CALM.encode(),
        stdout=subprocess.DEVNULL,
        check=True,
    )


def wait_for(base: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers.

    Raises:
        SystemExit: it ended, or does not answer within a minute.
    """
    for _ in range(START_SECONDS * 5):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The demo does not start: try `comity serve --demo`.")


@contextmanager
def publisher(pages: dict[str, str]) -> Iterator[str]:
    """A publisher's site of another origin, which shows `pages`; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def take(
    browser: Browser, servers: Servers, folder: Path, name: str, language: str, size: str, themes: Sequence[Theme]
) -> int:
    """Bring one state about in a browser without a past, and take it in each theme: how many pictures that made."""
    context = browser.new_context(
        viewport=SIZES[size],
        color_scheme=themes[0],
        has_touch=size == "phone",
        is_mobile=size == "phone",
        locale=language,
        reduced_motion="reduce",
        timezone_id="Europe/Paris",
    )
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = context.new_page()
    try:
        scene = Scene(servers, page, language)
        SCENES[name](scene)
        if page.locator("dialog[open]").count() == 0:
            height = min(TALLEST, page.evaluate("() => document.documentElement.scrollHeight"))
            page.set_viewport_size({"width": SIZES[size]["width"], "height": max(height, SIZES[size]["height"])})
            page.evaluate("() => scrollTo(0, 0)")
        for theme in themes:
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=folder / f"{name}-{language}-{size}-{theme}.png")
        for route in scene.held:
            route.abort()
    finally:
        context.close()
    return len(themes)


def take_for_readme(browser: Browser, servers: Servers, folder: Path) -> None:
    """The end of a story and the beginning of its conversation, as `docs/images/story.png` shows them."""
    context = browser.new_context(viewport={"width": 1000, "height": 1250}, locale="fr", timezone_id="Europe/Paris")
    scene = Scene(servers, context.new_page(), "fr")
    scene.go(f"/stories/{servers.story}")
    composer = scene.compose(scene.words)
    composer.locator("[name=author_name]").fill("Camille")
    scene.page.locator(".comity-credit").evaluate("node => scrollTo(0, node.getBoundingClientRect().top - 90)")
    scene.page.mouse.move(0, 0)
    scene.page.evaluate("() => document.activeElement.blur()")
    scene.page.screenshot(path=folder / "readme.png")
    context.close()


def sheet(folder: Path) -> None:
    """A page with every picture that is there, one row a state."""
    rows: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*-*-*-*.png")):
        rows.setdefault(path.stem.rsplit("-", 3)[0], []).append(path)
    figures = "".join(
        f"<h2>{name}</h2><div>"
        + "".join(f'<figure><img src="{path.name}"><figcaption>{path.stem}</figcaption></figure>' for path in paths)
        + "</div>"
        for name, paths in rows.items()
    )
    (folder / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><style>body{font:12px sans-serif;background:#888}div{display:flex;"
        "flex-wrap:wrap;gap:8px;align-items:start}figure{margin:0}img{inline-size:220px}</style>" + figures
    )


def main(chosen: list[str]) -> int:
    """Take those that every one of the words chooses: a language, a size, a theme, or a part of the name."""
    if any(word.startswith("-") for word in chosen):
        print(__doc__, file=sys.stderr)
        return 2
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    languages = [each for each in (*LANGUAGES, *OTHERS) if each in chosen] or list(LANGUAGES)
    sizes = [each for each in SIZES if each in chosen] or list(SIZES)
    themes = [each for each in THEMES if each in chosen] or list(THEMES)
    parts = [each for each in chosen if each not in {*LANGUAGES, *OTHERS, *SIZES, *THEMES}]
    names = [each for each in SCENES if not parts or any(part in each for part in parts)]
    pages: dict[str, str] = {}
    taken = failed = 0
    with ExitStack() as stack:
        first, second = (Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(2))
        base, said = stack.enter_context(demo(first, limits=False))
        limited, _ = stack.enter_context(demo(second, limits=True))
        add_rule(second)
        site = stack.enter_context(publisher(pages))
        story, empty = re.findall(r"/stories/(\S+)", said)[:2]

        def publish(path: str, body: str) -> str:
            pages[path] = body
            return site + path

        servers = Servers(base, limited, first / "data", publish, story, empty)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("COMITY_CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        if not parts or "readme" in parts:
            # First: later scenes post.
            take_for_readme(browser, servers, folder)
        wanted = [(name, language, size) for name in names for language in languages for size in sizes]
        began = time.monotonic()
        for place, each in enumerate(wanted, start=1):
            start = time.monotonic()
            try:
                taken += take(browser, servers, folder, *each, themes)
            except Exception as error:  # noqa: BLE001 - the others are taken all the same, and this one is named
                failed += 1
                print(f"{'-'.join(each)}: {str(error).splitlines()[0]}", file=sys.stderr, flush=True)
            now = time.monotonic()
            left = (now - began) / place * (len(wanted) - place)
            told = f"{place} of {len(wanted)}  {'-'.join(each)}  {now - start:.1f} s"
            print(f"{told}, about {left:.0f} s left", flush=True)
        browser.close()
    sheet(folder)
    print(f"{taken} pictures in {folder.name}/ in {time.monotonic() - began:.0f} s, {failed} states failed")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
