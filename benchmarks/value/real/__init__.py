"""Real data, brought in by mappings: models of take-up and default beside the peers that anybody would try."""
