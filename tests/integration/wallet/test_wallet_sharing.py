"""Share links: permanent unless chosen otherwise, revocable, unguessable, verified when opened."""

from datetime import timedelta

import pytest
from campus import NOW
from sqlalchemy import text
from wallet_home import AMINA, BEN, Home

from service.database import Database
from vc.encoding import base64url_decode
from vc.errors import Gone, Malformed, Missing


def test_link_shows_the_badge_ten_years_on(home: Home) -> None:
    held = home.fetch()
    new = home.sharing.share(AMINA, [held.id], purpose="Application", now=NOW)
    opened = home.sharing.open(new.token, now=NOW + timedelta(days=3650))
    assert opened.holder == home.amina
    assert (opened.link.purpose, opened.link.credentials) == ("Application", (held,))


def test_token_has_192_bits_and_is_kept_only_as_its_hash(home: Home, database: Database) -> None:
    new = home.sharing.share(AMINA, [home.fetch().id], purpose="", now=NOW)
    assert len(base64url_decode(new.token)) == 24
    assert new.token not in repr(new)
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM wallet_link")).all()
    assert new.token not in str(rows)


def test_openings_are_counted_for_the_holder(home: Home) -> None:
    new = home.sharing.share(AMINA, [home.fetch().id], purpose="", now=NOW)
    home.sharing.open(new.token, now=NOW)
    home.sharing.open(new.token, now=NOW + timedelta(hours=1))
    home.sharing.read(new.token, now=NOW + timedelta(hours=2))
    (link,) = home.sharing.links(AMINA)
    assert (link.openings, link.last_opened_at) == (2, NOW + timedelta(hours=1))


def test_unknown_token_shows_nothing(home: Home) -> None:
    with pytest.raises(Missing):
        home.sharing.open("x" * 32, now=NOW)


def test_revoked_link_is_gone_for_good(home: Home) -> None:
    new = home.sharing.share(AMINA, [home.fetch().id], purpose="", now=NOW)
    home.sharing.revoke(AMINA, new.link.id, now=NOW)
    home.sharing.revoke(AMINA, new.link.id, now=NOW + timedelta(days=1))
    with pytest.raises(Gone):
        home.sharing.open(new.token, now=NOW)
    assert home.sharing.links(AMINA)[0].revoked_at == NOW


def test_only_the_owner_revokes(home: Home) -> None:
    new = home.sharing.share(AMINA, [home.fetch().id], purpose="", now=NOW)
    with pytest.raises(Missing):
        home.sharing.revoke(BEN, new.link.id, now=NOW)
    assert home.sharing.open(new.token, now=NOW)


def test_link_ends_when_the_holder_chose_a_last_day(home: Home) -> None:
    new = home.sharing.share(
        AMINA, [home.fetch().id], purpose="", expires_at=NOW + timedelta(days=7), now=NOW
    )
    assert home.sharing.open(new.token, now=NOW + timedelta(days=6))
    with pytest.raises(Gone):
        home.sharing.open(new.token, now=NOW + timedelta(days=7))


def test_badge_of_another_member_cannot_be_shared(home: Home) -> None:
    held = home.fetch(AMINA)
    with pytest.raises(Missing):
        home.sharing.share(BEN, [held.id], purpose="", now=NOW)


def test_empty_or_misshapen_link_is_refused(home: Home) -> None:
    held = home.fetch()
    with pytest.raises(Malformed):
        home.sharing.share(AMINA, [], purpose="", now=NOW)
    with pytest.raises(Malformed):
        home.sharing.share(AMINA, [held.id], purpose="x" * 201, now=NOW)
    with pytest.raises(Malformed):
        home.sharing.share(AMINA, [held.id], purpose="", expires_at=NOW, now=NOW)


def test_link_whose_only_badge_was_removed_is_gone(home: Home) -> None:
    held = home.fetch()
    new = home.sharing.share(AMINA, [held.id], purpose="", now=NOW)
    home.wallet.remove(AMINA, held.id)
    with pytest.raises(Gone):
        home.sharing.open(new.token, now=NOW)
