import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../support/problem";
import type { CheckedLoadBalancerSettings } from "./settings";

/** Names and a certificate for them; a `Domain` will do. */
export interface CertifiedDomain {
  readonly certificateArn: pulumi.Input<string>;
  readonly names: readonly string[];
  /** Whether clients that name no host get its certificate. */
  readonly isDefault: boolean;
}

/** The certificates of an HTTPS listener. */
export interface Certificates {
  /** For clients that name no host, or one that no other certificate covers. */
  readonly fallback: pulumi.Input<string>;
  /** For clients that name their host. */
  readonly others: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Undefined without any: then the load balancer speaks plain HTTP. */
export function chooseCertificates(
  { certificateArn, additionalCertificateArns }: CheckedLoadBalancerSettings,
  domains: Readonly<Record<string, CertifiedDomain>>,
): Certificates | undefined {
  const fallbackKey = certificateArn === undefined ? defaultDomain(domains) : undefined;
  const fallback =
    certificateArn ??
    (fallbackKey === undefined ? undefined : domains[fallbackKey]?.certificateArn);
  if (fallback === undefined) return undefined;
  const others = Object.entries(domains).filter(([key]) => key !== fallbackKey);
  return {
    fallback,
    others: {
      ...additionalCertificateArns,
      ...Object.fromEntries(others.map(([key, domain]) => [key, domain.certificateArn])),
    },
  };
}

/** The only domain, or that which is marked. */
function defaultDomain(
  domains: Readonly<Record<string, { readonly isDefault: boolean }>>,
): string | undefined {
  const keys = Object.keys(domains);
  return keys.length === 1 ? keys[0] : keys.find((key) => domains[key]?.isDefault === true);
}

/** What is said of certificates, by the load balancer or by a stack file. */
export interface Certification extends Pick<
  Partial<CheckedLoadBalancerSettings>,
  "certificateArn" | "additionalCertificateArns" | "http" | "plainHttpBecause"
> {
  readonly domains: Readonly<Record<string, { readonly isDefault: boolean }>>;
}

/** What is wrong between certificates, domains and plain HTTP. Keys are the load balancer's own, or start with `domains`. */
export function certificateProblems(given: Certification): Problem[] {
  const { certificateArn, additionalCertificateArns = {}, http, plainHttpBecause, domains } = given;
  const problems: Problem[] = [];
  const isSecure = certificateArn !== undefined || Object.keys(domains).length > 0;
  if (isSecure && plainHttpBecause !== undefined) {
    problems.push({
      key: "plainHttpBecause",
      value: plainHttpBecause,
      rule: "stands beside a certificate or domain, with which nothing is plain",
      allowed: "nothing with certificateArn or domains",
      fix: "remove it",
    });
  }
  if (!isSecure && http === "closed") {
    problems.push({
      key: "http",
      value: http,
      rule: "leaves no port open without a certificate",
      allowed: "closed with certificateArn or domains only",
      fix: "remove it, or add a certificate",
    });
  }
  for (const [key, arn] of Object.entries(additionalCertificateArns)) {
    if (isSecure && !(key in domains)) continue;
    problems.push({
      key: `additionalCertificateArns.${key}`,
      value: arn,
      rule: isSecure ? "bears the name of a domain" : "comes without a first certificate",
      allowed: isSecure ? "names that no domain has" : "nothing without certificateArn or domains",
      fix: isSecure ? "rename it" : "give it as certificateArn",
    });
  }
  return [...problems, ...defaultProblems(certificateArn !== undefined, domains)];
}

function defaultProblems(
  hasOwn: boolean,
  domains: Readonly<Record<string, { readonly isDefault: boolean }>>,
): Problem[] {
  const marked = Object.keys(domains).filter((key) => domains[key]?.isDefault === true);
  const surplus = hasOwn ? marked : marked.slice(1);
  const problems = surplus.map((key) => ({
    key: `domains.${key}.default`,
    value: true,
    rule: hasOwn
      ? "contradicts certificateArn, which clients get that name no host"
      : `is said of ${marked[0] ?? ""} too, and there is one default`,
    allowed: hasOwn ? "nothing with certificateArn" : "true at one domain",
    fix: hasOwn ? "remove it, or certificateArn" : "remove it from all but one",
  }));
  if (hasOwn || marked.length > 0 || Object.keys(domains).length < 2) return problems;
  return [
    {
      key: "domains",
      value: Object.keys(domains),
      rule: "does not say whose certificate clients get that name no host",
      allowed: "default: true at one of several domains",
      fix: "add default: true to the main one",
    },
  ];
}
