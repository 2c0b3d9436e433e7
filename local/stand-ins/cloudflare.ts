import type { provider } from "@pulumi/pulumi";
import { obedientStandIn, type Properties } from "./obedient";

/** What Cloudflare would fill in, by type, as far as a program can make use of it. */
const COMPUTED: Readonly<Record<string, Properties>> = {
  "cloudflare:index/dnsRecord:DnsRecord": { proxiable: true, proxied: false },
  "cloudflare:index/zone:Zone": {
    nameServers: ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
    status: "active",
  },
};

/** Whatever lies in a zone or an account stays there. */
const REPLACING = ["accountId", "zoneId"];
/** What else is fixed for the life of a resource. */
const REPLACING_BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  "cloudflare:index/zone:Zone": ["name"],
  "cloudflare:index/zoneSetting:ZoneSetting": ["settingId"],
};

/** Takes the resources of Cloudflare. */
export function cloudflareStandIn(version: string, recordFile: string): provider.Provider {
  const service = {
    package: "cloudflare",
    computed: (type: string) => COMPUTED[type] ?? {},
    fixedKeys: (type: string) => [...REPLACING, ...(REPLACING_BY_TYPE[type] ?? [])],
  };
  return obedientStandIn(service, version, recordFile);
}
