"""Makes one of each kind of resource that the program uses, or reads them all.

python -m checks create | read      in the environment that startEmulators gives

What "read" prints must not depend on whether the emulators ran on or were stopped and started.
"""

import json
import sys

from .account import create_account
from .chat import create_channel
from .data import create_bucket, create_cluster, create_database, create_monitoring
from .delivery import create_delivery
from .files import create_file_system
from .hosts import create_hosts, create_schedule
from .names import create_names
from .network import create_instance, create_load_balancer, create_network
from .reading import read
from .safeguards import create_safeguards
from .service import create_identity_and_logs, create_service
from .stores import create_stores


def create() -> None:
    """One of each kind."""
    network = create_network()
    create_instance(network)
    role = create_identity_and_logs()
    target_group = create_load_balancer(network)
    create_service(network, role, target_group)
    create_file_system(network)
    create_hosts(network)
    create_schedule()
    create_database(network)
    create_cluster(network)
    create_bucket()
    create_monitoring()
    create_stores(network, role)
    create_names()
    create_delivery(role)
    create_channel()
    create_account()
    create_safeguards()


if __name__ == "__main__":
    if sys.argv[1] == "create":
        create()
    else:
        print(json.dumps(dict(read()), default=str, indent=1))
