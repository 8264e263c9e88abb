// A process that stands for the store and the live tail: it takes every record at once and remembers how many.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

interface WriteBody {
  readonly TableName: string;
  readonly Records: readonly unknown[];
}

const recordsByTable = new Map<string, number>();
let isOut = false;

function takeRecords({ TableName, Records }: WriteBody): string {
  recordsByTable.set(TableName, (recordsByTable.get(TableName) ?? 0) + Records.length);
  return JSON.stringify({ RecordsIngested: { Total: Records.length } });
}

/** Answers of the services, by the operation that is asked for. */
function answerTo(operation: string, body: string): string {
  switch (operation) {
    case 'WriteRecords':
      return takeRecords(JSON.parse(body) as WriteBody);
    case 'PutRecords': {
      const { Records } = JSON.parse(body) as { readonly Records: readonly unknown[] };
      const taken = Records.map((_, index) => ({ SequenceNumber: String(index + 1), ShardId: 'shardId-000000000000' }));
      return JSON.stringify({ FailedRecordCount: 0, Records: taken });
    }
    default:
      return '{}';
  }
}

const server = createServer((request, response) => {
  void text(request).then((body) => {
    switch (request.url) {
      case '/outage/begin':
        isOut = true;
        break;
      case '/outage/end':
        isOut = false;
        break;
      case '/counts':
        response.end(JSON.stringify(Object.fromEntries(recordsByTable)));
        return;
      case '/':
        response.setHeader('content-type', 'application/x-amz-json-1.0');
        if (isOut) {
          response.statusCode = 503;
          response.end(JSON.stringify({ __type: 'ServiceUnavailableException', message: 'Out of order.' }));
          return;
        }
        response.end(answerTo(String(request.headers['x-amz-target']).split('.').at(-1) ?? '', body));
        return;
      default:
    }
    response.end();
  });
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
process.on('disconnect', () => process.exit(0));
