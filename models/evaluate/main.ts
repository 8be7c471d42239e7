/** The evaluations by name; each is a script that reads its own arguments. */
const evaluations = ['plates', 'faces', 'masks'];

const [name] = process.argv.splice(2, 1);
if (!name || !evaluations.includes(name)) {
  console.error(`Usage: npm run evaluate -- ${evaluations.join(' | ')} [ARGUMENTS]`);
  process.exit(2);
}
await import(`./${name}.ts`);
