"""Values at the edges of what members and parameters take: of each form, well-formed and not."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

DATES = """
2026-11-21T12:00:00Z 2026-11-21 2026-11-21T12:00:00+02:00 2026-11-21T12:00:00 20261121 20261121T120000Z 2026-11-21T12
2026-W47-6 2026-325 2026-11-21t12:00:00z 2026-11-21T12:00:00.123456789Z 2026-11-21T12:00:00,5Z 2026-11-21T24:00:00Z
2026-11-21T23:59:60Z 2026-13-01 2026-02-29 2024-02-29 2026-11-31 1900-02-29 2000-02-29 0000-01-01 2026-02-30 2026-1-1
2026-11-21T12:00:00+14:00 2026-11-21T12:00:00+24:00 2026-11-21T12:00:00+0200 2026-11-21T12:00:00+02 2026-11-21_12:00
2026-11-21T12:00:00-00:00 2026-11-21T12:00+02:00:30 2999-01-01 2999-12-31T00:00:00Z 2026-11-21+12:00 2026-11-21T120000Z
20261121T12:00:00Z 2026-11-21T25:00 2026-11-21T12:60 11/21/2026 1/1/2026 02/29/2024 02/29/2026 13/01/2026 01/32/2026
00/01/2026 01/01/0000 21/11/2026 1/1/26
""".split()
NUMBERS = f"""
0 1 -1 01 +1 -0 5 20 21 100 101 200 201 1.0 1.5 .5 5. 1,000 1e3 -1e5 1e400 1e-7 1e16 0.000001 0.0000001 1000 1000.1
5000 5001 4900 4901 10000 10001 10002 1000000 1000001 1000000000 1000000001 1000000000000 9007199254740991
9007199254740992 9999999999999999 10000000000000000 -9999999999999999 NaN Infinity 0x10 1_000 ١٢ {"0" * 19}1
{"0" * 20}1 {"9" * 400} 1e1000000 0e99999999
""".split()
WORDS = f"""
USD usd Usd XYZ XAU US USDD ÜSD a@b.c a@b @b.c a@ a@@b.c ada@example.com {"x" * 250}@b.c ß@ü.de tracking:x tracking: :x
a:b:c 5:x type:{"x" * 251} sale refund lead engagement a -a a- {"a" * 64} {"a" * 65} A a_b siteVisited event:x event:*
event:-x * admin events:write active paid ios website ios:1 android: PURCHASE purchase prof_1 ntca_1 store_1 tributary
123456789012 12345678901 +123456789012345 1234567890123456 123456 12345 ++123456 (030)123-456 asc DESC desc down id,id
id,nothing id,,id id dateCreated true TRUE false 1; abc== abc=== ab+c W10 bnVsbA x{"x" * 254} {"x" * 256} {"x" * 2000}
{"x" * 2001} custom page_viewed product complete
""".split()
OTHERS = (
    "", " ", "  a ", "a\tb", "a\nb", "usd\n", "a\u202eb", "a\u2066b", "a\x7fb", "\x00", "\U0001f600" * 255,
    "\U0001f600" * 256, "\u3000", " a@b.c ", "+49 170 1234567", " 5 ", "5 0", "a: ", " :x", "id, dateCreated",
    "2026-11-21 12:00", "2026-11-21T12:00 02:00", " 2026-11-21", "2026-11-21 ", "' OR 1=1 --", "[]", "{}", "null",
)  # fmt: skip
TEXTS = tuple(dict.fromkeys([*DATES, *NUMBERS, *WORDS, *OTHERS]))

#: Other values than texts, for members of bodies.
ANYTHING: tuple[Any, ...] = (
    True, False, 1.0, 2e3, 0, 1, -1, 2, 100, 101, 0.5, 1.5, -0.5, 1e-7, 0.001, 10**6, 10**6 + 1, 10**9, 10**9 + 1,
    10**12, 10**12 + 1, -(10**12), 2**53 - 1, 2**53, -(2**53), 10**15, 10**16 - 1, 10**16, 10**30, 253402300799,
    253402300800, 123456789012, [], {}, [[]], [{}], [None], [1], [1, 1], [0], ["1"], ["x"], [""], ["x", ""],
    ["event:sale"], ["x", "x"], [True], [-1], [1] * 90, [1] * 91, [1] * 501, ["x"] * 51, ["x"] * 101, [[1]],
    ["transaction"], {"a": 1}, {"a": "b"}, {"a": [1]}, {"a": None}, {"a": 1.5}, {"a": {"b": 1}}, {"a": True},
    {"": ""}, {"Other": 1}, {"siteVisited": 100}, {"siteVisited": "100"}, {"siteVisited": {"value": "100"}},
    {"siteVisited": {"value": -1}}, {"siteVisited": {"value": "9" * 5000}}, {"siteVisited": {}}, {"value": "1"},
    {"x" * 64: 1}, {"x" * 65: 1}, {"a": "x" * 1001}, {"x" * 1001: "a"}, {str(n): "x" for n in range(50)},
    {str(n): "x" for n in range(51)}, {str(n): "x" for n in range(101)}, {str(n): 1 for n in range(1001)},
)  # fmt: skip


def edges(schema: Schema) -> Iterator[Any]:
    """The values at a schema's own limits, and one step beyond each."""
    yield from schema.get("enum", ())
    yield from schema.get("examples", ())
    for name, step in (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 1), ("exclusiveMaximum", -1)):
        if name in schema:
            yield from (schema[name], schema[name] + step, str(schema[name]), str(schema[name] + step))
    if "maxLength" in schema:
        yield from ("x" * schema["maxLength"], "x" * (schema["maxLength"] + 1))
    if "maxItems" in schema and schema["maxItems"] <= 1000:
        yield from (["1"] * schema["maxItems"], ["1"] * (schema["maxItems"] + 1))
    for inner in schema.get("anyOf", ()):
        yield from edges(inner)
