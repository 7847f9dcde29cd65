"""Tests in a real Chromium, which npm brings."""
