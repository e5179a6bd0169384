"""The routes of webhooks out, and of connections to shops."""

from tributary.api.http.route import Route

_WEBHOOKS = "webhook-subscriptions:read"
_MANAGE_WEBHOOKS = "webhook-subscriptions:manage"

ROUTES = (
    Route("GET", "/webhooks", "manage_webhooks", "Lists webhooks.", "Webhook[]", _WEBHOOKS),
    Route(
        "POST", "/webhooks", "manage_webhooks", "Creates a webhook.", "NewWebhook", _MANAGE_WEBHOOKS,
        "requests.hooks.webhooks.WebhookBody", statuses=(201,), refusals=(409,), secret=True,
    ),
    Route("GET", "/webhooks/events", "manage_webhooks", "Lists the names of events.", "EventName[]", _WEBHOOKS),
    Route("GET", "/webhooks/{id}", "manage_webhooks", "Gets a webhook.", "Webhook", _WEBHOOKS),
    Route(
        "PATCH", "/webhooks/{id}", "manage_webhooks", "Changes, pauses or activates a webhook.", "Webhook",
        _MANAGE_WEBHOOKS, "requests.hooks.webhooks.WebhookChange", refusals=(409,),
    ),
    Route("DELETE", "/webhooks/{id}", "manage_webhooks", "Deletes a webhook.", "Webhook", _MANAGE_WEBHOOKS),
    Route(
        "POST", "/webhooks/{id}/test", "manage_webhooks", "Sends a test.", "TestSend", _MANAGE_WEBHOOKS,
        refusals=(409,), secret=True,
    ),
    Route(
        "POST", "/webhooks/{id}/rotate", "manage_webhooks", "Makes another signing secret.", "NewWebhook",
        _MANAGE_WEBHOOKS, "requests.hooks.webhooks.RotationBody", refusals=(409,), secret=True,
    ),
    Route(
        "GET", "/webhooks/{id}/deliveries", "manage_webhooks", "Lists the deliveries of a webhook.",
        "WebhookDelivery[]", _WEBHOOKS,
    ),
    Route(
        "POST", "/webhooks/{id}/deliveries/{deliveryId}/replay", "manage_webhooks", "Sends a delivery again.",
        "WebhookDelivery", _MANAGE_WEBHOOKS, refusals=(409,), secret=True,
    ),
    Route(
        "POST", "/webhooks/{id}/replay", "manage_webhooks", "Sends the deliveries of a span again.", "Replayed",
        _MANAGE_WEBHOOKS, "requests.hooks.webhooks.ReplayBody", refusals=(409,), secret=True,
    ),
    Route("GET", "/connections", "manage_connections", "Lists connections to shops.", "Connection[]"),
    Route(
        "POST", "/connections", "manage_connections", "Connects a shop's webhooks.", "NewConnection",
        body="requests.hooks.connections.ConnectionBody", statuses=(201,), refusals=(409,), secret=True,
    ),
    Route("GET", "/connections/{id}", "manage_connections", "Gets a connection.", "Connection"),
    Route(
        "PATCH", "/connections/{id}", "manage_connections", "Changes a connection, or the secret of its shop.",
        "Connection", body="requests.hooks.connections.ConnectionChange", refusals=(409,),
    ),
    Route("DELETE", "/connections/{id}", "manage_connections", "Deletes a connection.", "Connection", refusals=(409,)),
    Route(
        "POST", "/connections/{id}/rotate", "manage_connections", "Makes another secret.", "NewConnection",
        refusals=(409, 422), secret=True,
    ),
    Route(
        "GET", "/connections/{id}/deliveries", "manage_connections", "Lists what a shop has sent, for seven days.",
        "ConnectionDelivery[]",
    ),
    Route(
        "POST", "/connections/{id}/reconcile", "manage_connections", "Records missing orders of a shop's list.",
        "Reconciled", body="requests.hooks.connections.OrderListBody", secret=True,
    ),
)  # fmt: skip
