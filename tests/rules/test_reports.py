from __future__ import annotations

import pytest

from comity.rules.refusals import Refusal
from comity.rules.replies import check_reply_draft
from comity.rules.reports import ReportReason, check_notice

SIGNED = {"reason": "illegal", "explanation": "Ce passage accuse sans preuve.", "name": "Anne", "email": "a@b.example"}


@pytest.mark.parametrize(
    ("given", "refused", "field"),
    [
        ({"reason": "spam"}, None, None),
        ({"reason": "other", "explanation": "x"}, None, None),
        ({}, "report_reason_missing", "reason"),
        ({"reason": "because"}, "report_reason_missing", "reason"),
        ({"reason": "spam", "explanation": "x" * 3001}, "text_too_long", "explanation"),
        ({"reason": "spam", "explanation": "x" * 20_000}, "text_too_long", "explanation"),
        ({"reason": "spam", "email": "nobody"}, "email_invalid", "reporter_email"),
        ({**SIGNED, "good_faith": True}, None, None),
        ({**SIGNED, "good_faith": True, "explanation": "Faux."}, "report_explanation_missing", "explanation"),
        (SIGNED, "report_good_faith_missing", "good_faith"),
        ({**SIGNED, "good_faith": True, "name": " "}, "name_missing", "reporter_name"),
        ({**SIGNED, "good_faith": True, "email": ""}, "email_missing", "reporter_email"),
        ({"reason": "child_abuse", "explanation": "Une image dans le lien du texte."}, None, None),
        ({"reason": "danger", "explanation": "Quelqu’un annonce vouloir en finir."}, None, None),
        ({"reason": "danger"}, "report_explanation_missing", "explanation"),
    ],
)
def test_what_each_reason_asks(given: dict[str, object], refused: str | None, field: str | None) -> None:
    notice = {"reason": "", "explanation": "", "name": "", "email": "", "good_faith": False, **given}
    if refused is None:
        made = check_notice(**notice)  # type: ignore[arg-type]  # a table of keyword arguments
        assert made.is_kept == (made.reason in {"illegal", "child_abuse", "danger"})
        assert made.is_urgent == (made.reason is ReportReason.DANGER)
    else:
        with pytest.raises(Refusal, match=refused) as caught:
            check_notice(**notice)  # type: ignore[arg-type]  # a table of keyword arguments
        assert caught.value.field == field


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, None),
        ({"passage": " "}, "reply_words_missing"),
        ({"reply": ""}, "reply_words_missing"),
        ({"reply": "x" * 10_001}, "text_too_long"),
        ({"reply": "x" * 50_000}, "text_too_long"),
        ({"name": ""}, "name_missing"),
        ({"email": ""}, "email_missing"),
    ],
)
def test_what_a_right_of_reply_asks(change: dict[str, str], refused: str | None) -> None:
    draft = {
        "name": "Anne",
        "email": "a@b.example",
        "passage": "Elle a menti.",
        "reply": "Je n’ai pas menti.",
        **change,
    }
    if refused is None:
        assert check_reply_draft(**draft).name == "Anne"
    else:
        with pytest.raises(Refusal, match=refused):
            check_reply_draft(**draft)
