"""Loading the demo: a site, two stories, and a conversation that happens again, step by step, through the actions."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from comity.actions.comments import post_comment
from comity.actions.editing import edit_comment, withdraw_comment
from comity.actions.house_rules import save_house_rule
from comity.actions.moderation import decide_comment, set_prominence
from comity.actions.readers import add_staff
from comity.actions.sites import create_site
from comity.actions.stories import save_story
from comity.actions.votes import cast_vote
from comity.actions.writing import write_transaction
from comity.queries.shapes import SiteShape
from comity.queries.sites import all_sites
from comity.rules.actors import Actor, StaffRole
from comity.rules.statuses import CommentStatus, Prominence
from comity.rules.transitions import Move

__all__ = ["DEMO_SITE", "load_demo"]

DEMO_SITE = "demo"
NEWSROOM = "demo-newsroom"
"""User behind the newsroom's own comments; nobody knows its password."""
WITHDRAWN_AFTER = 14.0
"""Minutes: within the site's window of fifteen."""
VOTES_AFTER = timedelta(days=2)
_SITE_SETTINGS = (
    "accent", "email_requirement", "depth_limit", "page_size",
    "readers_contact", "readers_contact_person", "authorities_contact", "contact_languages",
)  # fmt: skip
_STORY_FIELDS = ("key", "title", "source_credit", "section", "language", "published_at")


def load_demo(*, now: datetime, progress: Callable[[int, int], None] = lambda _done, _total: None) -> tuple[str, ...]:
    """Make the demo site with all it has, in one transaction; nothing if it is there already. Its stories' keys.

    Args:
        now: the time of the loading; the stories and their comments keep the times of the files.
        progress: called with comments done and in all.
    """
    document = tomllib.loads(files("comity.demo").joinpath("demo.toml").read_text("utf-8"))
    keys = tuple(str(each["key"]) for each in document["story"])
    if any(site.key == DEMO_SITE for site in all_sites()):
        return keys
    with write_transaction():
        site = _make_site(document)
        newsroom = _newsroom(site, str(document["site"]["staff_name"]))
        for story in document["story"]:
            body = files("comity.demo").joinpath(story["file"]).read_text("utf-8")
            save_story(site=site, body_source=body, now=now, **{name: story[name] for name in _STORY_FIELDS})
            if story["conversation"]:
                conversation = _Conversation(site, str(story["key"]), story["published_at"], newsroom)
                conversation.hold_again(document["comment"], progress)
    return keys


def _make_site(document: Mapping[str, Any]) -> SiteShape:
    given = document["site"]
    site = create_site(
        key=DEMO_SITE,
        name=given["name"],
        language=given["language"],
        domains=given["domains"],
        settings={name: given[name] for name in _SITE_SETTINGS if name in given},
    )
    for rule in document["house_rule"]:
        save_house_rule(site=site, document=rule)
    return site


def _newsroom(site: SiteShape, name: str) -> Actor:
    staff = add_staff(
        site=site, username=NEWSROOM, role=StaffRole.EDITOR, name=name, password=secrets.token_urlsafe(40)
    )
    return Actor(site_id=site.id, staff_id=staff.id, staff_role=staff.role, staff_name=staff.name)


@dataclass(frozen=True, slots=True)
class _Step:
    """Something done to a comment, so many minutes after the story."""

    minute: float
    do: Callable[[Mapping[str, Any], datetime], None]
    comment: Mapping[str, Any]


