/** `npm run bench -- [footage|gallery|hub|load|seed] [options]`. What each measures stands in its file. */
const benches = ['footage', 'gallery', 'hub', 'load', 'seed'] as const;

const [named, ...rest] = process.argv.slice(2);
const bench = benches.find((name) => name === named);
// Options without a name are those of the first.
if (bench) process.argv.splice(2, process.argv.length, ...rest);
else if (named !== undefined && !named.startsWith('-')) {
  console.error(`There is no bench "${named}". Use one of: ${benches.join(', ')}.`);
  process.exit(2);
}
await import(`./${bench ?? benches[0]}.ts`);
