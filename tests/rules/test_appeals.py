from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.rules.appeals import APPEAL_MONTHS, appeal_until, check_appeal_open, check_decider
from comity.rules.reasons import is_bulk_spam, owes_statement
from comity.rules.refusals import Refusal

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIRST = datetime(1990, 1, 1)  # noqa: DTZ001 - hypothesis takes bounds without a zone and adds it
LAST = datetime(2090, 1, 1)  # noqa: DTZ001 - as above


@pytest.mark.parametrize(
    ("decided", "until"),
    [
        ("2026-01-15", "2026-07-15"),
        ("2026-08-31", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2026-12-01", "2027-06-01"),
        ("2026-06-30", "2026-12-30"),
    ],
)
def test_six_months_later_is_the_same_day_or_the_months_last(decided: str, until: str) -> None:
    given_time = datetime.fromisoformat(decided).replace(tzinfo=UTC)
    assert appeal_until(given_time) == datetime.fromisoformat(until).replace(tzinfo=UTC)


# Hypothesis wants its bounds naive; the zone is added to what it draws.
@given(st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC)))
def test_the_time_to_appeal_is_never_shorter_than_180_days(decided: datetime) -> None:
    assert timedelta(days=180) <= appeal_until(decided) - decided <= timedelta(days=31 * APPEAL_MONTHS)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"outcome": "hold"}, None),
        ({"outcome": "publish"}, "appeal_not_possible"),
        ({"ends_appeal": True}, "appeal_not_possible"),
        ({"exempt": True}, "appeal_not_possible"),
        ({"now": NOW + timedelta(days=183)}, None),
        ({"now": NOW + timedelta(days=184)}, "appeal_too_late"),
    ],
)
def test_what_can_be_appealed(change: dict[str, object], code: str | None) -> None:
    facts = {"outcome": "remove", "ends_appeal": False, "exempt": False, "decided_at": NOW, "now": NOW, **change}
    if code is None:
        check_appeal_open(**facts)  # type: ignore[arg-type]  # a table of keyword arguments
    else:
        with pytest.raises(Refusal, match=code):
            check_appeal_open(**facts)  # type: ignore[arg-type]  # a table of keyword arguments


@pytest.mark.parametrize(
    ("decided_by", "others", "hours", "allowed"),
    [
        (None, False, 0, False),  # the machine decided: anybody may answer, as somebody else
        (2, True, 0, False),
        (1, True, 1000, None),
        (1, False, 23.99, None),
        (1, False, 24, True),
    ],
)
def test_who_decides(decided_by: int | None, others: bool, hours: float, allowed: bool | None) -> None:
    facts = {"staff_id": 1, "decided_by": decided_by, "others": others}
    if allowed is None:
        with pytest.raises(Refusal, match="appeal_own_decision") as refused:
            check_decider(**facts, filed_at=NOW, now=NOW + timedelta(hours=hours))  # type: ignore[arg-type]  # a table
        assert (refused.value.retry_after is None) == others
    else:
        assert check_decider(**facts, filed_at=NOW, now=NOW + timedelta(hours=hours)) is allowed  # type: ignore[arg-type]  # a table


@pytest.mark.parametrize(
    ("outcome", "by_machine", "rule", "detectors", "exempt"),
    [
        ("remove", True, "spam", {"honeypot"}, True),
        ("remove", True, "spam", {"near_duplicates", "links"}, True),
        ("remove", True, "spam", {"links"}, False),
        ("remove", False, "spam", {"honeypot"}, False),
        ("remove", True, "insult", {"honeypot"}, False),
        ("hold", True, "spam", {"honeypot"}, False),
    ],
)
def test_only_bulk_spam_goes_without_a_statement(
    outcome: str, by_machine: bool, rule: str, detectors: set[str], exempt: bool
) -> None:
    facts = {"outcome": outcome, "by_machine": by_machine, "rule_key": rule, "detectors": detectors}
    assert is_bulk_spam(**facts) is exempt  # type: ignore[arg-type]  # a table of keyword arguments
    assert owes_statement(**facts) is not exempt  # type: ignore[arg-type]  # a table of keyword arguments


def test_what_is_published_owes_no_statement() -> None:
    assert not owes_statement(outcome="publish", by_machine=True, rule_key="", detectors=())
