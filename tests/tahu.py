"""The protocol buffer of Sparkplug B, described for the protobuf library: the fields that Eclipse Tahu gives it."""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_FIELD = descriptor_pb2.FieldDescriptorProto
_SCALARS = {
    "uint64": _FIELD.TYPE_UINT64,
    "uint32": _FIELD.TYPE_UINT32,
    "string": _FIELD.TYPE_STRING,
    "bytes": _FIELD.TYPE_BYTES,
    "bool": _FIELD.TYPE_BOOL,
    "float": _FIELD.TYPE_FLOAT,
    "double": _FIELD.TYPE_DOUBLE,
}
_PACKAGE = "sparkplug"

# Each message: its fields as (number, name, type); those after "value" are a choice of one.
_PROPERTY_VALUE = [
    (1, "type", "uint32"),
    (2, "is_null", "bool"),
    "value",
    (3, "int_value", "uint32"),
    (4, "long_value", "uint64"),
    (5, "float_value", "float"),
    (6, "double_value", "double"),
    (7, "boolean_value", "bool"),
    (8, "string_value", "string"),
]
_PROPERTY_SET = [(1, "keys", "repeated string"), (2, "values", "repeated PropertyValue")]
_METRIC = [
    (1, "name", "string"),
    (2, "alias", "uint64"),
    (3, "timestamp", "uint64"),
    (4, "datatype", "uint32"),
    (5, "is_historical", "bool"),
    (6, "is_transient", "bool"),
    (7, "is_null", "bool"),
    (9, "properties", "PropertySet"),
    "value",
    (10, "int_value", "uint32"),
    (11, "long_value", "uint64"),
    (12, "float_value", "float"),
    (13, "double_value", "double"),
    (14, "boolean_value", "bool"),
    (15, "string_value", "string"),
    (16, "bytes_value", "bytes"),
    (17, "dataset_value", "Opaque"),
    (18, "template_value", "Opaque"),
    (19, "extension_value", "Opaque"),
]
_PAYLOAD = [
    (1, "timestamp", "uint64"),
    (2, "metrics", "repeated Metric"),
    (3, "seq", "uint64"),
    (4, "uuid", "string"),
    (5, "body", "bytes"),
]


def _describe(file: descriptor_pb2.FileDescriptorProto, name: str, fields: list[Any]) -> None:
    message = file.message_type.add(name=name)
    for each in fields:
        if isinstance(each, str):
            message.oneof_decl.add(name=each)
            continue
        number, field_name, kind = each
        repeated, _, type_name = kind.rpartition(" ")
        field = message.field.add(
            name=field_name, number=number, label=_FIELD.LABEL_REPEATED if repeated else _FIELD.LABEL_OPTIONAL
        )
        if type_name in _SCALARS:
            field.type = _SCALARS[type_name]
        else:
            field.type, field.type_name = _FIELD.TYPE_MESSAGE, f".{_PACKAGE}.{type_name}"
        if message.oneof_decl:
            field.oneof_index = 0


def _payload() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="sparkplug_b.proto", package=_PACKAGE, syntax="proto2")
    for name, fields in (
        ("Opaque", []),
        ("PropertyValue", _PROPERTY_VALUE),
        ("PropertySet", _PROPERTY_SET),
        ("Metric", _METRIC),
        ("Payload", _PAYLOAD),
    ):
        _describe(file, name, fields)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.Payload"))


Payload = _payload()
"""The class of a payload in the protobuf library."""
