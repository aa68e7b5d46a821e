"""Each carrier, real: another process's write is heard; one that went away is made up for, and taken up again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from comity import conf
from comity.actions.outbox import notify_when_recorded
from comity.actions.sites import create_site
from comity.actions.stories import save_story
from comity.queries.shapes import SiteShape
from comity.stream.freshness import choosing
from comity.stream.freshness.carriers import CarrierAwayError, NotifyCarrier, SqliteCarrier
from comity.stream.freshness.listening import Change, Freshness
from comity.stream.freshness.redis import RedisBell, RedisCarrier
from tests.redis_server import RedisServer

PATIENCE = 10.0
"""Seconds after which a test gives up; what is waited for comes within one."""


class Ears:
    """Everything that was told, and a way to wait for it."""

    def __init__(self) -> None:
        self._told = threading.Condition()
        self._changes: list[Change] = []

    def hear(self, change: Change) -> None:
        with self._told:
            self._changes.append(change)
            self._told.notify_all()

    def wait_for_story(self, story_id: int) -> None:
        with self._told:
            assert self._told.wait_for(lambda: any(story_id in each.story_ids for each in self._changes), PATIENCE)

    def wait_for_everything(self) -> None:
        with self._told:
            assert self._told.wait_for(lambda: any(each.everything for each in self._changes), PATIENCE)


@pytest.fixture
def site(transactional_db: None) -> SiteShape:
    return create_site(key="gazette", name="La Gazette")


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


def publish(site: SiteShape, key: str) -> int:
    from django.utils import timezone

    found = save_story(site=site, key=key, title="Une trêve", body_source="Un texte.", now=timezone.now())
    assert found.id is not None
    return found.id


def test_the_databases_own_word_arrives(site: SiteShape) -> None:
    with closing(choosing.carrier()) as carrier:
        assert isinstance(carrier, SqliteCarrier if connection.vendor == "sqlite" else NotifyCarrier)
        assert carrier.wait(PATIENCE)  # what came before is unknown
        assert not carrier.wait(0)
        publish(site, "treve")
        assert carrier.wait(PATIENCE)
        assert not carrier.wait(0)


def test_a_thread_that_listens_tells_of_a_write(site: SiteShape) -> None:
    ears = Ears()
    freshness = Freshness(choosing.carrier())
    freshness.listen(ears.hear)
    freshness.start()
    try:
        # The first look only learns where the table ends: a story from before it is not told.
        told = threading.Event()
        freshness.listen(lambda _: told.set())
        number = 0
        while not told.wait(0.1):
            number += 1
            assert number < 100
            publish(site, f"first-{number}")
        ears.wait_for_story(publish(site, "treve"))
    finally:
        freshness.stop()


def test_a_lost_connection_is_made_anew(site: SiteShape) -> None:
    if connection.vendor == "sqlite":
        with closing(SqliteCarrier("/nowhere/at-all.sqlite3")) as nowhere, pytest.raises(CarrierAwayError):
            nowhere.wait(0)
        return
    with closing(choosing.carrier()) as carrier:
        assert carrier.wait(PATIENCE)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query LIKE 'LISTEN%%' AND pid <> pg_backend_pid()"
            )
        with pytest.raises(CarrierAwayError):
            carrier.wait(PATIENCE)
        assert carrier.wait(PATIENCE)  # listening again, and something may have been missed
        publish(site, "treve")
        assert carrier.wait(PATIENCE)


@pytest.mark.redis
def test_redis_brings_the_word_of_a_commit(site: SiteShape, redis: RedisServer) -> None:
    bell = RedisBell(redis.address)
    notify_when_recorded(bell)
    with closing(RedisCarrier(redis.address)) as carrier:
        assert carrier.wait(PATIENCE)
        assert not carrier.wait(0)
        publish(site, "treve")
        assert carrier.wait(PATIENCE)


@pytest.mark.redis
def test_redis_gone_and_back(site: SiteShape, redis: RedisServer, caplog: Any) -> None:
    bell = RedisBell(redis.address)
    notify_when_recorded(bell)
    ears = Ears()
    freshness = Freshness(RedisCarrier(redis.address))
    freshness.listen(ears.hear)
    freshness.start()
    try:
        number = 0
        told = threading.Event()
        freshness.listen(lambda _: told.set())
        while not told.wait(0.1):
            number += 1
            assert number < 100
            publish(site, f"first-{number}")
        redis.stop()
        ears.wait_for_story(publish(site, "while-away"))  # the write is not refused, and is heard
        redis.start()
        ears.wait_for_story(publish(site, "back"))
    finally:
        freshness.stop()
    assert [record for record in caplog.records if "Redis is away" in record.message]


@pytest.mark.redis
def test_a_setting_chooses(settings: Any, redis: RedisServer) -> None:
    settings.COMITY = {"freshness": redis.address}
    assert isinstance(choosing.carrier(), RedisCarrier)
    assert isinstance(choosing.bell(), RedisBell)
    settings.COMITY = {}
    assert choosing.bell() is None
    assert conf.current().freshness == ""


@pytest.mark.database
def test_a_direct_address_is_listened_at_behind_a_pooler(site: SiteShape, database_url: str, settings: Any) -> None:
    if connection.vendor == "sqlite":
        return
    settings.COMITY = {"freshness_database": database_url}
    with closing(choosing.carrier()) as carrier:
        assert carrier.wait(PATIENCE)
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("NOTIFY comity_events")
        assert carrier.wait(PATIENCE)
