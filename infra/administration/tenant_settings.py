"""Tenant settings as plain JSON, between the tools and the process that stores them."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, get_type_hints

from cattrs import Converter

from chalicelib.domain.tenant_settings import TenantSettings
from infra import spans

_TYPES = get_type_hints(TenantSettings)


def _converter() -> Converter:
    converter = Converter()
    converter.register_unstructure_hook(timedelta, spans.written)
    converter.register_structure_hook(timedelta, lambda text, _: spans.parsed(text))
    converter.register_unstructure_hook(Decimal, lambda number: f"{number:f}")
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    return converter


_CONVERTER = _converter()


def packed(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by name as JSON. There may be all or some of them."""
    return {name: _CONVERTER.unstructure(value, _TYPES[name]) for name, value in settings.items()}


def all_packed(settings: TenantSettings) -> dict[str, Any]:
    """All settings of a tenant as JSON."""
    return packed({name: getattr(settings, name) for name in _TYPES})


def unpacked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by name from JSON, with the types of the domain."""
    return {name: _CONVERTER.structure(value, _TYPES[name]) for name, value in given.items()}
