"""What Feast's own commands read: all Feast objects of the home that the settings name.

`feast -c features apply` imports this module by its bare name; the library makes its own objects for the home
that it is given (features.feast_objects), so that no object is ever registered twice.
"""

from features.feast_objects import feast_objects
from linewise.core.settings import load_settings

__all__ = [
    "call_features",
    "card_take_up_model",
    "customer",
    "customer_features",
    "customer_features_source",
    "decisioning",
    "decisioning_in_call",
    "default_model",
    "pricing",
]

_home = load_settings().paths
# Feast makes the registry's folder but not the one above it, which a fresh checkout has not got yet.
_home.feast_dir.mkdir(parents=True, exist_ok=True)
_objects = feast_objects(_home)

customer = _objects.customer
customer_features_source = _objects.source
customer_features = _objects.view
call_features = _objects.on_call
default_model, card_take_up_model, decisioning, pricing, decisioning_in_call = _objects.services
