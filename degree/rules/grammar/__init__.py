"""The language of programmes: docs/degree.md teaches it, this package reads it.

    read_programme(source)           from the YAML file
    programme_from_json(document)    from the same file as JSON, as a decision record holds it

Both raise vc.errors.Malformed, or its kind Faulty with every fault at once: rule path, line (0 in
JSON), what was found, what was expected.
"""

from degree.rules.grammar.whole import programme_from_json, read_programme

__all__ = ["programme_from_json", "read_programme"]
