"""Live streams, driven message by message, by a clock moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from comity.queries.changes import StoryPulse
from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.freshness.listening import Change
from comity.stream.live import BEAT_SECONDS, LiveStreams

Message = Any


class HandLoop(asyncio.SelectorEventLoop):
    """An event loop whose time stands still until it is moved."""

    now = 1000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def loop() -> Iterator[HandLoop]:
    made = HandLoop()
    yield made
    made.run_until_complete(made.shutdown_default_executor())
    made.close()


@dataclass
class Reader:
    """One connection: what was written to it, and whether the network takes more."""

    written: list[bytes] = field(default_factory=list)
    status: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    full: bool = False
    leaving: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self) -> Message:
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.full:
            await asyncio.Event().wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        if message["body"]:
            self.written.append(message["body"])
        if not message["more_body"]:
            self.ended.set()
            self.leaving.set()  # as servers do once an answer has ended

    @property
    def versions(self) -> list[int]:
        return [int(each.split(b"\n")[0].removeprefix(b"id: ")) for each in self.written if each.startswith(b"id: ")]


class House:
    """Streams over stories whose versions stand in a table."""

    def __init__(self, loop: HandLoop, *, most: int = 10) -> None:
        self.loop = loop
        self.stories = {1: StoryPulse(5, 2), 2: StoryPulse(8, 3)}
        self.looks = 0
        self.live = LiveStreams(self._read, most=most)

    def _read(self, ids: Collection[int]) -> Mapping[int, StoryPulse]:
        self.looks += 1
        return {each: self.stories[each] for each in ids if each in self.stories}

    async def open(self, story_id: int = 1, *, last: int | None = None) -> tuple[Reader, asyncio.Task[None]]:
        reader = Reader()
        headers = [
            (b"host", b"comity.example"),
            *([(b"last-event-id", str(last).encode())] if last is not None else []),
        ]
        scope = {"headers": headers, "query_string": b"key=%d" % story_id}
        task = asyncio.ensure_future(self.live.hold(story_id, scope, reader.receive, reader.send))
        await self.until(lambda: bool(reader.written) or task.done())
        return reader, task

    async def write(self, story_id: int = 1) -> None:
        pulse = self.stories[story_id]
        self.stories[story_id] = StoryPulse(pulse.version + 1, pulse.count + 1)
        self.live.hear(Change(story_ids=frozenset({story_id})))
        await self.settle()

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            await asyncio.sleep(0)

    async def settle(self) -> None:
        """Let everything happen that does not wait for the clock."""
        for _ in range(10):
            await asyncio.sleep(0)
        await self.until(lambda: not self.live.is_looking)

    async def pass_time(self, seconds: float) -> None:
        self.loop.now += seconds
        await self.settle()


def run(loop: HandLoop, work: Callable[[House], Awaitable[None]], **more: Any) -> None:
    async def whole() -> None:
        house = House(loop, **more)
        await work(house)
        house.live.end()
        await house.until(lambda: house.live.count == 0)

    loop.run_until_complete(asyncio.wait_for(whole(), None))


def test_a_reader_is_told_where_the_story_stands_and_what_follows(loop: HandLoop) -> None:
    async def work(house: House) -> None:
        reader, _ = await house.open()
        await house.until(lambda: reader.versions == [5])
        assert reader.status == 200
        assert reader.written[0].startswith(b"retry: ")
        assert reader.written[1] == b'id: 5\ndata: {"version":5,"count":2}\n\n'
        await house.pass_time(1)
        await house.write()
        assert reader.versions == [5, 6]

    run(loop, work)


def test_only_who_listens_to_a_story_is_told_of_it_and_it_is_read_once(loop: HandLoop) -> None:
    async def work(house: House) -> None:
        readers = [(await house.open())[0] for _ in range(5)]
        other, _ = await house.open(2)
        await house.until(lambda: all(each.versions for each in [*readers, other]))
        looks = house.looks
        await house.pass_time(1)
        await house.write()
        assert [each.versions for each in readers] == [[5, 6]] * 5
        assert other.versions == [8]
        assert house.looks == looks + 1

    run(loop, work)


def test_many_writes_in_a_second_are_one_event(loop: HandLoop) -> None:
    async def work(house: House) -> None:
        reader, _ = await house.open()
        await house.until(lambda: reader.versions == [5])
        for _ in range(20):
            await house.write()
        assert reader.versions == [5]
        await house.pass_time(0.9)
        assert reader.versions == [5]
        await house.pass_time(0.2)
        assert reader.versions == [5, 25]

    run(loop, work)


def test_who_comes_back_and_missed_nothing_is_told_nothing(loop: HandLoop) -> None:
    async def work(house: House) -> None:
        first, _ = await house.open()
        await house.until(lambda: first.versions == [5])
        same, _ = await house.open(last=5)
        late, _ = await house.open(last=4)
        await house.settle()
        assert same.versions == []
        assert late.versions == [5]

    run(loop, work)


def test_a_slow_reader_delays_nobody_and_gets_the_newest(loop: HandLoop) -> None:
    async def work(house: House) -> None:
        slow, _ = await house.open()
        quick, _ = await house.open()
        await house.until(lambda: bool(slow.versions and quick.versions))
        slow.full = True
        for _ in range(3):
            await house.pass_time(1)
            await house.write()
        assert quick.versions == [5, 6, 7, 8]
        assert slow.versions == [5]
        slow.full = False
        await house.pass_time(BEAT_SECONDS)
        assert slow.versions == [5, 8]
        assert quick.written[-1] == b":\n\n"

    run(loop, work)


def test_one_too_many_is_refused_and_may_come_later(loop: HandLoop) -> None:
    async def work(house: House) -> None:
        first, task = await house.open()
        _, refused = await house.open()
        with pytest.raises(Refusal) as refusal:
            await refused
        assert refusal.value.code is RefusalCode.SERVICE_UNAVAILABLE
        assert refusal.value.retry_after
        first.leaving.set()
        await task
        assert house.live.count == 0
        again, _ = await house.open()
        assert again.status == 200

    run(loop, work, most=1)


def test_a_stop_ends_every_stream_and_takes_no_new_one(loop: HandLoop) -> None:
    async def work(house: House) -> None:
        opened = [await house.open(story) for story in (1, 1, 2)]
        house.live.end()
        await asyncio.gather(*(task for _, task in opened))
        assert all(reader.ended.is_set() for reader, _ in opened)
        assert house.live.count == 0
        _, refused = await house.open()
        with pytest.raises(Refusal):
            await refused

    run(loop, work)


def test_after_news_were_missed_every_story_is_looked_at(loop: HandLoop) -> None:
    async def work(house: House) -> None:
        one, _ = await house.open(1)
        two, _ = await house.open(2)
        await house.until(lambda: bool(one.versions and two.versions))
        house.stories[2] = StoryPulse(9, 4)
        await house.pass_time(1)
        house.live.hear(Change(everything=True))
        await house.settle()
        assert (one.versions, two.versions) == ([5], [8, 9])

    run(loop, work)


def test_a_crowd_at_one_address_asks_once(loop: HandLoop) -> None:
    async def work(house: House) -> None:
        scope = {"headers": [(b"host", b"comity.example")], "query_string": b"key=1"}
        asked: list[int] = []
        known = asyncio.Event()

        async def come(number: int) -> int:
            async with house.live.finding(scope) as story_id:
                if story_id is not None:
                    return story_id
                asked.append(number)
                await known.wait()
                house.live.remember(scope, 7)
                return 7

        crowd = [asyncio.ensure_future(come(number)) for number in range(50)]
        await house.settle()
        known.set()
        assert await asyncio.gather(*crowd) == [7] * 50
        assert asked == [0]

    run(loop, work)


def test_when_nobody_finds_the_story_each_asks_for_itself(loop: HandLoop) -> None:
    async def work(house: House) -> None:
        scope = {"headers": [(b"host", b"comity.example")], "query_string": b"key=unknown"}
        asked: list[int] = []

        async def come(number: int) -> None:
            async with house.live.finding(scope) as story_id:
                assert story_id is None
                asked.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*(come(number) for number in range(5)))
        assert sorted(asked) == [0, 1, 2, 3, 4]

    run(loop, work)
