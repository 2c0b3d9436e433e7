// Package main turns the Terraform random provider into a Pulumi plugin with the types of
// @pulumi/random.
//
// The binary wants two files beside it, which it writes itself when called as
// "pulumi-resource-random schema --out FOLDER".
package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	pluginframework "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// version is that of the installed @pulumi/random, given by the linker.
var version string

var types = []string{"bytes", "id", "integer", "password", "pet", "shuffle", "string", "uuid", "uuid4", "uuid7"}

func main() {
	executable, err := os.Executable()
	must(err)
	folder := filepath.Dir(executable)
	metadata := []byte("{}")
	info := tfbridge.ProviderInfo{
		P: pluginframework.ShimProvider(provider.New()), Name: "random", Version: version, GitHubOrg: "hashicorp",
		MetadataInfo: tfbridge.NewProviderMetadata(metadata),
		Resources:    map[string]*tfbridge.ResourceInfo{},
	}
	for _, name := range types {
		class := "Random" + strings.ToUpper(name[:1]) + name[1:]
		token := "random:index/r" + class[1:] + ":" + class
		info.Resources["random_"+name] = &tfbridge.ResourceInfo{Tok: tokens.Type(token)}
	}

	if len(os.Args) > 1 && os.Args[1] == "schema" {
		tfgen.Main("random", info)
		return
	}
	schema, err := os.ReadFile(filepath.Join(folder, "schema.json"))
	must(err)
	pluginframework.Main(context.Background(), "random", info, pluginframework.ProviderMetadata{
		PackageSchema: schema, BridgeMetadata: metadata,
	})
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
