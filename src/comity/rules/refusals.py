"""Every refusal: a stable code, never renamed, and the HTTP status it is answered with.

The sentence a reader sees is made in `comity.web.problems`, in the reader's language.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

__all__ = ["HTTP_STATUS", "Refusal", "RefusalCode"]


class RefusalCode(StrEnum):
    """What was refused."""

    # who asks
    AUTHENTICATION_REQUIRED = "authentication_required"
    CROSS_SITE_POST = "cross_site_post"
    NOT_YOURS = "not_yours"
    PERMISSION_DENIED = "permission_denied"
    SIGNATURE_INVALID = "signature_invalid"
    SIGNATURE_EXPIRED = "signature_expired"
    TOO_MANY_REQUESTS = "too_many_requests"
    # the request
    BODY_TOO_LARGE = "body_too_large"
    BODY_TOO_SLOW = "body_too_slow"
    BODY_MALFORMED = "body_malformed"
    FIELD_INVALID = "field_invalid"
    CURSOR_INVALID = "cursor_invalid"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_SERVED_HERE = "not_served_here"
    MEDIA_TYPE_UNSUPPORTED = "media_type_unsupported"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    # what is asked for
    PAGE_UNKNOWN = "page_unknown"
    SITE_UNKNOWN = "site_unknown"
    STORY_UNKNOWN = "story_unknown"
    COMMENT_UNKNOWN = "comment_unknown"
    # stories
    STORY_CLOSED = "story_closed"
    STORY_KEY_INVALID = "story_key_invalid"
    STORY_URL_MISSING = "story_url_missing"
    STORY_URL_REFUSED = "story_url_refused"
    STORY_OUTDATED = "story_outdated"
    # posting
    TEXT_EMPTY = "text_empty"
    TEXT_TOO_SHORT = "text_too_short"
    TEXT_TOO_LONG = "text_too_long"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    NAME_INVALID = "name_invalid"
    NAME_RESERVED = "name_reserved"
    EMAIL_MISSING = "email_missing"
    EMAIL_INVALID = "email_invalid"
    WEBSITE_INVALID = "website_invalid"
    PARENT_UNKNOWN = "parent_unknown"
    PARENT_NOT_PUBLISHED = "parent_not_published"
    COMMENT_DUPLICATE = "comment_duplicate"
    ADVICE_GIVEN = "advice_given"
    # afterwards
    EDIT_WINDOW_CLOSED = "edit_window_closed"
    EDIT_AFTER_REPLY = "edit_after_reply"
    TRANSITION_REFUSED = "transition_refused"
    DECIDED_MEANWHILE = "decided_meanwhile"
    # votes
    VOTE_INVALID = "vote_invalid"
    VOTE_OWN_COMMENT = "vote_own_comment"
    VOTE_NOT_PUBLISHED = "vote_not_published"
    VOTE_DOWN_DISABLED = "vote_down_disabled"
    VOTE_GUESTS_DISABLED = "vote_guests_disabled"
    # links sent out
    LINK_INVALID = "link_invalid"
    LINK_EXPIRED = "link_expired"
    # appeals
    APPEAL_UNKNOWN = "appeal_unknown"
    APPEAL_NOT_POSSIBLE = "appeal_not_possible"
    APPEAL_TOO_LATE = "appeal_too_late"
    APPEAL_ALREADY_FILED = "appeal_already_filed"
    APPEAL_ALREADY_DECIDED = "appeal_already_decided"
    APPEAL_OWN_DECISION = "appeal_own_decision"
    APPEALS_TOO_MANY = "appeals_too_many"
    REASON_MISSING = "reason_missing"
    # reports
    CASE_UNKNOWN = "case_unknown"
    CASE_ALREADY_DECIDED = "case_already_decided"
    REPORT_REASON_MISSING = "report_reason_missing"
    REPORT_EXPLANATION_MISSING = "report_explanation_missing"
    REPORT_GOOD_FAITH_MISSING = "report_good_faith_missing"
    REPORT_NOT_PUBLISHED = "report_not_published"
    PRESERVATION_REASON_MISSING = "preservation_reason_missing"
    PRESERVED_NOTHING = "preserved_nothing"
    AUTHORITY_MISSING = "authority_missing"
    REPLY_WORDS_MISSING = "reply_words_missing"
    REPLY_REQUEST_UNKNOWN = "reply_request_unknown"
    REPLY_REQUEST_ANSWERED = "reply_request_answered"
    # authors
    AUTHOR_UNKNOWN = "author_unknown"
    AUTHOR_SUSPENDED = "author_suspended"
    AUTHOR_BANNED = "author_banned"
    RESTRICTION_UNKNOWN = "restriction_unknown"
    RESTRICTION_OVER = "restriction_over"
    RESTRICTION_DAYS_MISSING = "restriction_days_missing"
    ERASURE_BARRED = "erasure_barred"
    # house rules
    RULE_UNKNOWN = "rule_unknown"
    RULE_EXISTS = "rule_exists"
    RULE_OUTDATED = "rule_outdated"
    RULE_NOTE_MISSING = "rule_note_missing"
    RULES_UNREADABLE = "rules_unreadable"
    # ourselves
    SERVICE_UNAVAILABLE = "service_unavailable"
    INTERNAL_ERROR = "internal_error"


_C = RefusalCode
HTTP_STATUS: dict[RefusalCode, int] = {
    _C.AUTHENTICATION_REQUIRED: 401,
    _C.CROSS_SITE_POST: 403,
    _C.NOT_YOURS: 403,
    _C.PERMISSION_DENIED: 403,
    _C.SIGNATURE_INVALID: 401,
    _C.SIGNATURE_EXPIRED: 401,
    _C.TOO_MANY_REQUESTS: 429,
    _C.BODY_TOO_LARGE: 413,
    _C.BODY_TOO_SLOW: 408,
    _C.BODY_MALFORMED: 400,
    _C.FIELD_INVALID: 422,
    _C.CURSOR_INVALID: 400,
    _C.METHOD_NOT_ALLOWED: 405,
    _C.NOT_SERVED_HERE: 421,
    _C.MEDIA_TYPE_UNSUPPORTED: 415,
    _C.IDEMPOTENCY_KEY_REUSED: 409,
    _C.PAGE_UNKNOWN: 404,
    _C.SITE_UNKNOWN: 404,
    _C.STORY_UNKNOWN: 404,
    _C.COMMENT_UNKNOWN: 404,
    _C.STORY_CLOSED: 403,
    _C.STORY_KEY_INVALID: 422,
    _C.STORY_URL_MISSING: 422,
    _C.STORY_URL_REFUSED: 422,
    _C.STORY_OUTDATED: 409,
    _C.TEXT_EMPTY: 422,
    _C.TEXT_TOO_SHORT: 422,
    _C.TEXT_TOO_LONG: 422,
    _C.NAME_MISSING: 422,
    _C.NAME_TOO_LONG: 422,
    _C.NAME_INVALID: 422,
    _C.NAME_RESERVED: 422,
    _C.EMAIL_MISSING: 422,
    _C.EMAIL_INVALID: 422,
    _C.WEBSITE_INVALID: 422,
    _C.PARENT_UNKNOWN: 404,
    _C.PARENT_NOT_PUBLISHED: 409,
    _C.COMMENT_DUPLICATE: 409,
    _C.ADVICE_GIVEN: 409,
    _C.EDIT_WINDOW_CLOSED: 403,
    _C.EDIT_AFTER_REPLY: 409,
    _C.TRANSITION_REFUSED: 409,
    _C.DECIDED_MEANWHILE: 409,
    _C.VOTE_INVALID: 422,
    _C.VOTE_OWN_COMMENT: 403,
    _C.VOTE_NOT_PUBLISHED: 409,
    _C.VOTE_DOWN_DISABLED: 403,
    _C.VOTE_GUESTS_DISABLED: 403,
    _C.LINK_INVALID: 404,
    _C.LINK_EXPIRED: 410,
    _C.APPEAL_UNKNOWN: 404,
    _C.APPEAL_NOT_POSSIBLE: 409,
    _C.APPEAL_TOO_LATE: 403,
    _C.APPEAL_ALREADY_FILED: 409,
    _C.APPEAL_ALREADY_DECIDED: 409,
    _C.APPEAL_OWN_DECISION: 403,
    _C.APPEALS_TOO_MANY: 429,
    _C.REASON_MISSING: 422,
    _C.CASE_UNKNOWN: 404,
    _C.CASE_ALREADY_DECIDED: 409,
    _C.REPORT_REASON_MISSING: 422,
    _C.REPORT_EXPLANATION_MISSING: 422,
    _C.REPORT_GOOD_FAITH_MISSING: 422,
    _C.REPORT_NOT_PUBLISHED: 409,
    _C.PRESERVATION_REASON_MISSING: 422,
    _C.PRESERVED_NOTHING: 409,
    _C.AUTHORITY_MISSING: 422,
    _C.REPLY_WORDS_MISSING: 422,
    _C.REPLY_REQUEST_UNKNOWN: 404,
    _C.REPLY_REQUEST_ANSWERED: 409,
    _C.AUTHOR_UNKNOWN: 404,
    _C.AUTHOR_SUSPENDED: 403,
    _C.AUTHOR_BANNED: 403,
    _C.RESTRICTION_UNKNOWN: 404,
    _C.RESTRICTION_OVER: 409,
    _C.RESTRICTION_DAYS_MISSING: 422,
    _C.ERASURE_BARRED: 409,
    _C.RULE_UNKNOWN: 404,
    _C.RULE_EXISTS: 409,
    _C.RULE_OUTDATED: 409,
    _C.RULE_NOTE_MISSING: 422,
    _C.RULES_UNREADABLE: 422,
    _C.SERVICE_UNAVAILABLE: 503,
    _C.INTERNAL_ERROR: 500,
}


class Refusal(Exception):  # noqa: N818 - the glossary's word: a rule that says no is a refusal, not an error
    """A rule said no.

    Attributes:
        code: what was refused.
        field: the input field it speaks of, or None.
        details: plain values for the sentence, such as `limit=5000`; never what the reader typed.
        retry_after: seconds after which asking again makes sense, or None.
    """

    def __init__(
        self,
        code: RefusalCode,
        *,
        field: str | None = None,
        retry_after: int | None = None,
        **details: str | int | datetime,
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.field = field
        self.retry_after = retry_after
        self.details = details
