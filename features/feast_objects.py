"""The Feast objects over the feature rows of a home, made from the catalogue."""

import inspect
from dataclasses import dataclass
from typing import Any

from feast import Entity, FeatureService, FeatureView, Field, FileSource, RequestSource, ValueType
from feast.data_format import ParquetFormat
from feast.on_demand_feature_view import OnDemandFeatureView
from feast.types import Float64, Int64, String

from features.catalogue import FEATURES, definitions_hash, names_allowed_for
from features.feature import Purpose
from features.freshness import TOO_OLD_AFTER
from features.on_call import CALL_FEATURES, COMPARED_WITH
from features.packed_online_store import HASH_TAG
from features.rows import rows_dir
from features.view import CALL_VIEW, VIEW
from linewise.core.home import Home

__all__ = ["FeastObjects", "feast_objects", "on_call_lists"]

# Name, what its features are for, whether those of the call belong to them, and what it is.
_SERVICES: tuple[tuple[str, tuple[Purpose, ...], bool, str], ...] = (
    ("default_model", ("risk",), False, "Inputs of the probability of default: nothing that is protected."),
    ("card_take_up_model", ("take_up",), False, "Inputs of the probability that an offered card is taken."),
    ("decisioning", ("eligibility", "affordability", "limit"), False, "What rules, the budget and the limit read."),
    ("pricing", ("price",), False, "What a price may be made of: nothing that is protected, no complaint."),
    ("decisioning_in_call", ("eligibility", "affordability", "limit"), True, "The same with what the call tells."),
)


@dataclass(frozen=True, slots=True)
class FeastObjects:
    """All that Feast's registry holds of Linewise."""

    customer: Entity
    source: FileSource
    view: FeatureView
    on_call: OnDemandFeatureView
    services: tuple[FeatureService, ...]

    def all(self) -> list[Any]:
        """Every object, in an order in which Feast accepts them."""
        return [self.customer, self.source, self.view, self.on_call, *self.services]


def feast_objects(home: Home) -> FeastObjects:
    """The entity, the source, the one wide view (a look-up costs a view, whatever its width), the services."""
    customer = Entity(
        name="customer",
        join_keys=["customer_id"],
        value_type=ValueType.STRING,
        description="A person whom the bank serves.",
    )
    source = FileSource(
        name="customer_features_source",
        path=str(rows_dir(home)),
        file_format=ParquetFormat(),
        timestamp_field="event_timestamp",
        created_timestamp_column="created_timestamp",
        description="Feature rows by observation date, as `linewise features build` writes them.",
    )
    view = FeatureView(
        name=VIEW,
        entities=[customer],
        ttl=TOO_OLD_AFTER,
        schema=[Field(name="customer_id", dtype=String), *_fields()],
        source=source,
        online=True,
        tags={HASH_TAG: definitions_hash()},
        description="What is known of a customer as of the observation date.",
    )
    on_call = _on_call(view)
    return FeastObjects(customer, source, view, on_call, _services(view, on_call))


def _fields() -> list[Field]:
    return [
        Field(
            name=feature.name,
            dtype=Float64,
            description=feature.meaning,
            tags={"unit": feature.unit, "owner": feature.owner},
        )
        for feature in FEATURES
    ]


def on_call_lists(inputs: "dict[str, list[Any]]") -> "dict[str, list[Any]]":
    """The features of calls as Feast asks for them: columns in, columns out.

    Its registry keeps this text and runs it by itself, so it names nothing from outside.
    """
    from features.on_call import call_features  # noqa: PLC0415

    answers = call_features(inputs["call_reason"], inputs["requested_amt"], inputs)
    return {name: values.tolist() for name, values in answers.items()}


def _on_call(view: FeatureView) -> OnDemandFeatureView:
    call = RequestSource(
        name="call",
        schema=[Field(name="call_reason", dtype=String), Field(name="requested_amt", dtype=Int64)],
        description="What the caller tells: a reason, or an empty text; an amount in minor units, or 0.",
    )
    return OnDemandFeatureView(
        name=CALL_VIEW,
        sources=[call, view[list(COMPARED_WITH.values())]],
        schema=[Field(name=feature.name, dtype=Float64) for feature in CALL_FEATURES],
        udf=on_call_lists,
        udf_string=inspect.getsource(on_call_lists),
        mode="python",
        description="What is known only in the call, computed when it is asked for.",
    )


def _services(view: FeatureView, on_call: OnDemandFeatureView) -> tuple[FeatureService, ...]:
    return tuple(
        FeatureService(
            name=name,
            features=[view[list(names_allowed_for(*purposes))], *([on_call[_told(purposes)]] if is_in_call else [])],
            description=description,
        )
        for name, purposes, is_in_call, description in _SERVICES
    )


def _told(purposes: tuple[Purpose, ...]) -> list[str]:
    return [feature.name for feature in CALL_FEATURES if set(purposes) & set(feature.allowed_for)]
