"""`comity story`: publishing from a file, and the keys of publishers' systems."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from comity.cli.ending import BAD_USAGE, DONE, Ending
from comity.cli.setting_up import require_tables
from comity.cli.story_files import StoryFileError, read_story

__all__ = ["add", "key", "show"]


def add(arguments: argparse.Namespace) -> int:
    """Publish the story of a file."""
    try:
        text = sys.stdin.read() if arguments.file == "-" else Path(arguments.file).read_text("utf-8")
        given = read_story(text)
    except UnicodeDecodeError:
        raise Ending(f"{arguments.file}: it is not UTF-8.", BAD_USAGE) from None
    except StoryFileError as error:
        raise Ending(f"{arguments.file}: {error}.", BAD_USAGE) from None
    require_tables()
    from comity.actions.stories import save_story
    from comity.queries.sites import find_site
    from comity.rules.statuses import StoryState

    site = find_site(key=arguments.site, host=None)
    story = save_story(
        site=site,
        key=given.key,
        url=given.url,
        title=given.title,
        body_source=given.body_source,
        body_format=given.body_format,
        source_credit=given.source_credit,
        section=given.section,
        authors=given.authors,
        language=given.language,
        published_at=given.published_at,
        state=StoryState(given.state),
        closes_at=given.closes_at,
        now=datetime.now(UTC),
    )
    print(f"/stories/{story.key}?site={site.key}")
    return DONE


def show(arguments: argparse.Namespace) -> int:
    """One line a story: date, comments, key, title."""
    if arguments.limit < 1:
        raise Ending("--limit must be above zero.", BAD_USAGE)
    require_tables()
    from comity.queries.sites import find_site
    from comity.queries.stories import newest_stories

    site = find_site(key=arguments.site, host=None)
    for story in newest_stories(site=site, now=datetime.now(UTC), limit=arguments.limit):
        day = story.published_at.date().isoformat() if story.published_at else " " * 10
        print(f"{day}  {story.count:>6}  {story.key}  {story.title}")
    return DONE


def key(arguments: argparse.Namespace) -> int:
    """Make a key, or end one."""
    require_tables()
    from comity.actions.keys import create_site_key, revoke_site_key
    from comity.queries.sites import find_site

    site = find_site(key=arguments.site, host=None)
    now = datetime.now(UTC)
    if arguments.revoke:
        revoke_site_key(site=site, key_id=arguments.revoke, now=now)
        print(f"The key {arguments.revoke} of {site.key} has ended.")
        return DONE
    key_id, secret = create_site_key(site=site, label=arguments.label, now=now)
    print(f"key     {key_id}\nsecret  {secret}")
    print("The secret is shown this once: it is not stored.", file=sys.stderr)
    return DONE
