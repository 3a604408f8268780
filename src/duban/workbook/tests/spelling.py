"""How people write one and the same value into a cell, chosen at random."""

from datetime import date, datetime
from random import Random
from typing import Any

from duban.kernel.money import Money, Unit
from duban.workbook.grid import Cell
from duban.workbook.schema import Column, Kind


def spell(rng: Random, one: Column, value: Any, unit: Unit) -> Cell:  # noqa: ANN401 - each column its own
    if one.kind is Kind.MONEY:
        return spell_money(rng, value, unit)
    if one.kind is Kind.DAY:
        return _day(rng, value)
    if one.kind is Kind.INT:
        counts: list[Cell] = [float(value), str(value), f"{value:,}", wide(str(value))]
        return rng.choice(counts)
    if one.kind is Kind.CHOICE:
        label = next(choice.label for choice in one.choices if choice.code == value)
        return rng.choice([label, f" {label}", f"{label[0]} {label[1:]}", f"1.{label}"])
    if one.kind in {Kind.CODE, Kind.USCC}:
        text = str(value)
        return rng.choice([text, text.lower(), f" {text} ", wide(text), f"{text[:2]} {text[2:]}"])
    return rng.choice([str(value), f" {value}", f"{value}\n"])


def spell_money(rng: Random, amount: Money, unit: Unit, *, plain: bool = False) -> Cell:
    number = amount.in_unit(unit).normalize()
    text = f"{number:f}"
    ways: list[Cell] = [
        text,
        f"{number:,f}",
        wide(text),
        f" {text} ",
        f"{amount.yuan:f}元",
        f"¥{text}",
        f"{number:,f}".replace(",", "，"),
    ]
    if len(number.as_tuple().digits) <= 15:
        ways += [float(number)] * 8
    if not plain:
        ways += [f"约{text}", f"{text}（含税）"]
    return rng.choice(ways)


def _day(rng: Random, day: date) -> Cell:
    ways: list[Cell] = [
        day,
        datetime(day.year, day.month, day.day, 8, 30),  # noqa: DTZ001 - what a spreadsheet gives
        float((day - date(1899, 12, 30)).days),
        float(f"{day:%Y%m%d}"),
        f"{day:%Y%m%d}",
        day.isoformat(),
        wide(day.isoformat()),
        f"{day.isoformat()} 00:00:00",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    ]
    if day.year < 2050:
        ways.append(f"{day:%y/%m/%d}")
    return rng.choice(ways)


def wide(text: str) -> str:
    """In full width, as an input method for Chinese types it."""
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)
