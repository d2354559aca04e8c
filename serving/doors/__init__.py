"""The doors of the HTTP interface: a router for each thing that is asked or told, and errors in plain words."""
