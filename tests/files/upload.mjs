// Uploads a file with the tus project's own client, in parts, and prints what the server made of it.
// node upload.mjs URL TOKEN FILE PART_SIZE [UPLOAD_URL]
import { createReadStream } from "node:fs";
import * as tus from "../node/node_modules/tus-js-client/lib.esm/node/index.js";

const [endpoint, token, path, chunkSize, uploadUrl] = process.argv.slice(2);
const upload = new tus.Upload(createReadStream(path), {
  endpoint,
  uploadUrl: uploadUrl ?? null,
  chunkSize: Number(chunkSize),
  uploadSize: null,
  headers: { Authorization: `Bearer ${token}` },
  metadata: { filename: "sent by tus.bin" },
  retryDelays: [0, 100, 300, 1000, 3000],
  onProgress: (sent) => console.log(JSON.stringify({ url: upload.url, sent })),
  onSuccess: ({ lastResponse }) => {
    console.log(JSON.stringify({ fileId: Number(lastResponse.getHeader("File-Id")) }));
  },
  onError: (error) => {
    console.error(String(error));
    process.exit(1);
  },
});
upload.start();
