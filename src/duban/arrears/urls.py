"""Addresses of the arrears pages."""

from django.urls import path

from duban.arrears.views import acts, claim, deliveries, findings, imports, ledger, progress
from duban.arrears.views.campaigns import base, bridge, campaign, clauses, listing, members, orders

app_name = "arrears"
urlpatterns = [
    path("progress/", progress.progress, name="progress"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("claims/<uuid:uid>/", claim.claim, name="claim"),
    path("claims/<uuid:uid>/<slug:name>/", acts.act, name="act"),
    path("imports/", imports.imports, name="imports"),
    path("imports/next/", imports.next_ledger, name="next_ledger"),
    path("imports/<uuid:uid>/", imports.statement, name="statement"),
    path("imports/<uuid:uid>/progress/", imports.progress, name="statement_progress"),
    path("imports/<uuid:uid>/annotated/", findings.annotated, name="annotated"),
    path("imports/<uuid:uid>/accept/", imports.accept, name="accept"),
    path("campaigns/", listing.listing, name="campaigns"),
    path("campaigns/begin/", listing.begin, name="begin_campaign"),
    path("campaigns/<uuid:uid>/", campaign.one, name="campaign"),
    path("campaigns/<uuid:uid>/set/<slug:name>/", clauses.clause, name="campaign_clause"),
    path("campaigns/<uuid:uid>/members/", members.members, name="campaign_members"),
    path("campaigns/<uuid:uid>/orders/<slug:name>/", orders.draft, name="campaign_order"),
    path("campaigns/<uuid:uid>/base/", base.base, name="campaign_base"),
    path("campaigns/<uuid:uid>/bridge/", bridge.bridge, name="campaign_bridge"),
    path("campaigns/<uuid:uid>/bridge/claims/", bridge.claims, name="campaign_bridge_claims"),
    path("orders/<uuid:uid>/", orders.order, name="base_order"),
    path("orders/<uuid:uid>/decide/", orders.decide, name="decide_base_order"),
    path("deliveries/", deliveries.deliver, name="deliver"),
    path("deliveries/<uuid:uid>/", deliveries.delivery, name="delivery"),
    path("deliveries/<uuid:uid>/progress/", deliveries.progress, name="delivery_progress"),
]
