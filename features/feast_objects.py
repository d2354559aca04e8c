"""The Feast objects over the feature rows of a home, made from the catalogue."""

from dataclasses import dataclass

from feast import Entity, FeatureService, FeatureView, Field, FileSource, ValueType
from feast.data_format import ParquetFormat
from feast.types import Float64, String

from features.catalogue import FEATURES, definitions_hash, names_allowed_for
from features.freshness import TOO_OLD_AFTER
from features.packed_online_store import HASH_TAG
from features.rows import rows_dir
from features.view import VIEW
from linewise.core.home import Home

__all__ = ["FeastObjects", "feast_objects"]


@dataclass(frozen=True, slots=True)
class FeastObjects:
    """All that Feast's registry holds of Linewise."""

    customer: Entity
    source: FileSource
    view: FeatureView
    services: tuple[FeatureService, FeatureService, FeatureService]


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
    return FeastObjects(customer, source, view, _services(view))


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


def _services(view: FeatureView) -> tuple[FeatureService, FeatureService, FeatureService]:
    return (
        FeatureService(
            name="default_model",
            features=[view[list(names_allowed_for("risk"))]],
            description="Inputs of the probability of default: nothing that is protected.",
        ),
        FeatureService(
            name="card_take_up_model",
            features=[view[list(names_allowed_for("take_up"))]],
            description="Inputs of the probability that an offered card is taken.",
        ),
        FeatureService(
            name="decisioning",
            features=[view[list(names_allowed_for("eligibility", "affordability", "limit"))]],
            description="What rules, the affordability budget and the limit read.",
        ),
    )
