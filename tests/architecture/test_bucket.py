"""The bucket of attachments in the template: private, encrypted, and emptied of what nobody confirmed."""

from tests.architecture.deployment import RESOURCES

BUCKET = RESOURCES["FilesBucket"]["Properties"]


def test_it_is_private_and_encrypted() -> None:
    assert set(BUCKET["PublicAccessBlockConfiguration"].values()) == {True}
    assert BUCKET["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    (rule,) = BUCKET["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    (statement,) = RESOURCES["FilesOverTls"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_uploads_are_deleted_after_the_dead_letters_and_nothing_else_is() -> None:
    uploads, parts = BUCKET["LifecycleConfiguration"]["Rules"]
    assert (uploads["Prefix"], uploads["Status"]) == ("uploads/", "Enabled")
    dead = RESOURCES["DeadPicturesQueue"]["Properties"]["MessageRetentionPeriod"]
    assert uploads["ExpirationInDays"] * 24 * 60 * 60 >= dead
    assert (parts["Status"], parts["AbortIncompleteMultipartUpload"]) == ("Enabled", {"DaysAfterInitiation": 1})
    assert "ExpirationInDays" not in parts
