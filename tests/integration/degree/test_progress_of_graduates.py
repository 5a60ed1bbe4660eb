"""The progress page of somebody who holds an award: that comes first, then what else is there."""

import re
from html import unescape
from urllib.parse import urlencode

from degree_campus import Campus

PAGE = "/degree/progress"


def test_who_holds_an_award_reads_that_first_and_then_what_the_other_badges_make(
    campus: Campus,
) -> None:
    campus.conferred()
    page = campus.browser(campus.member).get(PAGE).text
    first = re.search(r'<div class="verdict is-(\w+)".*?<h2>(.*?)</h2>', page, re.DOTALL)
    assert first
    assert first[1] == "valid"
    assert "You hold the Postgraduate Certificate" in first[2]
    assert "No award is earned yet." not in page
    assert "What your other badges make" in page


def test_the_answer_to_a_revocation_names_the_award_that_rests_on_the_badge(
    campus: Campus,
) -> None:
    campus.conferred()
    browser = campus.browser(campus.member)
    found = re.search(
        r'<option value="([^"]+)">Study 1 \(5\), counted by the PGCert of',
        page := browser.get(PAGE).text,
    )
    assert found, page
    answer = browser.get(f"{PAGE}?{urlencode({'without': unescape(found[1])})}").text
    assert re.search(r"The PGCert of [^<]+ rests on this badge", answer)
    assert "Nothing about the awards changes." not in answer
    assert "No further award would be earned yet." in answer
