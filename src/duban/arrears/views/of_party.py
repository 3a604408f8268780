"""Where the claims of a party are listed, for the party's own page."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from duban.register.elsewhere import Place


def claims_of(name: str) -> Place:
    """The ledger, narrowed to claims whose debtor or creditor is called so."""
    url = f"{reverse('arrears:ledger')}?{urlencode({'q': name})}"
    return Place(_("Claims in the ledger of {name}").format(name=name), url)
