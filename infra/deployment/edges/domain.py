"""A domain of a plant's own for its API: a certificate, the domain at API Gateway, and which API answers it.

A certificate is issued once its owner has set a record in the DNS. So the first deployment asks for it and names the
record, and a later one goes on.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from infra.aws import Aws
from infra.problem import Problem

_ROOT = "(none)"  # the domain itself, without a path behind it
_TAG = "takip"


def put(aws: Aws, environment: str, api_id: str, stage: str, wanted: str | None) -> Iterator[str]:
    """Let a domain answer for the API, and say which records must be set in the DNS. None: as it was; empty: none.

    Raises Problem if the domain answers for another API.
    """
    if wanted is None:
        return
    for other in gone(aws, api_id, wanted):
        _remove(aws, environment, other)
    if not wanted:
        return
    certificate = _certificate(aws, environment, wanted)
    if certificate["Status"] != "ISSUED":
        yield from _awaited(certificate)
        return
    made = _made(aws, wanted, certificate["CertificateArn"])
    _point(aws, wanted, api_id, stage)
    yield f"https://{wanted} answers once this record is in the DNS:"
    yield f"  {wanted}. CNAME {made['regionalDomainName']}."


def gone(aws: Aws, api_id: str | None, wanted: str | None) -> list[str]:
    """The domains of an API that `put` would remove."""
    return [] if wanted is None else [name for name in of_api(aws, api_id) if name != wanted]


def of_api(aws: Aws, api_id: str | None) -> list[str]:
    """The domains that answer for an API; none if there is no API."""
    gateway = aws.client("apigateway")
    names = [each["domainName"] for page in _pages(gateway, "get_domain_names") for each in page["items"]]
    return [name for name in names if any(each["restApiId"] == api_id for each in _mappings(gateway, name))]


def delete(aws: Aws, environment: str, api_id: str) -> None:
    """Delete the domains of an API, and the certificates that were asked for."""
    for name in of_api(aws, api_id):
        _remove(aws, environment, name)


def _certificate(aws: Aws, environment: str, name: str) -> Any:
    """The certificate of a domain in this region: one that is issued, else one that waits, else a new one."""
    client = aws.client("acm")
    found = [
        client.describe_certificate(CertificateArn=each["CertificateArn"])["Certificate"]
        for page in client.get_paginator("list_certificates").paginate(
            CertificateStatuses=["ISSUED", "PENDING_VALIDATION"]
        )
        for each in page["CertificateSummaryList"]
        if each["DomainName"] == name
    ]
    if found:
        return min(found, key=lambda each: each["Status"] != "ISSUED")
    tags = [{"Key": _TAG, "Value": environment}]
    arn = client.request_certificate(DomainName=name, ValidationMethod="DNS", Tags=tags)["CertificateArn"]
    return client.describe_certificate(CertificateArn=arn)["Certificate"]


def _awaited(certificate: Any) -> Iterator[str]:
    """What its owner must do before a certificate is issued. AWS knows the record some seconds after the request."""
    yield f"The certificate of {certificate['DomainName']} waits for its owner. Set this record in the DNS:"
    records = [each["ResourceRecord"] for each in certificate["DomainValidationOptions"] if "ResourceRecord" in each]
    yield from (f"  {record['Name']} {record['Type']} {record['Value']}" for record in records)
    if not records:
        yield "  (AWS has not said it yet: run the same command again in a minute)"
    yield "When it is issued, some minutes later, run the same command again: it goes on with the domain."


def _made(aws: Aws, name: str, certificate: str) -> Any:
    """The domain at API Gateway, made if it is not there."""
    gateway = aws.client("apigateway")
    with suppress(gateway.exceptions.NotFoundException):
        return gateway.get_domain_name(domainName=name)
    return gateway.create_domain_name(
        domainName=name,
        regionalCertificateArn=certificate,
        endpointConfiguration={"types": ["REGIONAL"]},
        securityPolicy="TLS_1_2",
    )


def _point(aws: Aws, name: str, api_id: str, stage: str) -> None:
    """Let a domain answer for this API alone. One of an API that is gone is taken over. Raises Problem."""
    gateway = aws.client("apigateway")
    apis = {each["id"] for page in _pages(gateway, "get_rest_apis") for each in page["items"]}
    for mapping in _mappings(gateway, name):
        if mapping["restApiId"] == api_id and mapping["basePath"] == _ROOT:
            return
        if mapping["restApiId"] in apis:
            raise Problem(f"The domain {name} answers for another API, {mapping['restApiId']}. It was left as it is.")
        # The emulator cannot change a mapping (404), so it is made anew. It led to nothing.
        gateway.delete_base_path_mapping(domainName=name, basePath=mapping["basePath"])
    gateway.create_base_path_mapping(domainName=name, restApiId=api_id, stage=stage)


def _remove(aws: Aws, environment: str, name: str) -> None:
    gateway, certificates = aws.client("apigateway"), aws.client("acm")
    arn = gateway.get_domain_name(domainName=name).get("regionalCertificateArn")
    gateway.delete_domain_name(domainName=name)
    if not arn:
        return
    tags = certificates.list_tags_for_certificate(CertificateArn=arn)["Tags"]
    # AWS may count the domain as a user of the certificate for some minutes more. A certificate that is left costs
    # nothing, and the next domain of this name uses it.
    if {"Key": _TAG, "Value": environment} in tags:
        with suppress(certificates.exceptions.ResourceInUseException):
            certificates.delete_certificate(CertificateArn=arn)


def _mappings(gateway: Any, name: str) -> list[Any]:
    return [
        each
        for page in gateway.get_paginator("get_base_path_mappings").paginate(domainName=name)
        for each in page.get("items", ())
    ]


def _pages(gateway: Any, operation: str) -> Iterator[Any]:
    yield from gateway.get_paginator(operation).paginate()
