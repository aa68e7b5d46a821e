"""Optional back ends, against a real local HTTP server; off by default, never in the way."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from comity.screening.backends.akismet import Akismet
from comity.screening.backends.asking import Answer, BackEndUnavailable, Breaker, Call
from comity.screening.backends.onnx import OnnxModel, OnnxModelError
from comity.screening.backends.openai_compatible import OpenAICompatible
from comity.screening.backends.perspective import LAST_DAY, Perspective
from comity.screening.backends.transport import send
from comity.screening.engine import Engine
from comity.screening.house_rules import HouseRules, shipped
from comity.screening.types import Submission
from tests.screening.screened import LINE

UNSURE = "Ce monsieur est menteur et bien pathétique"


class Server:
    """Answers every POST with what the test says, and remembers what was asked."""

    def __init__(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.asked: list[tuple[dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                outer.asked.append((dict(self.headers), self.rfile.read(length)))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing is logged."""

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/"


@contextmanager
def serving(status: int = 200, body: object = b"", **headers: str) -> Iterator[Server]:
    server = Server(status, body if isinstance(body, bytes) else json.dumps(body).encode(), headers)
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        thread.join()
        server.http.server_close()


def judged(scores: object) -> dict[str, object]:
    return {"choices": [{"message": {"content": json.dumps(scores)}}]}


def openai(url: str) -> OpenAICompatible:
    return OpenAICompatible(url=url, model="tiny", key="secret", transport=send, timeout=5)


def test_the_endpoint_is_asked_with_the_rules_own_words_and_its_answer_counts() -> None:
    with serving(body=judged({"insult": 0.95})) as server:
        decision = Engine(LINE, back_ends=[openai(server.url)]).screen(Submission(UNSURE), shipped())
    ((headers, body),) = server.asked
    asked = json.loads(body)
    assert headers["Authorization"] == "Bearer secret"
    assert "Criticise ideas and acts" in asked["messages"][0]["content"]
    assert UNSURE in json.loads(asked["messages"][1]["content"])["comment"]
    assert ("insult", 0.95, "openai_compatible") in {(f.category, f.score, f.detector) for f in decision.findings}
    assert decision.outcome == "hold"


def test_it_is_not_asked_where_the_line_is_sure() -> None:
    with serving(body=judged({})) as server:
        Engine(LINE, back_ends=[openai(server.url)]).screen(Submission("Bonjour à tous"), shipped())
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (500, b"", "status"),
        (302, b"", "status"),
        (200, b"not json", "malformed"),
        (200, b"[1]", "malformed"),
        (200, json.dumps(judged({"insult": 7})).encode(), "malformed"),
        (200, json.dumps(judged(["x"])).encode(), "malformed"),
    ],
)
def test_without_an_answer_the_local_verdict_stands_with_a_note(status: int, body: bytes, code: str) -> None:
    local = Engine(LINE).screen(Submission(UNSURE), shipped())
    with serving(status, body, Location="http://127.0.0.1:1/") as server:
        decision = Engine(LINE, back_ends=[openai(server.url)]).screen(Submission(UNSURE), shipped())
    assert f"back_end_unavailable:openai_compatible:{code}" in decision.notes
    assert (decision.outcome, decision.findings) == (local.outcome, local.findings)


def test_it_holds_where_a_rule_needs_it() -> None:
    document = shipped().to_document()
    for rule in document["rules"]:
        if rule["key"] == "insult":
            rule["needs"] = ["words|statement", "back_end"]
            rule["thresholds"] = {"hold": 0.9, "remove": 0.95}
    rules = HouseRules.from_document(document)
    assert Engine(LINE).screen(Submission(UNSURE), rules).outcome == "publish"
    away = openai("http://127.0.0.1:1/")
    decision = Engine(LINE, back_ends=[away]).screen(Submission(UNSURE), rules)
    assert decision.outcome == "hold"
    assert "back_end_needed:openai_compatible" in decision.notes


def test_a_slow_endpoint_is_not_waited_for() -> None:
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            release.wait(10)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        with pytest.raises(BackEndUnavailable) as caught:
            send(Call(f"http://127.0.0.1:{http.server_port}/", b"{}", {}, 0.05))
        assert caught.value.code == "timeout"
    finally:
        release.set()
        http.shutdown()
        thread.join()
        http.server_close()


def test_only_http_is_spoken() -> None:
    with pytest.raises(BackEndUnavailable):
        send(Call("file:///etc/hostname", b""))


