"""The nightly backups of the table, in a stack of their own. `destroy` leaves it alone: backups outlive the table."""

from collections.abc import Mapping
from typing import Any

from infra import cloudformation
from infra.aws import Aws
from infra.deployment.grants import TABLES, Grant
from infra.places import PROJECT

TEMPLATE = PROJECT / "infra" / "backups.yaml"
GRANTS = (
    Grant(
        "Vault",
        "backup",
        (
            *("CreateBackupVault", "DescribeBackupVault", "GetBackupVaultAccessPolicy", "GetBackupVaultNotifications"),
            *("ListTags", "TagResource", "UntagResource", "ListRecoveryPointsByBackupVault", "DescribeRecoveryPoint"),
        ),
        ("arn:aws:backup:{region}:{account}:backup-vault:takip-{environment}",),
    ),
    Grant(
        "BackupPlan",
        "backup",
        (
            *("CreateBackupPlan", "GetBackupPlan", "UpdateBackupPlan", "DeleteBackupPlan"),
            *("CreateBackupSelection", "GetBackupSelection", "DeleteBackupSelection"),
        ),
        ("arn:aws:backup:{region}:{account}:backup-plan:*",),
    ),
    Grant(
        "RestoreFromVault",
        "backup",
        ("StartRestoreJob",),
        ("arn:aws:backup:{region}:{account}:recovery-point:*", *(f"{table}/backup/*" for table in TABLES)),
    ),
    Grant("RestoreJobs", "backup", ("DescribeRestoreJob",), ("*",)),
    Grant(
        "RestoreFromBackup",
        "dynamodb",
        ("DescribeBackup", "RestoreTableFromBackup"),
        tuple(f"{table}/backup/*" for table in TABLES),
    ),
    # The vault is encrypted with AWS's own key for backups, which is made for the first vault of an account.
    Grant("VaultStorage", "backup-storage", ("MountCapsule",), ("*",)),
    Grant(
        "VaultKey",
        "kms",
        ("CreateGrant", "GenerateDataKey", "Decrypt", "RetireGrant", "DescribeKey"),
        ("arn:aws:kms:{region}:{account}:key/*",),
    ),
    Grant(
        "BackupService",
        "iam",
        ("CreateServiceLinkedRole",),
        ("arn:aws:iam::{account}:role/aws-service-role/backup.amazonaws.com/*",),
    ),
)


def put(aws: Aws, environment: str) -> None:
    """Create or update the vault and the plan. An emulator has none. Raises Problem with CloudFormation's reasons."""
    for name, request in requests(aws, environment).items():
        cloudformation.put(aws, name, request)


def requests(aws: Aws, environment: str) -> dict[str, Mapping[str, Any]]:
    """What is asked of CloudFormation for the stack: the template and its parameters. Nothing on an emulator."""
    request = {
        "TemplateBody": TEMPLATE.read_text(encoding="utf-8"),
        "Parameters": cloudformation.parameters({"Environment": environment}),
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }
    return {} if aws.endpoint else {f"takip-{environment}-backups": request}
