"""The four services of docker-compose.yml on PostgreSQL, walked through as people would."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from composition import MASTER, ORIGIN, ROOT, SECRET_KEY, Composition, running
from visitor import Page, Visitor

from issuer.states import Role
from issuer.tables.community import AchievementRow, RuleRow
from service.app import compose, utc_now
from service.settings import Settings
from vc.encoding import base64url_decode

pytestmark = pytest.mark.e2e

JUDGES = [f"judge{number}@example.org" for number in range(5)]
PASSWORD = "a long enough password"
AUTHOR, ADMIN = "amina@example.org", "admin@example.org"
REFLECTION = "I changed one question each week and wrote down who answered it. " * 12


@pytest.fixture
def composition(tmp_path: Path, empty_postgres_url: str) -> Iterator[Composition]:
    with running(tmp_path, empty_postgres_url) as composition:
        yield composition


class Town:
    """Who lives in the composition, with a browser each."""

    def __init__(self, composition: Composition) -> None:
        self.composition = composition
        self.visitors: dict[str, Visitor] = {}

    def visitor(self, email: str) -> Visitor:
        if email not in self.visitors:
            port = self.composition.proxy.server_port
            self.visitors[email] = Visitor(port, ORIGIN)
        return self.visitors[email]

    def sign_in(self, email: str, password: str) -> None:
        page = self.visitor(email).sign_in(email, password)
        assert (page.status, page.url) == (200, f"{ORIGIN}/"), page.text

    def add(self, name: str, email: str, *options: str) -> None:
        """As the operator does; the password is the one that is shown."""
        said = self.composition.run("issuer", "people", "add", name, email, *options)
        self.sign_in(email, said.partition("Password: ")[2].strip())

    def fetch_card(self, email: str) -> None:
        visitor = self.visitor(email)
        offered = visitor.submit(visitor.get("/issuer/me"), "/issuer/me/card")
        kept = self.accept(email, offered)
        assert "Membership" in kept.text

    def accept(self, email: str, offered: Page) -> Page:
        """From the page with the offer into the wallet."""
        visitor = self.visitor(email)
        found = re.search(r'href="(/wallet/offers\?[^"]+)"', offered.text)
        assert found, offered.text
        consent = visitor.get(found[1].replace("&amp;", "&"))
        kept = visitor.submit(consent, "/wallet/offers/accept")
        assert kept.status == 200, kept.text
        assert kept.url.startswith(f"{ORIGIN}/wallet/badges/")
        return kept


def settled(composition: Composition) -> Town:
    """Founded by the operator's commands, with an author."""
    said = composition.run("issuer", "found", str(ROOT / "examples" / "community"))
    assert said.startswith(f"{ORIGIN} is founded: 2 circles")
    composition.wait()
    town = Town(composition)
    member = ["--role", "member", "--context", "ke-secondary"]
    town.add("Amina", AUTHOR, *member, "--circle", "enquiring-classrooms")
    return town


