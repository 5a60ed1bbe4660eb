"""The issuer's pages: the menu, activities, a member's own, judging, and the desk."""

from flask import Blueprint

from issuer.pages import (
    activity,
    appeals,
    auditing,
    desk,
    judging,
    member,
    menu,
    people,
    presence,
    proposing,
)
from issuer.pages.house import House


def blueprint(house: House) -> Blueprint:
    """Everything under /issuer that is for people."""
    pages = Blueprint("issuer", __name__, url_prefix="/issuer", template_folder="../templates")
    for_members = (menu, activity, proposing, presence, member, judging)
    for room in (*for_members, desk, appeals, auditing, people):
        room.add_views(pages, house)
    return pages
