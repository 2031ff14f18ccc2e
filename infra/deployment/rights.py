"""The rights on AWS that deploying and deleting an environment need: each action, and the resources it is done on.

CloudFormation acts with the rights of whoever calls it. So what its resource types need is part of the list, as their
schemas in the CloudFormation registry name it for the properties in `infra/resources.yaml`.
"""

from typing import Any

from infra.deployment import backups
from infra.deployment.edges import rights as edges
from infra.deployment.grants import TABLES, Grant

GRANTS = (
    Grant(
        "Stack",
        "cloudformation",
        (
            *("CreateStack", "UpdateStack", "DeleteStack", "DescribeStacks", "DescribeStackEvents"),
            *("CreateChangeSet", "DescribeChangeSet", "DeleteChangeSet"),
        ),
        tuple(
            f"arn:aws:cloudformation:{{region}}:{{account}}:stack/takip-{{environment}}-{part}/*"
            for part in ("resources", "backups", "alarms", "dashboards", "firewall")
        ),
    ),
    Grant(
        "Table",
        "dynamodb",
        (
            *("CreateTable", "DescribeTable", "UpdateTable", "DeleteTable", "DescribeTimeToLive", "UpdateTimeToLive"),
            *("DescribeContinuousBackups", "UpdateContinuousBackups", "DescribeContributorInsights"),
            *("ListTagsOfResource", "TagResource", "UntagResource", "RestoreTableToPointInTime"),
        ),
        TABLES,
    ),
    Grant("AllTables", "dynamodb", ("ListTables",), ("*",)),
    Grant(
        "PeopleAndTenants",
        "dynamodb",
        (
            *("GetItem", "BatchGetItem", "Query", "Scan"),
            *("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem", "BatchWriteItem"),
        ),
        (*TABLES, *(f"{table}/index/*" for table in TABLES)),
    ),
    *backups.GRANTS,
    Grant(
        "Queues",
        "sqs",
        (
            *("CreateQueue", "GetQueueUrl", "GetQueueAttributes", "SetQueueAttributes", "DeleteQueue"),
            *("ListQueueTags", "TagQueue", "UntagQueue"),
        ),
        ("arn:aws:sqs:{region}:{account}:takip-{environment}-*",),
    ),
    Grant(
        "Topic",
        "sns",
        (
            *("CreateTopic", "GetTopicAttributes", "SetTopicAttributes", "DeleteTopic", "ListSubscriptionsByTopic"),
            *("GetDataProtectionPolicy", "ListTagsForResource", "TagResource", "UntagResource"),
            *("Subscribe", "Unsubscribe", "GetSubscriptionAttributes", "SetSubscriptionAttributes"),
        ),
        ("arn:aws:sns:{region}:{account}:takip-{environment}-*",),
    ),
    Grant(
        "Bucket",
        "s3",
        (
            *("CreateBucket", "DeleteBucket", "ListBucket", "PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy"),
            *("PutBucketPublicAccessBlock", "PutEncryptionConfiguration", "PutLifecycleConfiguration", "PutBucketCORS"),
            *("PutBucketOwnershipControls", "PutBucketVersioning", "ListBucketVersions", "PutBucketTagging"),
            *("TagResource", "UntagResource", "ListTagsForResource"),
            *("GetBucketPublicAccessBlock", "GetEncryptionConfiguration", "GetLifecycleConfiguration", "GetBucketCORS"),
            *("GetBucketOwnershipControls", "GetBucketTagging", "GetBucketVersioning", "GetBucketNotification"),
            *("GetBucketLogging", "GetBucketWebsite", "GetBucketObjectLockConfiguration", "GetBucketAbac"),
            *("GetAccelerateConfiguration", "GetAnalyticsConfiguration", "GetInventoryConfiguration"),
            *("GetMetricsConfiguration", "GetReplicationConfiguration", "GetIntelligentTieringConfiguration"),
            *("GetBucketMetadataTableConfiguration", "GetBucketAcl"),
        ),
        ("arn:aws:s3:::takip-{environment}-files-{account}",),
    ),
    Grant("Files", "s3", ("DeleteObjectVersion",), ("arn:aws:s3:::takip-{environment}-files-{account}/*",)),
    Grant(
        "TopicRules",
        "iot",
        (
            *("CreateTopicRule", "GetTopicRule", "ReplaceTopicRule", "DeleteTopicRule"),
            *("ListTagsForResource", "TagResource", "UntagResource"),
        ),
        ("arn:aws:iot:{region}:{account}:rule/takip_{environment}_*",),
    ),
    Grant(
        "Roles",
        "iam",
        (
            *("CreateRole", "GetRole", "DeleteRole", "PutRolePolicy", "GetRolePolicy", "DeleteRolePolicy"),
            *("ListRolePolicies", "ListAttachedRolePolicies", "UpdateAssumeRolePolicy", "PassRole"),
            *("TagRole", "UntagRole"),
        ),
        (
            "arn:aws:iam::{account}:role/takip-{environment}*",
            "arn:aws:iam::{account}:role/takip-api-gateway-logs",
        ),
    ),
    Grant(
        "LogGroups",
        "logs",
        (
            *("CreateLogGroup", "PutRetentionPolicy", "DeleteLogGroup", "GetDataProtectionPolicy"),
            *("CreateLogStream", "PutLogEvents"),  # what the tools do is logged where the functions log
            *("ListTagsForResource", "TagResource", "UntagResource"),
        ),
        (
            "arn:aws:logs:{region}:{account}:log-group:/aws/lambda/takip-{environment}*",
            "arn:aws:logs:{region}:{account}:log-group:/aws/apigateway/takip-{environment}*",
        ),
    ),
    Grant(
        "Alarms",
        "cloudwatch",
        (
            *("PutMetricAlarm", "PutCompositeAlarm", "DeleteAlarms", "ListTagsForResource"),
            *("TagResource", "UntagResource"),
        ),
        ("arn:aws:cloudwatch:{region}:{account}:alarm:takip-{environment}-*",),
    ),
    Grant("AllAlarms", "cloudwatch", ("DescribeAlarms", "GetMetricData"), ("*",)),
    Grant(
        "Dashboards",
        "cloudwatch",
        ("PutDashboard", "GetDashboard", "DeleteDashboards"),
        ("arn:aws:cloudwatch::{account}:dashboard/takip-{environment}-*",),
    ),
    Grant(
        "Budget",
        "budgets",
        ("ModifyBudget", "ViewBudget", "ListTagsForResource", "TagResource", "UntagResource"),
        ("arn:aws:budgets::{account}:budget/takip-{environment}",),
    ),
    Grant("AllLogGroups", "logs", ("DescribeLogGroups",), ("*",)),
    Grant(
        "Sampling",
        "xray",
        (
            *("CreateSamplingRule", "GetSamplingRules", "UpdateSamplingRule", "DeleteSamplingRule"),
            *("ListTagsForResource", "TagResource", "UntagResource"),
        ),
        ("*",),
    ),
    Grant(
        "SigningKeys",
        "ssm",
        ("PutParameter", "GetParameter", "DeleteParameters"),
        ("arn:aws:ssm:{region}:{account}:parameter/takip/{environment}/signing-keys",),
    ),
    Grant(
        "Functions",
        "lambda",
        (
            *("CreateFunction", "GetFunction", "GetFunctionConfiguration", "DeleteFunction"),
            *("UpdateFunctionCode", "UpdateFunctionConfiguration", "DeleteFunctionConcurrency"),
            *("PutFunctionEventInvokeConfig", "ListTags", "TagResource", "UntagResource"),
            *("GetPolicy", "AddPermission", "RemovePermission"),
            *("PublishVersion", "ListVersionsByFunction", "CreateAlias", "GetAlias", "UpdateAlias", "InvokeFunction"),
        ),
        ("arn:aws:lambda:{region}:{account}:function:takip-{environment}*",),
    ),
    Grant(
        "EventSources",
        "lambda",
        (
            *("CreateEventSourceMapping", "GetEventSourceMapping", "ListEventSourceMappings"),
            *("UpdateEventSourceMapping", "DeleteEventSourceMapping", "GetAccountSettings", "ListFunctions"),
        ),
        ("*",),
    ),
    Grant(
        "Api",
        "apigateway",
        ("GET", "POST", "PUT", "PATCH", "DELETE"),
        ("arn:aws:apigateway:{region}::/restapis", "arn:aws:apigateway:{region}::/restapis/*"),
    ),
    *edges.GRANTS,
    Grant("ApiAccount", "apigateway", ("GET", "PATCH"), ("arn:aws:apigateway:{region}::/account",)),
    Grant(
        "Schedule",
        "events",
        ("PutRule", "DescribeRule", "DeleteRule", "PutTargets", "RemoveTargets", "EnableRule", "DisableRule"),
        ("arn:aws:events:{region}:{account}:rule/takip-{environment}-*",),
    ),
    Grant("Schedules", "events", ("ListRules",), ("*",)),
    Grant("OwnRights", "iam", ("SimulatePrincipalPolicy",), ("*",)),
)


def policy(region: str = "*", account: str = "*", environment: str = "*") -> dict[str, Any]:
    """An IAM policy that grants all of them."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": grant.name,
                "Effect": "Allow",
                "Action": grant.named(),
                "Resource": grant.on(region, account, environment),
            }
            for grant in GRANTS
        ],
    }
