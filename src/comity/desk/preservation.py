"""What is done about a case when life or safety is in danger: from putting evidence aside to letting it go."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpResponse

from comity.actions.preservation import export_case, preserve_case, record_told, release_case
from comity.desk.access import desk_page
from comity.desk.moments import moment_of
from comity.desk.reports import show_case
from comity.rules.actors import Actor
from comity.rules.permissions import Permission
from comity.rules.refusals import HTTP_STATUS, Refusal
from comity.stream.visits import Visit
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.etags import answer_private

__all__ = ["export", "preserve", "release", "told"]


def _done(
    visit: Visit, actor: Actor, case_id: int, part: str, word: str, act: Callable[[Mapping[str, str]], object]
) -> HttpResponse:
    """Do what a form asks, and lead back to the case; what was typed is kept when it is refused."""
    form = read_form(visit.request)
    try:
        act(form)
    except Refusal as refusal:
        if HTTP_STATUS[refusal.code] != 422:
            raise
        return show_case(visit, actor, case_id, values=form, part=part, refusal=refusal)
    return see_other(visit.address("desk-case", query={"done": word}, case_id=case_id) + "#put-aside")


@desk_page("POST", permission=Permission.PRESERVE_EVIDENCE)
def preserve(visit: Visit, actor: Actor, case_id: int) -> HttpResponse:
    """Put aside what is known."""

    def act(form: Mapping[str, str]) -> object:
        return preserve_case(actor=actor, site=visit.site, case_id=case_id, why=form.get("why", ""), now=visit.now)

    return _done(visit, actor, case_id, "preserve", "preserved", act)


@desk_page("POST", permission=Permission.PRESERVE_EVIDENCE)
def export(visit: Visit, actor: Actor, case_id: int) -> HttpResponse:
    """What was put aside, as a file to hand over. A post, since that it was taken out is recorded."""
    with_reporters = bool(read_form(visit.request).get("with_reporters"))
    body = export_case(actor=actor, site=visit.site, case_id=case_id, with_reporters=with_reporters, now=visit.now)
    response = answer_private(body, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="comity-case-{case_id}.json"'
    return response


@desk_page("POST", permission=Permission.PRESERVE_EVIDENCE)
def told(visit: Visit, actor: Actor, case_id: int) -> HttpResponse:
    """Record which authority was told."""

    def act(form: Mapping[str, str]) -> object:
        return record_told(
            actor=actor,
            site=visit.site,
            case_id=case_id,
            authority=form.get("authority", ""),
            reference=form.get("reference", ""),
            told_at=moment_of(form, "told_at"),
            now=visit.now,
        )

    return _done(visit, actor, case_id, "told", "told", act)


@desk_page("POST", permission=Permission.PRESERVE_EVIDENCE)
def release(visit: Visit, actor: Actor, case_id: int) -> HttpResponse:
    """Let go of what is put aside."""

    def act(form: Mapping[str, str]) -> object:
        return release_case(actor=actor, site=visit.site, case_id=case_id, why=form.get("why", ""), now=visit.now)

    return _done(visit, actor, case_id, "release", "released", act)
