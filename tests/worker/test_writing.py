"""The transaction that every write stands in."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from comity.actions import writing
from comity.actions.writing import write_transaction
from comity.models import Site
from comity.rules.refusals import Refusal, RefusalCode

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def make(key: str) -> None:
    Site.objects.create(key=key, name=key)


def make_and_fail(key: str) -> None:
    make(key)
    raise RuntimeError


def keys() -> set[str]:
    return set(Site.objects.values_list("key", flat=True))


def test_all_or_nothing() -> None:
    with pytest.raises(RuntimeError), write_transaction():
        make_and_fail("a")
    assert keys() == set()


@pytest.mark.parametrize("outer", [write_transaction, transaction.atomic])
def test_inside_another_it_is_a_savepoint(outer: type[transaction.Atomic]) -> None:
    with outer():
        make("a")
        with pytest.raises(RuntimeError), write_transaction():
            make_and_fail("b")
        with write_transaction(durable=False):
            make("c")
    assert keys() == {"a", "c"}


def test_who_queues_too_long_is_told_to_come_again() -> None:
    if connection.vendor == "postgresql":
        make("a")  # where nobody queues
        return
    lock = writing._lock_of(str(connection.settings_dict["NAME"]))
    assert lock.acquire(0)
    with pytest.raises(Refusal) as caught, write_transaction(wait_seconds=0.01):
        make("a")
    assert caught.value.code is RefusalCode.SERVICE_UNAVAILABLE
    assert caught.value.retry_after
    lock.release()
    with write_transaction(wait_seconds=0.01):
        make("a")
    assert keys() == {"a"}


def test_the_turn_is_passed_on_after_success_and_failure_alike() -> None:
    refused: list[Refusal] = []

    def write() -> None:
        try:
            with write_transaction(wait_seconds=0.01):
                pass
        except Refusal as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    with write_transaction():
        make("a")
    for _ in range(2):
        with pytest.raises(RuntimeError), write_transaction():
            make_and_fail("b")
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(20)
    assert refused == []
