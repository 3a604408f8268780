"""Addresses of the arrears pages."""

from django.urls import path

from duban.arrears.views import acts, claim, deliveries, drafts, findings, imports, ledger, papers, progress

app_name = "arrears"
urlpatterns = [
    path("progress/", progress.progress, name="progress"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/new/", acts.recognise, name="recognise"),
    path("claims/<uuid:uid>/", claim.claim, name="claim"),
    path("claims/<uuid:uid>/papers/<int:paper>/", papers.paper, name="paper"),
    path("claims/<uuid:uid>/<slug:name>/", acts.act, name="act"),
    path("proposals/", drafts.drafts, name="drafts"),
    path("proposals/<uuid:uid>/", drafts.draft, name="draft"),
    path("imports/", imports.imports, name="imports"),
    path("imports/next/", imports.next_ledger, name="next_ledger"),
    path("imports/<uuid:uid>/", imports.statement, name="statement"),
    path("imports/<uuid:uid>/progress/", imports.progress, name="statement_progress"),
    path("imports/<uuid:uid>/annotated/", findings.annotated, name="annotated"),
    path("imports/<uuid:uid>/accept/", imports.accept, name="accept"),
    path("deliveries/", deliveries.deliver, name="deliver"),
    path("deliveries/<uuid:uid>/", deliveries.delivery, name="delivery"),
    path("deliveries/<uuid:uid>/progress/", deliveries.progress, name="delivery_progress"),
]
