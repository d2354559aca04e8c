"""The gate: from a request to who asks, with their rate; signing in and out."""

import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from linewise.core.errors import NobodyMayEnter, NotAllowed, NotSignedIn, TooManyRequests
from linewise.core.settings import Settings
from linewise.ledger.api_keys import find_key, list_keys
from linewise.ledger.looks import insert_look
from linewise.ledger.sessions import Session, end_session, open_session, read_session, touch_session
from linewise.ledger.sign_ins import forgive, note_try
from linewise.ledger.store import Ledger, ledger_of
from linewise.ledger.within import Transaction
from serving.access.caller import Caller
from serving.access.cookies import token_of
from serving.access.identity import IdentityProvider
from serving.access.local_users import LocalUsers
from serving.access.looking import enforce_may_look, is_listed, machine_look
from serving.access.rates import Rate
from serving.access.scopes import scopes_of

__all__ = ["KEPT_SECONDS", "Access"]

KEPT_SECONDS = 2.0
"""A key that was revoked opens nothing after so long, in any worker: until then nobody asks the ledger again."""

MOST_KEPT = 1_000
SAFE = frozenset({"GET", "HEAD"})
BEARER = "bearer "


def _wall() -> datetime:
    return datetime.now(UTC)


class Access:
    """Who asks, of one home; safe for several threads. Sessions run by the wall clock, whatever the bank's says.

    identity: who knows the bank's people (default: the users' file of the home). The ledger is opened when it is
    first needed, so that a service starts beside one that cannot be opened and says so to who asks.
    """

    def __init__(
        self, settings: Settings, identity: IdentityProvider | None = None, now: Callable[[], datetime] = _wall
    ) -> None:
        self.settings, self.now = settings, now
        self.identity: IdentityProvider = identity or LocalUsers(settings)
        self._sessions = Rate(settings.session_per_minute, settings.workers)
        self._machines = Rate(settings.key_per_minute, settings.workers)
        self._addresses = Rate(settings.address_per_minute, settings.workers)
        self._lock = Lock()
        self._ledger: Ledger | None = None
        self._keys: dict[str, tuple[float, Caller]] = {}

    @property
    def ledger(self) -> Ledger:
        """Where sessions, keys, tries and looks stand."""
        with self._lock:
            if self._ledger is None:
                self._ledger = ledger_of(self.settings)
            return self._ledger

    def close(self) -> None:
        """Give the ledger back."""
        with self._lock:
            opened, self._ledger = self._ledger, None
        if opened is not None:
            opened.close()

    # ---- who asks ---------------------------------------------------------------------------------------

    async def caller(self, request: Request) -> Caller:
        """Who asks; raises NotSignedIn, NotAllowed, TooManyRequests, NobodyMayEnter."""
        header = request.headers.get("authorization", "")
        caller = self._kept(header) if header else None
        if caller is None:
            known = self._by_key if header else self._by_session
            caller = await run_in_threadpool(known, request)
        (self._sessions if caller.is_person else self._machines).take(caller.credential)
        request.state.caller = caller
        return caller

    def address_of(self, request: Request) -> str:
        """Where the request comes from: behind a proxy what the proxy added last, for the rest anybody may write."""
        if self.settings.tls == "proxy":
            forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
            if forwarded:
                return forwarded[:64]
        return request.client.host if request.client else ""

    def session_of(self, request: Request) -> Session | None:
        """The session of the browser as it stands, ended ones too; looking at it does not make it go on."""
        token = token_of(request, self.settings.tls)
        return read_session(self.ledger, token, self.now()) if token else None

    def _kept(self, header: str) -> Caller | None:
        until, caller = self._keys.get(header, (0.0, None))
        return caller if time.monotonic() < until else None

    def _by_key(self, request: Request) -> Caller:
        header = request.headers["authorization"]
        given = header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else ""
        key = find_key(self.ledger, given) if given else None
        is_let_in = key is not None and key.holds(self.now()) and (not key.is_demo or self.settings.profile == "demo")
        if key is None or not is_let_in:
            self._stranger(request)
            raise NotSignedIn(
                "The key is unknown, past its last day or revoked.", "Authorization: Bearer KEY was expected."
            )
        caller = Caller(key.name, False, frozenset(), key.scopes, key.key_id)
        if len(self._keys) >= MOST_KEPT:
            self._keys.clear()
        self._keys[header] = (time.monotonic() + KEPT_SECONDS, caller)
        return caller

    def _by_session(self, request: Request) -> Caller:
        session = self.session_of(request)
        person = self.identity.find(session.name) if session is not None and session.state == "live" else None
        if session is None or person is None:
            self._stranger(request)
            raise NotSignedIn("Nobody is signed in.", "A session that goes on, or a key, was expected.")
        if request.method not in SAFE and not getattr(request.app.state, "has_form_tokens", False):
            raise NotAllowed(
                "A session alone changes nothing here.",
                "A key of a machine was expected.",
                "People act on the pages under /agent/.",
            )
        if "text/event-stream" not in request.headers.get("accept", ""):
            # A stream comes back by itself, also where nobody sits before it any more.
            touch_session(self.ledger, session, self.now())
        return Caller(person.name, True, person.roles, scopes_of(person.roles), session.session_hash)

    def _stranger(self, request: Request) -> None:
        """Count the address of who is not known; raises NobodyMayEnter where nobody could be."""
        self._addresses.take(self.address_of(request))
        if not self.has_anybody():
            raise NobodyMayEnter

    def has_anybody(self) -> bool:
        """Whether there is a user or a key that opens anything."""
        return self.identity.has_anybody() or any(one.holds(self.now()) for one in list_keys(self.ledger))

    # ---- looking at a customer --------------------------------------------------------------------------

    def look(
        self, caller: Caller, customer_id: str, *, is_for_two: bool, reason: str = "", decision_id: str = ""
    ) -> None:
        """Write down a look, or raise ReasonNeeded or SecondPersonNeeded: `enforce_may_look` says when.

        is_for_two: what the bank's tables say; its own list is asked here.
        """
        is_for_two = is_for_two or is_listed(self.settings.second_person, customer_id)
        enforce_may_look(
            self.ledger,
            caller,
            customer_id,
            self.now(),
            is_for_two=is_for_two,
            reason=reason,
            decision_id=decision_id,
        )

    def look_beside(self, caller: Caller, customer_id: str) -> Callable[[Transaction, str], None]:
        """What writes a machine's look inside the transaction of its decision, told the decision's id."""
        look = machine_look(self.ledger, caller, customer_id, self.now())
        return lambda connection, decision_id: insert_look(connection, look.of_decision(decision_id))

    # ---- signing in and out -----------------------------------------------------------------------------

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The token of a new session, which is given to nobody else.

        Raises NotSignedIn for a name and a password that do not fit, whichever is wrong, and TooManyRequests after
        too many of them, for a name as for an address, whether or not anybody has that name.
        """
        self._addresses.take(address)
        name = unicodedata.normalize("NFKC", name).strip()[:64]
        wait = note_try(self.ledger, name, address, self.now())
        if wait:
            raise TooManyRequests("Too many tries have failed under this name or from this place.", wait)
        person = self.identity.check(name, password)
        if person is None:
            raise NotSignedIn("The name and the password do not fit.")
        forgive(self.ledger, name)
        return open_session(self.ledger, person.name, self.now())

    def name_of(self, token: str) -> str:
        """Whose session a token is; an empty name where it is nobody's."""
        session = read_session(self.ledger, token, self.now())
        return "" if session is None else session.name

    def extended(self, request: Request) -> Session | None:
        """The browser's session after its holder said that they are there."""
        session = self.session_of(request)
        if session is None or session.state != "live":
            return session
        touch_session(self.ledger, session, self.now(), is_asked=True)
        return self.session_of(request)

    def sign_out(self, request: Request) -> None:
        """End the session of the browser, for every worker."""
        token = token_of(request, self.settings.tls)
        if token:
            end_session(self.ledger, token, self.now())
