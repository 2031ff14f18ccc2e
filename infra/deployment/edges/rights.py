"""The rights that a domain and a firewall need."""

from infra.deployment.grants import Grant

GRANTS = (
    Grant(
        "Domains",
        "apigateway",
        ("GET", "POST", "DELETE"),
        (
            "arn:aws:apigateway:{region}::/domainnames",
            "arn:aws:apigateway:{region}::/domainnames/*",
        ),
    ),
    Grant(
        "Certificates",
        "acm",
        (
            *("RequestCertificate", "ListCertificates", "DescribeCertificate", "DeleteCertificate"),
            *("AddTagsToCertificate", "ListTagsForCertificate"),
        ),
        ("*",),
    ),
    Grant(
        "Firewall",
        "wafv2",
        (
            *("CreateWebACL", "GetWebACL", "UpdateWebACL", "DeleteWebACL", "ListTagsForResource"),
            *("TagResource", "UntagResource", "AssociateWebACL", "DisassociateWebACL"),
        ),
        (
            "arn:aws:wafv2:{region}:{account}:regional/webacl/takip-{environment}/*",
            "arn:aws:wafv2:{region}:{account}:regional/managedruleset/*",
            "arn:aws:apigateway:{region}::/restapis/*/stages/*",
        ),
    ),
    Grant("FirewallOfTheApi", "wafv2", ("GetWebACLForResource",), ("*",)),
    Grant("FirewallAtTheApi", "apigateway", ("SetWebACL",), ("arn:aws:apigateway:{region}::/restapis/*/stages/*",)),
)
