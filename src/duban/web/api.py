"""The HTTP API: the ledger for programs, read only, described in OpenAPI at `/api/openapi.json`.

A program signs in with a name and a password, gets a token, and sends it as `Authorization: Bearer TOKEN`. It sees
what its appointment sees. Amounts are strings in yuan, rates strings of a ratio, days and instants ISO.
"""

from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from ninja import NinjaAPI, Query, Router, Schema
from ninja.security import HttpBearer

from duban.arrears.queries import claim as claims
from duban.arrears.queries import imports
from duban.arrears.queries import ledger as ledgers
from duban.arrears.queries import position as positions
from duban.arrears.queries.ledger import LedgerWish
from duban.arrears.rules import position as rules
from duban.arrears.rules.accounts import Rule
from duban.identity import access, commands
from duban.identity.middleware import Request, address_of
from duban.identity.rules import Permission

MOST_ROWS = 500


class Entered(HttpBearer):
    """The token was verified before any view ran (`identity.middleware`); here it is only described."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        """The token, when it opened this request's transaction."""
        return token if request.user.is_authenticated else None

    def __call__(self, request: HttpRequest) -> str | None:
        """A session's cookie serves as well as the header."""
        return "entered" if request.user.is_authenticated else None


class SignIn(Schema):
    """A name and its password."""

    name: str
    password: str


class Token(Schema):
    """What to send as `Authorization: Bearer`."""

    token: str


class Position(Schema):
    """Balances of a cell, by account, in yuan."""

    keys: dict[str, str]
    claims: int
    recognised: str
    balances: dict[str, str]


class Rates(Schema):
    """Rates under one counting rule; null where there is none."""

    progress: str | None
    undisputed_rate: str | None
    due_rate: str | None


class PositionAnswer(Schema):
    """A position, and the rates over all of it under both rules."""

    as_of: date
    known_at: datetime | None
    rows: list[Position]
    stated: Rates
    counted: Rates


class ClaimLine(Schema):
    """A claim in a list."""

    uid: UUID
    ledger_no: str
    debtor: str
    creditor: str
    category: str
    due_on: date | None
    recognised: str
    open: str
    stated: str
    counted: str


class ClaimList(Schema):
    """Claims in the order of their due days."""

    count: int
    more: bool
    rows: list[ClaimLine]


class Transfer(Schema):
    """An amount that moved between two accounts."""

    n: int
    source: str
    destination: str
    amount: str
    effective_on: date
    value_on: date | None
    recorded_at: datetime
    by: str


class ClaimAnswer(Schema):
    """One claim on a day."""

    uid: UUID
    ledger_no: str
    debtor: str
    creditor: str
    unit: str
    category: str
    due_on: date | None
    as_of: date
    balances: dict[str, str]
    transfers: list[Transfer]


class StatementAnswer(Schema):
    """A workbook that was handed in."""

    uid: UUID
    unit: str
    file: str
    as_of: date
    state: str
    summary: dict[str, object]
    refusal: str


router = Router()


@router.get("/position", response=PositionAnswer)
def position(request: Request, as_of: date, known_at: datetime | None = None, by: str = "") -> PositionAnswer:
    """Where the ledger stands on a day, as known now or at an instant; `by` is a comma-separated breakdown."""
    access.require(request.user, Permission.ARREARS_VIEW)
    rows = positions.position(actor=request.user, as_of=as_of, known_at=known_at, by=rules.breakdown(by))
    total = positions.added_up(rows).balances
    return PositionAnswer(
        as_of=as_of,
        known_at=known_at,
        rows=[
            Position(
                keys=dict(row.keys),
                claims=row.claims,
                recognised=str(rules.recognised(row.balances)),
                balances={account.value: str(amount) for account, amount in row.balances.items()},
            )
            for row in rows
        ],
        stated=_rates(rules.rates(total, Rule.C0)),
        counted=_rates(rules.rates(total, Rule.C1)),
    )


def _rates(rates: rules.Rates) -> Rates:
    names = ("progress", "undisputed_rate", "due_rate")
    return Rates(**{name: None if (rate := getattr(rates, name)) is None else f"{rate:.4f}" for name in names})


