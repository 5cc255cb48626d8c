from django.db import migrations, models


class Migration(migrations.Migration):
    """Goods are kept by journals until the stock module keeps them: then their accounts refuse journals by hand."""

    dependencies = [("tenancy", "0003_owner_race")]
    operations = [
        migrations.AddField(
            model_name="company",
            name="inventory_method",
            field=models.CharField(
                choices=[
                    ("manual", "By hand, in journals"),
                    ("perpetual", "With every movement of stock"),
                ],
                default="manual",
                max_length=9,
                verbose_name="how goods are kept in the books",
            ),
        ),
    ]
