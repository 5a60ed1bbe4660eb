"""The public menu of badges, and each badge on it."""

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from accounts.guard import ANYONE, allow
from issuer.pages.house import House, wants_page
from issuer.publishing import MEMBERSHIP


def add_views(pages: Blueprint, house: House) -> None:
    """The menu, for anyone."""

    @pages.get("/")
    @allow(ANYONE)
    def menu() -> str:
        theme = request.args.get("theme", "")
        level = request.args.get("level", type=int)
        page = house.records.menu.page(theme=theme, level=level)
        return render_template("issuer/menu.html", menu=page, theme=theme, level=level)

    @pages.get("/<tenant>/achievements/<achievement_id>")
    @allow(ANYONE)
    def achievement(tenant: str, achievement_id: str) -> ResponseReturnValue:
        # The address is the achievement's id in every badge: programs read the same there.
        headers = {"Vary": "Accept"}
        if not wants_page() or achievement_id == MEMBERSHIP:
            document = house.office.publishing.achievement(tenant, achievement_id)
            return jsonify(document), headers
        view = house.records.menu.achievement(tenant, achievement_id)
        return render_template("issuer/achievement.html", view=view), headers
