import zipfile
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from tests import make

from duban.arrears import commands
from duban.arrears.commands.delivering import NothingDelivered, NotToBeHandedIn
from duban.arrears.models import DeliveredFile, Delivery
from duban.arrears.queries.deliveries import DeliveryView, delivery
from duban.arrears.queries.imports import statements
from duban.arrears.tests import making
from duban.audit import queries as trail
from duban.evidence.models import File
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.intake import commands as intake

LAST_MONTH = date(2026, 3, 31)


def titled(title: str, *, seal: str = "") -> bytes:
    """A workbook with a title, a seal line and one claim."""
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, [title])
        sheet.write_row(1, 0, [f"填报单位（盖章）：{seal}" if seal else "单位：元"])
        sheet.write_row(2, 0, ["台账编号", "拖欠主体名称", "债权企业", "欠款金额(元)", "到期日", "备注"])
        sheet.write_row(3, 0, ["1", "甲局", "乙公司", 500, "2024-03-01", ""])
    return content.getvalue()


def zipped(**files: bytes) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as out:
        for name, data in files.items():
            out.writestr(name.replace("__", "/"), data)
    return content.getvalue()


@pytest.fixture
def city(database: str) -> Appointment:
    make.units(
        make.row("澜江市", code="c"), make.row("青石县", code="g", under="c", aliases=("青石县人民政府",)),
        make.row("河阳县", code="r", under="c"),
    )  # fmt: skip
    return make.appointment(of="c", name="清欠办")


def delivered(actor: Appointment, **files: bytes) -> DeliveryView:
    """A delivery that was sorted."""
    with make.acting(actor) as entered:
        made = commands.deliver(
            [(name.replace("_xlsx", ".xlsx").replace("_zip", ".zip"), [data]) for name, data in files.items()],
            actor=entered,
        )
    return sorted_out(actor, made)


def sorted_out(actor: Appointment, made: Delivery) -> DeliveryView:
    with make.acting(actor) as entered:
        commands.sort_out(made.uid, today=making.today(), actor=entered)
    with make.acting(actor) as entered:
        return delivery(made.uid, actor=entered)


def test_the_units_of_several_workbooks_are_guessed_with_their_reasons(city: Appointment) -> None:
    view = delivered(
        city,
        a_xlsx=titled("青石县清欠台账（截至2026年3月31日）"),
        河阳县202603_xlsx=titled("清欠台账"),
        c_xlsx=titled("清欠台账", seal="青石县人民政府"),
        d_xlsx=titled("清欠台账"),
    )
    assert [(file.unit_code, file.day) for file in view.files] == [
        ("g", LAST_MONTH), ("r", LAST_MONTH), ("g", None), (None, None),
    ]  # fmt: skip
    assert str(view.files[1].reason) == "The name of the file names 河阳县."


def test_an_archive_becomes_its_workbooks_and_says_what_was_passed_over(city: Appointment) -> None:
    files = {"三月__青石县.xlsx": titled("台账"), "三月__说明.docx": b"x", "三月__坏.xlsx": b"PK\x03\x04nonsense"}
    view = delivered(city, 上报_zip=zipped(**files))
    assert [(file.name, file.state) for file in view.files] == [
        ("上报.zip", "unpacked"), ("三月/青石县.xlsx", "guessed"), ("三月/坏.xlsx", "refused"),
    ]  # fmt: skip
    assert view.files[0].passed_over == ["三月/说明.docx"]
    assert view.files[1].unit_code == "g"
    assert "坏.xlsx" in str(view.files[2].refusal)


def test_a_refused_archive_leaves_the_other_files_alone(city: Appointment) -> None:
    view = delivered(city, 上报_zip=b"Rar!" + bytes(50), 青石县_xlsx=titled("台账"))
    assert [file.state for file in view.files] == ["refused", "guessed"]
    assert "packed as RAR" in str(view.files[0].refusal)


def test_sorting_twice_does_no_harm(city: Appointment) -> None:
    view = delivered(city, 上报_zip=zipped(**{"青石县.xlsx": titled("台账")}))
    with make.acting(city) as actor:
        made = Delivery.objects.get(uid=view.uid)
        commands.sort_out(made.uid, today=making.today(), actor=actor)
        assert DeliveredFile.objects.count() == 2


