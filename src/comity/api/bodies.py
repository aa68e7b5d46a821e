"""What programs send, as the OpenAPI file describes it. Types are strict: a number is no text. Members that are not
listed are ignored, so that a newer client can speak to an older server."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field, StrictInt, StrictStr

from comity.rules.appeals import APPEAL_TEXT_MAXIMUM, APPEAL_TEXT_MINIMUM
from comity.rules.posting import NAME_MAXIMUM
from comity.rules.statuses import StoryState

__all__ = [
    "AuthorityTold",
    "CaseDecision",
    "CommentChange",
    "CommentPreview",
    "EvidenceExport",
    "NewAppeal",
    "NewComment",
    "NewReplyRequest",
    "NewReport",
    "StoryContent",
    "VoteChange",
    "Why",
]


def _one_line(value: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError("control characters")
    return value


Line = Annotated[StrictStr, AfterValidator(_one_line)]
Identifier = Annotated[StrictInt, Field(description="Id of a comment.")]


class NewComment(Schema):
    """A comment to be posted."""

    text: StrictStr = Field(
        description="Markdown: emphasis, strong, quote, list, code, spoiler, link. Length limits are the site's.",
        examples=["Merci pour cet article. La *cessation des hostilités* tiendra-t-elle ?"],
    )
    author_name: StrictStr = Field(
        "", description=f"At most {NAME_MAXIMUM} characters. Ignored for staff.", examples=["Anne"]
    )
    author_email: Line = Field("", description="Never shown. The site may require it.", examples=["anne@example.org"])
    author_website: Line = Field("", description="Only where the site asks for it.", examples=[""])
    parent_id: Identifier | None = Field(None, description="The comment that is replied to.", examples=[None])
    story_url: Line = Field(
        "",
        description="Where the story stands: https, on one of the site's domains. Needed only for the first comment.",
        examples=["https://gazette.example/monde/treve"],
    )
    honeypot: StrictStr = Field("", description="A field that people do not see. Leave it empty.", examples=[""])
    advice_token: Line = Field(
        "", description="`token` of the advice that this comment got before; empty at first.", examples=[""]
    )


class CommentPreview(Schema):
    """A text to be shown as it would be, and not posted."""

    text: StrictStr = Field(examples=["Un *essai*."])
    parent_id: Identifier | None = Field(None, description="Set for a reply, which may have other length limits.")


class CommentChange(Schema):
    """New words for one's own comment."""

    text: StrictStr = Field(examples=["Un mot corrigé."])


class VoteChange(Schema):
    """A vote, its change or its withdrawal."""

    value: StrictInt = Field(description="1 up, -1 down, 0 withdraws.", examples=[1])


class NewReport(Schema):
    """A report of a comment."""

    reason: StrictStr = Field(
        description="`hate`, `insult`, `threat`, `personal_data`, `spam`, `other`, `illegal` (a notice under article "
        "16 of the DSA: explanation, name, e-mail and good faith are needed), `child_abuse` or `danger` (explanation).",
        examples=["insult"],
    )
    explanation: StrictStr = Field("", examples=[""])
    reporter_name: StrictStr = Field("", description="Needed for `illegal` only; seen by editors only.", examples=[""])
    reporter_email: Line = Field("", description="As `reporter_name`.", examples=[""])
    good_faith: bool = Field(False, description="That what is reported is believed to be accurate and complete.")


class NewAppeal(Schema):
    """Why a decision is thought to be wrong."""

    text: StrictStr = Field(
        description=f"From {APPEAL_TEXT_MINIMUM} to {APPEAL_TEXT_MAXIMUM} characters; only the newsroom reads it.",
        examples=["C’était une citation de la pièce."],
    )


class NewReplyRequest(Schema):
    """A request for a right of reply."""

    name: StrictStr = Field(examples=["Anne"])
    email: Line = Field(examples=["anne@example.org"])
    passage: StrictStr = Field(description="The words that the reply answers.", examples=["Elle a menti."])
    reply: StrictStr = Field(examples=["Je n’ai pas menti."])


class CaseDecision(Schema):
    """What to do with a reported comment."""

    outcome: Literal["remove", "keep"]
    rule: Line = Field("", description="Key of the house rule that a removal cites.", examples=["insult"])


class Why(Schema):
    """Why something is done, for the record."""

    why: StrictStr = Field(description="Name nobody in it.", examples=["Une vie est peut-être en danger."])


class EvidenceExport(Schema):
    """What the file shall hold."""

    with_reporters: bool = Field(False, description="Also who reported.")


class AuthorityTold(Schema):
    """That an authority was told."""

    authority: StrictStr = Field(examples=["Police"])
    reference: StrictStr = Field("", description="What the authority calls the matter.", examples=["2026-0042"])
    told_at: AwareDatetime | None = Field(None, description="Now when left out.", examples=[None])


class StoryContent(Schema):
    """A story as the publisher's system wants it. What is left out is emptied: the call replaces the whole story."""

    url: Line = Field(
        "", description="https, on one of the site's domains.", examples=["https://gazette.example/monde/treve"]
    )
    title: StrictStr = Field("", examples=["Une trêve"])
    body: StrictStr = Field("", description="The article itself, if Comity shall show it.", examples=["Un *texte*."])
    body_format: Literal["markdown", "html"] = Field(
        "markdown", description="Of HTML only what an article needs is kept; no script, no style."
    )
    source_credit: StrictStr = Field("", examples=["USNEWS"])
    section: StrictStr = Field("", examples=["Monde"])
    authors: list[StrictStr] = Field([], max_length=50, description="Names that no guest may use on this story.")
    language: Line = Field("", max_length=16, description="BCP 47 tag; the site's when empty.", examples=["fr"])
    published_at: AwareDatetime | None = Field(None, examples=["2016-02-14T09:30:00Z"])
    state: StoryState = StoryState.OPEN
    closes_at: AwareDatetime | None = Field(None, description="When its comments close by themselves.", examples=[None])
