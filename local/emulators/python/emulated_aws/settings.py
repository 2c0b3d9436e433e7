"""Settings of the emulators. To be imported before them."""

import logging
import os

ACCOUNT = "123456789012"

log = logging.getLogger("emulated_aws")

os.environ.update(
    # Both start containers where they find Docker; an emulator run must not.
    DOCKER_HOST="unix:///nonexistent",
    # Nor must they call anybody: nothing listens on this port.
    HTTP_PROXY="http://127.0.0.1:9",
    HTTPS_PROXY="http://127.0.0.1:9",
    MINISTACK_ACCOUNT_ID=ACCOUNT,
    # Seconds after which a certificate is issued, whatever is in DNS.
    MOTO_ACM_VALIDATION_WAIT="0",
    MOTO_IAM_LOAD_MANAGED_POLICIES="true",
)
