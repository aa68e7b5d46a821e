"""Every address of the desk."""

from __future__ import annotations

from django.urls import path

from comity.desk import appeals, held, replies, reports, sign_in, stories

__all__ = ["desk_routes"]

desk_routes = [
    path("desk/", held.held, name="desk"),
    path("desk/sign-in", sign_in.sign_in, name="desk-sign-in"),
    path("desk/sign-out", sign_in.sign_out, name="desk-sign-out"),
    path("desk/comments/<int:comment_id>", held.comment, name="desk-comment"),
    path("desk/comments/<int:comment_id>/decide", held.decide, name="desk-decide"),
    path("desk/appeals/", appeals.appeals, name="desk-appeals"),
    path("desk/appeals/<int:appeal_id>", appeals.appeal, name="desk-appeal"),
    path("desk/reports/", reports.reports, name="desk-reports"),
    path("desk/reports/<int:case_id>", reports.case, name="desk-case"),
    path("desk/reports/<int:case_id>/preserve", reports.preserve, name="desk-case-preserve"),
    path("desk/reports/<int:case_id>/export", reports.export, name="desk-case-export"),
    path("desk/reports/<int:case_id>/records/<int:record_id>", reports.told, name="desk-record-told"),
    path("desk/right-of-reply/", replies.replies, name="desk-replies"),
    path("desk/right-of-reply/<int:request_id>", replies.answer, name="desk-reply-answer"),
    path("desk/stories", stories.stories, name="desk-stories"),
    path("desk/stories/new", stories.new_story, name="desk-story-new"),
    path("desk/stories/<str:key>/edit", stories.edit_story, name="desk-story"),
]
