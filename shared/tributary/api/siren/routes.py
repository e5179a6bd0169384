"""The routes of the Siren surface."""

from tributary.api.http.route import Route
from tributary.api.siren.hooks import routes as hooks

_TRANSACTIONS = "ledger:transactions:read"
_CONVERSIONS = "ledger:conversions:read"
_OBLIGATIONS = "ledger:obligations:read"
_PAYOUTS = "ledger:payouts:read"

ROUTES = (
    Route(
        "POST", "/event/sale", "report_sale", "Reports a sale, once.", "SaleAnswer",
        "event:sale", "requests.sales.SaleReport",
    ),
    Route(
        "POST", "/event/sale/batch", "import_sales", "Reports up to 500 sales, each once.", "SaleAnswer", "event:sale",
        "requests.sales.SaleReport", rows=True,
    ),
    Route(
        "POST", "/event/sale-changed", "change_sale", "Reports an edit of a sale.", "ChangeAnswer", "event:sale",
        "requests.sale_changes.SaleChangeReport", refusals=(404,),
    ),
    Route(
        "POST", "/event/refund", "report_refund", "Reports a refund of a sale or of a part of it.", "RefundAnswer",
        "event:refund", "requests.refunds.RefundReport", refusals=(404, 409),
    ),
    Route(
        "POST", "/event/refund-withdrawn", "report_refund", "Withdraws a refund, a whole refund or a cancellation.",
        "RefundAnswer", "event:refund", "requests.refunds.RefundWithdrawalReport", refusals=(404,),
    ),
    Route(
        "POST", "/event/site-visited", "report_visit", "Reports a referred visit.", "VisitAnswer",
        "event:site-visited", "requests.visits.VisitReport",
    ),
    Route(
        "POST", "/event/coupon-applied", "report_visit", "Reports a coupon in a basket.", "VisitAnswer",
        "event:coupon-applied", "requests.visits.CouponReport",
    ),
    Route(
        "POST", "/event/{slug}", "report_event", "Reports an event registered by the organization.", "LeadAnswer",
        "event:{slug}", "requests.custom_events.LeadReport", refusals=(404,),
    ),
    Route("GET", "/event-types", "manage_event_types", "Lists the organization's registered events.", "EventType[]"),
    Route(
        "POST", "/event-types", "manage_event_types", "Registers an event.", "EventType",
        body="requests.custom_events.EventTypeBody", statuses=(201, 200),
    ),
    Route("GET", "/transactions", "query_transactions", "Lists transactions.", "Transaction[]", _TRANSACTIONS),
    Route(
        "POST", "/transactions", "manage_transactions", "Creates a transaction manually.", "Transaction",
        body="requests.transactions.TransactionBody", statuses=(201,), refusals=(409,),
    ),
    Route(
        "POST", "/transactions/bulk", "manage_transactions", "Cancels, refunds or deletes transactions.", "Affected",
        body="requests.transactions.EndBody",
    ),
    Route(
        "POST", "/transactions/credit-collaborator", "manage_transactions", "Credits a collaborator with sales.",
        "Affected", body="requests.transactions.CreditBody", refusals=(404,),
    ),
    Route(
        "POST", "/transactions/reconcile", "query_transactions", "Compares a shop's list with the ledger.",
        "Reconciliation", _TRANSACTIONS, "requests.reconciliation.ReconciliationBody", secret=True,
    ),
    Route("GET", "/audit", "manage_api_keys", "Lists changes by hand.", "Audit[]"),
    Route("GET", "/refunds", "query_transactions", "Lists refunds with an id of their own.", "Refund[]", _TRANSACTIONS),
    Route("GET", "/refunds/{id}", "query_transactions", "Gets a refund.", "Refund", _TRANSACTIONS, refusals=(409,)),
    Route("GET", "/transactions/sources", "query_transactions", "Lists the sources seen.", "Source[]", _TRANSACTIONS),
    Route("GET", "/transactions/{id}", "query_transactions", "Gets a transaction.", "Transaction", _TRANSACTIONS),
    Route(
        "GET", "/transactions/{id}/attribution", "query_transactions", "Explains the credit for a sale.",
        "Attribution", _TRANSACTIONS,
    ),
    Route("GET", "/opportunities", "manage_opportunities", "Lists opportunities.", "Opportunity[]", _CONVERSIONS),
    Route("GET", "/opportunities/{id}", "manage_opportunities", "Gets an opportunity.", "Opportunity", _CONVERSIONS),
    Route(
        "POST", "/opportunities/{id}/invalidate", "manage_opportunities", "Invalidates an opportunity permanently.",
        "Opportunity",
    ),
    Route("GET", "/engagements", "manage_opportunities", "Lists engagements.", "Engagement[]", _CONVERSIONS),
    Route(
        "GET", "/engagements/{id}", "manage_opportunities", "Gets an engagement.", "Engagement", _CONVERSIONS,
        refusals=(409,),
    ),
    Route("GET", "/conversions", "manage_conversions", "Lists conversions.", "Conversion[]", _CONVERSIONS),
    Route(
        "POST", "/conversions", "manage_conversions", "Makes a conversion for an engagement by hand.", "Conversion",
        body="requests.conversions.ConversionBody", statuses=(201, 200), refusals=(404,),
    ),
    Route(
        "POST", "/conversions/bulk", "manage_conversions", "Reviews or deletes conversions.", "Affected",
        body="requests.conversions.ReviewBody",
    ),
    Route(
        "GET", "/conversions/{id}", "manage_conversions", "Gets a conversion.", "Conversion", _CONVERSIONS,
        refusals=(409,),
    ),
    Route(
        "PUT", "/conversions/{id}", "manage_conversions", "Reviews a conversion.", "Conversion",
        body="requests.conversions.ConversionChange", refusals=(409,),
    ),
    Route(
        "DELETE", "/conversions/{id}", "manage_conversions", "Deletes a conversion, the second time for good.",
        "Conversion", statuses=(200, 204), refusals=(409,),
    ),
    Route("GET", "/obligations", "query_obligations", "Lists obligations.", "Obligation[]", _OBLIGATIONS),
    Route(
        "GET", "/obligations/{id}", "query_obligations", "Gets an obligation.", "Obligation", _OBLIGATIONS,
        refusals=(409,),
    ),
    Route(
        "GET", "/obligations/{id}/explanation", "query_obligations", "Explains an obligation's value.", "Explanation",
        _OBLIGATIONS, refusals=(409,),
    ),
    Route(
        "POST", "/obligations", "manage_obligations", "Creates a credit or debit by hand.", "Obligation",
        body="requests.owed.obligations.ObligationBody", statuses=(201,),
    ),
    Route(
        "POST", "/obligations/bulk", "manage_obligations", "Changes the state of obligations.", "Affected",
        body="requests.owed.obligations.ObligationsBody",
    ),
    Route(
        "PUT", "/obligations/{id}", "manage_obligations", "Changes an obligation.", "Obligation",
        body="requests.owed.obligations.ObligationChange", refusals=(409,),
    ),
    Route(
        "DELETE", "/obligations/{id}", "manage_obligations", "Cancels an obligation; then deletes it.", "Obligation",
        statuses=(200, 204), refusals=(409,),
    ),
    Route("GET", "/fulfillments", "manage_fulfillments", "Lists fulfillments.", "Fulfillment[]", _PAYOUTS),
    Route(
        "POST", "/fulfillments/preview", "manage_fulfillments", "Shows what a fulfillment would pay.", "Preview",
        body="requests.owed.payouts.PreviewBody", refusals=(404, 409),
    ),
    Route(
        "POST", "/fulfillments/generate", "manage_fulfillments", "Makes a fulfillment.", "Fulfillment",
        body="requests.owed.payouts.GenerateBody", statuses=(201,), refusals=(404, 409),
    ),
    Route(
        "POST", "/fulfillments/bulk", "manage_fulfillments", "Moves fulfillments.", "Affected",
        body="requests.owed.payouts.FulfillmentsBody",
    ),
    Route("GET", "/fulfillments/{id}", "manage_fulfillments", "Gets a fulfillment.", "Fulfillment", _PAYOUTS),
    Route(
        "PUT", "/fulfillments/{id}", "manage_fulfillments", "Moves a fulfillment.", "Fulfillment",
        body="requests.owed.payouts.FulfillmentChange", refusals=(409,),
    ),
    Route(
        "DELETE", "/fulfillments/{id}", "manage_fulfillments", "Fails a fulfillment; then deletes it.", "Fulfillment",
        statuses=(200, 204), refusals=(409,),
    ),
    Route(
        "POST", "/fulfillments/{id}/files", "make_payment_files", "Makes the bank files of a fulfillment, once.",
        "PaymentFiles", body="requests.owed.payout_methods.PaymentFilesBody", statuses=(201,), refusals=(409,),
    ),
    Route(
        "POST", "/fulfillments/{id}/results", "manage_payouts", "Records a bank's report about a fulfillment.",
        "Results", body="requests.owed.payouts.ReportBody",
    ),
    Route("GET", "/fulfillments/{id}/files", "make_payment_files", "Lists the bank files.", "PaymentFile[]"),
    Route("GET", "/fulfillments/{id}/files/{name}", "make_payment_files", "Downloads a bank file.", "Download"),
    Route(
        "GET", "/collaborators/{id}/payout-settings", "manage_payout_methods", "Gets payout settings.",
        "PayoutSettings",
    ),
    Route(
        "PUT", "/collaborators/{id}/payout-settings", "manage_payout_methods", "Changes payout settings.",
        "PayoutSettings", body="requests.owed.payout_methods.PayoutSettingsBody", refusals=(409,),
    ),
    Route("GET", "/payer", "manage_payout_methods", "Gets the accounts that pay.", "Payer"),
    Route(
        "PUT", "/payer", "manage_payout_methods", "Changes the accounts that pay.", "Payer",
        body="requests.owed.payout_methods.PayerBody",
    ),
    Route("GET", "/payouts", "manage_payouts", "Lists payouts.", "Payout[]", _PAYOUTS),
    Route(
        "POST", "/payouts/bulk", "manage_payouts", "Marks payouts as paid or unpaid.", "Affected",
        body="requests.owed.payouts.PayoutsBody",
    ),
    Route(
        "POST", "/payouts/export", "manage_payouts", "Exports payouts as CSV.", "Export",
        body="requests.owed.payouts.ExportBody", refusals=(409,),
    ),
    Route(
        "POST", "/payouts/results", "manage_payouts", "Records a bank's answers.", "Affected",
        body="requests.owed.payouts.ResultsBody",
    ),
    Route("GET", "/payouts/{id}", "manage_payouts", "Gets a payout.", "Payout", _PAYOUTS, refusals=(409,)),
    Route("GET", "/proofs", "manage_payouts", "Lists proofs of the ledger.", "Proof[]", _PAYOUTS),
    Route("GET", "/proofs/{id}", "manage_payouts", "Gets a proof of the ledger.", "Proof", _PAYOUTS),
    Route(
        "GET", "/collaborators/{id}/statement", "manage_payouts", "Shows a collaborator's movements and balances.",
        "Statement", _PAYOUTS,
    ),
    Route(
        "GET", "/statistics", "query_transactions", "Sums of hours, days or months.", "Statistics", _TRANSACTIONS,
    ),
    Route("GET", "/distributors", "manage_distributors", "Lists distributors.", "Distributor[]"),
    Route(
        "POST", "/distributors", "manage_distributors", "Creates a distributor.", "Distributor",
        body="requests.owed.distributors.DistributorBody", statuses=(201,), refusals=(409,),
    ),
    Route(
        "POST", "/distributors/credit-metric", "manage_distributors", "Credits a score to a collaborator, once.",
        "Metric", body="requests.owed.distributors.MetricBody", statuses=(201, 200), refusals=(404, 409),
    ),
    Route("GET", "/distributors/{id}", "manage_distributors", "Gets a distributor.", "Distributor"),
    Route(
        "PUT", "/distributors/{id}", "manage_distributors", "Changes a distributor.", "Distributor",
        body="requests.owed.distributors.DistributorChange", refusals=(409,),
    ),
    Route(
        "PATCH", "/distributors/{id}", "manage_distributors", "Changes a distributor.", "Distributor",
        body="requests.owed.distributors.DistributorChange", refusals=(409,),
    ),
    Route(
        "DELETE", "/distributors/{id}", "manage_distributors", "Deletes a distributor; then for good.", "Distributor",
        statuses=(200, 204), refusals=(409,),
    ),
    Route("GET", "/distributions", "manage_distributors", "Lists distributions.", "Distribution[]", _OBLIGATIONS),
    Route("GET", "/distributions/{id}", "manage_distributors", "Gets a distribution.", "Distribution", _OBLIGATIONS),
    Route("GET", "/programs", "manage_programs", "Lists programs.", "Program[]"),
    Route(
        "POST", "/programs", "manage_programs", "Creates a program.", "Program",
        body="requests.programs.ProgramBody", statuses=(201,),
    ),
    Route("GET", "/programs/status-types", "manage_programs", "Lists the statuses.", "Choice[]"),
    Route("GET", "/programs/incentive-types", "manage_programs", "Lists the incentives.", "Choice[]"),
    Route("GET", "/programs/currency-types", "manage_programs", "Lists the currencies.", "Choice[]"),
    Route("GET", "/programs/{id}", "manage_programs", "Gets a program.", "Program"),
    Route(
        "PUT", "/programs/{id}", "manage_programs", "Changes a program.", "Program",
        body="requests.programs.ProgramChange", refusals=(409,),
    ),
    Route(
        "PATCH", "/programs/{id}", "manage_programs", "Changes a program.", "Program",
        body="requests.programs.ProgramChange", refusals=(409,),
    ),
    Route(
        "DELETE", "/programs/{id}", "manage_programs", "Deletes a program, the second time for good.", "Program",
        statuses=(200, 204), refusals=(409,),
    ),
    Route(
        "POST", "/programs/{id}/simulate", "simulate_program", "Plays other settings over past sales.", "Simulation",
        _TRANSACTIONS, "requests.programs.SimulationBody", secret=True,
    ),
    Route(
        "POST", "/programs/bulk", "manage_programs", "Activates, deactivates or deletes programs.", "Affected",
        body="requests.programs.ProgramsBulkBody",
    ),
    Route("GET", "/program-groups", "manage_program_groups", "Lists program groups.", "ProgramGroup[]"),
    Route(
        "POST", "/program-groups", "manage_program_groups", "Creates a program group.", "ProgramGroup",
        body="requests.programs.ProgramGroupBody", statuses=(201,), refusals=(409,),
    ),
    Route("GET", "/program-groups/{id}", "manage_program_groups", "Gets a program group.", "ProgramGroup"),
    Route(
        "PUT", "/program-groups/{id}", "manage_program_groups", "Changes a program group.", "ProgramGroup",
        body="requests.programs.ProgramGroupChange", refusals=(409,),
    ),
    Route(
        "PATCH", "/program-groups/{id}", "manage_program_groups", "Changes a program group.", "ProgramGroup",
        body="requests.programs.ProgramGroupChange", refusals=(409,),
    ),
    Route(
        "DELETE", "/program-groups/{id}", "manage_program_groups", "Deletes a program group for good.", "ProgramGroup",
        statuses=(204,), refusals=(409,),
    ),
    Route(
        "POST", "/program-groups/bulk", "manage_program_groups", "Deletes program groups for good.", "Affected",
        body="requests.programs.ProgramGroupsBulkBody",
    ),
    Route("GET", "/collaborators", "manage_collaborators", "Lists collaborators.", "Collaborator[]"),
    Route(
        "POST", "/collaborators", "manage_collaborators", "Creates a collaborator.", "Collaborator",
        body="requests.collaborators.CollaboratorBody", statuses=(201,), refusals=(409,),
    ),
    Route("GET", "/collaborators/status-types", "manage_collaborators", "Lists the statuses.", "Choice[]"),
    Route(
        "GET", "/collaborators/generate-referral-code", "manage_collaborators", "Proposes a referral code.",
        "ReferralCode",
    ),
    Route(
        "POST", "/collaborators/generate-referral-code", "manage_collaborators", "Proposes a referral code.",
        "ReferralCode",
    ),
    Route("GET", "/collaborators/{id}", "manage_collaborators", "Gets a collaborator.", "Collaborator"),
    Route(
        "PUT", "/collaborators/{id}", "manage_collaborators", "Changes a collaborator.", "Collaborator",
        body="requests.collaborators.CollaboratorChange", refusals=(409,),
    ),
    Route(
        "PATCH", "/collaborators/{id}", "manage_collaborators", "Changes a collaborator.", "Collaborator",
        body="requests.collaborators.CollaboratorChange", refusals=(409,),
    ),
    Route(
        "DELETE", "/collaborators/{id}", "manage_collaborators", "Deletes a collaborator, the second time for good.",
        "Collaborator", statuses=(200, 204), refusals=(409,),
    ),
    Route(
        "POST", "/collaborators/bulk", "manage_collaborators",
        "Activates, deactivates, rejects or deletes collaborators.", "Affected",
        body="requests.collaborators.CollaboratorsBulkBody",
    ),
    Route("GET", "/customers", "manage_customers", "Lists customers.", "Customer[]"),
    Route("GET", "/customers/{id}", "manage_customers", "Gets a customer.", "Customer"),
    Route("DELETE", "/customers/{id}", "manage_customers", "Erases a customer's personal data.", "Customer"),
    Route("GET", "/settings", "manage_settings", "Gets the organization's settings.", "Settings"),
    Route(
        "PUT", "/settings", "manage_settings", "Changes the organization's settings.", "Settings",
        body="requests.settings.SettingsBody",
    ),
    Route("GET", "/event-sources", "manage_event_sources", "Lists the event sources.", "EventSource[]"),
    Route(
        "POST", "/event-sources", "manage_event_sources", "Binds an event source to the organization.",
        "EventSource", body="requests.access.EventSourceBody", statuses=(201, 200),
    ),
    Route("DELETE", "/event-sources/{id}", "manage_event_sources", "Unbinds an event source.", "EventSource"),
    Route("GET", "/api-keys", "manage_api_keys", "Lists API keys.", "ApiKey[]"),
    Route(
        "POST", "/api-keys", "manage_api_keys", "Creates an API key.", "NewApiKey",
        body="requests.access.ApiKeyBody", statuses=(201,), refusals=(409,), secret=True,
    ),
    Route("DELETE", "/api-keys/{id}", "manage_api_keys", "Revokes an API key.", "ApiKey"),
    *hooks.ROUTES,
)  # fmt: skip