class Wish(Schema):
    """What to list."""

    as_of: date | None = None
    unit: str = ""
    part: str = ""
    text: str = ""
    page: int = 1
    size: int = 50


@router.get("/claims", response=ClaimList)
def claim_list(request: Request, wish: Query[Wish]) -> ClaimList:
    """Claims, narrowed as on the ledger page; at most 500 a page."""
    access.require(request.user, Permission.ARREARS_VIEW)
    wanted = LedgerWish(as_of=wish.as_of, unit=wish.unit, part=wish.part, text=wish.text)
    size = max(1, min(wish.size, MOST_ROWS))
    start = (max(1, wish.page) - 1) * size
    count, more = ledgers.ledger_count(wanted, actor=request.user)
    rows = ledgers.ledger_page(wanted, actor=request.user, window=slice(start, start + size))
    return ClaimList(
        count=count,
        more=more,
        rows=[
            ClaimLine(
                uid=row.uid,
                ledger_no=row.ledger_no,
                debtor=row.debtor_name,
                creditor=row.creditor_name,
                category=row.category,
                due_on=row.due_on,
                recognised=str(row.recognised),
                open=str(row.open),
                stated=str(row.stated),
                counted=str(row.counted),
            )
            for row in rows
        ],
    )


@router.get("/claims/{uid}", response=ClaimAnswer)
def claim(request: Request, uid: UUID, as_of: date | None = None) -> ClaimAnswer:
    """One claim with its transfers, and its balances at the end of a day."""
    access.require(request.user, Permission.ARREARS_VIEW)
    day = as_of or timezone.localdate()
    found = claims.claim_on(uid, as_of=day, actor=request.user)
    return ClaimAnswer(
        uid=found.uid,
        ledger_no=found.facts.ledger_no,
        debtor=found.facts.debtor_name,
        creditor=found.facts.creditor_name,
        unit=found.unit_name,
        category=found.facts.category,
        due_on=found.facts.due_on,
        as_of=day,
        balances={account.value: str(amount) for account, amount in found.balances.items()},
        transfers=[
            Transfer(
                n=row.n,
                source=row.source.value,
                destination=row.destination.value,
                amount=str(row.amount),
                effective_on=row.effective_on,
                value_on=row.value_on,
                recorded_at=row.recorded_at,
                by=row.who,
            )
            for row in found.transfers
        ],
    )


@router.get("/statements/{uid}", response=StatementAnswer)
def statement(request: Request, uid: UUID) -> StatementAnswer:
    """A workbook that was handed in: how far it is, and what it would do."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    view = imports.statement(uid, actor=request.user, today=timezone.localdate())
    return StatementAnswer(
        uid=view.uid,
        unit=view.unit_name,
        file=view.file_name,
        as_of=view.as_of,
        state=view.state,
        summary=view.summary,
        refusal=view.refusal,
    )


session = Router()


@session.post("/session", response=Token, auth=None, url_name="sign_in")
def sign_in(request: HttpRequest, given: SignIn) -> Token:
    """Sign in; five wrong passwords lock the name for a while, as on the page."""
    token = commands.sign_in(
        name=given.name,
        password=given.password,
        address=address_of(request),
        agent=request.headers.get("User-Agent", ""),
    )
    return Token(token=token)


api = NinjaAPI(
    title="Duban 督办",
    version="1",
    description="Read the arrears ledger. Sign in at POST /api/v1/session and send the token as a bearer.",
    auth=Entered(),
    docs_url=None,  # its page loads scripts from elsewhere; the description itself is enough for programs
    openapi_url="/openapi.json",
)
api.add_router("/v1", router)
api.add_router("/v1", session)

PUBLIC = frozenset({"sign_in", "openapi-json"})
"""Signing in, and the description of the API, which says nothing of the data."""


def addresses() -> tuple[list[URLPattern | URLResolver], str, str]:
    """The addresses of the API; everything but the public ones asks for a token before its view runs."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name in PUBLIC:
            pattern.callback = login_not_required(pattern.callback)
    return patterns, app_name, namespace
