/** Metadata by session token alone, and no further than the instance itself: containers behind its bridge get no answer. */
export const METADATA_BY_TOKEN = {
  httpEndpoint: "enabled",
  httpTokens: "required",
  httpPutResponseHopLimit: 1,
};

/** The one disk of an instance of Amazon Linux, encrypted and gone with it. */
export function encryptedDisk(volumeGiB: number) {
  return [
    {
      deviceName: "/dev/xvda",
      ebs: {
        volumeType: "gp3",
        volumeSize: volumeGiB,
        encrypted: "true",
        deleteOnTermination: "true",
      },
    },
  ];
}
