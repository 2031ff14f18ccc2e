"""The actions on AWS that deployments take, recorded over all tests, beside the policy that docs/deploying.md shows."""

import sys
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS

TAKEN: set[str] = set()
_DEPLOYS = ("infra.deployment", "infra.stack", "infra.cloudformation", "infra.restoring")
# An emulator is asked whether it has IoT; Amazon is not. Who one is needs no right.
_WITHOUT_RIGHT = {"iot:ListTopicRules", "sts:GetCallerIdentity"}
# What CloudFormation does with the rights of whoever calls it: the handlers in the registry's schema of each type, as
# far as they touch the properties in the template.
BY_TYPE = {
    "AWS::DynamoDB::Table": {
        *("dynamodb:CreateTable", "dynamodb:DescribeTable", "dynamodb:UpdateTable", "dynamodb:DeleteTable"),
        *("dynamodb:DescribeTimeToLive", "dynamodb:UpdateTimeToLive", "dynamodb:DescribeContinuousBackups"),
        *("dynamodb:UpdateContinuousBackups", "dynamodb:DescribeContributorInsights"),
        *("dynamodb:ListTagsOfResource", "dynamodb:TagResource", "dynamodb:UntagResource"),
    },
    "AWS::SQS::Queue": {
        *("sqs:CreateQueue", "sqs:GetQueueUrl", "sqs:GetQueueAttributes", "sqs:SetQueueAttributes", "sqs:DeleteQueue"),
        *("sqs:ListQueueTags", "sqs:TagQueue", "sqs:UntagQueue"),
    },
    "AWS::SNS::Topic": {
        *("sns:CreateTopic", "sns:GetTopicAttributes", "sns:SetTopicAttributes", "sns:DeleteTopic"),
        *("sns:ListSubscriptionsByTopic", "sns:GetDataProtectionPolicy"),
        *("sns:ListTagsForResource", "sns:TagResource", "sns:UntagResource"),
    },
    "AWS::S3::Bucket": {
        *("s3:CreateBucket", "s3:DeleteBucket", "s3:ListBucket", "s3:PutBucketPublicAccessBlock", "s3:PutBucketCORS"),
        "s3:PutBucketVersioning",
        *("s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:PutBucketOwnershipControls"),
        *("s3:PutBucketTagging", "s3:TagResource", "s3:UntagResource", "s3:ListTagsForResource", "s3:GetBucketAcl"),
        # It reads all properties, also those that the template does not set.
        *("s3:GetBucketPublicAccessBlock", "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration"),
        *("s3:GetBucketCORS", "s3:GetBucketOwnershipControls", "s3:GetBucketTagging", "s3:GetBucketVersioning"),
        *("s3:GetBucketNotification", "s3:GetBucketLogging", "s3:GetBucketWebsite", "s3:GetBucketAbac"),
        *("s3:GetBucketObjectLockConfiguration", "s3:GetAccelerateConfiguration", "s3:GetAnalyticsConfiguration"),
        *("s3:GetInventoryConfiguration", "s3:GetMetricsConfiguration", "s3:GetReplicationConfiguration"),
        *("s3:GetIntelligentTieringConfiguration", "s3:GetBucketMetadataTableConfiguration"),
    },
    "AWS::S3::BucketPolicy": {"s3:PutBucketPolicy", "s3:GetBucketPolicy", "s3:DeleteBucketPolicy"},
    "AWS::IoT::TopicRule": {
        *("iot:CreateTopicRule", "iot:GetTopicRule", "iot:ReplaceTopicRule", "iot:DeleteTopicRule"),
        *("iot:ListTagsForResource", "iot:TagResource", "iot:UntagResource"),
    },
    "AWS::IAM::Role": {
        *("iam:CreateRole", "iam:GetRole", "iam:DeleteRole", "iam:PutRolePolicy", "iam:GetRolePolicy"),
        *("iam:DeleteRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies"),
        *("iam:UpdateAssumeRolePolicy", "iam:TagRole", "iam:UntagRole"),
    },
    "AWS::Logs::LogGroup": {
        *("logs:CreateLogGroup", "logs:DescribeLogGroups", "logs:PutRetentionPolicy", "logs:DeleteLogGroup"),
        *("logs:GetDataProtectionPolicy", "logs:ListTagsForResource", "logs:TagResource", "logs:UntagResource"),
    },
    "AWS::SNS::TopicPolicy": {"sns:SetTopicAttributes", "sns:GetTopicAttributes"},
    "AWS::SNS::Subscription": {
        *("sns:Subscribe", "sns:Unsubscribe", "sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes"),
    },
    "AWS::CloudWatch::Alarm": {
        *("cloudwatch:PutMetricAlarm", "cloudwatch:DescribeAlarms", "cloudwatch:DeleteAlarms"),
        *("cloudwatch:ListTagsForResource", "cloudwatch:TagResource", "cloudwatch:UntagResource"),
    },
    "AWS::CloudWatch::CompositeAlarm": {
        *("cloudwatch:PutCompositeAlarm", "cloudwatch:DescribeAlarms", "cloudwatch:DeleteAlarms"),
        *("cloudwatch:ListTagsForResource", "cloudwatch:TagResource", "cloudwatch:UntagResource"),
    },
    "AWS::CloudWatch::Dashboard": {
        *("cloudwatch:PutDashboard", "cloudwatch:GetDashboard", "cloudwatch:DeleteDashboards"),
    },
    "AWS::Budgets::Budget": {
        *("budgets:ModifyBudget", "budgets:ViewBudget", "budgets:ListTagsForResource"),
        *("budgets:TagResource", "budgets:UntagResource"),
    },
    "AWS::Backup::BackupVault": {
        *("backup:CreateBackupVault", "backup:DescribeBackupVault", "backup:GetBackupVaultNotifications"),
        *("backup:GetBackupVaultAccessPolicy", "backup:ListTags", "backup:TagResource", "backup:UntagResource"),
        *("backup-storage:MountCapsule", "kms:CreateGrant", "kms:GenerateDataKey", "kms:Decrypt", "kms:RetireGrant"),
        "kms:DescribeKey",
    },
    "AWS::Backup::BackupPlan": {
        *("backup:CreateBackupPlan", "backup:GetBackupPlan", "backup:UpdateBackupPlan", "backup:DeleteBackupPlan"),
        *("backup:ListTags", "backup:TagResource", "backup:UntagResource"),
    },
    "AWS::Backup::BackupSelection": {
        *("backup:CreateBackupSelection", "backup:GetBackupSelection", "backup:DeleteBackupSelection"),
        *("iam:GetRole", "iam:PassRole", "iam:CreateServiceLinkedRole"),
    },
    "AWS::WAFv2::WebACL": {
        *("wafv2:CreateWebACL", "wafv2:GetWebACL", "wafv2:UpdateWebACL", "wafv2:DeleteWebACL"),
        *("wafv2:ListTagsForResource", "wafv2:TagResource", "wafv2:UntagResource"),
    },
    "AWS::WAFv2::WebACLAssociation": {
        *("wafv2:AssociateWebACL", "wafv2:DisassociateWebACL", "wafv2:GetWebACLForResource", "wafv2:GetWebACL"),
        "apigateway:SetWebACL",
    },
    "AWS::XRay::SamplingRule": {
        *("xray:CreateSamplingRule", "xray:GetSamplingRules", "xray:UpdateSamplingRule", "xray:DeleteSamplingRule"),
        *("xray:ListTagsForResource", "xray:TagResource", "xray:UntagResource"),
    },
}
# What no test takes on an emulator, and why it is needed.
UNSEEN = {
    "logs:CreateLogStream": "what the tools do is logged where the functions log",
    "logs:PutLogEvents": "what the tools do is logged where the functions log",
    "iam:PassRole": "AWS asks for it when a function or a rule gets its role",
    "events:DescribeRule": "Chalice looks before it changes a schedule",
    "events:DeleteRule": "destroy",
    "events:RemoveTargets": "destroy",
    "ssm:DeleteParameters": "destroy",
    "s3:DeleteObjectVersion": "destroy",
    "s3:ListBucketVersions": "destroy",
    "backup:ListRecoveryPointsByBackupVault": "restore --backup latest",
    "backup:DescribeRecoveryPoint": "restore --backup ARN",
    "backup:StartRestoreJob": "restore --backup",
    "backup:DescribeRestoreJob": "restore --backup",
    "dynamodb:DescribeBackup": "restore --backup ARN",
    "dynamodb:RestoreTableFromBackup": "restore --backup ARN",
    "dynamodb:RestoreTableToPointInTime": "restore --to-time",
    "dynamodb:ListTables": "destroy and switch",
    "dynamodb:Scan": "migrate, tenant delete, restore",
    "dynamodb:UpdateItem": "AWS asks for it on the table that a restore makes",
    "ssm:GetParameter": "keys list and keys rotate",
    "cloudformation:UpdateStack": "the second deployment",
    "cloudformation:DeleteStack": "destroy",
    "cloudformation:DescribeStackEvents": "a stack that fails is told with its reasons",
    "lambda:DeleteFunction": "destroy",
    "lambda:DeleteEventSourceMapping": "destroy",
    "lambda:RemovePermission": "destroy",
    "lambda:UpdateFunctionCode": "the second deployment",
    "lambda:UpdateFunctionConfiguration": "the second deployment",
    "lambda:UpdateEventSourceMapping": "the second deployment",
    "lambda:GetEventSourceMapping": "the second deployment",
    "lambda:ListTags": "the second deployment",
    "lambda:TagResource": "the second deployment",
    "lambda:UntagResource": "the second deployment",
    "lambda:InvokeFunction": "a release is tried before it serves",
    "cloudwatch:GetMetricData": "a release is watched while it has a share",
    "events:EnableRule": "brake off",
    "events:DisableRule": "brake on",
    "apigateway:DELETE": "destroy",
    "acm:RequestCertificate": "deploy --domain",
    "acm:ListCertificates": "deploy --domain",
    "acm:DescribeCertificate": "deploy --domain",
    "acm:AddTagsToCertificate": "deploy --domain",
    "acm:ListTagsForCertificate": "a domain is removed",
    "acm:DeleteCertificate": "a domain is removed",
}
# The verbs that make admins, people and tenants act on the table from the computer of whoever deploys.
_DATA = ("GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem", "ConditionCheckItem", "BatchWriteItem")
UNSEEN |= {f"dynamodb:{action}": "admin create, import-users, tenant" for action in _DATA}


