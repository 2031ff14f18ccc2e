"""Errors that API Gateway answers without Takip, in the shape of Takip's errors.

Requests for unknown paths, or too large for the gateway, never reach Takip. A function that crashes or takes too long
does not answer. Gateway responses take effect with a deployment of the API, so one follows.
"""

import json

from infra.aws import Aws

_PROBLEMS = "https://takip.dev/problems/"
# Gateway response → status, what follows ERR_, title, and for the documents the title in Turkish: the gateway itself
# cannot choose a language.
GATEWAY_ANSWERS = {
    "MISSING_AUTHENTICATION_TOKEN": (
        404,
        "ROUTE_NOT_FOUND",
        "No endpoint has this path and method",
        "Bu yol ve yöntemle bir uç nokta yok",
    ),
    "REQUEST_TOO_LARGE": (413, "REQUEST_TOO_LARGE", "The body is too large", "Gövde çok büyük"),
    "THROTTLED": (429, "REQUEST_THROTTLED", "Too many requests at once", "Aynı anda çok fazla istek"),
    "QUOTA_EXCEEDED": (429, "REQUEST_THROTTLED", "Too many requests", "Çok fazla istek"),
    "DEFAULT_4XX": (
        None,
        "REQUEST_REFUSED",
        "The request was refused before it reached Takip",
        "İstek Takip'e ulaşmadan reddedildi",
    ),
    "INTEGRATION_TIMEOUT": (
        503,
        "SERVICE_UNAVAILABLE",
        "Takip did not answer in time",
        "Takip zamanında yanıt vermedi",
    ),
    "INTEGRATION_FAILURE": (503, "SERVICE_UNAVAILABLE", "Takip could not be reached", "Takip'e ulaşılamadı"),
    "DEFAULT_5XX": (None, "SERVICE_UNAVAILABLE", "Takip could not answer", "Takip yanıt veremedi"),
}
# Every page may read them, or it would only learn that there was no answer. They tell nothing of a plant.
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Date, Retry-After, X-Request-Id",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_RETRIED = {"THROTTLED", "QUOTA_EXCEEDED", "INTEGRATION_TIMEOUT", "INTEGRATION_FAILURE", "DEFAULT_5XX"}
_RETRY_SECONDS = 2
# AWS allows one CreateDeployment in 5 seconds, and Chalice has just made one. botocore waits longer before each try, up
# to 20 seconds.
_TRIES = 10


def shape_answers(aws: Aws, api_id: str, stage: str) -> None:
    """Give the gateway's own answers Takip's shape, and deploy the API to its stage so that they take effect."""
    gateway = aws.client("apigateway", tries=_TRIES)
    for answer, (status, code, title, _) in GATEWAY_ANSWERS.items():
        headers = _HEADERS | ({"Retry-After": str(_RETRY_SECONDS)} if answer in _RETRIED else {})
        gateway.put_gateway_response(
            restApiId=api_id,
            responseType=answer,
            **({"statusCode": str(status)} if status else {}),
            responseParameters={
                "gatewayresponse.header.X-Request-Id": "context.requestId",
                **{f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers.items()},
            },
            responseTemplates={"application/json": _body(f"ERR_{code}", title)},
        )
    gateway.create_deployment(restApiId=api_id, stageName=stage, description="Gateway answers in Takip's shape")


def _body(code: str, title: str) -> str:
    """The error body of api.md. The gateway fills in what is written after a dollar sign."""
    error = {
        "code": code,
        "type": _PROBLEMS + code.removeprefix("ERR_").lower().replace("_", "-"),
        "title": title,
        "detail": f"{title}.",
        "request_id": "$context.requestId",
    }
    return json.dumps({"status": "error", "error": error})
