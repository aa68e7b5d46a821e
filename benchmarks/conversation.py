"""The same conversation for every reading benchmark: readers' names, words that screening has nothing to say about, and
replies, in blocks of fifty comments that look alike however long the thread grows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

__all__ = ["BLOCK", "ROOTS", "SITE", "Words", "conversation", "fill", "story_key"]

SITE = "gazette"
BLOCK = 50
ROOTS = 28
"""Comments of the first level in a block, and on a page: the first page always holds one block."""
_BEGAN = datetime(2026, 3, 1, 8, tzinfo=UTC)
_SYLLABLES = "ba co de fi ga ho in jo ka le mi no ou pre qua re sti tra un ver wi ex ym za lo mer tion ment al er"
_COMMON = """
    accord aide appel bruit calme carte chemin convoi date effort espoir fin force front heure jour lecteur lettre
    matin ministre mot nord nuit paix parole pays pont porte presse province question raison route semaine soir sud
"""


@dataclass(frozen=True)
class Words:
    """One comment of the conversation; numbers begin at 1."""

    number: int
    parent: int | None
    author: str
    text: str
    written_at: datetime
    likes: int


def conversation(count: int) -> Iterator[Words]:
    """The first `count` comments, always the same."""
    chance = random.Random(7)
    vocabulary = _COMMON.split() + [
        "".join(chance.choices(_SYLLABLES.split(), k=chance.choice((2, 2, 3, 3)))) for _ in range(3000)
    ]
    weights = [1 / (rank + 6) for rank in range(len(vocabulary))]
    for number in range(1, count + 1):
        start, place = divmod(number - 1, BLOCK)
        length = max(8, int(chance.lognormvariate(3.5, 0.6)))
        text = " ".join(chance.choices(vocabulary, weights, k=length)).capitalize() + "."
        # In each block, every second comment answers one of the comments before it until the replies are used up.
        is_reply = place % 2 == 1 and place // 2 < BLOCK - ROOTS
        parent = start * BLOCK + chance.randrange(0, place, 2) + 1 if is_reply else None
        yield Words(
            number=number,
            parent=parent,
            author=f"Lectrice {chance.randint(1, 2000)}",
            text=text,
            written_at=_BEGAN + timedelta(seconds=37 * number),
            likes=chance.randint(0, 40),
        )


def story_key(count: int) -> str:
    """The key of the story with so many comments."""
    return f"fil-{count}"


def fill(*counts: int) -> None:
    """Tables, a site and one story for each count, in a database that has none. Django must be set up."""
    from django.core.management import call_command

    from comity.actions.recount import recount
    from comity.actions.sites import create_site
    from comity.actions.stories import save_story
    from comity.models import Comment
    from comity.rules.popularity import wilson_lower_bound
    from comity.text import markdown

    call_command("migrate", verbosity=0)
    site = create_site(
        key=SITE, name="La Gazette", hosts=["localhost"], domains=["gazette.example"], settings={"page_size": ROOTS}
    )
    for count in counts:
        story = save_story(site=site, key=story_key(count), title="Une trêve", body_source="Un texte.", now=_BEGAN)
        last = Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        Comment.objects.bulk_create(
            (
                Comment(
                    id=last + words.number,
                    site_id=site.id,
                    story_id=story.id,
                    parent_id=words.parent and last + words.parent,
                    root_id=words.parent and last + words.parent,
                    reply_to_id=words.parent and last + words.parent,
                    depth=int(words.parent is not None),
                    status="published",
                    is_shown=True,
                    created_at=words.written_at,
                    text_source=words.text,
                    text_html=markdown.render(words.text).html,
                    renderer_version=markdown.RENDERER_VERSION,
                    language="fr",
                    author_name=words.author,
                    up_count=words.likes,
                    imported_up_count=words.likes,
                    popularity=wilson_lower_bound(words.likes, 0),
                )
                for words in conversation(count)
            ),
            batch_size=500,
        )
    recount(repair=True)
