import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Certificates } from "./certificates";

/** TLS 1.2 and 1.3 with post-quantum key exchange: AWS's recommended policy (describe-ssl-policies, 2025-09). */
const SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/** What a request gets that no service claims. */
const NOT_FOUND = {
  type: "fixed-response",
  fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
};

const TO_HTTPS = {
  type: "redirect",
  redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
};

/**
 * The listener that services add their rules to: HTTPS where there is a certificate, else HTTP. Beside HTTPS, port 80
 * redirects to it or is closed.
 */
export function createListeners(
  name: string,
  loadBalancerArn: pulumi.Input<string>,
  certificates: Certificates | undefined,
  http: "redirect" | "closed",
  child: pulumi.CustomResourceOptions,
): aws.lb.Listener {
  if (certificates === undefined) return createHttp(name, loadBalancerArn, NOT_FOUND, child);
  if (http === "redirect") createHttp(name, loadBalancerArn, TO_HTTPS, child);
  const https = new aws.lb.Listener(
    `${name}-https`,
    {
      loadBalancerArn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: SSL_POLICY,
      certificateArn: certificates.fallback,
      defaultActions: [NOT_FOUND],
    },
    child,
  );
  for (const [key, certificateArn] of Object.entries(certificates.others)) {
    new aws.lb.ListenerCertificate(
      `${name}-certificate-${key}`,
      { listenerArn: https.arn, certificateArn },
      child,
    );
  }
  return https;
}

function createHttp(
  name: string,
  loadBalancerArn: pulumi.Input<string>,
  action: typeof NOT_FOUND | typeof TO_HTTPS,
  child: pulumi.CustomResourceOptions,
): aws.lb.Listener {
  return new aws.lb.Listener(
    `${name}-http`,
    { loadBalancerArn, port: 80, protocol: "HTTP", defaultActions: [action] },
    child,
  );
}