def watch() -> None:
    """Look at each request of botocore before it is sent."""
    BUILTIN_HANDLERS.insert(0, ("before-send", _seen))


def _seen(event_name: str, request: Any, **_more: object) -> None:
    frame = sys._getframe()
    while frame := frame.f_back:  # type: ignore[assignment]
        module = frame.f_globals.get("__name__", "")
        if module.startswith("tests."):
            return
        if module.startswith(_DEPLOYS):
            TAKEN.add(action(event_name, request.method))
            return


# The requests that need an action of another name.
_OTHERWISE = {
    "HeadBucket": "ListBucket",
    "DeleteObjects": "DeleteObjectVersion",
    "ListObjectVersions": "ListBucketVersions",
    "Invoke": "InvokeFunction",
}


def action(event_name: str, method: str) -> str:
    """What IAM calls a request. API Gateway has the methods of HTTP; S3 and Lambda have other names for some."""
    _, service, operation = event_name.split(".")
    operation = _OTHERWISE.get(operation, operation)
    return {"api-gateway": f"apigateway:{method}", "eventbridge": f"events:{operation}"}.get(
        service, f"{service.replace('cloudwatch-', '')}:{operation}"
    )


def compared(taken: set[str]) -> list[str]:
    """What is wrong with the documented policy: rights that are missing, and rights that nobody needs."""
    from infra.deployment.rights import GRANTS  # noqa: PLC0415  Chalice's program knows nothing of it

    granted = {name for grant in GRANTS for name in grant.named()}
    needed = taken - _WITHOUT_RIGHT | set().union(*BY_TYPE.values()) | UNSEEN.keys()
    missing = [f"docs/deploying.md does not allow {name}" for name in sorted(needed - granted)]
    seen_deployments = "lambda:CreateFunction" in taken  # otherwise the run had no deployment
    spare = [f"docs/deploying.md allows {name}, which nobody needs" for name in sorted(granted - needed)]
    return missing + (spare if seen_deployments else [])
