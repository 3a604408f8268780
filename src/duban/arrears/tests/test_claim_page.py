"""What the page of a claim shows to whom."""

from tests import make

from duban.arrears.queries.claim import claim_on
from duban.arrears.rules.accounts import Account
from duban.arrears.tests import making
from duban.arrears.tests.making import today
from duban.identity.models import Appointment
from duban.identity.rules import Role
from duban.kernel.money import Money


def test_a_creditor_who_sees_no_posting_sees_every_transfer_of_its_claim(clerk: Appointment) -> None:
    claim = making.claim(clerk, "1").claim
    creditor = make.appointment(Role.ENTERPRISE, of="East", party_id=claim.creditor_id)
    with make.acting(creditor) as actor:
        found = claim_on(claim.uid, as_of=today(), actor=actor)
    assert found.balances[Account.UNDISPUTED] == Money.of(100)
    assert [(transfer.n, transfer.who, transfer.posting) for transfer in found.transfers] == [(1, "", None)]
