"""`comity staff`: accounts of a site's staff. Passwords are asked for, or read from standard input; never arguments."""

from __future__ import annotations

import argparse
import getpass
import sys

from comity.cli.ending import BAD_USAGE, DONE, Ending
from comity.cli.setting_up import require_tables

__all__ = ["add", "password", "show"]


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise Ending("The two passwords differ.", BAD_USAGE)
    return first


def add(arguments: argparse.Namespace) -> int:
    """Make somebody staff; a password is asked for only if the account is new."""
    require_tables()
    from django.contrib.auth import get_user_model

    from comity.actions.readers import add_staff
    from comity.queries.sites import find_site
    from comity.rules.actors import StaffRole

    site = find_site(key=arguments.site, host=None)
    model = get_user_model()
    known = model.objects.filter(**{model.USERNAME_FIELD: arguments.username}).exists()
    staff = add_staff(
        site=site,
        username=arguments.username,
        role=StaffRole(arguments.role),
        name=arguments.name or arguments.username,
        password=None if known else _ask_password(),
    )
    print(f"{staff.name} is {staff.role} of {site.key}" + (", with the password they have." if known else "."))
    return DONE


def password(arguments: argparse.Namespace) -> int:
    """Set somebody's password."""
    require_tables()
    from comity.actions.readers import set_password

    set_password(username=arguments.username, password=_ask_password())
    print(f"{arguments.username} has a new password.")
    return DONE


def show(arguments: argparse.Namespace) -> int:
    """One line a member: role, name."""
    require_tables()
    from comity.queries.readers import all_staff
    from comity.queries.sites import find_site

    for each in all_staff(site=find_site(key=arguments.site, host=None)):
        print(f"{each.role:<10} {each.name}" + ("" if each.active else "  (not active)"))
    return DONE
