"""The bill of materials of a release (SBOM): CycloneDX 1.6, https://cyclonedx.org/specification/overview."""

import hashlib
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from infra.supply.shipped import Library


def bill_of_materials(zipped: Path, version: str, libraries: list[Library], made: datetime) -> str:
    """The bill of materials of the functions' zip, in JSON: the zip with its digest, and every library in it.

    The same zip, version, libraries and instant give the same text.
    """
    digest = hashlib.sha256(zipped.read_bytes()).hexdigest()
    takip = Component(
        name="takip",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref="takip",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        licenses=[LicenseFactory().make_from_string("MIT")],
    )
    parts = [_component(each) for each in libraries]
    bom = Bom(
        components=parts,
        serial_number=uuid5(NAMESPACE_URL, f"takip:{version}:{digest}"),
        metadata=BomMetaData(component=takip, timestamp=made),
    )
    bom.register_dependency(takip, parts)
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)


def _component(library: Library) -> Component:
    purl = PackageURL(library.registry, name=library.name, version=library.version)
    return Component(
        name=library.name,
        version=library.version,
        bom_ref=purl.to_string(),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(library.licence)],
    )
