# The names that the commands of the runbooks use, from the outputs of the stack that is selected.
# In bash or zsh, in the folder of Pulumi.yaml:
#
#   . docs/runbooks/names.sh [NAME] [second]
#
# NAME is a key of the stack file: a service, a task or a database. `second` is the second region.

NAME=${1:-}
if [ "${2:-}" = second ]; then
  IDS=$(pulumi stack output --json secondRegion | jq .ids)
  AWS_REGION=$(pulumi config get --path 'ecs-platform:secondRegion.region')
else
  IDS=$(pulumi stack output --json ids)
  AWS_REGION=$(pulumi config get aws:region)
fi
export AWS_REGION
export AWS_DEFAULT_REGION=$AWS_REGION # what version 1 of the CLI reads
export AWS_PAGER=

id_of() { jq -r --arg kind "$1" --arg name "$NAME" '.[$kind][$name] // empty' <<<"$IDS"; }
id() { jq -r --arg kind "$1" '.[$kind] // empty' <<<"$IDS"; }

CLUSTER=$(id clusterArn)             # ARN of the cluster
VPC=$(id vpcId)
HOSTS=$(id hostGroupName)            # Auto Scaling group of the hosts; empty on Fargate
LOAD_BALANCER=$(id loadBalancerDnsName)
SERVICE=$(id_of serviceNames)        # empty where NAME is no service
LOGS=$(id_of logGroupNames)          # log group of a service or task
DATABASE=$(id_of databaseIdentifiers)
SECRET=$(id_of databaseSecretArns)   # user and password of the database
SCALING="service/${CLUSTER#*:cluster/}/$SERVICE" # what Application Auto Scaling calls the service
PROJECT=$(sed -n 's/^name: *//p' Pulumi.yaml)
STACK=$(pulumi stack --show-name)
if [ "${2:-}" = second ]; then STACK="$STACK-$AWS_REGION"; fi
# Events of the last 30 days: failed deployments, tasks that failed, Spot interruptions.
EVENTS="/aws/events/$PROJECT-$STACK-failed-deployments"

echo "stack $STACK in $AWS_REGION${SERVICE:+, service $SERVICE}${DATABASE:+, database $DATABASE}"
if [ -n "$NAME" ] && [ -z "$LOGS$DATABASE" ]; then
  echo "Nothing is called $NAME. There are: $(jq -r '[.logGroupNames, .databaseIdentifiers | keys[]] | join(", ")' <<<"$IDS")" >&2
fi
