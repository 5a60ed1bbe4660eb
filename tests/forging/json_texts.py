"""Texts that two readers of JSON would read differently, or that would keep one busy."""

from forging.forge import Case, Cases, Forge, text

from vc.documents import LARGEST


def cases(forge: Forge) -> Cases:
    sound = text(forge.signed())

    def case(name: str, content: bytes, code: str, why: str) -> Case:
        return Case(file=f"json/{name}.json", content=content, why=why, step="structure", code=code)

    def bent(name: str, old: bytes, new: bytes, code: str, why: str) -> Case:
        assert old in sound, old
        return case(name, sound.replace(old, new, 1), code, why)

    twice = "json-duplicate-key"
    named = b'"name": "Issuer"'
    amount = b'"creditsEarned": 12.5'
    title = b'"name": "Lesson study"'
    yield bent("duplicate-key", title, title + b', "name": "Doctorate"', twice, "two names")
    yield bent(
        "duplicate-key-first",
        title,
        b'"name": "Doctorate", ' + title,
        twice,
        "two names, forged first",
    )
    yield bent(
        "duplicate-key-deep", amount, amount + b', "creditsEarned": 180', twice, "two amounts"
    )
    yield bent(
        "duplicate-key-escaped",
        named,
        named + b', "n\\u0061me": "X"',
        twice,
        "one key, two spellings",
    )
    yield bent(
        "duplicate-proof", b'"proof": {', b'"proof": [], "proof": {', twice, "two sets of proofs"
    )
    yield bent(
        "duplicate-context", b'"id": "https', b'"@context": [], "id": "https', twice, "two contexts"
    )
    yield case("byte-order-mark", b"\xef\xbb\xbf" + sound, "json", "a byte order mark")
    yield case("utf-16", sound.decode().encode("utf-16"), "json-utf8", "UTF-16")
    yield case("utf-32", sound.decode().encode("utf-32-le"), "json", "UTF-32")
    yield bent("lone-surrogate", named, b'"name": "\\ud800"', "json-surrogate", "half a character")
    yield bent(
        "lone-surrogate-low", named, b'"name": "x\\uDFFFy"', "json-surrogate", "the other half"
    )
    yield bent(
        "surrogates-swapped", named, b'"name": "\\udc00\\ud800"', "json-surrogate", "halves swapped"
    )
    yield bent(
        "lone-surrogate-in-key", named, named + b', "\\ud800": "x"', "json-surrogate", "in a key"
    )
    yield bent(
        "surrogate-in-utf-8", named, b'"name": "\xed\xa0\x80"', "json-utf8", "half a character, raw"
    )
    yield bent("overlong-utf-8", named, b'"name": "\xc0\xaf"', "json-utf8", "a slash in two bytes")
    yield bent("latin-1", named, b'"name": "M\xfcnchen"', "json-utf8", "not UTF-8")
    for name, number in {
        "nan": b"NaN",
        "infinity": b"-Infinity",
        "huge-float": b"1e999",
        "integer-beyond-2-53": b"9007199254740993",
        "integer-of-a-thousand-digits": b"9" * 1_000,
        "integer-of-a-hundred-thousand-digits": b"9" * 100_000,
    }.items():
        yield bent(
            f"number-{name}",
            amount,
            b'"creditsEarned": ' + number,
            "json-number",
            "no such number",
        )
    for name, number in {
        "leading-zero": b"012",
        "leading-plus": b"+12",
        "hexadecimal": b"0x0c",
        "bare-point": b"12.",
        "eastern-digits": "١٢".encode(),
    }.items():
        yield bent(f"number-{name}", amount, b'"creditsEarned": ' + number, "json", "not JSON")
    yield case("deep-arrays", b'{"a": ' + b"[" * 100_000, "json-depth", "100,000 lists deep")
    yield case("deep-objects", b'{"a":' * 40_000, "json-depth", "40,000 objects deep")
    yield bent(
        "deep-by-one", named, named + b', "a": ' + b"[" * 31 + b"]" * 31, "json-depth", "too deep"
    )
    deep = b'"' + b"[" * 200 + b'\\"", "b": ' + b"[" * 40 + b"]" * 40
    yield bent(
        "deep-behind-a-string", named, named + b', "a": ' + deep, "json-depth", "hidden depth"
    )
    yield case("huge", b'{"a": "' + b"x" * LARGEST + b'"}', "json-size", "over 256 KiB")
    yield case("many-values", b'{"a": [' + b"1," * 120_000 + b"1]}", "json-nodes", "120,001 values")
    many = b",".join(b'"%d":0' % number for number in range(20_000))
    yield case("many-keys", b"{" + many + b"}", "json-nodes", "20,000 keys")
    yield bent("comment", named, named + b" /* x */", "json", "a comment")
    yield bent("trailing-comma", named, named + b",", "json", "a comma too many")
    yield bent("single-quotes", named, b"'name': 'Issuer'", "json", "other quotes")
    yield bent("raw-control-character", named, b'"name": "a\x00b"', "json", "a NUL")
    yield bent("raw-line-break", named, b'"name": "a\nb"', "json", "a line break in a text")
    yield bent("other-white-space", b"\n", b"\xc2\xa0", "json", "a space that JSON has not")
    yield case("two-documents", sound + sound, "json", "one after the other")
    yield case("something-after", sound + b"x", "json", "something after the end")
    yield case("cut-off", sound[:-40], "json", "cut off")
    yield case("empty", b"", "json", "nothing")
    yield case("spaces", b" " * 10_000, "json", "nothing but spaces")
    yield case("nul-bytes", b"\0" * 10_000, "json", "nothing but NUL")
    yield case("list", b"[" + sound + b"]", "json-object", "a list of badges")
    yield case("text", b'"' + b"a" * 100 + b'"', "json-object", "a text")
    yield case("null", b"null", "json-object", "null")
