"""Every word of the command line, and how each one ends.

Nothing is imported before it is asked for: `comity screen` needs no Django, and `comity --help` answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from comity import __version__
from comity.cli.ending import BAD_USAGE, DONE, FAILED, INTERRUPTED, UNAVAILABLE, Ending

__all__ = ["build_parser", "main"]

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code: 0 done, 1 a fault was found, 2 bad usage, 3 something it needs is missing."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["screen"]:
        screen: Callable[[Sequence[str]], int] = import_module("comity.screening.cli").main
        return _ended(lambda: screen(given[1:]))
    if given[:2] == ["screening", "train"]:
        train: Callable[[Sequence[str]], int] = import_module("comity.screening.commands").main
        return _ended(lambda: train(given[1:]))
    parsed = build_parser().parse_args(given)
    return _ended(lambda: _command(parsed.command)(parsed))


def _command(address: str) -> Command:
    module, _, name = address.partition(":")
    command: Command = getattr(import_module(f"comity.cli.{module}"), name)
    return command


def _ended(run: Callable[[], int]) -> int:
    try:
        code = run()
        if sys.stdout:  # None where it was closed before the start
            sys.stdout.flush()
    except Ending as ending:
        return _say(str(ending), ending.code)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - nobody reads any more: what is left goes nowhere
        return DONE
    except Exception as error:  # noqa: BLE001 - whatever happened, the person at the terminal gets a sentence
        return _explained(error)
    return code


def _explained(error: Exception) -> int:
    """A sentence for what a command may meet. Messages are shown only where they can hold no secret and no text."""
    refusals = sys.modules.get("comity.rules.refusals")
    if refusals is not None and isinstance(error, refusals.Refusal):
        return _say(import_module("comity.cli.setting_up").refusal_sentence(error), FAILED)
    if type(error).__name__ == "ImproperlyConfigured":
        return _say(str(error), UNAVAILABLE)
    if "django" in sys.modules:
        databases = import_module("django.db")
        if isinstance(error, databases.Error):
            return _say(import_module("comity.cli.setting_up").database_sentence(error), UNAVAILABLE)
    if isinstance(error, OSError):
        return _say(f"{error.filename or 'A file'}: {error.strerror or type(error).__name__}.", UNAVAILABLE)
    trace: Any = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__', 'unknown')}:{trace.tb_lineno}"
    return _say(f"A fault of Comity's own: {type(error).__name__} at {place}. Please report it.", FAILED)


def _say(sentence: str, code: int) -> int:
    print(f"comity: {sentence}", file=sys.stderr)
    return code


class _Parser(argparse.ArgumentParser):
    """argparse, with one sentence where it would print the usage too."""

    def error(self, message: str) -> Any:
        self.exit(BAD_USAGE, f"{self.prog}: {message}. See {self.prog} --help\n")


def build_parser() -> argparse.ArgumentParser:
    """All commands with their help."""
    parser = _Parser(
        prog="comity",
        description="The comment platform for news publishers, on the publisher's own machine.",
        epilog="Settings come from COMITY_* environment variables: docs/settings.md. A host project's are named by"
        " DJANGO_SETTINGS_MODULE instead.",
    )
    parser.add_argument("--version", action="version", version=f"comity {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def word(name: str, summary: str, command: str, to: Any = commands) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = to.add_parser(name, help=summary, description=f"{summary}.")
        made.set_defaults(command=command)
        return made

    def family(name: str, summary: str) -> Any:
        made = commands.add_parser(name, help=summary, description=f"{summary}.")
        return made.add_subparsers(title="commands", metavar="COMMAND", required=True)

    serve = word("serve", "Serve Comity, with the worker beside it", "serving:serve")
    serve.add_argument("--bind", metavar="ADDRESS", help="address to listen on (COMITY_BIND, else 127.0.0.1)")
    serve.add_argument("--port", metavar="NUMBER", help="port to listen on (COMITY_PORT, else 8000)")
    serve.add_argument("--demo", action="store_true", help="load the demo and two staff accounts; only on loopback")

    roles = serve.add_mutually_exclusive_group()
    roles.add_argument("--web", action="store_true", help="everything but open connections and the worker")
    roles.add_argument("--front", action="store_true", help="only what everybody reads, and open connections")
    serve.add_argument(
        "--processes", type=int, metavar="NUMBER", help="so many servers on one port; SIGHUP exchanges them one by one"
    )
    serve.add_argument("--inherit", help=argparse.SUPPRESS)

    worker = word("worker", "Do what follows from events, without serving", "working:work")
    worker.add_argument("--once", action="store_true", help="do what is due now, then end")
    worker.add_argument("--threads", type=int, default=1, metavar="NUMBER", help="how many at once (1)")

    word("migrate", "Bring the database to this release's tables", "database:migrate")
    word("demo", "Load the demo site: two stories and a conversation", "demo:load")

    site = family("site", "Sites of this installation")
    site_add = word("add", "Make a site", "sites:add", site)
    _site_arguments(site_add)
    site_set = word("set", "Change a site's settings", "sites:change", site)
    _site_arguments(site_set)
    word("list", "List the sites", "sites:show", site)

    story = family("story", "Stories of a site, and keys that publish them")
    story_add = word("add", "Publish a story from a file, or change it", "stories:add", story)
    story_add.add_argument(
        "file", metavar="FILE", help="Markdown after a TOML head between +++ lines, or JSON; - is standard input"
    )
    story_list = word("list", "List the newest stories", "stories:show", story)
    story_list.add_argument("--limit", type=int, default=20, metavar="NUMBER", help="how many (20)")
    story_key = word("key", "Make a key with which a publisher's system signs its calls", "stories:key", story)
    story_key.add_argument("--label", default="", help="what the key is for")
    story_key.add_argument("--revoke", metavar="KEY", help="end this key instead of making one")

    staff = family("staff", "Staff accounts of a site")
    staff_add = word("add", "Make somebody a member of a site's staff", "staff:add", staff)
    staff_add.add_argument("username", help="name to sign in with")
    staff_add.add_argument("--role", choices=["editor", "moderator"], required=True, help="what they may do")
    staff_add.add_argument("--name", help="name shown beside their comments (the user name)")
    word("list", "List a site's staff", "staff:show", staff)
    staff_password = word("password", "Set a password", "staff:password", staff)
    staff_password.add_argument("username", help="whose")
    rules = family("rules", "House rules of a site, as files")
    rules_export = word("export", "Write the rules in force as TOML", "rules:export", rules)
    rules_diff = word("diff", "Say in which fields a file differs from the rules in force", "rules:compare", rules)
    rules_import = word("import", "Save the rules in a file, as new versions", "rules:import_file", rules)
    rules_import.add_argument("--note", required=True, help="why, for the record")
    rules_import.add_argument("--from", dest="in_force_from", metavar="DATE", help="from when they hold (now)")
    rules_try = word("try", "Say what a draft would change on the site's own comments", "rules:try_out", rules)
    rules_try.add_argument("--days", type=int, default=30, metavar="NUMBER", help="comments of how many days (30)")
    for each in (rules_diff, rules_import, rules_try):
        each.add_argument("file", metavar="FILE", help="the rules in TOML; - is standard input")

    of_a_site = (story_add, story_list, story_key, staff_add, staff.choices["list"])
    for each in (*of_a_site, rules_export, rules_diff, rules_import, rules_try):
        each.add_argument("--site", metavar="KEY", help="the site (else the only one)")

    retention = family("retention", "How long what is kept, and letting go of it")
    retention_run = word("run", "Let go of what has served its time", "retention:run", retention)
    retention_run.add_argument("--note", default="By hand", help="why, for the record")
    word("show", "Say how long each class of data is kept, and when retention last ran", "retention:show", retention)
    erase = family("erase", "Erasing for good what an author or a reporter left")
    erase_comment = word("comment", "Erase a comment's words, author and evidence", "retention:erase_comment", erase)
    erase_comment.add_argument("number", type=int, metavar="NUMBER", help="the comment")
    erase_author = word(
        "author", "Erase every comment of an author, and what they were known by", "retention:erase_author", erase
    )
    whose = erase_author.add_mutually_exclusive_group(required=True)
    whose.add_argument("--comment", type=int, metavar="NUMBER", help="whoever wrote this comment")
    whose.add_argument("--device", type=int, metavar="NUMBER", help="this device")
    whose.add_argument("--reader", type=int, metavar="NUMBER", help="this reader")
    erase_email = word(
        "email", "Erase what was left under an e-mail address, read from standard input", "retention:erase_email", erase
    )
    for each in (retention_run, erase_comment, erase_author, erase_email):
        each.add_argument("--site", metavar="KEY", help="the site (else the only one)")

    recount = word("recount", "Compare every counter with the rows it counts, and mend it", "database:recount")
    recount.add_argument("--check", action="store_true", help="mend nothing; exit code 1 if something differs")
    recount.add_argument("--site", metavar="KEY", help="this site alone")

    word("doctor", "Look this installation over, one line for each finding", "doctor:examine")
    commands.add_parser("screen", help="Say what the screening engine makes of a text", add_help=False)
    _screening_words(family("screening", "What the screening learnt, and how good it is"), word)
    return parser


def _screening_words(screening: Any, word: Callable[..., argparse.ArgumentParser]) -> None:
    evaluate = word(
        "evaluate", "Compare versions of the screening on the site's history", "screening:evaluate", screening
    )
    evaluate.add_argument("--history", metavar="FILE", help="a history in JSON lines, instead of the site's own")
    evaluate.add_argument("--limit", type=int, default=1000, metavar="NUMBER", help="the newest so many (1000)")
    evaluate.add_argument("--unseen", action="store_true", help="only what was decided after both heads had learnt")
    for which, dashes in (("first", "--"), ("second", "--against-")):
        evaluate.add_argument(f"{dashes}rules", metavar="FILE", help=f"house rules of the {which}, in TOML")
        evaluate.add_argument(f"{dashes}head", metavar="FILE", help=f"site head of the {which}, from a file")
        evaluate.add_argument(f"{dashes}version", type=int, metavar="NUMBER", help=f"site head of the {which}; 0: none")
    evaluate.add_argument("--json", action="store_true", help="figures as one JSON object")
    replay = word(
        "replay", "Build the site's own head anew from every decision in order", "screening:replay", screening
    )
    replay.add_argument("--everything", action="store_true", help="also what was undone")
    undo = word("undo", "Put an earlier version of the site's own head in force again", "screening:undo", screening)
    undo.add_argument("--to", type=int, metavar="NUMBER", help="the version (else the versions are listed)")
    undo.add_argument("--limit", type=int, default=20, metavar="NUMBER", help="how many versions to list (20)")
    for each in (evaluate, replay, undo):
        each.add_argument("--site", metavar="KEY", help="the site (else the only one)")
    screening.add_parser("train", help="Train the screening model anew", add_help=False)


def _site_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", help="the site's key, as in site=KEY")
    parser.add_argument("--name", help="name of the publication")
    parser.add_argument("--language", metavar="TAG", help="its language, such as fr")
    parser.add_argument("--host", action="append", metavar="HOST", help="host name by which Comity is reached for it")
    parser.add_argument("--domain", action="append", metavar="DOMAIN", help="domain on which its stories stand")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="another setting: docs/settings.md"
    )
