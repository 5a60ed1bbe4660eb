"""The badges of the menu as Open Badges 3.0 Achievements."""

from collections.abc import Mapping

from issuer.addresses import Addresses
from issuer.decisions import LAST_WORDS
from issuer.peers.rubric import Rubric
from issuer.tables.community import AchievementRow, ContextRow, TenantRow
from vc.documents import JsonObject


def achievement(
    row: AchievementRow, *, rubric: Rubric, addresses: Addresses, context: ContextRow | None = None
) -> JsonObject:
    """A badge of the menu as an Achievement; in an award with the context it was earned in."""
    url = addresses.achievement(row.id)
    alignment = [_alignment(entry) for entry in row.alignments]
    if context is not None:
        alignment.append(
            {
                "type": ["Alignment"],
                "targetFramework": "Learnometer contexts",
                "targetCode": context.id,
                "targetName": context.name,
                "targetUrl": addresses.context(context.id),
            }
        )
    return {
        "id": url,
        "type": ["Achievement"],
        "achievementType": row.achievement_type,
        "humanCode": row.id,
        "name": row.name,
        "description": row.description,
        "criteria": {"narrative": row.criteria},
        "creditsAvailable": uk_credits(row.credits_tenths),
        "alignment": alignment,
        "tag": list(row.tags),
        "resultDescription": _result_descriptions(url, rubric),
    }


def uk_credits(tenths: int) -> float:
    """Tenths of a UK credit as the number in a badge.

    A whole number is written as an integer: JSON-LD processors canonicalise 20.0 in two ways.
    """
    return tenths // 10 if tenths % 10 == 0 else tenths / 10


def membership(tenant: TenantRow, *, addresses: Addresses) -> JsonObject:
    """Membership as an Achievement."""
    return {
        "id": addresses.achievement("membership"),
        "type": ["Achievement"],
        "achievementType": "Membership",
        "name": f"Member of {tenant.name}",
        "description": "A member of one of the community's learning circles.",
        "criteria": {"narrative": "Identity confirmed, and a circle joined."},
    }


def _alignment(entry: Mapping[str, str]) -> JsonObject:
    return {
        "type": ["Alignment"],
        "targetFramework": entry["framework"],
        "targetCode": entry["code"],
        "targetType": "CFItem",
        "targetName": entry["name"],
        "targetUrl": entry["url"],
    }


def _result_descriptions(url: str, rubric: Rubric) -> list[JsonObject]:
    """What the results of a badge mean: tallies, last word, quality, a level per criterion."""
    levels = [
        {
            "id": f"{url}#level-{level.id}",
            "type": ["RubricCriterionLevel"],
            "name": level.name,
            "level": level.id,
            "description": level.description,
        }
        for level in rubric.levels
    ]
    return [
        _description(f"{url}#level-ballot", "Ballot of the participants on the level", "Result"),
        _description(f"{url}#panel-ballot", "Ballot of the panel on the contribution", "Result"),
        {
            **_description(
                f"{url}#last-word", "Who had the last word instead of the panel", "Result"
            ),
            "allowedValue": list(LAST_WORDS.values()),
        },
        {
            **_description(f"{url}#quality", "Quality", "RubricCriterionLevel"),
            "rubricCriterionLevel": levels,
            "requiredLevel": f"{url}#level-{rubric.required}",
        },
        *(
            _description(f"{url}#criterion-{criterion.id}", criterion.name, "RubricCriterion")
            for criterion in rubric.criteria
        ),
    ]


def _description(id_: str, name: str, result_type: str) -> JsonObject:
    return {"id": id_, "type": ["ResultDescription"], "name": name, "resultType": result_type}
