"""After the badges: some are withdrawn, and others are shown to people who asked for them."""

from functools import partial

from service.demo.aftermath import Shared, Withdrawn
from service.demo.chronicle import Opened
from service.demo.stage import Stage


def enter(stage: Stage) -> None:
    """Put withdrawals and share links on the agenda."""
    for each in stage.plot.revocations:
        stage.agenda.at(each.at, partial(_revoke, stage, each))
    for each in stage.plot.suspensions:
        stage.agenda.at(each.at, partial(_suspend, stage, each))
    for share in stage.plot.shares:
        stage.agenda.at(share.at, partial(_share, stage, share))


def _revoke(stage: Stage, withdrawn: Withdrawn) -> None:
    badge = stage.chronicle.badges.get(withdrawn.contribution.id)
    if badge is not None:  # in a small community no panel may have been found for it
        now, reason = stage.now(), withdrawn.reason
        stage.office.awarding.revoke(badge.credential_id, reason=reason, now=now)
        stage.chronicle.revoked.append(badge.url)


def _suspend(stage: Stage, withdrawn: Withdrawn) -> None:
    badge = stage.chronicle.badges.get(withdrawn.contribution.id)
    if badge is not None:
        now, reason = stage.now(), withdrawn.reason
        stage.office.awarding.suspend(badge.credential_id, reason=reason, now=now)
        stage.chronicle.suspended.append(badge.url)


def _share(stage: Stage, share: Shared) -> None:
    """A member makes a link for a reader, who opens it a little later."""
    handle, badges = share.person.handle, stage.chronicle.badges
    urls = [badges[each.id].url for each in share.contributions if each.id in badges]
    if not urls:
        return
    made = stage.wallet.sharing.share(
        stage.person_id(handle),
        stage.held(handle, urls),
        purpose=f"{share.purpose} ({share.reader})",
        now=stage.now(),
    )
    opened = Opened(
        holder=handle,
        reader=share.reader,
        path=f"/wallet/share/{made.token}",
        urls=tuple(urls),
    )
    stage.chronicle.shares.append(opened)
