"""What the browsers' server holds from the start: two sites, and conversations too long to be typed.

`long` has 23 comments, the first with a reply; `branch` has one comment with 45 replies. Tests only read them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import django

START = datetime(2026, 5, 1, 12, tzinfo=UTC)


def main() -> None:
    """Fill the database that the environment names."""
    django.setup()
    from comity.actions.house_rules import save_house_rule
    from comity.actions.imports import CommentRecord, import_comments
    from comity.actions.sites import create_site
    from comity.actions.stories import save_story

    create_site(key="tribune", name="The Tribune", language="en", domains=["localhost"])
    site = create_site(
        key="gazette", name="La Gazette", language="fr", domains=["localhost"], settings={"page_size": 10}
    )

    save_house_rule(
        site=site,
        document={
            "key": "tone",
            "title": {"fr": "Ton posé"},
            "text": {"fr": "On se parle sans crier."},
            "ground": {"kind": "terms", "reference": {"fr": "Charte"}},
            "categories": ["values"],
            "outcome": "advise",
            "thresholds": {"advise": 0.5},
            "words": ["saperlipopette"],
        },
        note="Essai",
    )

    def record(number: int, text: str, parent: str | None = None) -> CommentRecord:
        return CommentRecord(
            local_id=str(number),
            author_name="Anne",
            text=text,
            created_at=START + timedelta(minutes=number),
            parent=parent,
        )

    conversations = {
        "long": [
            record(0, "Commentaire numéro 0."),
            record(1, "Une réponse au premier.", parent="0"),
            *(record(number + 1, f"Commentaire numéro {number}.") for number in range(1, 23)),
        ],
        "branch": [
            record(0, "Le début d’une longue branche."),
            *(record(number, f"Réponse numéro {number}.", parent="0") for number in range(1, 46)),
        ],
    }
    for key, records in conversations.items():
        save_story(site=site, key=key, url=f"http://localhost/{key}", title="Une trêve", now=START)
        import_comments(site=site, story_key=key, records=records)


if __name__ == "__main__":
    main()
