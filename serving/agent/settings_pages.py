"""The page on which an agent chooses how the screen is: mode, prompts and keys; a form that needs no script."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from serving.access import Caller, needing
from serving.agent.csrf import enforce_token
from serving.agent.languages import language_of, translations
from serving.agent.places import safe_place, see
from serving.agent.preferences import KEYS, Preferences, code_of, keep_choices, preferences_for
from serving.agent.rendering import render
from serving.agent.wording import N_

__all__ = ["router"]

router = APIRouter()

Person = Annotated[Caller, Depends(needing("calls:read"))]
Word = Annotated[str, Form(max_length=255)]

SAVED = N_("Saved.")
NO_KEY = N_("Not saved: “%(typed)s” for “%(action)s” is no key. One letter, figure or / , . ; was expected.")
TAKEN = N_("Not saved: the key %(key)s does two things, “%(first)s” and “%(second)s”.")


def _page(request: Request, preferences: Preferences, to: str, notice: str = "", **more: object) -> Response:
    values = {"prefs": preferences, "keys": KEYS, "to": to, "notice": notice, "typed": {}, "is_problem": False}
    return render(request, "settings.html", values | more, 422 if more.get("is_problem") else 200)


def _enforce_kept(request: Request) -> None:
    if request.app.state.calls is None:
        raise HTTPException(404)


@router.get("/settings", dependencies=[Depends(_enforce_kept)])
def settings_page(request: Request, _person: Person, to: str = "/") -> Response:
    """What is chosen now."""
    say = translations(language_of(request)).gettext
    notice = say(SAVED) if "saved" in request.query_params else ""
    return _page(request, preferences_for(request), safe_place(to), notice)


@router.post("/settings", dependencies=[Depends(_enforce_kept), Depends(enforce_token)])
async def save_settings(request: Request, person: Person) -> Response:
    """Keep what was chosen, or say which key cannot be; `reset` takes everything back."""
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    to = safe_place(form.get("to", "/"))
    if "reset" in form:
        chosen, problem = Preferences(), ""
    else:
        typed = {action: form.get(f"key_{action}", "") for action in KEYS}
        problem = _problem(request, typed)
        keys = {action: code_of(letter) for action, letter in typed.items()}
        chosen = Preferences(form.get("mode") != "expert", "has_prompts" in form, "has_keys" in form, keys)
        if problem:
            as_typed = replace(chosen, keys=Preferences().keys)
            return _page(request, as_typed, to, problem, typed=typed, is_problem=True)
    await run_in_threadpool(keep_choices, request, person.name, chosen)
    return see(request, "/settings", urlencode({"saved": "1", "to": to}))


def _problem(request: Request, typed: dict[str, str]) -> str:
    say = translations(language_of(request)).gettext
    before: dict[str, str] = {}
    for action, letter in typed.items():
        code, words = code_of(letter), say(KEYS[action][1])
        if not code:
            return say(NO_KEY) % {"typed": letter, "action": words}
        if code in before:
            return say(TAKEN) % {"key": letter.strip().upper(), "first": before[code], "second": words}
        before[code] = words
    return ""


@router.post("/settings/mode", dependencies=[Depends(_enforce_kept), Depends(enforce_token)])
def change_mode(request: Request, person: Person, mode: Word, to: Word = "/") -> Response:
    """Change between words open and words folded, and go back to where that was asked for."""
    keep_choices(request, person.name, replace(preferences_for(request), is_novice=mode != "expert"))
    return see(request, safe_place(to))


@router.get("/settings/mode", dependencies=[Depends(_enforce_kept)])
def address_of_the_mode(request: Request, _person: Person) -> Response:
    """Whoever opens the address that a form was sent to gets the page of settings."""
    return see(request, "/settings")
