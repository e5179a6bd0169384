"""Parts of Growi's document."""

from typing import get_args

from openapi import parameters
from openapi.schema import COUNT, FLAG, ID, MOMENT, TEXT, Schema, listed, of_a_repeat, one_of, or_null, whole
from tributary.api.growi.campaigns import UNKNOWN
from tributary.api.growi.platforms import PLATFORMS
from tributary.api.growi.requests.queries import (
    AffiliateSalesQuery,
    CampaignAffiliatesQuery,
    EnrollmentStatus,
    TopCreatorsQuery,
)
from tributary.domain.affiliate import AMOUNTS

_CURRENCY: Schema = {"type": "string", "pattern": "^[a-z]{3}$"}
_SALE = whole(
    id=ID,
    external_id=TEXT,
    platform=one_of(*PLATFORMS),
    sub_id=or_null(TEXT),
    status=one_of("unpaid", "due", "paid", "paid_externally", "cancelled", "refunded"),
    occurred_at=MOMENT,
    total=COUNT,
    commission=COUNT,
    currency=_CURRENCY,
)
_AMOUNTS: dict[str, Schema] = {
    name: {"type": "number", "description": "Major units, with two decimals."} for name in AMOUNTS
}
_SUMS: dict[str, Schema] = {**_AMOUNTS, "total_orders": COUNT}
_ALL = whole(
    currency=or_null(_CURRENCY),
    **{name: or_null(schema) for name, schema in _AMOUNTS.items()},
    total_orders=COUNT,
    currencies=listed(whole(currency=_CURRENCY, **_SUMS)),
)
_META = whole(row_count=COUNT, page_count=COUNT, current_page=COUNT)
_CHANGEABLE = ("total", "subtotal", "currency", "occurred_at", "due_at", "customer_id", "commission", "status")
_CHANGE = whole(**{"from": {}, "to": {}})
_CHANGES = whole(
    changed_at=MOMENT,
    changes={"type": "object", "properties": dict.fromkeys(_CHANGEABLE, _CHANGE), "additionalProperties": False},
)
_CAMPAIGN = whole(
    id=ID, name=TEXT, campaign_type=one_of("Ambassador Program"), status=one_of("Active", "Paused", "Archived")
)
_NOTHING: Schema = {"type": "null"}
_AFFILIATE = whole(
    id=ID,
    user_id=ID,
    campaign_id=ID,
    campaign_name=TEXT,
    status=one_of(*get_args(EnrollmentStatus)),
    affiliate_name=TEXT,
    affiliate_email=or_null(TEXT),
    tag=or_null(TEXT),
    unique_tag=or_null(TEXT),
    connected_accounts=listed({"type": "object"}),
    **dict.fromkeys(UNKNOWN, _NOTHING),
    created_at={**TEXT, "examples": ["January 16, 2026"]},
)
_AFFILIATES = whole(affiliates=listed(_AFFILIATE))
_AFFILIATES["properties"] |= {"meta": _META}
_GMV = _AMOUNTS["total_gmv"]
_RANKED = whole(
    id=ID,
    name=TEXT,
    email=or_null(TEXT),
    total_gmv=_GMV,
    currency=_CURRENCY,
    campaigns=listed(whole(campaign_id=ID, campaign_name=TEXT, total_gmv=_GMV)),
    brand_name=TEXT,
    brands=listed(TEXT),
    social_accounts=listed({"type": "object"}),
)
_RANKED["properties"] |= {"discord_id": _NOTHING, "discord_username": _NOTHING}
_RANK_META = whole(current_page=COUNT, per_page=COUNT, row_count=COUNT, page_count=COUNT, has_more=FLAG)
_SUCCESS: Schema = {"const": True}
SHAPES: dict[str, Schema] = {
    "AffiliateSale": of_a_repeat(whole(data=_SALE)),
    "AffiliateSaleHistory": whole(data=_SALE, changes=listed(_CHANGES)),
    "AffiliateSales": whole(data=listed(_SALE), meta=_META, additional_data=_ALL),
    "CampaignAffiliates": _AFFILIATES,
    "Campaigns": whole(success=_SUCCESS, campaigns=listed(_CAMPAIGN)),
    "Brands": whole(success=_SUCCESS, brands=listed(whole(id=ID, name=TEXT))),
    "TopCreators": whole(
        success=_SUCCESS, data=whole(top_creators_by_gmv=listed(_RANKED), meta=_RANK_META), meta=_RANK_META
    ),
    "Tracked": whole(
        success=_SUCCESS,
        status=one_of("attributed", "recorded", "not_attributed"),
        opportunity_id=or_null(ID),
        reason=or_null(TEXT),
    ),
}
ERROR = whole(error=TEXT)
QUERIES = {
    "GET /affiliate_sales": parameters.of_model(AffiliateSalesQuery),
    "GET /campaign_affiliates": parameters.of_model(CampaignAffiliatesQuery),
    "GET /stats/top_creators_by_gmv": parameters.of_model(TopCreatorsQuery),
}
PATHS: dict[str, Schema] = {}
