// Package main turns the Terraform AWS provider into a Pulumi plugin with the types of @pulumi/aws,
// for runs against an emulator on machines that cannot download the real plugin. It must never meet
// a real account: see guard.go.
//
// tokens.json beside the binary names the types. The binary wants two more files beside it, which
// it writes itself when called as "pulumi-resource-aws schema --out FOLDER".
package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-provider-aws/xpprovider"
	pluginframework "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// names is tokens.json: what the installed @pulumi/aws calls each Terraform type.
type names struct {
	Resources map[string]string `json:"resources"`
	Functions map[string]string `json:"functions"`
}

// version is that of the installed @pulumi/aws, given by the linker.
var version string

func main() {
	ctx := context.Background()
	executable, err := os.Executable()
	must(err)
	folder := filepath.Dir(executable)
	info := providerInfo(ctx, folder)

	if len(os.Args) > 1 && os.Args[1] == "schema" {
		tfgen.MainWithMuxer("aws", info)
		return
	}
	pluginframework.MainWithMuxer(ctx, "aws", info, read(folder, "schema.json"))
}

func providerInfo(ctx context.Context, folder string) tfbridge.ProviderInfo {
	frameworkPart, sdkPart, err := xpprovider.GetProvider(ctx)
	must(err)
	refuseRealAccounts(sdkPart)
	provider := pluginframework.MuxShimWithPF(ctx, sdkv2.NewProvider(sdkPart), frameworkPart)

	var named names
	must(json.Unmarshal(read(folder, "tokens.json"), &named))
	metadata := []byte("{}") // what the first run, which writes the schema, starts from
	if written, err := os.ReadFile(filepath.Join(folder, "bridge-metadata.json")); err == nil {
		metadata = written
	}

	info := tfbridge.ProviderInfo{
		P: provider, Name: "aws", ResourcePrefix: "aws", Version: version, GitHubOrg: "hashicorp",
		Resources:                      map[string]*tfbridge.ResourceInfo{},
		DataSources:                    map[string]*tfbridge.DataSourceInfo{},
		MetadataInfo:                   tfbridge.NewProviderMetadata(metadata),
		EnableAccurateBridgePreview:    true,
		EnableZeroDefaultSchemaVersion: true,
		Config:                         configuration,
		ExtraTypes:                     extraTypes,
	}
	declared, lookups := resourceFields(), dataSourceFields()
	provider.ResourcesMap().Range(func(name string, schema shim.Resource) bool {
		if token, found := named.Resources[name]; found {
			info.Resources[name] = resourceInfo(name, token, declared[name])
			if _, found := schema.Schema().GetOk("tags_all"); found {
				info.Resources[name].Fields["tags_all"] = &tfbridge.SchemaInfo{MarkAsComputedOnly: tfbridge.True()}
			}
		} else {
			info.IgnoreMappings = append(info.IgnoreMappings, name)
		}
		return true
	})
	provider.DataSourcesMap().Range(func(name string, _ shim.Resource) bool {
		if token, found := named.Functions[name]; found {
			info.DataSources[name] = &tfbridge.DataSourceInfo{Tok: tokens.ModuleMember(token), Fields: lookups[name]}
		} else {
			info.IgnoreMappings = append(info.IgnoreMappings, name)
		}
		return true
	})
	info.SetAutonaming(255, "-")
	return info
}

func read(folder, file string) []byte {
	content, err := os.ReadFile(filepath.Join(folder, file))
	must(err)
	return content
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
