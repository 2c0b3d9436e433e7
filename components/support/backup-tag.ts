/** Key of the tag that says what is backed up. */
export const BACKUP_TAG = "Backup";

/** The tag of a resource that is backed up; nothing without a value. */
export function backupTag(value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [BACKUP_TAG]: value };
}
