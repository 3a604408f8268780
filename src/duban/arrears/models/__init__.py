"""What is stored of arrears."""

from duban.arrears.models.ledger import Claim, ClaimFact, ClosedMonth, Contract, Facts, Part, Transfer
from duban.arrears.models.projections import ClaimNow, Flow, Fold, FoldedFlow
from duban.arrears.models.statements import DeliveredFile, Delivery, Finding, Statement, StatementRow

__all__ = [
    "Claim",
    "ClaimFact",
    "ClaimNow",
    "ClosedMonth",
    "Contract",
    "DeliveredFile",
    "Delivery",
    "Facts",
    "Finding",
    "Flow",
    "Fold",
    "FoldedFlow",
    "Part",
    "Statement",
    "StatementRow",
    "Transfer",
]
