import type { IncomingHttpHeaders } from "node:http";

/** A request to AWS, as it arrives. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What kind of call a request is, and how the service wants its errors. */
export interface ApiCall {
  /** As requests to it are signed, such as "ec2". */
  readonly service: string;
  /** "CreateVpc", or of services that speak in paths "PUT /{}?encryption". */
  readonly action: string;
  readonly mutates: boolean;
  readonly speaks: "cbor" | "json" | "xml";
}

const CREDENTIAL = /Credential=[^/]+\/\d+\/[^/]*\/([^/]+)\/aws4_request/;
export const READS = /^(BatchGet|Describe|Get|Head|List|Lookup|Search|Simulate)|^(GET|HEAD) /;
const XML_WITHOUT_FORM = new Set(["s3", "route53", "cloudfront"]);

/** Tells what a request asks for, in whichever way its service's protocol says it. */
export function apiCallOf(request: ApiRequest): ApiCall {
  const { headers, body } = request;
  const [, service = "unsigned"] = CREDENTIAL.exec(String(headers["authorization"])) ?? [];
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  const target = headers["x-amz-target"];
  const action =
    typeof target === "string"
      ? target.replace(/^.*\./, "")
      : isForm
        ? (new URLSearchParams(body).get("Action") ?? "")
        : actionInPath(request);
  const isXml = XML_WITHOUT_FORM.has(service);
  return {
    service,
    action,
    mutates: !READS.test(action),
    speaks:
      headers["smithy-protocol"] === "rpc-v2-cbor" ? "cbor" : isForm || isXml ? "xml" : "json",
  };
}

/** Method, path without what names one thing, and the query's keys: those of S3 say which part of a bucket is meant. */
function actionInPath({ method, path }: ApiRequest): string {
  const { pathname, searchParams } = new URL(path, "http://aws");
  const [, operation] = /\/operation\/(\w+)$/.exec(pathname) ?? [];
  if (operation !== undefined) return operation;
  const general = pathname
    .split("/")
    .map((part) => (isNoun(part) ? part : "{}"))
    .join("/");
  const keys = [...searchParams.keys()].filter((key) => key !== "x-id").sort();
  return `${method} ${general}${keys.length > 0 ? `?${keys.join("&")}` : ""}`;
}

/** Words, and dates of API versions; names and ids of things have hyphens, digits or encoded characters. */
function isNoun(part: string): boolean {
  return /^([A-Za-z]*|\d{4}-\d{2}-\d{2}|v\d)$/.test(part);
}
