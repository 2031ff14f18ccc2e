"""A domain of a plant's own and a firewall: made in two steps, kept, changed and removed."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest
from cfnlint.api import lint  # type: ignore[import-untyped]
from click.testing import CliRunner
from moto import mock_aws
from moto.acm.models import acm_backends
from moto.apigateway.models import apigateway_backends

from infra import cloudformation, deployment
from infra.aws import Aws
from infra.cli import commands
from infra.cli import deploy as cli
from infra.deployment import chalice, edges
from infra.deployment.edges import EdgeWishes, domain, firewall
from infra.problem import Problem

NAME, AWS = "api.example.com", Aws("eu-central-1")
LOCAL = "api.plant.localhost"  # the embedded emulator answers to no other names


@pytest.fixture
def api(environment: None) -> Iterator[str]:
    """An API in an account that holds nothing else. AWS is moto's, where certificates wait to be validated."""
    with mock_aws():
        # moto answers with an error for a domain without mappings; AWS with none.
        apigateway_backends["123456789012"]["eu-central-1"].base_path_mappings = defaultdict(dict)
        yield made()


def made(gateway: Any = None) -> str:
    """An API with a stage, which answers `GET /plain`."""
    gateway = gateway or boto3.client("apigateway")
    api_id: str = gateway.create_rest_api(name="takip")["id"]
    (root,) = gateway.get_resources(restApiId=api_id)["items"]
    plain = gateway.create_resource(restApiId=api_id, parentId=root["id"], pathPart="plain")
    place: Any = {"restApiId": api_id, "resourceId": plain["id"], "httpMethod": "GET"}
    gateway.put_method(**place, authorizationType="NONE")
    gateway.put_integration(**place, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    gateway.put_method_response(**place, statusCode="200")
    gateway.put_integration_response(**place, statusCode="200", responseTemplates={"application/json": "from the API"})
    gateway.create_deployment(restApiId=api_id, stageName="v1")
    return api_id


def put(api_id: str, wanted: str | None = NAME) -> list[str]:
    return list(domain.put(AWS, "prod", api_id, "v1", wanted))


def validated() -> None:
    """The owner sets the record, and the certificates are issued."""
    for certificate in acm_backends["123456789012"]["eu-central-1"]._certificates.values():
        certificate.status = "ISSUED"


def domains() -> list[Any]:
    found: list[Any] = boto3.client("apigateway").get_domain_names()["items"]
    return found


def test_a_domain_waits_for_its_certificate_and_the_same_command_goes_on(api: str) -> None:
    first, record, last = put(api)
    assert (first.split()[:4], last.split()[0]) == (["The", "certificate", "of", NAME], "When")
    assert " CNAME " in record
    assert put(api)[0] == first
    assert (len(boto3.client("acm").list_certificates()["CertificateSummaryList"]), domains()) == (1, [])

    validated()
    told = put(api)
    assert told == put(api)  # again: nothing is made twice
    assert told[0].startswith(f"https://{NAME} answers")
    (made,) = domains()
    assert (made["domainName"], made["endpointConfiguration"]["types"]) == (NAME, ["REGIONAL"])
    (mapping,) = boto3.client("apigateway").get_base_path_mappings(domainName=NAME)["items"]
    assert (mapping["restApiId"], mapping["stage"]) == (api, "v1")


def test_a_domain_is_kept_until_another_or_none_is_wanted(api: str) -> None:
    put(api)
    validated()
    put(api)
    assert (put(api, None), [each["domainName"] for each in domains()]) == ([], [NAME])

    put(api, "new.example.com")
    assert domains() == []  # the new one waits for its certificate
    validated()
    put(api, "new.example.com")
    assert domain.of_api(AWS, api) == ["new.example.com"]
    put(api, "")
    assert (domains(), boto3.client("acm").list_certificates()["CertificateSummaryList"]) == ([], [])


def test_a_domain_of_another_api_is_left_and_one_of_a_lost_api_is_taken_over(api: str) -> None:
    gateway = boto3.client("apigateway")
    other = made()
    put(other)
    validated()
    put(other)
    with pytest.raises(Problem, match="answers for another API"):
        put(api)
    gateway.delete_rest_api(restApiId=other)
    put(api)
    assert domain.of_api(AWS, api) == [NAME]
    domain.delete(AWS, "prod", api)
    assert domains() == []


def test_a_certificate_of_somebody_else_stays(api: str) -> None:
    ours = boto3.client("acm").request_certificate(DomainName=NAME, ValidationMethod="DNS")["CertificateArn"]
    validated()
    put(api)
    domain.delete(AWS, "prod", api)
    assert [each["CertificateArn"] for each in boto3.client("acm").list_certificates()["CertificateSummaryList"]] == [
        ours
    ]


def test_the_firewall_is_understood_by_cloudformation() -> None:
    template = firewall.TEMPLATE.read_text(encoding="utf-8")
    assert [each.rule.id for each in lint(template, None, ["eu-central-1"]) if not each.rule.id.startswith("I")] == []
    broken = template.replace("Scope: REGIONAL", "Scope: PLANT")
    assert [each.rule.id for each in lint(broken, None, ["eu-central-1"])] == ["E3030"]


def test_both_are_made_kept_and_removed_on_the_emulator(emulated: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    api_id = made(emulated.client("apigateway"))
    there = type("There", (), {"api_id": api_id, "api": api_id})
    monkeypatch.setattr(chalice, "deployed", lambda *_: there)
    monkeypatch.setattr(chalice, "found", lambda *_: there)

    def answer() -> str:
        return httpx.get(f"{emulated.endpoint}/plain", headers={"Host": LOCAL}, timeout=30).text

    def firewalls() -> list[Any]:
        found: list[Any] = emulated.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"]
        return found

    assert (list(edges.put(emulated, "prod", EdgeWishes())), firewalls()) == ([], [])
    assert len(list(edges.put(emulated, "prod", EdgeWishes(LOCAL, firewall=True)))) == 2
    assert answer() == "from the API"
    assert (list(edges.put(emulated, "prod", EdgeWishes())), len(firewalls())) == ([], 1)
    (acl,) = firewalls()
    rules = emulated.client("wafv2").get_web_acl(Name=acl["Name"], Id=acl["Id"], Scope="REGIONAL")["WebACL"]["Rules"]
    assert [rule["Name"] for rule in rules] == ["rate-of-an-address", "common", "known-bad-inputs"]
    assert "15000" in json.dumps(rules[0]["Statement"])
    list(edges.put(emulated, "prod", EdgeWishes(firewall=False)))
    assert (firewalls(), domain.of_api(emulated, api_id)) == ([], [LOCAL])
    edges.delete(emulated, "prod")
    assert domain.of_api(emulated, api_id) == []
    assert answer() != "from the API"
    assert cloudformation.status_of(emulated, "takip-prod-firewall") is None


def test_deploy_hands_on_what_is_wanted_and_prints_what_a_person_must_do(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[EdgeWishes] = []

    def told(_aws: Aws, _stage: str, wishes: EdgeWishes) -> Iterator[str]:
        wanted.append(wishes)
        yield "Set this record"

    for name in ("refuse_unknown_schema", "careful", "move_logins", "count_again", "tell_migrations", "who_is_told"):
        monkeypatch.setattr(cli, name, lambda *_: None)
    monkeypatch.setattr(cli, "amazon", lambda: AWS)
    monkeypatch.setattr(Aws, "account", lambda _: "1")
    monkeypatch.setattr(deployment, "deploy", lambda *_, **__: type("Site", (), {"url": "https://takip"}))
    monkeypatch.setattr(edges, "put", told)
    for options, expected in (
        ([], EdgeWishes()),
        (["--domain", NAME, "--waf"], EdgeWishes(NAME, firewall=True)),
        (["--domain", "", "--no-waf"], EdgeWishes("", firewall=False)),
    ):
        done = CliRunner().invoke(commands.takip, ["deploy", "--stage", "prod", *options])
        assert (done.exit_code, wanted.pop(), "Set this record" in done.output) == (0, expected, True)
