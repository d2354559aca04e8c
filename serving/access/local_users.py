"""The users' file of a home: names, roles and hashes, read again when it changes, written whole by one at a time."""

import fcntl
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from linewise.core.errors import Conflict, NotFound, SettingsInvalid, UsageError
from linewise.core.files import written_whole
from linewise.core.settings import Settings
from linewise.ledger.people import ROLES
from serving.access.identity import Person
from serving.access.passwords import Passwords

__all__ = ["LocalUsers", "User", "enforce_roles", "in_order"]

NAME = re.compile(r"[\w.@-]{1,64}")


@dataclass(frozen=True, slots=True)
class User:
    """One user as the file has them. is_demo: made by the demo, and let in by it alone."""

    name: str
    roles: tuple[str, ...]
    password: str
    is_disabled: bool = False
    is_demo: bool = False
    changed_at: str = ""


class LocalUsers:
    """The people of `keys/users.json`; fills IdentityProvider. Safe for several threads and processes."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.paths.users_path
        self._is_demo = settings.profile == "demo"
        self._settings = settings
        self._lock = Lock()
        self._read: tuple[tuple[int, int, int], Mapping[str, User]] | None = None
        self._passwords: Passwords | None = None

    # ---- who is it -------------------------------------------------------------------------------------

    def check(self, name: str, password: str) -> Person | None:
        """Who signs in with these, in equal time for whoever may not."""
        user = self._may_enter(name)
        is_right = self._hashing().check(None if user is None else user.password, password)
        return Person(user.name, frozenset(user.roles)) if user is not None and is_right else None

    def find(self, name: str) -> Person | None:
        """Who has that name now and may enter."""
        user = self._may_enter(name)
        return None if user is None else Person(user.name, frozenset(user.roles))

    def has_anybody(self) -> bool:
        """Whether anybody of the file may enter."""
        return any(self._may_enter(name) for name in self.all())

    def _may_enter(self, name: str) -> User | None:
        user = self.all().get(name.casefold())
        return user if user is not None and not user.is_disabled and (self._is_demo or not user.is_demo) else None

    def _hashing(self) -> Passwords:
        with self._lock:
            self._passwords = self._passwords or Passwords(self._settings)
            return self._passwords

    # ---- the file --------------------------------------------------------------------------------------

    def all(self) -> Mapping[str, User]:
        """Every user of the file, by name in lower case; raises SettingsInvalid where it cannot be read."""
        try:
            seen = self.path.stat()
        except FileNotFoundError:
            return {}
        mark = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
        read = self._read
        if read is None or read[0] != mark:
            self._read = read = (mark, self._load())
        return read[1]

    def _load(self) -> dict[str, User]:
        try:
            given = json.loads(self.path.read_text(encoding="utf-8"))
            users = [User(**{**one, "roles": tuple(one["roles"])}) for one in given["users"]]
        except (OSError, ValueError, KeyError, TypeError) as err:
            raise SettingsInvalid(
                f"The users' file {self.path} cannot be read.",
                "What linewise user add writes was expected.",
                "Bring it back from a copy, or move it away and add the users anew.",
            ) from err
        return {one.name.casefold(): one for one in users}

    def add(
        self,
        name: str,
        roles: Collection[str],
        password: str,
        incompatible: Collection[frozenset[str]],
        *,
        is_demo: bool = False,
    ) -> User:
        """Add a user. Raises UsageError for an impossible name or role, Conflict for a name that is taken."""
        if not NAME.fullmatch(name):
            raise UsageError(f"{name!r} is no name.", "Letters, digits, dot, dash, underscore and @ were expected.")
        enforce_roles(name, roles, incompatible)
        made = User(name, in_order(roles), self._hashing().hash(password), is_demo=is_demo, changed_at=_now())
        with self._changing() as users:
            if name.casefold() in users:
                raise Conflict(
                    f"There is a user {users[name.casefold()].name!r} already.",
                    "A new name was expected.",
                    f"Change the roles with: linewise user roles {name} --role ROLE",
                )
            users[name.casefold()] = made
        return made

    def change(self, name: str, **changes: object) -> User:
        """Change a user's roles, password or whether they are disabled; raises NotFound."""
        with self._changing() as users:
            users[name.casefold()] = user = replace(_named(users, name), **changes, changed_at=_now())  # type: ignore[arg-type]
        return user

    def named(self, name: str) -> User:
        """The user of that name, disabled ones too; raises NotFound."""
        return _named(self.all(), name)

    def set_password(self, name: str, password: str) -> User:
        """Give a user another password; raises NotFound."""
        return self.change(name, password=self._hashing().hash(password))

    def drop_demo(self) -> None:
        """Take away whom an earlier demo made."""
        with self._changing() as users:
            for key in [key for key, one in users.items() if one.is_demo]:
                del users[key]

    @contextmanager
    def _changing(self) -> Iterator[dict[str, User]]:
        """The users, to be changed in place; written at the end of the block, by one process at a time."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _held(self.path.with_name(f".{self.path.name}.lock")):
            users = dict(self._load()) if self.path.exists() else {}
            yield users
            text = json.dumps({"users": [asdict(one) for one in users.values()]}, ensure_ascii=False, indent=2)
            with written_whole(self.path) as draft:
                handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                os.write(handle, f"{text}\n".encode())
                os.close(handle)


def _named(users: Mapping[str, User], name: str) -> User:
    user = users.get(name.casefold())
    if user is None:
        raise NotFound(f"There is no user {name!r}.", "", "See them with: linewise user list")
    return user


def enforce_roles(name: str, roles: Collection[str], incompatible: Collection[frozenset[str]]) -> None:
    """Raise UsageError for none or an unknown role, Conflict for two that one person may not hold together."""
    unknown = sorted(set(roles) - set(ROLES))
    if unknown or not roles:
        raise UsageError(
            f"The roles of {name} cannot be {', '.join(unknown) or 'none'}.", f"One of {', '.join(ROLES)} was expected."
        )
    for pair in sorted(map(sorted, incompatible)):
        if set(pair) <= set(roles):
            raise Conflict(
                f"{name} cannot be {pair[0]} and {pair[1]}.",
                "The two roles check each other and were expected to be held by two people.",
                "Give one of them to somebody else.",
            )


def in_order(roles: Collection[str]) -> tuple[str, ...]:
    """The roles in the order in which they are listed."""
    return tuple(role for role in ROLES if role in roles)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def _held(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