class Preparing:
    """What has neither page nor command yet: calibration, proposing, confirming attendance."""

    def __init__(self, composition: Composition) -> None:
        settings = Settings(
            home=composition.home("issuer"),
            origin=ORIGIN,
            database_url=composition.database,
            roles=frozenset({"issuer"}),
            master_secret=base64url_decode(MASTER),
            secret_key=SECRET_KEY,
        )
        self.program = compose(settings)
        assert self.program.issuer
        self.office = self.program.issuer
        with self.office.store.ledger() as ledger:
            menu = ledger.every(AchievementRow)
            achievement = next(each for each in menu if each.level == 7)
            self.achievement = achievement.id
            self.rubric = ledger.get(RuleRow, achievement.rubric_digest)
            rules = {rule.name: rule.digest for rule in ledger.every(RuleRow)}
            self.policy, self.level = rules["learnometer"], rules["level-7"]

    def judge(self, email: str) -> None:
        """A member of the other circle who may judge, quicker than by a command."""
        people, community, now = self.program.parts.people, self.office.community, utc_now()
        person = people.register(
            name=email.partition("@")[0], email=email, password=PASSWORD, roles=["member"], now=now
        )
        community.enrol(
            person_id=person.id,
            name=person.name,
            circle_id="bridges",
            context_id="gb-further",
            joined_on=now.date(),
            identity_confirmed_at=now,
        )
        community.pass_calibration(person_id=person.id, rubric=self.rubric.name, now=now)

    def activity(self) -> str:
        """An open activity that gathers portfolios."""
        ended = utc_now() - timedelta(days=2)
        activity = self.office.activities.propose(
            circle_id="enquiring-classrooms",
            title="One question a week",
            description="We changed one question each week.",
            kind="portfolio",
            context_id="ke-secondary",
            starts_at=ended - timedelta(days=60),
            ends_at=ended,
            policy_digest=self.policy,
            rubric_digest=self.level,
            offerings=[(self.achievement, Role.PARTICIPANT)],
            level_ballot=False,
        )
        self.office.activities.open(activity, now=utc_now())
        return activity

    def confirm(self, activity: str, email: str) -> None:
        """That this person was there."""
        person = self.program.parts.people.person_by_email(email)
        self.office.activities.confirm_attendance(
            activity_id=activity, person_ids=[person.id], now=utc_now()
        )


def handed_in(town: Town, preparing: Preparing) -> str:
    """The page of the contribution that the author handed in."""
    author, activity = town.visitor(AUTHOR), preparing.activity()
    path = f"/issuer/learnometer/activities/{activity}"
    author.submit(author.get(path), f"{path}/join")
    preparing.confirm(activity, AUTHOR)
    page = author.submit(
        author.get(f"{path}/hand-in"),
        "",
        achievement=preparing.achievement,
        artefact_name="Lesson plan",
        artefact="The plan, and the table of answers.",
        reflection=REFLECTION,
    )
    assert page.status == 200, page.text
    return page.url.removeprefix(ORIGIN)


def judged(town: Town, email: str, contribution: str) -> None:
    """A judge fills in the ballot at the issuer, and signs it in the wallet."""
    judge = town.visitor(email)
    paper = judge.get(f"{contribution}/ballot")
    criteria = set(re.findall(r'name="level-([^"]+)"', paper.text))
    level = re.findall(r'name="level-[^"]+" value="([^"]+)"', paper.text)[1]
    marks = [(f"level-{each}", level) for each in criteria]
    anchors = [(f"anchor-{each}", "the table, row by row") for each in criteria]
    asked = judge.submit(paper, "", *marks, *anchors, verdict="yes")
    assert asked.url.startswith(f"{ORIGIN}/wallet/sign"), asked.text
    signed = judge.submit(asked, "/wallet/sign")
    assert signed.status == 200, signed.text


def step(town: Town, contribution: str, action: str) -> Page:
    """A step of the contribution at the issuer's desk."""
    desk = town.visitor(ADMIN)
    page = desk.submit(
        desk.get("/issuer/desk"),
        f"/issuer/desk/contributions/{contribution.rpartition('/')[2]}/{action}",
    )
    assert page.status == 200, page.text
    return page


def test_the_whole_way_through_four_services(composition: Composition) -> None:
    town = settled(composition)
    preparing = Preparing(composition)
    with closing(preparing.program.parts.database):
        preparing.program.parts.people.register(
            name="The desk", email=ADMIN, password=PASSWORD, roles=["issuer_admin"], now=utc_now()
        )
        for email in JUDGES:
            preparing.judge(email)
        for email in [ADMIN, *JUDGES]:
            town.sign_in(email, PASSWORD)
        for email in [AUTHOR, *JUDGES]:
            town.fetch_card(email)
        contribution = handed_in(town, preparing)
    step(town, contribution, "draw")
    for email in JUDGES:
        judged(town, email, contribution)
    step(town, contribution, "close")
    step(town, contribution, "award")
    badge = badge_taken(town)
    shared_and_verified(town, badge)
    shown_to_the_degree_office(town)
    shown_to_an_employer(town)
    came_through_the_gateway(composition)


