"""All Feast objects, made from the catalogue: the one module that Feast's own commands read.

`feast -c features apply` imports it by its bare name, so nothing else may define a Feast object.
"""

from datetime import timedelta

from feast import Entity, FeatureService, FeatureView, Field, FileSource, ValueType
from feast.data_format import ParquetFormat
from feast.types import Float64, String

from features.catalogue import FEATURES, definitions_hash, names_allowed_for
from features.packed_online_store import HASH_TAG
from features.rows import rows_dir
from features.view import VIEW
from linewise.core.home import Home
from linewise.core.settings import load_settings

__all__ = [
    "card_take_up_model",
    "customer",
    "customer_features",
    "customer_features_source",
    "decisioning",
    "default_model",
    "services",
    "view_over",
]

# A quarter: an older row no longer describes the customer whom it is asked about.
TTL = timedelta(days=92)

customer = Entity(
    name="customer",
    join_keys=["customer_id"],
    value_type=ValueType.STRING,
    description="A person whom the bank serves.",
)


def view_over(home: Home) -> FeatureView:
    """The one wide view over the feature rows of a home: one view costs one look-up, whatever its width."""
    source = FileSource(
        name="customer_features_source",
        path=str(rows_dir(home) / "*.parquet"),
        file_format=ParquetFormat(),
        timestamp_field="event_timestamp",
        created_timestamp_column="created_timestamp",
        description="Feature rows by observation date, as `linewise features build` writes them.",
    )
    return FeatureView(
        name=VIEW,
        entities=[customer],
        ttl=TTL,
        schema=[
            Field(name="customer_id", dtype=String),
            *(
                Field(
                    name=feature.name,
                    dtype=Float64,
                    description=feature.meaning,
                    tags={"unit": feature.unit, "owner": feature.owner},
                )
                for feature in FEATURES
            ),
        ],
        source=source,
        online=True,
        tags={HASH_TAG: definitions_hash()},
        description="What is known of a customer as of the observation date.",
    )


def services(view: FeatureView) -> tuple[FeatureService, FeatureService, FeatureService]:
    """What each consumer may read: the default model, the card take-up model, decisioning."""
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


customer_features = view_over(load_settings().paths)
customer_features_source = customer_features.batch_source
default_model, card_take_up_model, decisioning = services(customer_features)
