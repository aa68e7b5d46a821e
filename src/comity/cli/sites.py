"""`comity site`: the sites of an installation."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import time

from comity.cli.ending import BAD_USAGE, DONE, Ending
from comity.cli.setting_up import require_tables

__all__ = ["SETTINGS", "add", "change", "show"]


def _yes_or_no(value: str) -> bool:
    known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if value.lower() not in known:
        raise ValueError("yes or no")
    return known[value.lower()]


def _hour(value: str) -> time | None:
    return time.fromisoformat(value) if value else None


def _number_or_none(value: str) -> int | None:
    return int(value) if value else None


SETTINGS: dict[str, Callable[[str], object]] = {
    "accent": str,
    "authorities_contact": str,
    "branch_size": int,
    "close_after_days": _number_or_none,
    "closes_at": _hour,
    "contact_languages": str,
    "comment_maximum": int,
    "comment_minimum": int,
    "depth_limit": int,
    "down_votes": _yes_or_no,
    "edit_window_seconds": int,
    "email_requirement": str,
    "guest_votes": _yes_or_no,
    "opens_at": _hour,
    "page_size": int,
    "pre_moderated": _yes_or_no,
    "readers_contact": str,
    "readers_contact_person": _yes_or_no,
    "reply_maximum": int,
    "reply_minimum": int,
    "time_zone": str,
    "website_field": _yes_or_no,
}
"""How each setting is read; its name and language have options of their own."""


def _settings(arguments: argparse.Namespace) -> dict[str, object]:
    given: dict[str, object] = {}
    for each in arguments.set:
        name, equals, value = each.partition("=")
        if not equals or name not in SETTINGS:
            raise Ending(f"--set {name}: one of {', '.join(SETTINGS)} with =VALUE is needed.", BAD_USAGE)
        try:
            given[name] = SETTINGS[name](value.strip())
        except ValueError:
            raise Ending(f"--set {name}: this value cannot be read.", BAD_USAGE) from None
    return given


def add(arguments: argparse.Namespace) -> int:
    """Make a site."""
    if not arguments.name:
        raise Ending("A site needs a name: --name.", BAD_USAGE)
    settings = _settings(arguments)
    require_tables()
    from comity.actions.sites import create_site

    site = create_site(
        key=arguments.key,
        name=arguments.name,
        language=arguments.language or "fr",
        hosts=arguments.host or (),
        domains=arguments.domain or (),
        settings=settings,
    )
    print(f"{site.key}: {site.name}")
    return DONE


def change(arguments: argparse.Namespace) -> int:
    """Change what was given; hosts and domains as a whole."""
    settings = _settings(arguments)
    if arguments.name:
        settings["name"] = arguments.name
    if arguments.language:
        settings["language"] = arguments.language
    require_tables()
    from comity.actions.sites import change_site

    site = change_site(key=arguments.key, hosts=arguments.host, domains=arguments.domain, settings=settings)
    print(f"{site.key}: {site.name}")
    return DONE


def show(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the signature of all commands
    """One line a site: key, name, language, hosts, domains."""
    require_tables()
    from comity.queries.sites import all_sites

    for site in all_sites():
        hosts = f"  hosts {', '.join(site.hosts)}" if site.hosts else ""
        domains = f"  domains {', '.join(site.domains)}" if site.domains else ""
        print(f"{site.key}  {site.name}  {site.language}{hosts}{domains}")
    return DONE
