"""Every address of the desk."""

from __future__ import annotations

from django.urls import path

from comity.desk import (
    appeals,
    authors,
    contacts,
    danger,
    held,
    house_rules,
    preservation,
    replies,
    reports,
    rule_files,
    sign_in,
    stories,
)

__all__ = ["desk_routes"]

desk_routes = [
    path("desk/", held.held, name="desk"),
    path("desk/sign-in", sign_in.sign_in, name="desk-sign-in"),
    path("desk/sign-out", sign_in.sign_out, name="desk-sign-out"),
    path("desk/comments/<int:comment_id>", held.comment, name="desk-comment"),
    path("desk/comments/<int:comment_id>/decide", held.decide, name="desk-decide"),
    path("desk/marked/", held.marked, name="desk-marked"),
    path("desk/marked/<int:comment_id>/seen", held.seen, name="desk-seen"),
    path("desk/comments/<int:comment_id>/author", authors.author, name="desk-author"),
    path("desk/comments/<int:comment_id>/author/<int:restriction_id>", authors.lift, name="desk-author-lift"),
    path("desk/comments/<int:comment_id>/danger", danger.danger, name="desk-danger"),
    path("desk/appeals/", appeals.appeals, name="desk-appeals"),
    path("desk/appeals/<int:appeal_id>", appeals.appeal, name="desk-appeal"),
    path("desk/reports/", reports.reports, name="desk-reports"),
    path("desk/reports/<int:case_id>", reports.case, name="desk-case"),
    path("desk/reports/<int:case_id>/preserve", preservation.preserve, name="desk-case-preserve"),
    path("desk/reports/<int:case_id>/export", preservation.export, name="desk-case-export"),
    path("desk/reports/<int:case_id>/told", preservation.told, name="desk-case-told"),
    path("desk/reports/<int:case_id>/release", preservation.release, name="desk-case-release"),
    path("desk/right-of-reply/", replies.replies, name="desk-replies"),
    path("desk/right-of-reply/<int:request_id>", replies.answer, name="desk-reply-answer"),
    path("desk/rules/", house_rules.rules, name="desk-rules"),
    path("desk/rules/new", house_rules.new_rule, name="desk-rule-new"),
    path("desk/rules/export", rule_files.export_rules, name="desk-rules-export"),
    path("desk/rules/import", rule_files.import_rules, name="desk-rules-import"),
    path("desk/rules/contacts", contacts.contacts, name="desk-contacts"),
    path("desk/rules/of/<str:key>", house_rules.edit_rule, name="desk-rule"),
    path("desk/rules/of/<str:key>/versions", house_rules.rule_history, name="desk-rule-versions"),
    path("desk/rules/of/<str:key>/switch", house_rules.switch_rule, name="desk-rule-switch"),
    path("desk/stories", stories.stories, name="desk-stories"),
    path("desk/stories/new", stories.new_story, name="desk-story-new"),
    path("desk/stories/<str:key>/edit", stories.edit_story, name="desk-story"),
]
