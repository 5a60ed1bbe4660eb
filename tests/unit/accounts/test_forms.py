"""Where sign-in goes on to, and what its form may hold."""

import pytest

from accounts.schemas import read_sign_in, safe_next
from vc.errors import Malformed


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "/a\r\nLocation: //evil.example",
        "javascript:alert(1)",
        "",
        "wallet/",
    ],
)
def test_a_way_on_that_could_leave_the_site_becomes_the_home_page(elsewhere: str) -> None:
    assert safe_next(elsewhere) == "/"


@pytest.mark.parametrize("path", ["/", "/wallet/", "/degree/a?b=c&d=%2F%2Fe"])
def test_a_path_of_this_site_is_kept(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ({"password": "p"}, "email"),
        ({"email": "a@example.org"}, "password"),
        ({"email": "a@example.org", "password": "p", "roles": "registrar"}, "roles"),
        ({"email": "a" * 300, "password": "p"}, "email"),
    ],
)
def test_a_form_that_is_not_the_sign_in_form_is_refused_by_field(
    form: dict[str, str], place: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        read_sign_in(form)
    assert refusal.value.place == place


def test_the_password_does_not_show_in_the_repr_of_the_form() -> None:
    assert "hunter22" not in repr(read_sign_in({"email": "a@example.org", "password": "hunter22"}))
