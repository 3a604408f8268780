"""What a person does to a campaign: one function is one act."""

from duban.arrears.commands.campaign.keeping import begin, set_clause, set_target
from duban.arrears.commands.campaign.members import Moved, enter_members, set_member
from duban.arrears.commands.campaign.orders import decide_order, draft_correction, draft_order
from duban.arrears.commands.claim.acting import Act, Paper

__all__ = [
    "Act",
    "Moved",
    "Paper",
    "begin",
    "decide_order",
    "draft_correction",
    "draft_order",
    "enter_members",
    "set_clause",
    "set_member",
    "set_target",
]
