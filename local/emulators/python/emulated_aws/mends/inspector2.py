"""Inspector: the newest kind of what it scans, which moto leaves out and the AWS provider reads."""

from typing import Any

from moto.inspector2.models import AccountStatus

from .patching import around


@around(AccountStatus, "to_batch_json")
def tell_of_repositories(original: Any, status: AccountStatus) -> dict[str, Any]:
    """Repositories of code are never scanned."""
    told = original(status)
    told["resourceState"]["codeRepository"] = {"status": "DISABLED"}
    return told
