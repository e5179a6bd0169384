"""The routes of the Noticia surface."""

from tributary.api.http.route import Route

ROUTES = (
    Route(
        "POST", "/sales-events", "push_sales_event", "Records a purchase or a return, once.", "SalesEvent",
        "event:sale", "requests.sales_events.SalesEventBody", (201, 200), (404,), "noticia",
    ),
    Route(
        "POST", "/sales-events/batch", "import_sales_events", "Records up to 500 purchases and returns, each once.",
        "SalesEvent", "event:sale", "requests.sales_events.SalesEventBody", dialect="noticia", rows=True,
    ),
    Route(
        "GET", "/sales-events", "query_sales_events", "Lists sales events.", "SalesEvents", "event:sale",
        dialect="noticia",
    ),
    Route(
        "GET", "/sales-events/{id}", "query_sales_events", "Gets a sales event.", "SalesEvent", "event:sale",
        dialect="noticia",
    ),
    Route(
        "POST", "/stores", "manage_stores", "Creates or changes a store.", "Store",
        body="requests.stores.StoreBody", statuses=(201, 200), dialect="noticia",
    ),
    Route("GET", "/stores", "manage_stores", "Lists stores.", "Stores", dialect="noticia"),
    Route("GET", "/stores/{id}", "manage_stores", "Gets a store.", "Store", dialect="noticia"),
    Route(
        "POST", "/profiles", "manage_profiles", "Creates or completes a profile.", "Profile",
        body="requests.profiles.ProfileBody", statuses=(201, 200), refusals=(409,), dialect="noticia",
    ),
    Route("GET", "/profiles/{id}", "manage_profiles", "Gets a profile with its totals.", "Profile", dialect="noticia"),
)  # fmt: skip