def test_a_confirmed_file_becomes_a_statement_that_says_it_was_handed_in_for_another(city: Appointment) -> None:
    view = delivered(city, 青石县202603_xlsx=titled("台账"))
    with make.acting(city) as actor:
        made = commands.hand_in(view.uid, 1, unit_code="青石县", as_of=LAST_MONTH, today=making.today(), actor=actor)
        assert (made.unit.code, made.is_for_another) == ("g", True)
    assert making.check(city, made).state == "checked"
    with make.acting(city) as actor:
        [listed] = statements(actor=actor, today=making.today(), window=slice(0, 10))
        words = [str(row.words) for row in trail.trail(trail.TrailWish(), actor=actor, window=slice(0, 10))]
        [file] = delivery(view.uid, actor=actor).files
    assert listed.is_for_another
    assert any("handed in by another unit on its behalf" in said for said in words)
    assert (file.state, file.statement) == ("handed_in", made.uid)


def test_what_a_unit_hands_in_for_itself_is_no_such_thing(city: Appointment) -> None:
    assert not making.hand_in(make.appointment(of="g"), {"ledger_no": "1", "amount": 5}).is_for_another


def test_a_file_is_handed_in_once(city: Appointment) -> None:
    view = delivered(city, 青石县_xlsx=titled("台账"))
    with make.acting(city) as actor:
        commands.hand_in(view.uid, 1, unit_code="g", as_of=LAST_MONTH, today=making.today(), actor=actor)
        with pytest.raises(NotToBeHandedIn, match=r"青石县\.xlsx"):
            commands.hand_in(view.uid, 1, unit_code="g", as_of=LAST_MONTH, today=making.today(), actor=actor)


def test_a_county_hands_in_for_no_other_and_is_told_whose_the_file_is(city: Appointment) -> None:
    clerk = make.appointment(of="g")
    view = delivered(clerk, 河阳县_xlsx=titled("台账"))
    assert view.files[0].unit_code is None
    assert "for which you may not hand in" in str(view.files[0].reason)
    with make.acting(clerk) as actor, pytest.raises(PermissionDenied):
        commands.hand_in(view.uid, 1, unit_code="r", as_of=LAST_MONTH, today=making.today(), actor=actor)


def test_a_delivery_is_seen_by_the_unit_that_made_it_and_by_nobody_else(city: Appointment) -> None:
    view = delivered(make.appointment(of="g"), 青石县_xlsx=titled("台账"))
    for stranger in (make.appointment(of="r"), city):
        with make.acting(stranger) as actor, pytest.raises(Delivery.DoesNotExist):
            delivery(view.uid, actor=actor)


def test_a_delivery_needs_a_file_and_somebody_who_may_import(city: Appointment) -> None:
    with make.acting(city) as actor, pytest.raises(NothingDelivered):
        commands.deliver([], actor=actor)
    with make.acting(make.appointment(Role.LEADER, of="c")) as actor, pytest.raises(PermissionDenied):
        commands.deliver([("a.xlsx", [b"x"])], actor=actor)


def test_every_file_is_kept_as_it_was_handed_in(city: Appointment) -> None:
    delivered(city, 上报_zip=zipped(**{"青石县.xlsx": titled("台账")}))
    with make.acting(city):
        assert sorted(File.objects.values_list("name", flat=True)) == ["上报.zip", "青石县.xlsx"]


def test_an_import_uses_what_the_reporter_explained_of_its_headings(city: Appointment) -> None:
    with make.acting(city) as actor:
        intake.explain(
            unit_code="g", schema="arrears.ledger", meanings={"用途": "project"}, today=making.today(), actor=actor
        )
    with_note = BytesIO()
    with xlsxwriter.Workbook(with_note) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, ["台账编号", "拖欠主体名称", "债权企业", "欠款金额(元)", "到期日", "用途"])
        sheet.write_row(1, 0, ["1", "甲局", "乙公司", 500, "2024-03-01", "城东道路"])
    made = making.check(city, making.receive(city, with_note.getvalue(), unit="g"))
    with make.acting(city):
        [row] = made.rows.all()
    assert row.values["project"] == "城东道路"
