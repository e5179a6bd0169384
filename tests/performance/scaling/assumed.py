"""What is assumed, since nothing here has run on Lambda yet."""

#: Milliseconds billed per invocation.
MILLISECONDS = {
    "report_sale": 15,
    "publish_events": 40,
    "attribute_sale": 60,
    "issue_obligation": 30,
    "settle_engagements": 30,
    "push_order": 25,
    "push_sales_event": 25,
    "create_affiliate_sale": 60,
    "follow_order": 30,
    "update_customer": 30,
    "schedule_reminders": 30,
}
#: What a function has.
GIGABYTES = 0.5
#: Changes that one invocation of the relay gets.
CHANGES_PER_RELAY = 10
#: Bytes that Lambda logs of an invocation, and API Gateway of a request.
PLATFORM_LOG, ACCESS_LOG = 700, 250
#: The part of the requests that X-Ray records by default.
TRACED = 0.05
