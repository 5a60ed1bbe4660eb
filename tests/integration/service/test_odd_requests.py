"""Requests that no page of ours makes end in a refusal, on either database."""

from pathlib import Path

import pytest

from service.app import create_app
from service.database import Database
from service.settings import Settings

LONG = "a" * 3_000


@pytest.mark.parametrize("odd", ["%00", LONG])
def test_text_that_no_column_holds_is_refused(database: Database, tmp_path: Path, odd: str) -> None:
    settings = Settings(home=tmp_path, master_secret=bytes(32), secret_key="s" * 32)
    client = create_app(settings, database=database).test_client()
    for path in (
        f"/issuer/{odd}/did.json",
        f"/issuer/learnometer/evidence/{odd}",
        f"/issuer/learnometer/activities/{odd}",
        f"/issuer/activities/?circle={odd}",
        f"/wallet/share/{odd}",
        f"/degree/requests/{odd}",
    ):
        assert client.get(path).status_code in {200, 400, 404}, path
    answer = {"state": odd.replace("%00", "\0"), "vp_token": '{"badges": [{}]}'}
    assert client.post("/degree/response", data=answer).status_code == 400
