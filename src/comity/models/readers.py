"""Readers, their devices, and staff. All are Comity's own; the host's users are linked by nullable keys."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from comity.rules.actors import StaffRole

__all__ = ["Device", "Reader", "Staff"]


class Reader(models.Model):
    """Someone with a proven address or account at one site."""

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=80)
    name_skeleton = models.CharField(max_length=160, db_index=True)
    """The name with case, accents and look-alike letters folded; what reserves it."""
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"reader {self.pk}"


class Device(models.Model):
    """A browser that acted at one site, known by a random token of which only a digest is kept."""

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="devices")
    token_digest = models.CharField(max_length=64)
    reader = models.ForeignKey(Reader, on_delete=models.SET_NULL, null=True, blank=True, related_name="devices")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("site", "token_digest"), name="comity_device_token_once"),)

    def __str__(self) -> str:
        return f"device {self.pk}"


class Staff(models.Model):
    """A member of one site's newsroom, signed in through the host's user."""

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    role = models.CharField(max_length=16, choices=[(each.value, each.value) for each in StaffRole])
    name = models.CharField(max_length=80)
    name_skeleton = models.CharField(max_length=160, db_index=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "staff"
        constraints = (models.UniqueConstraint(fields=("site", "user"), name="comity_staff_once"),)

    def __str__(self) -> str:
        return f"staff {self.pk}"
