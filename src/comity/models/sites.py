"""Sites: one publication each, with the hosts it is reached by and the domains its stories live on."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

__all__ = ["Site", "SiteDomain", "SiteHost"]


class Site(models.Model):
    """A publication with its own conversation, rules and staff. Every other row belongs to one."""

    class EmailRequirement(models.TextChoices):
        """Whether the form asks guests for an e-mail address."""

        NONE = "none"
        OPTIONAL = "optional"
        REQUIRED = "required"

    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=16, default="fr")
    created_at = models.DateTimeField(default=timezone.now)

    email_requirement = models.CharField(
        max_length=8, choices=EmailRequirement.choices, default=EmailRequirement.OPTIONAL
    )
    website_field = models.BooleanField(default=False)
    comment_minimum = models.PositiveIntegerField(default=2)
    comment_maximum = models.PositiveIntegerField(default=5000)
    reply_minimum = models.PositiveIntegerField(default=2)
    reply_maximum = models.PositiveIntegerField(default=5000)
    edit_window_seconds = models.PositiveIntegerField(default=900)
    depth_limit = models.PositiveSmallIntegerField(default=4)
    page_size = models.PositiveSmallIntegerField(default=20)
    branch_size = models.PositiveSmallIntegerField(default=30)
    down_votes = models.BooleanField(default=True)
    guest_votes = models.BooleanField(default=True)
    pre_moderated = models.BooleanField(default=False)
    close_after_days = models.PositiveIntegerField(null=True, blank=True)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    """With `opens_at`, the office hours outside which nothing is taken; may pass midnight."""
    time_zone = models.CharField(max_length=64, default="Europe/Paris")
    accent = models.CharField(max_length=32, blank=True, default="")
    readers_contact = models.CharField(max_length=254, blank=True, default="")
    """E-mail or https address at which readers reach the newsroom; see `rules.contacts`."""
    readers_contact_person = models.BooleanField(default=False)
    """Whether a person answers there, and not automated means alone."""
    authorities_contact = models.CharField(max_length=254, blank=True, default="")
    contact_languages = models.CharField(max_length=100, blank=True, default="")
    """Language tags in which one may write, with commas."""

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(depth_limit__gte=1), name="comity_site_depth_limit"),
            models.CheckConstraint(condition=models.Q(page_size__gte=1), name="comity_site_page_size"),
        )

    def __str__(self) -> str:
        return self.key


class SiteHost(models.Model):
    """A host name by which Comity is reached for one site."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="hosts")
    host = models.CharField(max_length=253, unique=True)

    def __str__(self) -> str:
        return self.host


class SiteDomain(models.Model):
    """A domain that the site's stories live on; governs story addresses, framing and writes."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("site", "domain"), name="comity_site_domain_once"),)

    def __str__(self) -> str:
        return self.domain
