"""Tests of the deployment on LocalStack's own code, which is stricter than the embedded emulator."""
