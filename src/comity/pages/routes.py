"""Every address of what a reader sees as HTML."""

from __future__ import annotations

from django.urls import path

from comity.pages import (
    embed,
    house_rules,
    own,
    permalinks,
    posting,
    reasons,
    replies,
    reports,
    scripts,
    search,
    threads,
    votes,
)

__all__ = ["page_routes"]

page_routes = [
    path("", threads.home, name="home"),
    path("stories/<str:key>", threads.story, name="story"),
    path("threads/<str:key>", threads.thread, name="thread"),
    path("threads/<str:key>/comments", posting.post, name="post"),
    path("threads/<str:key>/preview", posting.preview, name="preview"),
    path("threads/<str:key>/search", search.search, name="search"),
    path("threads/<str:key>/mine", own.mine, name="mine"),
    path("comments/<int:comment_id>", permalinks.comment, name="comment"),
    path("comments/<int:comment_id>/reply", posting.reply, name="reply"),
    path("comments/<int:comment_id>/edit", own.edit, name="edit"),
    path("comments/<int:comment_id>/withdraw", own.withdraw, name="withdraw"),
    path("comments/<int:comment_id>/vote", votes.vote, name="vote"),
    path("comments/<int:comment_id>/report", reports.report, name="report"),
    path("receipts/<str:token>", reports.receipt, name="receipt"),
    path("threads/<str:key>/right-of-reply", replies.right_of_reply, name="right-of-reply"),
    path("right-of-reply/<str:token>", replies.reply_receipt, name="reply-receipt"),
    path("reasons/<str:token>", reasons.reasons, name="reasons"),
    path("reasons/<str:token>/appeal", reasons.appeal, name="appeal"),
    path("house-rules", house_rules.house_rules, name="house-rules"),
    path("embed/thread", embed.thread, name="embed-thread"),
    path("embed/live", embed.live, name="embed-live"),
    path("embed/comity.js", scripts.widget, name="widget"),
    path("embed/<str:module>.js", scripts.widget_module, name="widget-module"),
    path("embed/count", embed.count, name="embed-count"),
    path("embed/accent.css", embed.accent, name="accent"),
]
