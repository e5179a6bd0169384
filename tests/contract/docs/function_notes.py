"""Facts of functions that the template does not state: the items they touch and the events that follow."""

from typing import NamedTuple


class Note(NamedTuple):
    """Items as `partition` / `sort key`, without the leading `<organization>#`; events that the relay publishes."""

    items: str
    events: str = "–"


NOTES = {
    "report_sale": Note("puts `transaction#<id>` / `transaction`", "SaleTriggered, TransactionCreated"),
    "import_sales": Note("per row as `report_sale`", "as `report_sale`"),
    "change_sale": Note(
        "one transaction: updates `transaction#<id>` / `transaction`, puts `change#<moment>#<digest>`", "SaleChanged"
    ),
    "report_refund": Note(
        "updates `transaction#<id>` / `transaction`; a partial refund or its withdrawal is one transaction with "
        "`refund#<hash>`",
        "RefundTriggered, RefundWithdrawn",
    ),
    "report_visit": Note(
        "reads programs, `collaborator#<id>`, `alias#…`, the user's link; writes `opportunity#<id>`",
        "OpportunityTriggered, EngagementsTriggered",
    ),
    "report_event": Note(
        "reads `event-types`; as `report_visit`, or puts `lead#<id>`", "as `report_visit`; LeadTriggered"
    ),
    "query_transactions": Note("indexes `lists`, `parents`, `labels`; gets; `decision#…`; Queries of `statistics`"),
    "manage_transactions": Note(
        "puts and updates `transaction#<id>`; `decision#credit#…` with its `award#…#conversion`",
        "as `report_sale`, `report_refund`; TransactionCancelled, TransactionDeleted, ConversionAwarded",
    ),
    "manage_opportunities": Note(
        "indexes `lists`, `labels`; updates `opportunity#<id>` / `opportunity`", "OpportunityInvalidated"
    ),
    "manage_conversions": Note(
        "indexes `lists`, `labels`; updates `award#…#conversion`, checks its sale; puts one made by hand with "
        "`decision#manual#…` or, without a sale, `decision#lead`; rejects `award#…#obligation` of one deleted for good",
        "ConversionAwarded, ConversionApproved, ConversionRejected, ConversionReopened, ConversionDeleted",
    ),
    "query_obligations": Note("indexes `lists`, `parents`, `labels`; gets; `decision#…`"),
    "manage_obligations": Note(
        "index `labels`; gets; puts and updates `credit#<id>` / `obligation`, updates `award#…#obligation`, reviews "
        "`award#…#conversion`",
        "ObligationIssued, ObligationStatusChanged, ObligationRevalued, ConversionApproved, ConversionRejected, "
        "ConversionReopened",
    ),
    "manage_fulfillments": Note(
        "index `owed`, per page a BatchGetItem of collaborators; puts `preview#<id>` / `preview`, `row#<n>`; begins "
        "by `fulfillments` / `turn`; one transaction per 98 obligations: claims them, `fulfillment#<id>` / "
        "`payout#<collaborator>#<currency>`, `fulfillment`",
        "FulfillmentCreated, FulfillmentStatusChanged, FulfillmentHandedOver, PayoutCreated, ObligationStatusChanged",
    ),
    "manage_payouts": Note(
        "indexes `lists`, `parents`, `labels`, `owed`; updates `fulfillment#<id>` / `payout#…`, and `fulfillment` "
        "or a check of it",
        "PayoutPaid, PayoutReopened, PayoutFailed",
    ),
    "manage_payout_methods": Note(
        "gets and updates `collaborator#<id>` / `collaborator`; `settings` / `payer`; encrypts, cannot decrypt",
        "CollaboratorUpdated",
    ),
    "make_payment_files": Note(
        "Query of `fulfillment#<id>` / `payout#…`; puts `files` and `file#<name>`; the only function that decrypts",
    ),
    "manage_distributors": Note(
        "`distributors` / `distributor#<id>`, `version`, and `distributor#<id>` / `version#…`; a score is one "
        "transaction: `metric#…`, `pool#…` / `score#…`, checks `distribution#<id>`; indexes `lists`, `parents`",
        "DistributorCreated, DistributorUpdated, MetricCredited",
    ),
    "simulate_program": Note(
        "index `lists`; per 50 sales a BatchGetItem of `transaction#<id>` / `transaction`, `decision#sale`; "
        "`programs` / `group#…`, `program#<id>` / `version#…`; gets `opportunity#<id>` / `opportunity` if visits move"
    ),
    "manage_programs": Note(
        "`programs` / `program#<id>`, `version`; its group when it is deleted for good",
        "ProgramCreated, ProgramUpdated, ProgramGroupUpdated",
    ),
    "manage_program_groups": Note(
        "`programs` / `group#<id>`, its programs, `version`", "ProgramGroupCreated, ProgramGroupUpdated, ProgramUpdated"
    ),
    "manage_event_types": Note("`event-types` / `<slug>`"),
    "manage_collaborators": Note(
        "`collaborator#<id>`, `alias#…`, `email#…`", "CollaboratorCreated, CollaboratorUpdated"
    ),
    "manage_customers": Note(
        "index `lists`; gets; an erasure puts `customer#<id>`, deletes its lookup keys and back-in-stock requests",
        "CustomerErased",
    ),
    "manage_settings": Note("`settings` / `settings`"),
    "manage_event_sources": Note("`event-source#…` / `<organization>`"),
    "manage_api_keys": Note("`api-keys`, `api-key#<hash>`"),
    "manage_webhooks": Note(
        "`webhooks` / `webhook#<id>`, `count`; index `lists`; of deliveries `webhook#<id>` / `delivery#<event>`, "
        "`gate`, index `moments`; encrypts and decrypts secrets; sends a message per replayed delivery",
        "WebhookPaused",
    ),
    "manage_connections": Note(
        "`connection#<id>` / `connection`, `partner-source#…`; index `lists`; of deliveries index `moments`; encrypts "
        "and decrypts secrets; of a list `transaction#<id>` / `transaction`",
        "SaleTriggered, TransactionCreated",
    ),
    "receive_hook": Note(
        "`connection#<id>` / `connection`, decrypts its secret; as `report_sale`, `change_sale`, `report_refund`; "
        "`payment#…`, `stated#…`, `referral#…`; puts a delivery `connection#<id>` / `delivery#…`",
        "as those functions; ReferralTold",
    ),
    "push_order": Note(
        "the customer and its lookup keys; puts `order#<digest>` / `notice#<status>`",
        "ecommerce.order_placed, ecommerce.order_cancelled, ecommerce.order_fulfilled, ecommerce.order_refunded; "
        "CustomerCreated, CustomerUpdated",
    ),
    "import_orders": Note("per row as `push_order`", "as `push_order`"),
    "query_orders": Note("gets; Queries of the order's updates and the sale's refunds"),
    "manage_products": Note(
        "one BatchGetItem; puts `product#<digest>` / `product` if changed; index `lists`", "ProductRestocked"
    ),
    "await_product": Note(
        "gets the product; the customer as `push_order`; one transaction: checks both, puts `waiting#…` with the "
        "product and `waits#…` with the customer",
        "CustomerCreated, CustomerUpdated",
    ),
    "report_checkout": Note(
        "the customer as `push_order`; puts `checkout#<digest>` / `checkout`",
        "ecommerce.checkout_started; CustomerCreated, CustomerUpdated",
    ),
    "push_sales_event": Note(
        "one BatchGetItem: event, `store#<id>`, the buyer's lookup key; a known buyer's `customer#<id>` / "
        "`opportunity`; puts `sales-event#<id>`, of a purchase in one transaction with `transaction#<id>`; a new "
        "buyer first",
        "PurchaseRecorded or ReturnRecorded; as `report_sale`",
    ),
    "import_sales_events": Note("per row as `push_sales_event`", "as `push_sales_event`"),
    "query_sales_events": Note("indexes `lists`, `parents`; gets"),
    "manage_stores": Note("index `lists`; puts, updates `store#<id>`"),
    "manage_profiles": Note("`customer#<id>` and its lookup keys", "CustomerCreated, CustomerUpdated"),
    "create_affiliate_sale": Note(
        "reads aliases, `collaborator#<id>`, programs; puts `transaction#<id>` and `customer#<id>`; then as "
        "`attribute_sale`; a tracking event as `report_visit`",
        "as `report_sale`, `report_visit`; CustomerCreated, CustomerUpdated, ConversionAwarded, ConversionApproved",
    ),
    "query_affiliate_sales": Note("index `lists`; gets sales, `award#…`, `amendment#…`, collaborators; programs"),
    "manage_affiliate_sales": Note(
        "one transaction: the sale, `amendment#<version>`; then as `attribute_sale`, `issue_obligation` and "
        "`update_customer`",
        "TransactionAmended, TransactionCancelled, ConversionRevalued, ConversionRejected, ObligationStatusChanged, "
        "ObligationRevalued, CustomerUpdated",
    ),
    "answer_unrouted": Note("nothing: 404, 405 with `Allow`, OPTIONS"),
    "publish_events": Note(
        "reads the stream; puts `audit#<id>` of a change by hand, `movements#…` of one that moves a figure",
        "every event",
    ),
    "receive_event": Note(
        "`event-source#…`; as `report_sale`, `report_refund`; parks a refund without its sale: `refund#<hash>`, "
        "`parked`; of a message `customer#<id>` / `message#…`, `opportunity`, and as `report_visit`",
        "as those functions",
    ),
    "attribute_sale": Note(
        "reads the sale or lead, decision, opportunity, programs, collaborators, `alias#…` of its codes, `referral#…`; "
        "one transaction: `decision#sale`, the opportunity, `award#…#conversion`, `engagement#code#…`; puts "
        "`referral#<hash>` / `waiting#<sale>`",
        "ConversionAwarded, ConversionApproved, ConversionRejected, ConversionRevalued, OpportunitySettled",
    ),
    "issue_obligation": Note(
        "one Query of `award#…`; writes `award#…#obligation`; of a paid one reads its rises, and puts or updates an "
        "adjustment `credit#<id>` / `obligation`",
        "ObligationIssued, ObligationStatusChanged, ObligationRevalued",
    ),
    "settle_payouts": Note(
        "finishes a batch as `manage_fulfillments`; cancels `payout#…` of a failed one; index `owed`, one transaction "
        "per 33 obligations: releases them, `payout#…`",
        "as `manage_fulfillments`; PayoutCancelled, ObligationStatusChanged, ObligationRevalued, ObligationIssued",
    ),
    "prove_ledger": Note(
        "Query of `proof-organizations`; puts and updates `proof#<id>` / `proof`; per page index `lists` and "
        "BatchGetItems; per payout index `owed`, per batch its payouts",
        "LedgerProved, LedgerDisproved",
    ),
    "close_hours": Note(
        "Query of `organizations`; index `lists`, BatchGetItems of `movements#…` / `first` and of refunded sales; "
        "puts `statistics` / `hour#…`, `day#…`, `month#…`",
    ),
    "share_revenue": Note(
        "one BatchGetItem: the sale, `distributors` / `version`; per distributor puts `pool#…` / `entry#<sale>`; of "
        "an ended period one transaction with `distribution#<id>`, then as `close_periods`",
        "DistributionRevalued; as `close_periods`",
    ),
    "close_periods": Note(
        "Query of `distributor-organizations`; puts and updates `distribution#<id>` / `distribution`; Queries of "
        "`pool#…`; one transaction per 49 obligations: `credit#<id>` / `obligation`, checks the distribution",
        "DistributionClosed, ObligationIssued, ObligationStatusChanged, ObligationRevalued",
    ),
    "settle_engagements": Note("one Query of `opportunity#<id>`; updates engagements", "EngagementCompleted"),
    "follow_order": Note(
        "reads the order update; puts or updates the sale, its refund, the customer's stated totals",
        "SaleTriggered, SaleChanged, RefundTriggered, RefundWithdrawn, TransactionCancelled, CustomerUpdated",
    ),
    "update_customer": Note(
        "reads the sale or return; one transaction: `customer#<id>` / `order#<moment>#<sale>`, `customer`; once per "
        "process `rfm-organizations`",
        "CustomerUpdated",
    ),
    "set_quintiles": Note("Query of `rfm-organizations`; index `lists`; puts `rfm` / `bounds`"),
    "schedule_reminders": Note(
        "Queries of the order's updates and the customer's `waits#…`; batch gets of products and reminders; writes "
        "`customer#<id>` / `reminder#<digest>`; deletes `waits#…` with `waiting#…`; makes and deletes schedules"
    ),
    "release_reminder": Note(
        "one transaction: checks the customer, updates `reminder#<digest>`", "ecommerce.replenishment_due"
    ),
    "fan_out_webhooks": Note(
        "one Query of `webhooks`; if one wants the event, of a sale's the transaction; per webhook puts "
        "`webhook#<id>` / `delivery#<event>` and sends a message",
    ),
    "send_webhook": Note(
        "gets `webhook#<id>`, its `delivery#<event>` and `gate`; two transactions: takes delivery and slot, notes the "
        "attempt; decrypts the secret; sends or schedules the next attempt; may pause the webhook",
        "WebhookPaused",
    ),
    "announce_restock": Note(
        "reads the product; Queries of `waiting#<variant>#…`, at most fifty; a transaction each: `told#…` replaces "
        "`waiting#…` and `waits#…`",
        "ecommerce.back_in_stock; ProductRestocked again while more wait",
    ),
}