def badge_taken(town: Town) -> Page:
    """The badge in the author's wallet."""
    author = town.visitor(AUTHOR)
    me = author.get("/issuer/me")
    (action,) = set(re.findall(r'action="(/issuer/me/badges/[^"]+/offer)"', me.text))
    return town.accept(AUTHOR, author.submit(me, action))


def shared_and_verified(town: Town, badge: Page) -> None:
    """A stranger opens the link, and has the verifier look at the badge."""
    link = town.visitor(AUTHOR).submit(badge, "/wallet/links", purpose="An application")
    found = re.search(rf"{ORIGIN}(/wallet/share/[A-Za-z0-9_-]+)", link.text)
    assert found, link.text
    stranger = town.visitor("stranger")
    verdict = stranger.get(found[1])
    assert "Learnometer community" in verdict.text
    checked = stranger.submit(verdict, "/verifier/")
    assert checked.status == 200
    assert f"{ORIGIN}/verifier/" == checked.url
    assert "This credential is genuine and valid." in checked.text
    credential = stranger.get(f"{found[1]}/0.json").text
    assert json.loads(credential)["issuer"]["id"].endswith(":issuer:learnometer")


def shown_to_the_degree_office(town: Town) -> None:
    """Asked, chosen in the wallet, shown, and audited."""
    author = town.visitor(AUTHOR)
    asked = author.submit(author.get("/degree/"), "/degree/ask")
    found = re.search(r'href="(/wallet/present\?[^"]+)"', asked.text)
    assert found, asked.text
    consent = author.get(found[1].replace("&amp;", "&"))
    audit = author.submit(consent, "/wallet/present", answer="all")
    assert audit.url.startswith(f"{ORIGIN}/degree/audits/"), audit.text
    assert audit.status == 200
    assert "Amina" in audit.text


def shown_to_an_employer(town: Town) -> None:
    """Asked without an account by a code, agreed to in the wallet, and read by the asker alone."""
    employer, author = town.visitor("employer"), town.visitor(AUTHOR)
    waiting = employer.submit(employer.get("/verifier/ask"), "/verifier/ask", kind="badge")
    found = re.search(r"<output[^>]*>openid4vp://\?([^<]+)<", waiting.text)
    assert found, waiting.text
    consent = author.get(f"/wallet/present?{found[1].replace('&amp;', '&')}")
    assert "Learnometer verifier asks to see badges" in consent.text
    held = re.findall(r'name="credentials" value="([^"]+)"', consent.text)
    author.submit(consent, "/wallet/present", answer="agree", credentials=held[0])
    verdict = employer.get(waiting.url)
    assert "This credential is genuine and valid." in verdict.text
    assert "It is held by the one who presented it" in verdict.text
    assert author.get(waiting.url).status == 404


def came_through_the_gateway(composition: Composition) -> None:
    """No service answered for another one: what it needed was asked for at the proxy."""
    ours = {
        path.partition("?")[0]
        for agent, _, path in composition.proxy.asked
        if agent == "learnometer"
    }
    for wanted in (
        r"/issuer/learnometer/did\.json",
        r"/issuer/learnometer/status/\S+",
        r"/\.well-known/openid-credential-issuer/issuer/learnometer",
        r"/issuer/learnometer/(token|nonce|credential)",
        r"/issuer/learnometer/ballots/\S+",
        r"/degree/did\.json",
        r"/degree/requests/\S+",
        r"/degree/response",
        r"/verifier/did\.json",
        r"/verifier/requests/\S+",
        r"/verifier/responses/\S+",
    ):
        assert any(re.fullmatch(wanted, path) for path in ours), (wanted, sorted(ours))
