"""A browser without scripts: follows redirects, keeps cookies, fills in the forms of a page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass(frozen=True)
class Page:
    """What came back, and from where."""

    url: str
    status: int
    text: str


@dataclass
class Form:
    """A form, and the fields that a browser would send without anybody typing."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """Every form of a page: its hidden fields, ticked boxes, and first choices."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag == "select":
            self._select = given["name"]
        elif self.forms and tag == "option" and self._select:
            self.forms[-1].fields.append((self._select, given["value"]))
            self._select = ""  # the first one is what a browser shows
        elif self.forms and tag == "input" and "name" in given:
            is_choice = given.get("type") in {"checkbox", "radio"}
            if given.get("type") == "hidden" or (is_choice and "checked" in given):
                self.forms[-1].fields.append((given["name"], given.get("value", "")))


class Visitor:
    """Somebody with a browser at the reverse proxy on `port`, which stands for `origin`."""

    def __init__(self, port: int, origin: str) -> None:
        self._port, self._origin = port, origin
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        """The page at a path or an address of the origin, after all redirects."""
        return self._ask("GET", urljoin(f"{self._origin}/", path), None)

    def submit(self, page: Page, action: str, *more: tuple[str, str], **fields: str) -> Page:
        """The page after sending the form with this action, with these fields filled in.

        Names that Python does not allow come as pairs.
        """
        forms = _Forms(page.text).forms
        fitting = [form for form in forms if form.action == action]
        assert fitting, (action, [form.action for form in forms], page.status, page.text[-2000:])
        typed = [*more, *fields.items()]
        kept = [pair for pair in fitting[0].fields if pair[0] not in dict(typed)]
        return self._ask("POST", urljoin(page.url, action), urlencode([*kept, *typed]))

    def sign_in(self, email: str, password: str) -> Page:
        """The page after signing in."""
        form = self.get("/account/sign-in")
        return self.submit(form, "/account/sign-in", email=email, password=password)

    def _ask(self, method: str, url: str, body: str | None) -> Page:
        for _ in range(8):
            status, headers, text = self._once(method, url, body)
            if status not in {301, 302, 303, 307, 308}:
                return Page(url, status, text)
            url = urljoin(url, dict(headers)["Location"])
            assert url.startswith(f"{self._origin}/"), url
            method, body = "GET", None
        raise AssertionError(f"{url} redirects for ever")

    def _once(
        self, method: str, url: str, body: str | None
    ) -> tuple[int, Iterable[tuple[str, str]], str]:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Host": parts.netloc,
            "Accept": "text/html,*/*;q=0.8",
            "User-Agent": "visitor",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    cookie, _, content = value.partition(";")[0].partition("=")
                    self._cookies[cookie] = content
            return answer.status, answer.getheaders(), answer.read().decode()
        finally:
            connection.close()
