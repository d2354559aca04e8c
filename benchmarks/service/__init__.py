"""The service over HTTP, beside its rivals: `make bench NAME=service`."""
