"""A share link of our own, pasted into our own verifier: each badge behind it gets its report."""

import re
from pathlib import Path

import pytest
from wallet_site import ORIGIN, Site, wallet_site

BADGES = 3


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Site:
    return wallet_site(tmp_path)


def _link(site: Site, badges: int) -> str:
    """The address at which Amina shows so many badges."""
    for number in range(1, badges + 1):
        site.issuer.deliver = lambda holder, number=number: site.issuer.badge_for(
            holder, id=f"https://issuer.example/credentials/{number}", name=f"Badge {number}"
        )
        site.fetch(site.amina)
    page = site.amina.get("/wallet/links").text
    chosen = [part.partition('"')[0] for part in page.split('name="credentials" value="')[1:]]
    answer = site.amina.submit("/wallet/links", "/wallet/links", credentials=chosen)
    return f"{ORIGIN}/wallet/share/{answer.text.partition('/wallet/share/')[2].partition('<')[0]}"


def test_link_of_several_badges_gives_a_report_for_each(site: Site) -> None:
    address = _link(site, BADGES)
    page = site.stranger.submit("/verifier/", "/verifier/", credential=f"  {address}\n").text
    assert f"{BADGES} verdicts" in page
    for number in range(1, BADGES + 1):
        assert f"{address}, number {number}" in page
        assert f"Badge {number}" in page
    assert page.count('name="receipt"') == BADGES


def test_link_of_one_badge_gives_one_report(site: Site) -> None:
    page = site.stranger.submit("/verifier/", "/verifier/", credential=_link(site, 1)).text
    assert "This credential is genuine" in page
    assert page.count('name="receipt"') == 1


def _checks(page: str) -> list[tuple[str, str]]:
    """Each check on a page: its name, and what was found."""
    row = r'<span class="step-name">(.*?)</span>.*?<p class="step-sentence">(.*?)</p>'
    return re.findall(row, page, re.DOTALL)


def test_link_shows_the_checks_by_the_names_that_the_verifier_gives_them(site: Site) -> None:
    address = _link(site, 1)
    shared = _checks(site.stranger.get(address.removeprefix(ORIGIN)).text)
    verified = _checks(site.stranger.submit("/verifier/", "/verifier/", credential=address).text)
    # What the verifier says of its registry stands above its checks.
    assert [check for check in shared if check[0] != "Registry"] == verified
    assert {"Form", "Issuer&#39;s key", "Permission", "Status"} <= {name for name, _ in verified}


def test_link_says_of_an_early_badge_what_the_verifier_says_of_its_issuer(tmp_path: Path) -> None:
    entry = (
        "{did: 'did:web:issuer.example', name: Issuer of Example, site: 'https://issuer.example', "
        "issues: [AchievementCredential], since: 2026-11-22}"
    )
    (tmp_path / "trust.yaml").write_text(f"issuers:\n  - {entry}\n")
    site = wallet_site(tmp_path)
    address = _link(site, 1)
    says = "has been registered here since 22 November 2026. This credential is from before"
    shared = site.stranger.get(address.removeprefix(ORIGIN)).text
    assert says in dict(_checks(shared))["Registry"]
    assert "not in this" not in shared
    assert says in site.stranger.submit("/verifier/", "/verifier/", credential=address).text


def test_link_that_has_ended_could_not_be_read(site: Site) -> None:
    address = _link(site, 1)
    page = site.amina.get("/wallet/links").text
    (revoke,) = {part.partition('"')[0] for part in page.split('action="')[1:] if "/revoke" in part}
    site.amina.submit("/wallet/links", revoke)
    checked = site.stranger.submit("/verifier/", "/verifier/", credential=address).text
    assert "This could not be read." in checked
    assert "not valid" not in checked
