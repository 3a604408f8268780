"""What a workbook's findings are given out as: JSON for programs, the workbook itself with its marks for people."""

from pathlib import PurePath
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.intake import queries
from duban.intake.marked import marked_response
from duban.intake.queries import FindingWish, LookView
from duban.workbook import registry
from duban.workbook.findings import Finding


def _findings(request: Request, uid: UUID) -> tuple[LookView, list[Finding]]:
    access.require(request.user, Permission.WORKBOOK_LOOK)
    view = queries.look(uid, actor=request.user, today=timezone.localdate())
    return view, queries.as_findings(queries.findings(uid, FindingWish(), actor=request.user))


def as_json(request: Request, uid: UUID) -> HttpResponse:
    """What was found, as JSON, in the reader's language."""
    view, found = _findings(request, uid)
    answer = {
        "file": view.file_name,
        "schema": view.seen.schema if view.seen else view.schema,
        "state": view.state,
        "refusal": view.refusal or None,
        "rows": view.seen.rows if view.seen else 0,
        "findings": [finding.as_json() for finding in found],
    }
    name = f"{PurePath(view.file_name).stem}.json"
    response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response


def annotated(request: Request, uid: UUID) -> HttpResponseBase:
    """The same workbook, with what was found marked in it."""
    view, found = _findings(request, uid)
    if view.seen is None:
        raise Http404
    schemas = [schema for schema in registry.schemas() if schema.code == view.seen.schema]
    return marked_response(view.file_sha256, found, file_name=view.file_name, schemas=schemas)
