"""The application as a whole: headers, sign-in, who may use what, and how refusals look."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, request

from accounts.guard import allow, current_person, undeclared
from accounts.people import SESSION_LIFE
from vc.errors import (
    Conflict,
    Forbidden,
    Gone,
    Malformed,
    Missing,
    NotAuthenticated,
    Refused,
    Unavailable,
)

JSON = {"Accept": "application/json"}


def test_every_view_says_who_may_use_it(app: Flask) -> None:
    assert undeclared(app) == []


def test_a_view_that_does_not_say_who_may_use_it_is_refused(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten", headers=JSON)
    assert answer.status_code == 403
    assert answer.json["title"] == "undeclared"


@pytest.mark.parametrize("path", ["/", "/account/sign-in", "/nowhere", "/openapi.json"])
def test_every_answer_carries_the_protecting_headers(app: Flask, path: str) -> None:
    headers = app.test_client().get(path).headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_no_page_holds_what_the_content_policy_forbids(browser) -> None:
    for path in ("/", "/verifier/", "/nowhere"):
        answer = browser.get(path)
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", answer.text), path
        assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_a_page_with_passkeys_runs_their_script_and_no_other(browser) -> None:
    answers = [browser.get("/account/sign-in") for _ in range(2)]
    numbers = set()
    for answer in answers:
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", answer.text, re.DOTALL)
        assert len(scripts) == 1
        found = re.fullmatch(
            r' type="module" src="/static/passkeys\.js\?v=\w+" nonce="([\w-]+)"', scripts[0][0]
        )
        assert found
        assert scripts[0][1] == ""
        policy = answer.headers["Content-Security-Policy"]
        assert f"; script-src 'nonce-{found[1]}'; connect-src 'self'" in policy
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", answer.text)
        numbers.add(found[1])
    assert len(numbers) == 2


def test_over_https_cookies_are_bound_to_the_host_and_transport_is_strict(make_app) -> None:
    client = make_app("https://learnometer.example.org").test_client()
    answer = client.get("/account/sign-in")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-learnometer_form=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_a_static_file_is_kept_by_the_browser_under_the_digest_in_its_address(browser) -> None:
    address = re.search(r'href="(/static/learnometer.css\?v=\w+)"', browser.get("/").text)
    assert address
    answer = browser.get(address[1])
    answer.close()
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_a_member_signs_in_goes_on_and_signs_out(browser) -> None:
    answer = browser.sign_in("member@example.org", next="/account/sign-in?next=/a")
    assert (answer.status_code, answer.location) == (303, "/account/sign-in?next=/a")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("learnometer_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "The member" in browser.get("/").text
    assert browser.submit("/", "/account/sign-out").status_code == 303
    assert "The member" not in browser.get("/").text


def test_signing_in_never_leads_to_another_site(browser) -> None:
    answer = browser.sign_in("member@example.org", next="//evil.example/")
    assert answer.location == "/"


def test_a_refused_sign_in_shows_the_form_again_without_the_password(browser) -> None:
    answer = browser.sign_in("member@example.org", password="not the right one")
    assert answer.status_code == 401
    assert "The e-mail address or the password is not right." in answer.text
    assert 'value="member@example.org"' in answer.text
    assert "not the right one" not in answer.text


def test_a_member_chooses_another_password_and_signs_in_with_it(browser) -> None:
    browser.sign_in("member@example.org")
    page = "/account/password"
    wrong = browser.submit(page, page, present="not the one at all", wanted="another long one")
    assert wrong.status_code == 400
    assert "another long one" not in wrong.text
    answer = browser.submit(page, page, present="a long enough password", wanted="another long one")
    assert answer.status_code == 303
    assert browser.get(page).status_code == 302
    assert browser.sign_in("member@example.org").status_code == 401
    assert browser.sign_in("member@example.org", password="another long one").status_code == 303


def test_signing_in_ends_the_session_that_the_browser_had_before(app: Flask, browser) -> None:
    browser.sign_in("member@example.org")
    planted = browser.client.get_cookie("learnometer_session").value
    browser.submit("/", "/account/sign-out")
    browser.client.set_cookie("learnometer_session", planted)
    assert "The member" not in browser.get("/").text


def test_a_session_ends_by_itself(browser, clock) -> None:
    browser.sign_in("member@example.org")
    clock.now += SESSION_LIFE + timedelta(seconds=1)
    assert "The member" not in browser.get("/").text


def test_a_form_from_another_site_is_refused(app: Flask) -> None:
    client = app.test_client()
    form = {"email": "member@example.org", "password": "x"}
    without = client.post("/account/sign-in", data=form, headers=JSON)
    assert (without.status_code, without.json["title"]) == (400, "csrf")
    across = client.post(
        "/account/sign-in", data=form, headers={**JSON, "Sec-Fetch-Site": "cross-site"}
    )
    assert (across.status_code, across.json["title"]) == (403, "cross-site")


@pytest.fixture
def rooms(app: Flask) -> Flask:
    """The application with a view for members, one for registrars, one for programs."""

    @app.get("/for-members")
    @allow("member")
    def for_members() -> str:
        return "in"

    @app.get("/for-registrars")
    @allow("registrar")
    def for_registrars() -> str:
        return "in"

    @app.get("/for-all-accounts")
    @allow("signed_in")
    def for_all_accounts() -> str:
        return "in"

    @app.post("/for-programs")
    @allow("program")
    def for_programs() -> str:
        return str(current_person())

    return app


@pytest.mark.parametrize(
    ("email", "statuses"),
    [("", (401, 401, 401)), ("member@example.org", (200, 403, 200)),
     ("registrar@example.org", (403, 200, 200))],
)  # fmt: skip
def test_each_view_lets_in_those_it_names(rooms, browser, email, statuses) -> None:
    if email:
        browser.sign_in(email)
    paths = ("/for-members", "/for-registrars", "/for-all-accounts")
    found = tuple(browser.client.get(path, headers=JSON).status_code for path in paths)
    assert found == statuses


def test_a_browser_without_a_session_is_sent_to_sign_in_and_back(rooms, browser) -> None:
    answer = browser.get("/for-members?page=2")
    assert answer.status_code == 302
    assert answer.location == "/account/sign-in?next=/for-members?page%3D2"
    assert browser.sign_in("member@example.org", next="/for-members?page=2").status_code == 303


def test_a_view_for_programs_reads_no_cookie_and_needs_no_form_token(rooms, browser) -> None:
    browser.sign_in("member@example.org")
    answer = browser.client.post("/for-programs", json={})
    assert (answer.status_code, answer.text) == (200, "None")


def test_a_view_cannot_be_for_a_role_that_does_not_exist() -> None:
    with pytest.raises(TypeError):
        allow("admin")
    with pytest.raises(TypeError):
        allow()


KINDS: dict[type[Refused], int] = {
    Malformed: 400, NotAuthenticated: 401, Forbidden: 403, Missing: 404, Conflict: 409, Gone: 410,
    Unavailable: 503,
}  # fmt: skip


@pytest.fixture
def failing(app: Flask) -> Flask:
    """The application with a view that fails as it is told."""

    @app.route("/fail/<kind>", methods=["GET", "POST"])
    @allow("program")
    def fail(kind: str) -> str:
        kinds = {each.__name__: each for each in KINDS}
        if kind not in kinds:
            raise RuntimeError("the secret innards")
        raise kinds[kind]("a-code", "A sentence <b>for people</b>.", place="/a/b")

    return app


@pytest.mark.parametrize(("kind", "status"), KINDS.items())
def test_a_refusal_is_a_problem_document_for_programs(
    failing: Flask, kind: type[Refused], status: int
) -> None:
    answer = failing.test_client().get(f"/fail/{kind.__name__}", headers=JSON)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json == {
        "type": "urn:learnometer:problem:a-code",
        "title": "a-code",
        "status": status,
        "detail": "A sentence <b>for people</b>.",
        "place": "/a/b",
    }


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/vc, */*"])
def test_who_does_not_ask_for_a_page_first_gets_json(failing: Flask, accept: str | None) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = failing.test_client().get("/fail/Gone", headers=headers)
    assert answer.mimetype == "application/problem+json"


def test_a_refusal_is_a_page_for_browsers_with_its_words_escaped(failing, browser) -> None:
    answer = browser.get("/fail/Gone")
    assert (answer.status_code, answer.mimetype) == (410, "text/html")
    assert "A sentence &lt;b&gt;for people&lt;/b&gt;." in answer.text


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_an_unforeseen_error_tells_an_incident_number_and_nothing_else(
    failing: Flask, caplog: pytest.LogCaptureFixture, accept: str
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = failing.test_client().get("/fail/else", headers={"Accept": accept})
    assert answer.status_code == 500
    assert "innards" not in answer.text
    assert "Traceback" not in answer.text
    number = re.search(r"name ([0-9a-f]{12})", answer.text)
    assert number
    assert number[1] in caplog.text


def test_what_flask_refuses_itself_is_a_problem_too(app: Flask) -> None:
    client = app.test_client()
    missing = client.get("/nowhere", headers=JSON)
    assert (missing.status_code, missing.mimetype) == (404, "application/problem+json")
    wrong_method = client.delete("/", headers=JSON)
    assert wrong_method.status_code == 405
    assert "GET" in wrong_method.headers["Allow"]


def test_an_upload_beyond_the_limit_is_refused_by_what_it_may_have(failing: Flask) -> None:
    @failing.post("/upload")
    @allow("program")
    def upload() -> str:
        return str(len(request.get_data()))

    answer = failing.test_client().post("/upload", data=b"a" * (6 * 1_048_576 + 1), headers=JSON)
    assert answer.status_code == 413
    assert "6 MB in all, and of that 500 kB typed into a form" in answer.json["detail"]


def test_the_host_header_of_a_stranger_changes_nothing(make_app: Callable[..., Flask]) -> None:
    app = make_app("https://learnometer.example.org")

    @app.get("/where")
    @allow("anyone")
    def where() -> str:
        return request.url

    answer = app.test_client().get("/where", headers={"Host": "evil.example"})
    assert answer.text == "https://learnometer.example.org/where"


def statuses_of_failing(stranger) -> list[int]:
    failed = [stranger.sign_in("member@example.org", password="a guess") for _ in range(6)]
    return [answer.status_code for answer in failed]


def test_behind_a_proxy_a_stranger_who_fails_shuts_nobody_else_out(make_app, browser_at) -> None:
    app = make_app(proxies=1)
    assert statuses_of_failing(browser_at(app, "203.0.113.7")) == [401] * 5 + [429]
    for forwarded in ("203.0.113.7", "198.51.100.9, 203.0.113.7"):  # the proxy's word comes last
        assert browser_at(app, forwarded).sign_in("member@example.org").status_code == 429
    assert browser_at(app, "198.51.100.9").sign_in("member@example.org").status_code == 303


def test_without_a_proxy_a_stranger_gets_no_more_tries_by_naming_other_addresses(
    make_app, browser_at
) -> None:
    app = make_app()
    assert statuses_of_failing(browser_at(app, "203.0.113.7")) == [401] * 5 + [429]
    assert browser_at(app, "198.51.100.9").sign_in("member@example.org").status_code == 429


def test_the_interfaces_for_programs_are_described(app: Flask) -> None:
    answer = app.test_client().get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json["openapi"].startswith("3.")
