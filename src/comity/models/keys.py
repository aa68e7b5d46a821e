"""Keys of publishers' systems, and receipts that make a repeated request harmless."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

__all__ = ["PostingReceipt", "SiteKey"]


class SiteKey(models.Model):
    """A key with which a publisher's system signs its calls.

    The secret itself is not stored: it is derived from the server's secret and `key_id`, so a stolen database signs
    nothing. See `comity.rules.signatures`.
    """

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="keys")
    key_id = models.CharField(max_length=32, unique=True)
    label = models.CharField(max_length=100, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.key_id


class PostingReceipt(models.Model):
    """That a posting was accepted, under a digest that a repeat of it would have again. Kept 24 hours.

    `idempotency`: digest of site and Idempotency-Key, with the body's digest beside it.
    `duplicate`: keyed digest of site, story, place, name, text and network, for the plain form, which has no key.
    `advice`: the nonce of the token that let a comment pass a rule's advice, which is good once.
    """

    class Kind(models.TextChoices):
        """What the digest is made of."""

        IDEMPOTENCY = "idempotency"
        DUPLICATE = "duplicate"
        ADVICE = "advice"

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    digest = models.CharField(max_length=64)
    body_digest = models.CharField(max_length=64, blank=True, default="")
    device = models.ForeignKey("comity.Device", on_delete=models.CASCADE, null=True, related_name="+")
    comment = models.ForeignKey("comity.Comment", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, db_index=True)
    network_digest = models.CharField(max_length=64, blank=True, default="")
    """Of a `duplicate`: the keyed digest of the network that posted. It changes every day and goes with the receipt."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("site", "kind", "digest"), name="comity_receipt_once"),)
        indexes = (
            models.Index(
                fields=("site", "network_digest", "-made_at"),
                name="comity_receipt_network",
                condition=~models.Q(network_digest=""),
            ),
        )

    def __str__(self) -> str:
        return f"receipt {self.pk}"
