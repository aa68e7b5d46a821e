"""What a reader is told when a rule said no: one sentence for each code, in the language in force."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.rules.refusals import RefusalCode

__all__ = ["DETAILED_SENTENCES", "SENTENCES"]

_C = RefusalCode
SENTENCES: dict[RefusalCode, str | Promise] = {
    _C.AUTHENTICATION_REQUIRED: _("Please sign in first."),
    _C.CROSS_SITE_POST: _("This request came from a page that may not post here."),
    _C.NOT_YOURS: _("This comment was not written from this browser, so it cannot be changed from it."),
    _C.PERMISSION_DENIED: _("You do not have the right to do this."),
    _C.SIGNATURE_INVALID: _("The signature of this request is not valid."),
    _C.SIGNATURE_EXPIRED: _("The time signed with this request is too far from the server's clock."),
    _C.TOO_MANY_REQUESTS: _("Too many requests. Please wait a moment and try again."),
    _C.BODY_TOO_LARGE: _("What was sent is too large."),
    _C.BODY_TOO_SLOW: _("What was sent took too long to arrive. Please try again."),
    _C.BODY_MALFORMED: _("What was sent cannot be read."),
    _C.FIELD_INVALID: _("One of the values sent is not valid."),
    _C.CURSOR_INVALID: _("This page of the conversation does not exist. Please start again from its beginning."),
    _C.METHOD_NOT_ALLOWED: _("This cannot be done at this address."),
    _C.NOT_SERVED_HERE: _("This server only shows conversations; another one does the rest."),
    _C.MEDIA_TYPE_UNSUPPORTED: _("The format of what was sent is not supported."),
    _C.IDEMPOTENCY_KEY_REUSED: _("This request was already made with other content."),
    _C.PAGE_UNKNOWN: _("There is no page at this address."),
    _C.SITE_UNKNOWN: _("This site is unknown here."),
    _C.STORY_UNKNOWN: _("This story is unknown here."),
    _C.COMMENT_UNKNOWN: _("This comment does not exist, or is no longer shown."),
    _C.STORY_CLOSED: _("The comments on this story are closed."),
    _C.STORY_KEY_INVALID: _("The key of this story is not valid."),
    _C.STORY_URL_MISSING: _("The address of this story is missing."),
    _C.STORY_URL_REFUSED: _("The address of this story is not one of this site's."),
    _C.STORY_OUTDATED: _("A newer version of this story is already published."),
    _C.TEXT_EMPTY: _("Please write a comment."),
    _C.TEXT_TOO_SHORT: _("This text is too short."),
    _C.TEXT_TOO_LONG: _("This text is too long."),
    _C.NAME_MISSING: _("Please give a name."),
    _C.NAME_TOO_LONG: _("This name is too long."),
    _C.NAME_INVALID: _("This name holds neither a letter nor a digit."),
    _C.NAME_RESERVED: _("This name is reserved. Please choose another."),
    _C.EMAIL_MISSING: _("Please give an e-mail address. It will not be shown."),
    _C.EMAIL_INVALID: _("This e-mail address is not valid."),
    _C.WEBSITE_INVALID: _("This website address is not valid."),
    _C.PARENT_UNKNOWN: _("The comment you are replying to does not exist in this conversation."),
    _C.PARENT_NOT_PUBLISHED: _("The comment you are replying to is no longer shown."),
    _C.COMMENT_DUPLICATE: _("You have already posted this comment."),
    _C.ADVICE_GIVEN: _("Your comment is not posted yet: please read it again first."),
    _C.EDIT_WINDOW_CLOSED: _("The time to change or withdraw this comment is over."),
    _C.EDIT_AFTER_REPLY: _("Someone has replied to this comment, so it can no longer be changed or withdrawn."),
    _C.DECIDED_MEANWHILE: _(
        "Somebody decided on this comment meanwhile, or its author changed it. Please read it again."
    ),
    _C.TRANSITION_REFUSED: _("This cannot be done with a comment in this state."),
    _C.VOTE_INVALID: _("This vote is not valid."),
    _C.VOTE_OWN_COMMENT: _("You cannot vote on your own comment."),
    _C.VOTE_NOT_PUBLISHED: _("You can only vote on a comment that is shown."),
    _C.VOTE_DOWN_DISABLED: _("Votes against a comment are not open on this site."),
    _C.VOTE_GUESTS_DISABLED: _("Votes are reserved for signed-in readers on this site."),
    _C.LINK_INVALID: _("This link is not valid. It may have been cut off; please copy it whole."),
    _C.LINK_EXPIRED: _("The time of this link is over."),
    _C.APPEAL_UNKNOWN: _("This appeal does not exist here."),
    _C.APPEAL_NOT_POSSIBLE: _("This decision cannot be appealed."),
    _C.APPEAL_TOO_LATE: _("The six months to appeal this decision are over."),
    _C.APPEAL_ALREADY_FILED: _("This decision has already been appealed."),
    _C.APPEAL_ALREADY_DECIDED: _("This appeal has already been decided."),
    _C.APPEAL_OWN_DECISION: _("An appeal is decided by someone who did not take the decision."),
    _C.APPEALS_TOO_MANY: _(
        "Several of your appeals still wait for an answer. Please wait for one before you file another."
    ),
    _C.REASON_MISSING: _("Please give the reason in a sentence or more: the author reads it."),
    _C.CASE_UNKNOWN: _("These reports do not exist here."),
    _C.CASE_ALREADY_DECIDED: _("These reports have already been decided."),
    _C.REPORT_REASON_MISSING: _("Please choose why you report this comment."),
    _C.REPORT_EXPLANATION_MISSING: _("Please explain why you report this comment."),
    _C.REPORT_GOOD_FAITH_MISSING: _("Please confirm that you report in good faith."),
    _C.REPORT_NOT_PUBLISHED: _("This comment is no longer shown, so it need not be reported."),
    _C.PRESERVATION_REASON_MISSING: _("Please say why, in a sentence: it stays on record."),
    _C.PRESERVED_NOTHING: _("Nothing is put aside here."),
    _C.AUTHORITY_MISSING: _("Please name the authority that was told."),
    _C.REPLY_WORDS_MISSING: _("Please fill in this field."),
    _C.REPLY_REQUEST_UNKNOWN: _("This request does not exist here."),
    _C.REPLY_REQUEST_ANSWERED: _("This request has already been answered."),
    _C.AUTHOR_UNKNOWN: _("This author is not known here, or was erased before."),
    _C.AUTHOR_SUSPENDED: _("You may not comment here for a time. You can read why, and object."),
    _C.AUTHOR_BANNED: _("You may not comment here any more. You can read why, and object."),
    _C.RESTRICTION_UNKNOWN: _("This restriction does not exist here."),
    _C.RESTRICTION_OVER: _("This restriction is over already."),
    _C.RESTRICTION_DAYS_MISSING: _("Please say for how many days."),
    _C.ERASURE_BARRED: _(
        "Somebody’s life is said to be in danger in this comment: decide the reports or put it aside first."
    ),
    _C.RULE_UNKNOWN: _("There is no such house rule here."),
    _C.RULE_EXISTS: _("A house rule with this key exists already."),
    _C.RULE_OUTDATED: _(
        "Somebody saved this rule meanwhile. Compare what you typed with the newest version, and save again."
    ),
    _C.RULE_NOTE_MISSING: _("Please say in a few words why you change it: the note stays with the version."),
    _C.RULES_UNREADABLE: _("These rules cannot be read."),
    _C.SERVICE_UNAVAILABLE: _("The service is briefly unavailable. Please try again in a moment."),
    _C.INTERNAL_ERROR: _("Something went wrong on our side. Please try again."),
}

DETAILED_SENTENCES: dict[RefusalCode, str | Promise] = {
    _C.TOO_MANY_REQUESTS: _("Too many requests. Please try again in %(retry_after)s seconds."),
    _C.BODY_TOO_LARGE: _("What was sent is too large: at most %(limit)s bytes."),
    _C.FIELD_INVALID: _("The value of “%(field)s” is not valid."),
    _C.TEXT_TOO_SHORT: _("This text is too short: at least %(limit)s characters."),
    _C.TEXT_TOO_LONG: _("This text is too long: %(length)s characters, at most %(limit)s."),
    _C.REPORT_EXPLANATION_MISSING: _("Please explain why, in at least %(limit)s characters."),
    _C.REASON_MISSING: _("Please give the reason in at least %(limit)s characters: the author reads it."),
    _C.RULES_UNREADABLE: _("Line %(line)s cannot be read: %(reason)s."),
    _C.AUTHOR_SUSPENDED: _("You may not comment here until %(until)s. You can read why, and object."),
    _C.RESTRICTION_DAYS_MISSING: _("Please say for how many days: from 1 to %(limit)s."),
    _C.NAME_TOO_LONG: _("This name is too long: at most %(limit)s characters."),
}
"""Better sentences, used when the refusal brings every value that they hold."""
