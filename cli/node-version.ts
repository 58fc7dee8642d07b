// Imported before anything else. What follows needs modules of Node 24 and would fail without a word about the reason.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`headend: Node 24 is needed, this is ${process.version}. Use "npm start" or "npx headend …": they take the one in node_modules.`);
  process.exit(1);
}
