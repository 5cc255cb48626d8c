from django.db import migrations

from tenancy.rls import PinSearchPath


class Migration(migrations.Migration):
    """The claim of an idempotency key reads the real table only."""

    dependencies = [("api", "0002_rules")]
    operations = [PinSearchPath("api_idempotency_claim(text, text, text, interval)")]
