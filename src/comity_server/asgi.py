"""The stand-alone server as an ASGI application: the front, Django behind it, the pump beside it."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity_server.settings")
django_application = get_wsgi_application()

from comity import conf  # noqa: E402 - the app can be imported once Django is set up
from comity.actions import outbox  # noqa: E402 - likewise
from comity.events import Event, StoryEvent  # noqa: E402 - likewise
from comity.queries.changes import StoryPulse, pulses  # noqa: E402 - likewise
from comity.stream.cache import Cache  # noqa: E402 - likewise
from comity.stream.freshness import choosing  # noqa: E402 - likewise
from comity.stream.freshness.listening import Freshness  # noqa: E402 - likewise
from comity.stream.front import Front  # noqa: E402 - likewise
from comity.stream.live import LiveStreams  # noqa: E402 - likewise
from comity.worker.pump import Pump  # noqa: E402 - likewise
from comity_server.replicas import reading_from_a_replica  # noqa: E402 - likewise

__all__ = ["application", "django_application"]

pump = Pump()


def _pulses(story_ids: Collection[int]) -> Mapping[int, StoryPulse]:
    with reading_from_a_replica():
        return pulses(story_ids)


freshness = Freshness(choosing.carrier(), reading=reading_from_a_replica)
role = conf.current().role
live = LiveStreams(_pulses, most=conf.current().live_streams) if role != "web" else None
cache = Cache(conf.current().cache_bytes)
freshness.listen(cache.forget)  # before `live`, whose readers come for what changed
if live is not None:
    freshness.listen(live.hear)


def _note_own_write(event: Event) -> None:
    if isinstance(event, StoryEvent):
        cache.note_written(event.story_id)


outbox.tell_when_recorded(_note_own_write)


def _start() -> None:
    if role == "all":
        pump.start()
    freshness.start()


def _stop() -> None:
    freshness.stop()
    pump.stop()


application = Front(
    django_application,
    body_limit=conf.current().body_limit_bytes,
    body_deadline=conf.current().body_deadline_seconds,
    live=live,
    cache=cache if conf.current().cache_bytes else None,
    public_only=role == "front",
    on_start=_start,
    on_stop=_stop,
)
