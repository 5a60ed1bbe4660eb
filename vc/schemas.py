"""Does a credential keep to the JSON Schemas that it names? Those that are installed here decide.

Sources: OB 3.0 section 9.1 (1EdTechJsonSchemaValidator2019), W3C VC JSON Schema 1.0 (JsonSchema).
"""

import re
from typing import Any, Final

from contexts import schemas
from vc.documents import parse
from vc.errors import Malformed
from vc.model import Credential, Outcome, Step, identifier, instant, listed

KINDS: Final = frozenset({"1EdTechJsonSchemaValidator2019", "JsonSchema"})
LARGEST: Final = 1_048_576  # bytes of a schema
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check(credential: Credential) -> list[Step]:
    """The step schema, where a schema that the credential names is installed; else none."""
    looked_at = 0
    for entry in listed(credential.document.get("credentialSchema")):
        schema = schemas.load(identifier(entry) or "")
        if schema is None or not KINDS.intersection(listed(entry.get("type"))):
            continue
        looked_at += 1
        fault = _first_fault(credential, schema)
        if fault:
            return [Step("schema", Outcome.FAIL, fault, "schema")]
    if not looked_at:
        return []
    word = "schema" if looked_at == 1 else f"{looked_at} schemas"
    return [Step("schema", Outcome.PASS, f"It keeps to the {word} installed here for it.")]


def read_schema(content: bytes) -> dict[str, Any]:
    """The JSON Schema in a file. Raises Malformed for what is none."""
    from jsonschema.exceptions import SchemaError

    schema = parse(content, largest=LARGEST)
    try:
        _validator_class(schema).check_schema(schema)
    except SchemaError as error:
        place = "".join(f"/{part}" for part in error.absolute_path)
        raise Malformed(
            "schema", f"This is no JSON Schema: {error.message[:200]}", place=place
        ) from (error)
    return schema


def _first_fault(credential: Credential, schema: dict[str, Any]) -> str:
    # Imported where it is needed: it takes longer than most verifications.
    from jsonschema import FormatChecker
    from jsonschema.exceptions import best_match
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    formats = FormatChecker(formats=())
    formats.checks("date-time", raises=Malformed)(_is_date_time)
    formats.checks("date", raises=ValueError)(lambda value: _matches(_DATE, value))
    # An empty registry: what the schema itself does not hold is not asked for anywhere.
    registry: Registry[Any] = Registry()
    validator = _validator_class(schema)(schema, format_checker=formats, registry=registry)
    try:
        error = best_match(validator.iter_errors(credential.document))
    except Unresolvable:
        return "Its schema refers to another that is not installed here."
    if error is None:
        return ""
    place = "".join(f"/{part}" for part in error.absolute_path) or "/"
    return f"It breaks its own schema at {place[:200]}: {error.message[:200]}"


def _validator_class(schema: dict[str, Any]) -> Any:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import validator_for

    named = {**schema, "$schema": str(schema.get("$schema", "")).removesuffix("#")}
    return validator_for(named, default=Draft202012Validator)


def _is_date_time(value: object) -> bool:
    if isinstance(value, str):
        instant(value, place="")
    return True


def _matches(form: re.Pattern[str], value: object) -> bool:
    return not isinstance(value, str) or form.fullmatch(value) is not None
