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
from duban.arrears.models.drafts import Draft, DraftDecision
from duban.arrears.models.law import PrimeRate
from duban.arrears.models.ledger import Claim, ClaimFact, ClosedMonth, Contract, Facts, Part, Transfer
from duban.arrears.models.projections import ClaimNow, Flow, Fold, FoldedFlow
from duban.arrears.models.reporting import (
    ReportingDeadline,
    ReportingDuty,
    SealedSheet,
    ZeroReport,
    ZeroWithdrawal,
)
from duban.arrears.models.settlements import ActDetail, ClaimLink, Evidence, Settlement, SettlementEvent
from duban.arrears.models.statements import (
    Answer,
    AnswerPaper,
    DeliveredFile,
    Delivery,
    Finding,
    Question,
    StatedClaim,
    Statement,
    StatementRow,
)

__all__ = [
    "ActDetail",
    "Answer",
    "AnswerPaper",
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
    "Draft",
    "DraftDecision",
    "Evidence",
    "Facts",
    "Finding",
    "Flow",
    "Fold",
    "FoldedFlow",
    "Part",
    "PrimeRate",
    "Question",
    "ReportingDeadline",
    "ReportingDuty",
    "SealedSheet",
    "Settlement",
    "SettlementEvent",
    "StatedClaim",
    "Statement",
    "StatementRow",
    "Transfer",
    "ZeroReport",
    "ZeroWithdrawal",
]
