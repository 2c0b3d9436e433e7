package main

import (
	"context"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	pulumischema "github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Where Pulumi's own AWS provider (pulumi-aws 7) departs from what the bridge makes of Terraform's
// provider by itself: everything in its declarations that a program of these services can notice.
// Names of types are in tokens.json.

type fields = map[string]*tfbridge.SchemaInfo

var configuration = fields{
	"region": {
		Default:               &tfbridge.DefaultInfo{EnvVars: []string{"AWS_REGION", "AWS_DEFAULT_REGION"}},
		ForcesProviderReplace: tfbridge.True(),
	},
	"skip_metadata_api_check":     {Type: "boolean"},
	"skip_region_validation":      {Default: &tfbridge.DefaultInfo{Value: true}},
	"skip_credentials_validation": {Default: &tfbridge.DefaultInfo{Value: false}},
	"access_key":                  {Secret: tfbridge.True()},
	"secret_key":                  {Secret: tfbridge.True()},
	"token":                       {Secret: tfbridge.True()},
}

// Resources of which two cannot stand side by side while one replaces the other.
var deleteBeforeReplace = []string{
	"aws_cloudwatch_log_subscription_filter", "aws_ecr_lifecycle_policy", "aws_efs_mount_target",
	"aws_iam_account_alias", "aws_iam_group_policy_attachment", "aws_iam_policy_attachment",
	"aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment", "aws_security_group_rule",
}

// policyDocument stands for the objects that a document may be given as; what is in them is not
// looked at.
const policyDocument = "aws:iam/PolicyDocument:PolicyDocument"

var extraTypes = map[string]pulumischema.ComplexTypeSpec{
	policyDocument: {ObjectTypeSpec: pulumischema.ObjectTypeSpec{Type: "object"}},
}

// Policy documents that may be given as objects.
var documents = map[string]string{
	"aws_cloudwatch_log_resource_policy": "policy_document",
	"aws_ecr_lifecycle_policy":           "policy",
	"aws_ecr_registry_policy":            "policy",
	"aws_ecr_repository_policy":          "policy",
	"aws_iam_group_policy":               "policy",
	"aws_iam_policy":                     "policy",
	"aws_iam_role":                       "assume_role_policy",
	"aws_iam_role_policy":                "policy",
	"aws_iam_user_policy":                "policy",
	"aws_s3_bucket":                      "policy",
	"aws_s3_bucket_policy":               "policy",
	"aws_sns_topic_policy":               "policy",
	"aws_sqs_queue_policy":               "policy",
}

// Names, automatic names and types. Every other resource with a "name" gets an automatic one of up
// to 255 characters (SetAutonaming in main.go). The limits are those of pulumi-aws, also where AWS
// allows less: a load balancer may have 32 characters, is given more if its logical name is long,
// and is then refused by the provider's own validation.
func resourceFields() map[string]fields {
	return map[string]fields{
		"aws_appautoscaling_scheduled_action": {
			"scalable_target_action": nested(fields{"max_capacity": {Type: "integer"}, "min_capacity": {Type: "integer"}}),
		},
		"aws_autoscaling_group":                  {"tag": {Name: "tags"}},
		"aws_backup_restore_testing_plan":        {"name": tfbridge.AutoName("name", 255, "_")},
		"aws_cloudwatch_event_rule":              {"name": tfbridge.AutoName("name", 64, "-")},
		"aws_cloudwatch_event_target":            {"target_id": tfbridge.AutoName("targetId", 255, "-")},
		"aws_cloudwatch_log_subscription_filter": {"log_group_name": {Name: "logGroup"}},
		"aws_cloudwatch_metric_alarm":            {"alarm_name": tfbridge.AutoName("name", 255, "-")},
		"aws_codedeploy_deployment_config": {
			"deployment_config_name": tfbridge.AutoName("deploymentConfigName", 100, "_"),
		},
		"aws_db_instance":     {"identifier": databaseIdentifier()},
		"aws_db_option_group": {"option_group_description": managedByPulumi()},
		"aws_db_parameter_group": {
			"description": managedByPulumi(),
			"parameter": nested(fields{
				"apply_method": {Default: &tfbridge.DefaultInfo{Value: "immediate"}},
			}),
		},
		"aws_db_subnet_group":             {"description": managedByPulumi()},
		"aws_default_network_acl":         {"ingress": {Name: "ingress"}, "egress": {Name: "egress"}},
		"aws_default_security_group":      {"ingress": {Name: "ingress"}, "egress": {Name: "egress"}},
		"aws_directory_service_directory": {"name": {Name: "name"}},
		"aws_dlm_lifecycle_policy": {
			"policy_details": nested(fields{"resource_types": {MaxItemsOne: tfbridge.False()}}),
		},
		"aws_dynamodb_table": {
			"global_secondary_index": {Name: "globalSecondaryIndexes"},
			"local_secondary_index":  {Name: "localSecondaryIndexes"},
		},
		"aws_ecs_service": {
			"load_balancer": {Name: "loadBalancers", MaxItemsOne: tfbridge.False()},
			"service_connect_configuration": nested(fields{
				"service": nested(fields{"client_alias": {Name: "clientAlias", MaxItemsOne: tfbridge.False()}}),
			}),
		},
		"aws_efs_file_system":             {"creation_token": tfbridge.AutoName("creationToken", 255, "-")},
		"aws_elasticache_cluster":         {"cluster_id": tfbridge.AutoNameTransform("clusterId", 50, strings.ToLower)},
		"aws_elasticache_parameter_group": {"description": managedByPulumi()},
		"aws_elasticache_replication_group": {
			"replication_group_id":       tfbridge.AutoNameTransform("replicationGroupId", 40, strings.ToLower),
			"at_rest_encryption_enabled": {Type: "boolean"},
			"auto_minor_version_upgrade": {Type: "boolean"},
		},
		"aws_elasticache_subnet_group": {"description": managedByPulumi()},
		"aws_iam_role": {
			"name":          tfbridge.AutoName("name", 64, "-"),
			"inline_policy": nested(fields{"name": tfbridge.AutoName("name", 128, "-")}),
		},
		"aws_key_pair":  {"key_name": tfbridge.AutoName("keyName", 255, "-")},
		"aws_kms_alias": {"name": aliasName()},
		"aws_lambda_function": {
			"function_name": tfbridge.AutoName("name", 64, "-"),
			"filename":      zipArchive(),
			"architectures": {Name: "architectures", MaxItemsOne: tfbridge.False()},
		},
		"aws_lambda_layer_version": {"filename": zipArchive()},
		"aws_lambda_permission": {
			"function_name": {Name: "function"},
			"statement_id":  tfbridge.AutoName("statementId", 100, "-"),
		},
		"aws_lb_target_group": {
			"name":                 tfbridge.AutoName("name", 32, "-"),
			"deregistration_delay": {Type: "integer"},
		},
		"aws_network_acl":                 {"ingress": {Name: "ingress"}, "egress": {Name: "egress"}},
		"aws_opensearch_domain":           {"domain_name": tfbridge.AutoName("domainName", 255, "-")},
		"aws_rds_cluster_parameter_group": {"description": managedByPulumi()},
		"aws_route53_record": {
			"name":                       {Name: "name"}, // a domain name: it gets no automatic one
			"alias":                      {Name: "aliases", MaxItemsOne: tfbridge.False()},
			"failover_routing_policy":    {Name: "failoverRoutingPolicies", MaxItemsOne: tfbridge.False()},
			"geolocation_routing_policy": {Name: "geolocationRoutingPolicies", MaxItemsOne: tfbridge.False()},
			"latency_routing_policy":     {Name: "latencyRoutingPolicies", MaxItemsOne: tfbridge.False()},
			"weighted_routing_policy":    {Name: "weightedRoutingPolicies", MaxItemsOne: tfbridge.False()},
		},
		"aws_route53_zone": {"comment": managedByPulumi()},
		"aws_s3_bucket":    {"bucket": tfbridge.AutoNameTransform("bucket", 63, strings.ToLower)},
		"aws_s3_bucket_website_configuration": {
			"routing_rule":  {Name: "routingRules"},
			"routing_rules": {Name: "routingRuleDetails"},
		},
		"aws_s3_bucket_object": bucketObject(),
		"aws_s3_object":        bucketObject(),
		"aws_security_group": {
			"description": managedByPulumi(), "ingress": {Name: "ingress"}, "egress": {Name: "egress"},
		},
		"aws_sns_topic":              {"name": fifoName("fifoTopic")},
		"aws_sns_topic_subscription": {"topic_arn": {Name: "topic"}},
		"aws_sqs_queue":              {"name": fifoName("fifoQueue")},
		// Not declared in pulumi-aws, which patches Terraform's provider here.
		"aws_wafv2_rule_group": {"rule_json": {Name: "rulesJson"}},
	}
}

func dataSourceFields() map[string]fields {
	one := func() *tfbridge.SchemaInfo { return &tfbridge.SchemaInfo{MaxItemsOne: tfbridge.True()} }
	return map[string]fields{
		"aws_dynamodb_table": {
			"global_secondary_index": {Name: "globalSecondaryIndexes"},
			"local_secondary_index":  {Name: "localSecondaryIndexes"},
			"point_in_time_recovery": one(),
			"ttl":                    one(),
		},
		"aws_elb": {"access_logs": one(), "health_check": one()},
		"aws_lambda_function": {
			"dead_letter_config": one(), "environment": one(), "tracing_config": one(), "vpc_config": one(),
		},
		"aws_launch_template": {
			"network_interfaces": nested(fields{
				"associate_public_ip_address": {Type: "boolean", MarkAsOptional: tfbridge.True()},
				"delete_on_termination":       {Type: "boolean", MarkAsOptional: tfbridge.True()},
			}),
		},
		"aws_lb":                                 {"access_logs": one()},
		"aws_lb_target_group":                    {"health_check": one(), "stickiness": one()},
		"aws_opensearch_domain":                  {"off_peak_window_options": one()},
		"aws_organizations_organizational_units": {"children": {Name: "children"}},
	}
}

// resourceInfo declares one resource under the token that the installed @pulumi/aws has for it.
func resourceInfo(name, token string, declared fields) *tfbridge.ResourceInfo {
	info := &tfbridge.ResourceInfo{Tok: tokens.Type(token), Fields: declared}
	if info.Fields == nil {
		info.Fields = fields{}
	}
	if document, found := documents[name]; found {
		info.Fields[document] = &tfbridge.SchemaInfo{
			Type: "string", AltTypes: []tokens.Type{policyDocument}, Transform: tfbridge.TransformJSONDocument,
		}
	}
	for _, other := range deleteBeforeReplace {
		info.DeleteBeforeReplace = info.DeleteBeforeReplace || name == other
	}
	return info
}

func managedByPulumi() *tfbridge.SchemaInfo {
	return &tfbridge.SchemaInfo{Default: &tfbridge.DefaultInfo{Value: "Managed by Pulumi"}}
}

func nested(inner fields) *tfbridge.SchemaInfo {
	return &tfbridge.SchemaInfo{Elem: &tfbridge.SchemaInfo{Fields: inner}}
}

func zipArchive() *tfbridge.SchemaInfo {
	return &tfbridge.SchemaInfo{Name: "code", Asset: &tfbridge.AssetTranslation{
		Kind: tfbridge.FileArchive, Format: resource.ZIPArchive, HashField: "source_code_hash",
	}}
}

// bucketObject takes its logical name for a key, without anything random, and its content from an
// asset.
func bucketObject() fields {
	return fields{
		"key":    {Default: &tfbridge.DefaultInfo{From: tfbridge.FromName(tfbridge.AutoNameOptions{})}},
		"source": {Asset: &tfbridge.AssetTranslation{Kind: tfbridge.FileAsset}},
	}
}

// aliasName starts with "alias/", as KMS demands.
func aliasName() *tfbridge.SchemaInfo {
	return tfbridge.AutoNameWithCustomOptions("name", tfbridge.AutoNameOptions{
		Separator: "-", Maxlen: 238, Randlen: 7,
		PostTransform: func(_ *tfbridge.PulumiResource, name string) (string, error) {
			return "alias/" + strings.TrimPrefix(name, "alias/"), nil
		},
	})
}

// fifoName ends in ".fifo" where the property says that it is one.
func fifoName(property resource.PropertyKey) *tfbridge.SchemaInfo {
	return tfbridge.AutoNameWithCustomOptions("name", tfbridge.AutoNameOptions{
		Separator: "-", Maxlen: 80, Randlen: 7,
		PostTransform: func(parent *tfbridge.PulumiResource, name string) (string, error) {
			if fifo := parent.Properties[property]; fifo.IsBool() && fifo.BoolValue() {
				return name + ".fifo", nil
			}
			return name, nil
		},
	})
}

// databaseIdentifier has no separator: "orders-db" becomes "orders-db1a2b3c4". SQL Server takes 15
// characters.
func databaseIdentifier() *tfbridge.SchemaInfo {
	compute := func(ctx context.Context, options tfbridge.ComputeDefaultOptions) (any, error) {
		name := tfbridge.AutoNameOptions{Maxlen: 255, Randlen: 7}
		if engine := options.Properties["engine"]; engine.IsString() &&
			strings.Contains(strings.ToLower(engine.StringValue()), "sqlserver") {
			name = tfbridge.AutoNameOptions{Maxlen: 15, Randlen: 3}
		}
		return tfbridge.ComputeAutoNameDefault(ctx, name, options)
	}
	return &tfbridge.SchemaInfo{Default: &tfbridge.DefaultInfo{AutoNamed: true, ComputeDefault: compute}}
}
