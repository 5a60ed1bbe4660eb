"""The progress page of somebody who holds an award: that comes first, then what else is there."""

import re
from datetime import timedelta
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


def test_an_award_that_is_lost_is_called_so_everywhere_and_no_way_to_it_is_offered(
    campus: Campus,
) -> None:
    campus.audited()
    campus.now += timedelta(days=3 * 366)
    browser = campus.browser(campus.member)
    today = browser.get(PAGE).text
    page = browser.get(f"{PAGE}?{urlencode({'what1': 'part:electives', 'credits1': '5'})}").text
    for row in ("Master of Science", "Postgraduate Diploma"):
        table = page[page.index('<th scope="row">' + row) :].partition("</tr>")[0]
        assert table.count("No longer possible") == 2, table
        assert "Not yet" not in table
    assert today.count("No longer possible") == 4  # in the list, and above each award
    assert "What would fill the Master of Science" not in page
    assert "Master of Science: the years that were missed" in page
    assert "The shortest way from there, to the Postgraduate Diploma" not in page
    frame = page[page.index('class="hypothetical"') :]
    assert "No new badge can lead to the Postgraduate Diploma" in frame
