"""A running service takes up a promotion and a rollback over real HTTP, and loses no request by it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from linewise.core.home import Home
from tests.cli.test_cli import run
from tests.serving.homes import home_of_its_own
from tests.serving.test_service import running, settings_of
from tests.training.second import let_pass, second_version

pytestmark = pytest.mark.slow

NAME = "card_default"
A_SECOND = 20
TAKEN_UP_WITHIN_SECONDS = 120.0


class Callers:
    """So many requests a second, each in a thread of its own, whatever the former ones take."""

    def __init__(self, client: httpx.Client) -> None:
        # The server gives up a connection that was idle for five seconds, as this client would: whoever asks on it
        # at that very moment finds it gone, whatever serves. A client lets go first.
        limits = httpx.Limits(max_connections=100, keepalive_expiry=2)
        self._client = httpx.Client(base_url=client.base_url, headers=client.headers, timeout=60, limits=limits)
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self.answers: list[tuple[int, str]] = []
        self.broken: list[str] = []

    def _ask(self, number: int) -> None:
        try:
            answer = self._client.post("/v1/decisions", json={"customer_id": f"C{number % 40 + 1:08}"})
        except httpx.HTTPError as err:
            self.broken.append(repr(err))
            return
        told = answer.json()
        self.answers.append((answer.status_code, told.get("versions", {}).get("models", {}).get(NAME, str(told))))

    def _keep_asking(self) -> None:
        number = 0
        while not self._over.wait(1 / A_SECOND):
            thread = threading.Thread(target=self._ask, args=(number,))
            thread.start()
            self._threads.append(thread)
            number += 1

    @contextmanager
    def asking(self) -> Iterator["Callers"]:
        """Ask for the block, and wait for every answer."""
        asking = threading.Thread(target=self._keep_asking)
        asking.start()
        try:
            yield self
        finally:
            self._over.set()
            asking.join()
            for thread in self._threads:
                thread.join()
            self._client.close()

    def wait_for(self, version: str) -> None:
        """Until an answer names this version of the model."""
        begun = len(self.answers)
        deadline = time.monotonic() + TAKEN_UP_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if any(said == version for _, said in self.answers[begun:]):
                return
            time.sleep(0.1)
        pytest.fail(f"no answer named version {version}; the last were {self.answers[-3:]} {self.broken[-3:]}")


def test_promotion_and_rollback_under_twenty_requests_a_second_lose_none(served_home: Home, home: Home):
    home_of_its_own(served_home, home)
    let_pass(home, NAME, second_version(home, NAME).version)
    with running(settings_of(home)) as client, Callers(client).asking() as callers:
        callers.wait_for("1")
        done = run("model", "promote", NAME, "2", "--reason", "better ranking", home=home)
        assert done.exit_code == 0, done.output
        callers.wait_for("2")
        done = run("model", "rollback", "--reason", "limits twice as high", "--by", "anna", home=home)
        assert done.exit_code == 0, done.output
        callers.wait_for("1")
    assert len(callers.answers) >= A_SECOND
    assert callers.broken == []
    assert {status for status, _ in callers.answers} == {201}
    versions = [version for _, version in callers.answers]
    assert {"1", "2"} == set(versions)
