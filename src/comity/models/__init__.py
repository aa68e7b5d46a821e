"""Tables, constraints, indexes; nothing that has an effect."""

from comity.models.comments import Comment, CommentRevision
from comity.models.house_rules import HouseRule
from comity.models.keys import PostingReceipt, SiteKey
from comity.models.limits import LimitCounter
from comity.models.moderation import Decision
from comity.models.outbox import Delivery, EventRecord, ReactionRecord, WorkState
from comity.models.readers import Device, Reader, Staff
from comity.models.sites import Site, SiteDomain, SiteHost
from comity.models.stories import Story
from comity.models.votes import Vote

__all__ = [
    "Comment",
    "CommentRevision",
    "Decision",
    "Delivery",
    "Device",
    "EventRecord",
    "HouseRule",
    "LimitCounter",
    "PostingReceipt",
    "ReactionRecord",
    "Reader",
    "Site",
    "SiteDomain",
    "SiteHost",
    "SiteKey",
    "Staff",
    "Story",
    "Vote",
    "WorkState",
]
