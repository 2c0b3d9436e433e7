package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"golang.org/x/net/http/httpproxy"
)

const refusal = "this aws plugin was built from source for runs against an emulator on this " +
	"machine and refuses to run: %s. For a real account install Pulumi with its own aws plugin"

// refuseRealAccounts keeps the plugin from ever being configured with a way out of this machine.
// Both halves of the Terraform provider, SDKv2 and plugin framework, take their AWS client from
// this one function, so there is no client unless it agrees.
func refuseRealAccounts(provider *schema.Provider) {
	configure := provider.ConfigureContextFunc
	provider.ConfigureContextFunc = func(
		ctx context.Context, config *schema.ResourceData,
	) (any, diag.Diagnostics) {
		if err := staysOnLoopback(config); err != nil {
			return nil, diag.Errorf(refusal, err)
		}
		return configure(ctx, config)
	}
}

// staysOnLoopback asks that every connection goes through a proxy on this machine, whatever
// endpoint it is for. An endpoint alone does not decide where a request goes: some put an account
// id before the host, some go to hosts of their own.
func staysOnLoopback(config *schema.ResourceData) error {
	environment := httpproxy.FromEnvironment()
	if err := proxyOnLoopback(environment.HTTPProxy); err != nil {
		return fmt.Errorf("HTTP_PROXY %w", err)
	}
	if err := proxyOnLoopback(environment.HTTPSProxy); err != nil {
		return fmt.Errorf("HTTPS_PROXY %w", err)
	}
	if err := exceptionsOnLoopback(environment.NoProxy); err != nil {
		return fmt.Errorf("NO_PROXY %w", err)
	}
	if endpoint := os.Getenv("AWS_ENDPOINT_URL"); !strings.HasPrefix(endpoint, "http://") {
		return fmt.Errorf("AWS_ENDPOINT_URL must be the http:// address of an emulator, not %q", endpoint)
	}
	for _, setting := range []struct {
		attribute, name string
		check           func(string) error
	}{
		{"http_proxy", "httpProxy", proxyOnLoopback},
		{"https_proxy", "httpsProxy", proxyOnLoopback},
		{"no_proxy", "noProxy", exceptionsOnLoopback},
	} {
		// An empty string counts: as a proxy it means none, whatever the environment says. That
		// the function is deprecated does not matter: the provider itself asks by it.
		if value, set := config.GetOkExists(setting.attribute); set {
			if err := setting.check(value.(string)); err != nil {
				return fmt.Errorf("the provider's %s %w", setting.name, err)
			}
		}
	}
	return nil
}

func proxyOnLoopback(proxy string) error {
	if !strings.Contains(proxy, "://") {
		proxy = "http://" + proxy
	}
	if address, err := url.Parse(proxy); err == nil && onLoopback(address.Hostname()) {
		return nil
	}
	return errors.New("must be a proxy on 127.0.0.1 or localhost")
}

func exceptionsOnLoopback(hosts string) error {
	for host := range strings.SplitSeq(hosts, ",") {
		host = strings.TrimSpace(host)
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if host != "" && !onLoopback(host) {
			return fmt.Errorf("may name 127.0.0.1 and localhost only, not %q", host)
		}
	}
	return nil
}

func onLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}
