"""Hostile input that no client sends by mistake."""

import json
from typing import Any

#: Bodies that are not JSON, or that no call accepts.
BROKEN: dict[str, str | bytes] = {
    "not json": "total=1&source=shop",
    "half": '{"source": "shop',
    "a text": '"sale"',
    "a number": "42",
    "true": "true",
    "a list": "[1, 2, 3]",
    "NaN": '{"total": NaN}',
    "Infinity": '{"total": Infinity}',
    "minus Infinity": '{"total": -Infinity}',
    "an exponent beyond reason": '{"total": 1e999999999999999999999}',
    "a number of 5,000 digits": '{"total": ' + "9" * 5000 + "}",
    "lists in lists": "[" * 100_000 + "]" * 100_000,
    "objects in objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "open lists": "[" * 500_000,
    "the same name twice": '{"source": "shop", "source": "other"}',
    "bytes that are no text": b'{"source": "\xff\xfe"}',
    "UTF-16": '{"source": "shop"}'.encode("utf-16"),
    "a null byte": "\x00",
    "a byte order mark": "\ufeff{}",
    "1 MB and more": json.dumps({"source": "x" * 1_000_001}),
    "1 MB of characters of four bytes": json.dumps({"source": "\U0001f600" * 300_000}, ensure_ascii=False),
    "6 MB": '{"items": [' + ",".join(['{"amount": 1}'] * 440_000) + "]}",
    "6 MB of spaces": " " * 6_000_000 + "{",
}

#: Values for single members, to be refused unless the document allows them there.
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**53 - 1, 2**53, 2**53 + 1, -(2**53), 2**64, 10**400, -(10**30), 0.1, 1e15, 1e308,
    "", " ", "0", "-1", "1.5", "1e400", "1e-400", "-1e5", "NaN", "Infinity", "0x10", "1_000", "\u0661\u0662",
    "9" * 5000, "null", "true", "[]", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\u202e", "x" * 300,
    "x" * 100_000, "\U0001f600" * 255, "' OR 1=1 --", "${jndi:ldap://x}", "../../etc/passwd", "<script>", "tracking:",
    ":code", "a:b:c", "2026-02-30", "9999-12-31T23:59:59Z", "0001-01-01", "2026-11-21T12:00:00+99:99", "@", "a@b", "ßP",
    "usd\n", [], {}, [[]], [{}], [None], {"value": None}, {"value": "9" * 5000}, [1] * 10_000, [-1], ["x"], ["1", 1],
    [True], {"$ne": 1}, {"a": {"b": {"c": []}}}, {str(n): n for n in range(2000)}, {"": ""}, {"\ud800": 1},
    {"siteVisited": []},
)  # fmt: skip

QUERY_VALUES = (
    "", " ", "-1", "0", "1.5", "NaN", "1e3", "9" * 30, "\u0661", "true", "null", "\x00", "\ufffd", "x" * 8000, "%00",
    "%ff", "a,b,,c", "[]", "{}", "W10", "bnVsbA", "WyJhIiwxXQ", "e30", "====", "\U0001f600" * 500, "2026-02-30",
    "0000-00-00", "9999-12-31T23:59:59+23:59", "id,id,id", "fields", "__class__", "listed", "pk",
)  # fmt: skip

PATHS = (
    "", "/", "//", "/.", "/..", "/../api-keys", "/transactions//", "/transactions/%00", "/transactions/%ff",
    "/transactions/-1", "/transactions/0", "/transactions/1.5", "/transactions/9" + "9" * 400, "/transactions/\u0661",
    "/transactions/9007199254740992", "/transactions/1;a=b", "/transactions/%2e%2e", "/transactions/1%2F2",
    "/transactions/sources%20", "/transactions/null", "/transactions/ ", "/transactions/+1", "/transactions/1e3",
    "/transactions/<record_id>", "/transactions/{id}", "/transactions/" + "a" * 8000, "/event/", "/event/sale/",
    "/event/%73ale%00", "/collaborators/\U0001f600", "/programs/'", '/programs/"', "/api-keys/%", "/conversions/0x10",
    "/obligations/1_000", "/programs/\r\nSet-Cookie: a=b",
)  # fmt: skip

CONTENT_TYPES = (
    "text/plain", "text/html", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data",
    "application/octet-stream", "application/jsonp", "json", "*/*", ";", "application/json-patch", "\u00e9", "a" * 8000,
)  # fmt: skip

HEADERS = (
    {"x-siren-oid": "9" * 5000}, {"x-siren-oid": "-1"}, {"x-siren-oid": "\u0661"}, {"x-siren-oid": "1;2"},
    {"prefer": "return=representation" * 500}, {"prefer": "\u00e9"}, {"x-http-method-override": "GET"},
    {"content-length": "-1"}, {"accept": "text/html"}, {"accept-encoding": "gzip, br"}, {"cookie": "a=b"},
)  # fmt: skip
