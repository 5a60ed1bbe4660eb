"""Names that look like others. They are signed well: what they may not do is be believed.

The verdict of each is that of a stranger's badge; that none is taken for an issuer who is known,
and that no terminal obeys it, is tested with these same files.
"""

from ed25519_keys import signer
from forging.forge import Case, Cases, Forge, text

from vc.model import Verdict

_NAMES = {
    "right-to-left": ("Learn\u202eretem\u202cometer", "letters turned around"),
    "isolated": ("\u2067University\u2069", "an isolated direction"),
    "cyrillic": ("L\u0435\u0430rnom\u0435ter University", "Cyrillic letters"),
    "greek": ("\u039bearnometer", "a Greek letter"),
    "full-width": ("\uff2cearnometer", "a wide letter"),
    "mathematical": ("\U0001d40b\U0001d41e\U0001d41a\U0001d42bnometer", "mathematical letters"),
    "zero-width": ("Learn\u200bo\u2060meter\ufeff", "letters without width"),
    "soft-hyphen": ("Learno\u00admeter", "a hyphen that is not seen"),
    "tags": ("Learnometer" + "".join(chr(0xE0000 + ord(c)) for c in "forged"), "letters not seen"),
    "stacked": ("L" + "\u0300" * 2_000, "2,000 accents on one letter"),
    "terminal": ("\u001b[2J\u001b[1;32mvalid\u001b[0m", "orders to a terminal"),
    "line-breaks": ("Learnometer\n+ trust: known", "a line of its own"),
    "backspaces": ("x" + "\b" * 20 + "valid", "letters taken back"),
    "script": ("<script>alert(1)</script><img src=x onerror=alert(1)>", "a script"),
    "template": ("{{7*7}} ${7*7} %s %n {0.__class__}", "a template"),
    "formula": ('=HYPERLINK("https://attacker.example")', "a formula for a table"),
    "long": ("University " * 9_000, "99,000 letters"),
    "noncharacters": ("\ufffe\uffff\U0010ffff", "characters that are none"),
}


def cases(forge: Forge) -> Cases:
    pen = signer(77)
    for name, (value, why) in _NAMES.items():
        issuer = {"id": pen.did, "type": ["Profile"], "name": value}
        badge = forge.badge(issuer=issuer, name=value)
        signed = forge.signed(badge, by=pen)
        yield Case(
            file=f"name/{name}.json",
            content=text(signed),
            why=why,
            step="",
            code="",
            verdict=Verdict.VALID,
        )
