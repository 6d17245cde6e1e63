"""Finds every adapter in the folder by itself."""

from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import iter_modules

from api.webhooks import adapters
from api.webhooks.adapters.base import Adapter

MODULES = sorted(found.name for found in iter_modules(adapters.__path__) if found.name != "base")


def classes(module: str) -> list[type[Adapter]]:
    """Return the adapters that a module defines itself."""
    loaded = import_module(f"{adapters.__name__}.{module}")
    found = [one for _, one in getmembers(loaded, isclass) if issubclass(one, Adapter)]
    return [one for one in found if one.__module__ == loaded.__name__]
