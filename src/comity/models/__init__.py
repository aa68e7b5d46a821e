"""Tables, constraints, indexes; nothing that has an effect."""

from comity.models.appeals import Appeal
from comity.models.comments import Comment, CommentRevision
from comity.models.house_rules import CitedRule, HouseRule
from comity.models.keys import PostingReceipt, SiteKey
from comity.models.learning import SiteHead
from comity.models.limits import LimitCounter
from comity.models.links import CommentLink
from comity.models.moderation import Decision, DecisionChain, DecisionEvidence, MarkedComment, RetentionPass
from comity.models.outbox import Delivery, EventRecord, ReactionRecord, WorkState
from comity.models.preservation import PreservationEntry, PreservedRecord
from comity.models.readers import Device, Reader, Staff
from comity.models.reports import ReplyRequest, Report, ReportCase
from comity.models.restrictions import Restriction
from comity.models.search import SearchEntry
from comity.models.sites import Site, SiteDomain, SiteHost
from comity.models.stories import Story
from comity.models.votes import Vote

__all__ = [
    "Appeal",
    "CitedRule",
    "Comment",
    "CommentLink",
    "CommentRevision",
    "Decision",
    "DecisionChain",
    "DecisionEvidence",
    "Delivery",
    "Device",
    "EventRecord",
    "HouseRule",
    "LimitCounter",
    "MarkedComment",
    "PostingReceipt",
    "PreservationEntry",
    "PreservedRecord",
    "ReactionRecord",
    "Reader",
    "ReplyRequest",
    "Report",
    "ReportCase",
    "Restriction",
    "RetentionPass",
    "SearchEntry",
    "Site",
    "SiteDomain",
    "SiteHead",
    "SiteHost",
    "SiteKey",
    "Staff",
    "Story",
    "Vote",
    "WorkState",
]
