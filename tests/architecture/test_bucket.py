"""The bucket of attachments in the template: private, encrypted, and emptied of what nobody confirmed."""

from tests.architecture.deployment import BACKUPS, RESOURCES

BUCKET = RESOURCES["FilesBucket"]["Properties"]
RULES = {rule["Id"]: rule for rule in BUCKET["LifecycleConfiguration"]["Rules"]}
KINDS = ("uploads", "copies", "thumbnails")


def test_it_is_private_and_encrypted() -> None:
    assert set(BUCKET["PublicAccessBlockConfiguration"].values()) == {True}
    assert BUCKET["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    (rule,) = BUCKET["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    (statement,) = RESOURCES["FilesOverTls"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_uploads_are_deleted_after_the_dead_letters_and_nothing_else_is() -> None:
    uploads, parts = (RULES[name] for name in ("uploads", "parts"))
    assert (uploads["Prefix"], uploads["Status"]) == ("uploads/", "Enabled")
    dead = RESOURCES["DeadPicturesQueue"]["Properties"]["MessageRetentionPeriod"]
    assert uploads["ExpirationInDays"] * 24 * 60 * 60 >= dead
    assert (parts["Status"], parts["AbortIncompleteMultipartUpload"]) == ("Enabled", {"DaysAfterInitiation": 1})
    assert [name for name, rule in RULES.items() if "ExpirationInDays" in rule] == ["uploads"]


def test_what_was_deleted_comes_back_for_as_long_as_the_table_does_but_for_uploads_with_their_metadata() -> None:
    assert BUCKET["VersioningConfiguration"] == {"If": ["IsLocal", {"Ref": "AWS::NoValue"}, {"Status": "Enabled"}]}
    (nightly, _) = BACKUPS["Plan"]["Properties"]["BackupPlan"]["BackupPlanRule"]
    days = {name: RULES[name]["NoncurrentVersionExpiration"]["NoncurrentDays"] for name in KINDS}
    kept = nightly["Lifecycle"]["DeleteAfterDays"]
    assert days == {"uploads": 1, "copies": kept, "thumbnails": kept}
    assert [RULES[name]["Prefix"] for name in KINDS] == [f"{name}/" for name in KINDS]
    assert RULES["markers"]["ExpiredObjectDeleteMarker"] is True
