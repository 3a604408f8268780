"""What is stored of arrears."""

from duban.arrears.models.campaigns import (
    BaseDecision,
    BaseLine,
    BaseOrder,
    Campaign,
    CampaignClause,
    CampaignMember,
    CampaignTarget,
)
from duban.arrears.models.ledger import Claim, ClaimFact, ClosedMonth, Contract, Facts, Part, Transfer
from duban.arrears.models.projections import ClaimNow, Flow, Fold, FoldedFlow
from duban.arrears.models.settlements import ActDetail, ClaimLink, Evidence, Settlement, SettlementEvent
from duban.arrears.models.statements import DeliveredFile, Delivery, Finding, Statement, StatementRow

__all__ = [
    "ActDetail",
    "BaseDecision",
    "BaseLine",
    "BaseOrder",
    "Campaign",
    "CampaignClause",
    "CampaignMember",
    "CampaignTarget",
    "Claim",
    "ClaimFact",
    "ClaimLink",
    "ClaimNow",
    "ClosedMonth",
    "Contract",
    "DeliveredFile",
    "Delivery",
    "Evidence",
    "Facts",
    "Finding",
    "Flow",
    "Fold",
    "FoldedFlow",
    "Part",
    "Settlement",
    "SettlementEvent",
    "Statement",
    "StatementRow",
    "Transfer",
]
