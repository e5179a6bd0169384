"""Assumptions, since nothing here has run on Lambda yet."""

#: Milliseconds billed per invocation.
MILLISECONDS = {
    "report_sale": 15,
    "publish_events": 40,
    "attribute_sale": 60,
    "issue_obligation": 30,
    "settle_engagements": 30,
    "share_revenue": 20,
    "push_order": 25,
    "push_sales_event": 25,
    "create_affiliate_sale": 60,
    "follow_order": 30,
    "update_customer": 30,
    "schedule_reminders": 30,
}
#: Memory of a function.
GIGABYTES = 0.5
#: Changes per invocation of the relay.
CHANGES_PER_RELAY = 10
#: Bytes logged by Lambda per invocation, and by API Gateway per request.
PLATFORM_LOG, ACCESS_LOG = 700, 250
#: Share of requests that X-Ray samples by default.
TRACED = 0.05


def milliseconds(function: str) -> int:
    assert function in MILLISECONDS, f"MILLISECONDS of {__name__} lacks a time of {function}, which a sale invokes"
    return MILLISECONDS[function]
