"""The outbox: events written with the change they tell of, and how far each reaction to them has got."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

__all__ = ["Delivery", "EventRecord", "ReactionRecord", "WorkState"]


class WorkState(models.TextChoices):
    """How far a piece of work has got."""

    WAITING = "waiting"
    DONE = "done"
    PARKED = "parked"


class EventRecord(models.Model):
    """An event, recorded in the transaction of the change itself."""

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    subjects = models.JSONField()
    """Ids only, as in the event's fields."""
    recorded_at = models.DateTimeField(default=timezone.now)
    dispatched = models.BooleanField(default=False)
    """Whether the progress rows of its reactions have been written."""

    class Meta:
        indexes = (
            models.Index(fields=("id",), name="comity_event_undispatched", condition=models.Q(dispatched=False)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class _Work(models.Model):
    state = models.CharField(max_length=8, choices=WorkState.choices, default=WorkState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    failure = models.CharField(max_length=100, blank=True, default="")
    """The class of the last failure; never its message, which may hold personal data."""

    class Meta:
        abstract = True


class ReactionRecord(_Work):
    """Progress of one reaction to one event."""

    event = models.ForeignKey(EventRecord, on_delete=models.CASCADE, related_name="reactions")
    reaction = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event", "reaction"), name="comity_reaction_once"),)
        indexes = (
            models.Index(
                fields=(
                    "due_at",
                    "id",
                ),
                name="comity_reaction_due",
                condition=models.Q(state="waiting"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.reaction} {self.pk}"


class Delivery(_Work):
    """One of the many things that a reaction has to send; unique per target and leased alone."""

    event = models.ForeignKey(EventRecord, on_delete=models.CASCADE, related_name="deliveries")
    reaction = models.CharField(max_length=64)
    target = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (models.UniqueConstraint(fields=("event", "reaction", "target"), name="comity_delivery_once"),)
        indexes = (
            models.Index(
                fields=(
                    "due_at",
                    "id",
                ),
                name="comity_delivery_due",
                condition=models.Q(state="waiting"),
            ),
        )

    def __str__(self) -> str:
        return f"delivery {self.pk}"
