"""The issuer's pages: the menu, activities, a member's own, judging, and the desk."""

from flask import Blueprint

from issuer.pages import activity, desk, judging, member, menu
from issuer.pages.house import House


def blueprint(house: House) -> Blueprint:
    """Everything under /issuer that is for people."""
    pages = Blueprint("issuer", __name__, url_prefix="/issuer", template_folder="../templates")
    for room in (menu, activity, member, judging, desk):
        room.add_views(pages, house)
    return pages
