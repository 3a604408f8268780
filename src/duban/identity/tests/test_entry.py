from tests import make

from duban.identity.models import Scope, Sight


def test_a_transaction_that_has_not_entered_sees_no_rows(database: str) -> None:
    make.unit("Roads")
    assert Scope.objects.count() == 0


def test_an_office_sees_its_county_and_no_other(database: str) -> None:
    make.unit("City")
    make.unit("East", under="City")
    make.unit("West", under="City")
    with make.acting(make.appointment(of="East")) as actor:
        assert len(actor.sight) == 1
        assert Sight.objects.count() == 1
