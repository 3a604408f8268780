"""Addresses of the arrears pages."""

from django.urls import path

from duban.arrears.views import (
    acts,
    board,
    board_year,
    claim,
    deliveries,
    findings,
    imports,
    ledger,
    progress,
    reconciling,
    reporters,
    rollforward,
    zero,
)

app_name = "arrears"
urlpatterns = [
    path("progress/", progress.progress, name="progress"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("board/", board.month, name="board"),
    path("board/year/", board_year.year, name="board_year"),
    path("board/reporters/", reporters.reporters, name="reporters"),
    path("board/zero/", zero.hand_in, name="zero"),
    path("board/zero/form/", zero.form, name="zero_form"),
    path("board/zero/<uuid:uid>/", zero.report, name="zero_report"),
    path("board/zero/<uuid:uid>/scan/", zero.scan, name="zero_scan"),
    path("board/zero/<uuid:uid>/withdraw/", zero.withdraw, name="zero_withdraw"),
    path("rollforward/", rollforward.roll_forward, name="rollforward"),
    path("rollforward/claims/", rollforward.claims, name="rollforward_claims"),
    path("claims/<uuid:uid>/", claim.claim, name="claim"),
    path("claims/<uuid:uid>/<slug:name>/", acts.act, name="act"),
    path("imports/", imports.imports, name="imports"),
    path("imports/next/", imports.next_ledger, name="next_ledger"),
    path("imports/<uuid:uid>/", imports.statement, name="statement"),
    path("imports/<uuid:uid>/progress/", imports.progress, name="statement_progress"),
    path("imports/<uuid:uid>/annotated/", findings.annotated, name="annotated"),
    path("imports/<uuid:uid>/sheet/", reconciling.paper, name="sheet"),
    path("imports/<uuid:uid>/sheet/<int:number>/", reconciling.scan, name="sealed_scan"),
    path("imports/<uuid:uid>/accept/", imports.accept, name="accept"),
    path("deliveries/", deliveries.deliver, name="deliver"),
    path("deliveries/<uuid:uid>/", deliveries.delivery, name="delivery"),
    path("deliveries/<uuid:uid>/progress/", deliveries.progress, name="delivery_progress"),
]
