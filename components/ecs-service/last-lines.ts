import { type AwsClients, reasonOf } from "../support/aws-clients";

/** Lines of a log that a person reads in an error message. */
const LINES = 20;
/** Characters of a line: some applications write all they know into one. */
const WIDTH = 400;

/** Where a container of a task writes to. */
export interface Log {
  readonly groupName: string;
  readonly container: string;
  readonly taskArn: string;
}

/** The last lines that a container wrote, as they are: it is the application's own log. */
export async function lastLines(clients: AwsClients, log: Log): Promise<string[]> {
  try {
    const logs = await clients.logs();
    const { events = [] } = await logs.getLogEvents({
      logGroupName: log.groupName,
      logStreamName: streamOf(log),
      limit: LINES,
      startFromHead: false,
    });
    const lines = events.flatMap(({ message = "" }) => message.trimEnd().split("\n")).slice(-LINES);
    return lines.length === 0
      ? [`${log.container} wrote nothing to its log.`]
      : [
          `The last lines of ${log.container} in task ${taskId(log.taskArn)}:`,
          ...lines.map((line) => `  | ${line.slice(0, WIDTH)}`),
        ];
  } catch (error) {
    // A container that never started has no stream.
    if (error instanceof Error && error.name === "ResourceNotFoundException") {
      return [`${log.container} wrote nothing to its log.`];
    }
    return [`The log of ${log.container} could not be read: ${reasonOf(error)}`];
  }
}

/** A command that shows the whole log. */
export function logCommand(clients: AwsClients, log: Log): string {
  return `aws logs tail ${log.groupName} --log-stream-names ${streamOf(log)} --since 1d --region ${clients.region}`;
}

export function taskId(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}

/** As `taskLogs` has it. */
function streamOf({ container, taskArn }: Log): string {
  return `${container}/${container}/${taskId(taskArn)}`;
}