def test_a_failing_back_end_is_left_alone_then_tried_again() -> None:
    now, calls, works = [0.0], [], [False]

    def transport(call: Call) -> Answer:
        calls.append(call)
        if not works[0]:
            raise BackEndUnavailable("network")
        return Answer(200, b"{}")

    breaker = Breaker(transport, lambda: now[0], failures=3, rest=60)
    for expected in ("network", "network", "network", "open", "open"):
        with pytest.raises(BackEndUnavailable) as caught:
            breaker(Call("http://x/", b""))
        assert caught.value.code == expected
    assert len(calls) == 3
    now[0] = 61
    works[0] = True
    assert breaker(Call("http://x/", b"")).status == 200
    assert breaker(Call("http://x/", b"")).status == 200
    assert len(calls) == 5


def test_server_errors_count_as_failures() -> None:
    breaker = Breaker(lambda _: Answer(503, b""), lambda: 0.0, failures=1)
    for expected in ("status", "open"):
        with pytest.raises(BackEndUnavailable) as caught:
            breaker(Call("http://x/", b""))
        assert caught.value.code == expected


@pytest.mark.parametrize(("body", "outcome"), [(b"true", "hold"), (b"false", "publish")])
def test_akismet(body: bytes, outcome: str) -> None:
    with serving(body=body) as server:
        akismet = Akismet(key="k", blog="https://journal.example/", transport=send, url=server.url)
        decision = Engine(LINE, back_ends=[akismet]).screen(Submission("Bonjour", author_name="Ann"), shipped())
    assert decision.outcome == outcome
    fields = parse_qs(server.asked[0][1].decode())
    assert fields["comment_content"] == ["Bonjour"]
    assert fields["user_ip"] == ["192.0.2.1"]


def test_akismet_says_neither() -> None:
    akismet = Akismet(key="k", blog="b", transport=lambda _: Answer(200, b"invalid"))
    with pytest.raises(BackEndUnavailable, match="malformed"):
        akismet.ask(Submission("x"), {}, shipped())


def test_perspective_until_its_end() -> None:
    body = {"attributeScores": {"INSULT": {"summaryScore": {"value": 0.8}}, "THREAT": {"summaryScore": {"value": 0.1}}}}
    with serving(body=body) as server:
        before = Perspective(key="k", transport=send, today=lambda: LAST_DAY, url=server.url)
        (finding,) = before.ask(Submission("x", language="fr-FR"), {}, shipped())
        assert (finding.category, finding.score) == ("insult", 0.8)
        assert json.loads(server.asked[0][1])["languages"] == ["fr"]
        assert json.loads(server.asked[0][1])["doNotStore"] is True
        after = Perspective(key="k", transport=send, today=lambda: date(2027, 1, 1), url=server.url)
        with pytest.raises(BackEndUnavailable) as caught:
            after.ask(Submission("x"), {}, shipped())
    assert caught.value.code == "ended"
    assert len(server.asked) == 1


def test_perspective_answers_nonsense() -> None:
    odd = Perspective(key="k", transport=lambda _: Answer(200, b'{"attributeScores": 3}'), today=lambda: LAST_DAY)
    with pytest.raises(BackEndUnavailable, match="malformed"):
        odd.ask(Submission("x"), {}, shipped())


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "model.onnx"),
        ({"model.onnx": "x", "tokenizer.json": "{}"}, "comity.json"),
        ({"model.onnx": "x", "tokenizer.json": "{}", "comity.json": "["}, "labels"),
        ({"model.onnx": "x", "tokenizer.json": "{}", "comity.json": '{"labels": ["noise"]}'}, "noise"),
        ({"model.onnx": "x", "tokenizer.json": "{}", "comity.json": '{"labels": []}'}, "labels"),
    ],
)
def test_a_folder_that_holds_no_model_says_what_is_wrong(tmp_path: Path, files: dict[str, str], said: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(OnnxModelError, match=said):
        OnnxModel(tmp_path)


def test_a_model_that_cannot_run_leaves_a_note(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "comity.json").write_text('{"labels": ["insult", null]}')
    model = OnnxModel(tmp_path)
    assert model.categories == {"insult"}
    decision = Engine(LINE, back_ends=[model]).screen(Submission("bonjour"), shipped())
    assert decision.notes[0].startswith("back_end_unavailable:onnx:")
    assert decision.outcome == "publish"
