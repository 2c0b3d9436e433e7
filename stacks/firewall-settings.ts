import { webAclSettings } from "../components/web-acl/settings";

/** The key `waf` of the load balancer and of CloudFront. */
export const waf = webAclSettings
  .optional()
  .describe(
    "A firewall before it, from about 11 USD a month; {} is enough for AWS's lists of attacks and a limit for each address. Without it: none.",
  );
