"""What is stored of arrears."""

from duban.arrears.models.drafts import Draft, DraftDecision
from duban.arrears.models.ledger import Claim, ClaimFact, ClosedMonth, Contract, Facts, Part, Transfer
from duban.arrears.models.projections import ClaimNow, Flow, Fold, FoldedFlow
from duban.arrears.models.settlements import ActDetail, ClaimLink, Evidence, Settlement, SettlementEvent
from duban.arrears.models.statements import DeliveredFile, Delivery, Finding, Statement, StatementRow

__all__ = [
    "ActDetail",
    "Claim",
    "ClaimFact",
    "ClaimLink",
    "ClaimNow",
    "ClosedMonth",
    "Contract",
    "DeliveredFile",
    "Delivery",
    "Draft",
    "DraftDecision",
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
