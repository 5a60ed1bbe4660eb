"""The wallet shows who asks for what, and presents what the member agreed to, once, to them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from campus import NOW
from wallet_home import AMINA, BEN, Home

from openid4vc.exchange import Answer, OAuthError
from openid4vc.presentation.claims import ClaimQuery
from openid4vc.presentation.query import OPEN_BADGE, TYPE_IRIS, CredentialQuery, Query
from openid4vc.presentation.response import read_response
from vc.errors import Conflict, Gone, Malformed, Missing, Refused, Unavailable


def test_chosen_badge_arrives_bound_to_its_holder(home: Home) -> None:
    held = home.fetch()
    asked = home.presenting.look(AMINA, home.issuer.ask(), now=NOW)
    assert asked.request.verifier == "did:web:issuer.example"
    assert asked.matches == {"badges": (held,)}
    goes_on = home.presenting.present(AMINA, asked, chosen=[held.id], now=NOW)
    assert goes_on == "https://issuer.example/thanks"
    (shown,) = home.issuer.presented()
    assert shown.holder == home.amina.did
    assert shown.report.verified().credential.name == "Lesson study"


def test_only_chosen_badges_are_shown(home: Home) -> None:
    first = home.fetch()
    home.issuer.deliver = lambda holder: home.issuer.badge_for(
        holder, id="https://issuer.example/credentials/2", name="Second"
    )
    home.fetch()
    asked = home.presenting.look(AMINA, home.issuer.ask(), now=NOW)
    assert len(asked.matches["badges"]) == 2
    home.presenting.present(AMINA, asked, chosen=[first.id], now=NOW)
    assert len(home.issuer.presented()) == 1
    everything = [held.id for held in asked.matches["badges"]]
    home.presenting.present(AMINA, asked, chosen=everything, now=NOW)
    assert len(home.issuer.presented()) == 2


def test_request_that_went_through_the_consent_page_is_verified_again(home: Home) -> None:
    home.fetch()
    asked = home.presenting.look(AMINA, home.issuer.ask(), now=NOW)
    again = home.presenting.look_again(
        AMINA, asked.token, client_id=asked.request.client_id, now=NOW
    )
    assert again == asked
    with pytest.raises(Refused):
        home.presenting.look_again(
            AMINA,
            asked.token[:-4] + "AAAA",
            client_id=asked.request.client_id,
            now=NOW,
        )


def test_badge_of_another_member_or_kind_cannot_be_chosen(home: Home) -> None:
    others = home.fetch(BEN)
    home.fetch(AMINA)
    asked = home.presenting.look(AMINA, home.issuer.ask(), now=NOW)
    with pytest.raises(Missing):
        home.presenting.present(AMINA, asked, chosen=[others.id], now=NOW)
    transcript = CredentialQuery(
        id="transcript", alternatives=(frozenset({TYPE_IRIS["ClrCredential"]}),)
    )
    asked = home.presenting.look(AMINA, home.issuer.ask(query=Query((transcript,))), now=NOW)
    assert not asked.can_be_answered
    with pytest.raises(Malformed):
        home.presenting.present(AMINA, asked, chosen=[], now=NOW)
    assert home.issuer.posts == []


def test_declining_tells_the_verifier_and_shows_nothing(home: Home) -> None:
    home.fetch()
    asked = home.presenting.look(AMINA, home.issuer.ask(), now=NOW)
    home.presenting.decline(asked)
    with pytest.raises(OAuthError) as refusal:
        read_response(home.issuer.posts[-1])
    assert refusal.value.code == "access_denied"
    assert b"vp_token" not in home.issuer.posts[-1]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, Gone), (410, Gone), (400, Unavailable), (500, Unavailable), (503, Unavailable)],
)
def test_request_that_cannot_be_had_is_told_without_numbers(
    home: Home, status: int, kind: type[Refused]
) -> None:
    uri = home.issuer.ask()
    for url in [url for url in home.issuer.answers if "/requests/" in url]:
        home.issuer.answers[url] = Answer(status, {}, b"")
    with pytest.raises(kind) as refusal:
        home.presenting.look(AMINA, uri, now=NOW)
    assert str(status) not in refusal.value.sentence


def test_request_whose_time_is_over_is_gone_also_from_the_consent_page(home: Home) -> None:
    asked = home.presenting.look(AMINA, home.issuer.ask(), now=NOW)
    late = NOW + timedelta(minutes=6)
    with pytest.raises(Gone, match="This request is over"):
        home.presenting.look_again(AMINA, asked.token, client_id=asked.request.client_id, now=late)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(410, {}, b""), Gone),
        (Answer(404, {}, b""), Gone),
        (Answer(400, {}, b'{"error": "invalid_request"}'), Conflict),
        (Answer(500, {}, b'{"error": "Call 555"}'), Unavailable),
    ],
)
def test_answer_that_is_not_taken_is_told_in_our_words(
    home: Home, answer: Answer, kind: type[Refused]
) -> None:
    held = home.fetch()
    asked = home.presenting.look(AMINA, home.issuer.ask(), now=NOW)
    home.issuer.answers[asked.request.response_uri] = answer
    for act in (
        lambda: home.presenting.present(AMINA, asked, chosen=[held.id], now=NOW),
        lambda: home.presenting.decline(asked),
    ):
        with pytest.raises(kind) as refusal:
            act()
        assert not any(word in refusal.value.sentence for word in ("40", "50", "invalid", "555"))


def test_request_swapped_for_anothers_is_refused(home: Home) -> None:
    uri = home.issuer.ask()
    swapped = uri.replace("did%3Aweb%3Aissuer.example", "did%3Aweb%3Auniversity.example")
    assert swapped != uri
    with pytest.raises(Refused):
        home.presenting.look(AMINA, swapped, now=NOW)


def kinds(query_id: str) -> CredentialQuery:
    return CredentialQuery(id=query_id, alternatives=(OPEN_BADGE,))


def test_of_two_ways_to_answer_the_chosen_badge_takes_the_first_that_it_answers(home: Home) -> None:
    held = home.fetch()
    transcript = replace(
        kinds("transcript"), alternatives=(frozenset({TYPE_IRIS["ClrCredential"]}),)
    )
    ways = (frozenset({"transcript"}), frozenset({"badge"}))
    query = Query((kinds("badge"), transcript), ways)
    asked = home.presenting.look(AMINA, home.issuer.ask(query=query), now=NOW)
    assert asked.can_be_answered
    (choice,) = asked.choices
    assert (choice.candidates, choice.several) == ((held,), False)
    home.presenting.present(AMINA, asked, chosen=[held.id], now=NOW)
    (shown,) = home.issuer.presented()
    assert shown.query_id == "badge"


def test_more_than_one_way_takes_is_not_shown(home: Home) -> None:
    first = home.fetch()
    home.issuer.deliver = lambda holder: home.issuer.badge_for(
        holder, id="https://issuer.example/credentials/2", name="Second"
    )
    second = home.fetch()
    query = Query((kinds("one"), kinds("other")), (frozenset({"one"}), frozenset({"other"})))
    asked = home.presenting.look(AMINA, home.issuer.ask(query=query), now=NOW)
    for chosen in ([first.id, second.id], []):
        with pytest.raises(Malformed):
            home.presenting.present(AMINA, asked, chosen=chosen, now=NOW)
    assert home.issuer.posts == []


def test_what_is_not_asked_for_is_named_as_staying(home: Home) -> None:
    held = home.fetch()
    other = ClaimQuery(("issuer", "id"), ("did:web:other.example",))
    query = Query((replace(kinds("badge"), claims=(other,)),))
    asked = home.presenting.look(AMINA, home.issuer.ask(query=query), now=NOW)
    assert (asked.can_be_answered, asked.others) == (False, (held,))
    with pytest.raises(Missing):
        home.presenting.present(AMINA, asked, chosen=[held.id], now=NOW)
