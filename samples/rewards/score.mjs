// A reward in Node: 1 for a response whose answer is right by the row's own columns, here the sum of a countdown row's numbers; null where the row has none.
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { id, response, row } = JSON.parse(line);
  const reward = Array.isArray(row.numbers) ? Number(response.includes(String(row.numbers.reduce((a, b) => a + b, 0)))) : null;
  console.log(JSON.stringify({ id, reward }));
}