class _Conversation:
    """One story's conversation, held again by the same people in the same order."""

    def __init__(self, site: SiteShape, story_key: str, began: datetime, newsroom: Actor) -> None:
        self._site = site
        self._story_key = story_key
        self._began = began
        self._newsroom = newsroom
        self._people: dict[str, Actor] = {}
        self._ids: dict[str, int] = {}
        self._waiting: set[str] = set()

    def hold_again(self, comments: Sequence[Mapping[str, Any]], progress: Callable[[int, int], None]) -> None:
        steps = [_Step(each["minute"], self._post, each) for each in comments]
        steps += [_Step(each["edited_minute"], self._edit, each) for each in comments if "edited_from" in each]
        for each in comments:
            if each.get("status") != "withdrawn":
                continue
            # An answered comment can't be withdrawn: its answers wait for the newsroom meanwhile, and come after.
            steps.append(_Step(each["minute"] + WITHDRAWN_AFTER, self._withdraw, each))
            answers = [answer for answer in comments if answer.get("parent") == each["id"]]
            self._waiting.update(str(answer["id"]) for answer in answers)
            steps += [_Step(each["minute"] + WITHDRAWN_AFTER + 0.5, self._publish, answer) for answer in answers]
        for step in sorted(steps, key=lambda step: step.minute):
            step.do(step.comment, self._began + timedelta(minutes=step.minute))
        for done, each in enumerate(comments, start=1):
            self._vote(each)
            progress(done, len(comments))

    def _post(self, given: Mapping[str, Any], now: datetime) -> None:
        staff = bool(given.get("staff"))
        name = str(given["author"])
        actor = self._newsroom if staff else self._people.get(name, self._someone())
        posted = post_comment(
            actor=actor,
            site=self._site,
            story_key=self._story_key,
            story_url="",
            text=given.get("edited_from", given["text"]),
            author_name=name,
            parent_id=self._ids[given["parent"]] if "parent" in given else None,
            now=now,
        )
        if posted.device_id is not None:
            self._people[name] = replace(actor, device_id=posted.device_id, new_device_token=None)
        comment_id = self._ids[given["id"]] = posted.own.comment.id
        held = given.get("status") == "held" or given["id"] in self._waiting
        wanted = CommentStatus.HELD if held else CommentStatus.PUBLISHED
        self._settle(comment_id, posted.own.status, wanted, now)
        prominence = Prominence.PINNED if given.get("pinned") else Prominence.PICKED if given.get("picked") else None
        if prominence is not None:
            set_prominence(actor=self._newsroom, site=self._site, comment_id=comment_id, prominence=prominence, now=now)

    def _edit(self, given: Mapping[str, Any], now: datetime) -> None:
        comment_id = self._ids[given["id"]]
        actor = self._people[given["author"]]
        edited = edit_comment(actor=actor, site=self._site, comment_id=comment_id, text=given["text"], now=now)
        self._settle(comment_id, edited.own.status, CommentStatus.PUBLISHED, now)

    def _withdraw(self, given: Mapping[str, Any], now: datetime) -> None:
        actor = self._people[given["author"]]
        withdraw_comment(actor=actor, site=self._site, comment_id=self._ids[given["id"]], now=now)

    def _publish(self, given: Mapping[str, Any], now: datetime) -> None:
        self._settle(self._ids[given["id"]], CommentStatus.HELD, CommentStatus.PUBLISHED, now)

    def _settle(self, comment_id: int, status: CommentStatus, wanted: CommentStatus, now: datetime) -> None:
        """The newsroom decides where the screening line says something else than the demo shows."""
        if status is not wanted:
            move = Move.HOLD if wanted is CommentStatus.HELD else Move.PUBLISH
            decide_comment(actor=self._newsroom, site=self._site, comment_id=comment_id, move=move, now=now)

    def _vote(self, given: Mapping[str, Any]) -> None:
        if "status" in given:
            return
        up = int(given["up"])
        for number in range(up + int(given["down"])):
            voter = self._people.get(f"voter {number}", self._someone())
            cast = cast_vote(
                actor=voter,
                site=self._site,
                comment_id=self._ids[given["id"]],
                value=1 if number < up else -1,
                now=self._began + VOTES_AFTER,
            )
            if cast.device_id is not None:
                self._people[f"voter {number}"] = replace(voter, device_id=cast.device_id, new_device_token=None)

    def _someone(self) -> Actor:
        return Actor(site_id=self._site.id, new_device_token=secrets.token_urlsafe(32))
